import type { Authenticate, HandshakeRequest } from "../consumers/authenticate.ts";
import { AuthenticationFailed } from "../protocol/exceptions.ts";
import type { ExplorerUser } from "./explorer-options.ts";
import { isExplorerPath } from "./explorer-path.ts";
import type { ExplorerTickets } from "./explorer-tickets.ts";
import type { ExplorerUsers } from "./explorer-users.ts";

const IN_QUERY = "explorer_ticket";
const IN_HEADERS = "x-explorer-ticket";

/**
 * The server's `authenticate`, but who brings a ticket is the ticket's user: a socket in its query, once; an HTTP request in a header. When a connection is
 * examined again its user is searched for again; one that is not found any more has lost the credentials. The explorer itself knows no tickets.
 */
export function authenticateTickets(authenticate: Authenticate, tickets: ExplorerTickets, users: ExplorerUsers): Authenticate {
  const known = new WeakMap<HandshakeRequest, ExplorerUser>();
  return async (request) => {
    const before = known.get(request);
    if (before !== undefined) return (await users.get(before))?.identity ?? null;
    const secret = secretOf(request);
    if (secret === null) return authenticate(request);
    const user = request.type === "http" ? tickets.send(secret) : tickets.open(secret);
    if (user === null) throw new AuthenticationFailed("The explorer's ticket is unknown, used or too old. Ask for a new one.");
    known.set(request, user);
    return user.identity;
  };
}

function secretOf({ type, path, query, headers }: HandshakeRequest): string | null {
  if (isExplorerPath(path)) return null;
  return type === "http" ? headers.get(IN_HEADERS) : query.get(IN_QUERY);
}
