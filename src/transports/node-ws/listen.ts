import type { Server } from "node:net";
import { RestwaveError } from "../../protocol/exceptions.ts";

/** The server cannot listen: code `address_in_use`, `address_not_allowed` or `listen_failed`. The message is one line, fit to be printed. */
export class ListenError extends RestwaveError {}

/** Resolves with the port that the server listens on. @throws ListenError */
export function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(toListenError(error, port, host));
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function toListenError(error: NodeJS.ErrnoException, port: number, host: string | undefined): ListenError {
  const where = host === undefined ? `Port ${port}` : `Port ${port} of ${host}`;
  if (error.code === "EADDRINUSE") {
    return new ListenError(`${where} is taken. Stop the program that uses it or choose another port.`, {
      code: "address_in_use",
      cause: error,
    });
  }
  if (error.code === "EACCES") {
    return new ListenError(`${where} is not allowed to this user. Choose a port above 1023.`, {
      code: "address_not_allowed",
      cause: error,
    });
  }
  return new ListenError(`${where} cannot be listened on: ${error.code ?? error.message}.`, {
    code: "listen_failed",
    cause: error,
  });
}
