import type { Connection, ConsumerSession } from "../consumers/connection.ts";
import type { Reply } from "../consumers/reply.ts";
import type { MultiplexerClass } from "../routing/multiplexer.ts";
import type { Route } from "../routing/route.ts";

type Served<Call> = Call extends (...args: infer Args) => Promise<infer Data> ? (...args: Args) => Promise<Reply<Data>> : Call;

type DeclaredConsumer<Actions> = new (
  connection: Connection,
) => ConsumerSession & { [Name in keyof Actions]: Served<Actions[Name]> };

/**
 * A routing table of which nothing is known but the calls of its one consumer, as `restwave types` declares it: what `createClient` takes in place
 * of `typeof routes` where the server's code is not at hand.
 */
export type DeclaredRoute<Actions> = readonly [Route<string, DeclaredConsumer<Actions>>];

/** As {@link DeclaredRoute}, of a multiplexed socket: the calls of each stream, by its name. */
export type DeclaredStreams<Streams> = readonly [
  Route<string, MultiplexerClass<{ readonly [Name in keyof Streams & string]: DeclaredConsumer<Streams[Name]> }>>,
];
