import { describe, expect, test } from "vitest";
import type { Connection, ConsumerClass } from "../../src/consumers/connection.ts";
import { Multiplexer } from "../../src/routing/multiplexer.ts";
import { type ConnectedPair, connectionContract } from "../../src/testing/connection-contract.ts";
import { WebsocketCommunicator } from "../../src/testing/websocket-communicator.ts";
import { EchoSession, Gate } from "../transports/sessions.ts";
import { connect, startServer } from "../transports/test-server.ts";

/** A consumer class that hands out its connection and says when it has ended. */
function exposing(): { Consumer: ConsumerClass; connection: Promise<Connection>; ended: Promise<void> } {
  const connection = new Gate<Connection>();
  const ended = new Gate();
  class Consumer extends EchoSession {
    override async websocketConnect(): Promise<void> {
      connection.open(this.connection);
    }
    override async websocketDisconnect(): Promise<void> {
      ended.open();
    }
  }
  return { Consumer, connection: connection.opened, ended: ended.opened };
}

async function openSocket(options: Parameters<typeof startServer>[1] = {}): Promise<ConnectedPair> {
  const { Consumer, connection, ended } = exposing();
  const client = await connect(await startServer(Consumer, options), { perMessageDeflate: true });
  return {
    connection: await connection,
    receiveText: () => client.receiveText(),
    receiveClose: () => client.receiveClose(),
    leave: async () => {
      client.socket.terminate();
      await ended;
    },
  };
}

async function openCommunicator(): Promise<ConnectedPair> {
  const { Consumer, connection } = exposing();
  const communicator = new WebsocketCommunicator(Consumer);
  await communicator.connect();
  return {
    connection: await connection,
    receiveText: () => communicator.receiveText(),
    receiveClose: () => communicator.receiveClose(),
    leave: () => communicator.disconnect(),
  };
}

async function openStream(): Promise<ConnectedPair> {
  const { Consumer, connection } = exposing();
  const communicator = new WebsocketCommunicator(Multiplexer({ only: Consumer }));
  await communicator.connect();
  return {
    connection: await connection,
    receiveText: async () => /^\{"stream":"only","payload":(.*)\}$/su.exec(await communicator.receiveText())?.[1] ?? "",
    receiveClose: () => communicator.receiveClose(),
    leave: () => communicator.disconnect(),
  };
}

describe.each<[string, () => Promise<ConnectedPair>]>([
  ["a socket", () => openSocket()],
  ["a compressed socket", () => openSocket({ perMessageDeflate: { threshold: 0 } })],
  ["a test communicator", openCommunicator],
  ["a multiplexed stream", openStream],
])("the connection of %s", (_name, open) => {
  for (const { title, run } of connectionContract(open)) test(title, run);
});

test("the contract finds a connection that reorders frames", async () => {
  const reordering = async (): Promise<ConnectedPair> => {
    const pair = await openCommunicator();
    const held: string[] = [];
    const connection: Connection = {
      ...pair.connection,
      send: (text) => {
        if (held.unshift(text) === 6) for (const each of held) pair.connection.send(each);
      },
    };
    return { ...pair, connection };
  };
  const [inOrder] = connectionContract(reordering);
  await expect(inOrder?.run()).rejects.toThrow();
});
