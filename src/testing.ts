export { MessageQueue, UnexpectedMessage, type PeerEvent } from "./testing/message-queue.ts";
export { connectWebsocket, HandshakeRefused, WebsocketClient, type WebsocketClientOptions } from "./testing/websocket-client.ts";
export { WebsocketCommunicator, type CommunicatorOptions, type ConnectResult } from "./testing/websocket-communicator.ts";
