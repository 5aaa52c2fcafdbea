export { UnexpectedMessage } from "./testing/message-queue.ts";
export { connectWebsocket, HandshakeRefused, WebsocketClient, type WebsocketClientOptions } from "./testing/websocket-client.ts";
export { WebsocketCommunicator, type CommunicatorOptions, type ConnectResult } from "./testing/websocket-communicator.ts";
export { channelLayerContract, type LayerUnderTest } from "./testing/channel-layer-contract.ts";
export { connectionContract, type ConnectedPair, type ContractRule } from "./testing/connection-contract.ts";
