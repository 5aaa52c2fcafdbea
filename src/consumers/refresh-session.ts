import { CloseCode } from "../protocol/close-codes.ts";
import { connectionLog } from "./connection-log.ts";
import type { Connection, ConsumerSession } from "./connection.ts";

/**
 * Has a consumer look again at what it may send. One that fails to is closed (1011), since it might go on with what is no longer allowed. Never
 * rejects.
 */
export async function refreshSession(session: ConsumerSession, connection: Connection): Promise<void> {
  try {
    await session.refresh?.();
  } catch (error) {
    const { ids } = connection.settings;
    connectionLog(connection).error({ errorId: ids(), path: connection.scope.path, error }, "A consumer failed in refresh.");
    connection.close(CloseCode.internalError);
  }
}
