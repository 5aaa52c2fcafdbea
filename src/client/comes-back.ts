import { CloseCode } from "../protocol/close-codes.ts";

const FOR_GOOD: ReadonlySet<number> = new Set([
  CloseCode.normal,
  CloseCode.protocolError,
  CloseCode.invalidPayload,
  CloseCode.policyViolation,
  CloseCode.credentialsRevoked,
]);
const PASSING: ReadonlySet<number> = new Set([CloseCode.heartbeatTimeout, CloseCode.slowConsumer]);

/** Does a close code allow to connect again (PROTOCOL.md section 1)? Codes that the application chose do not. */
export function comesBack(code: number): boolean {
  return code < 3000 ? !FOR_GOOD.has(code) : PASSING.has(code);
}
