import type { Finding } from "./finding.ts";

/** A finding for people to read: what and where, then the fix. */
export function findingText({ level, code, message, fix, route, consumer }: Finding): string {
  const place = [route, consumer].filter((part) => part !== undefined).join(" ");
  return `${level} ${code}${place === "" ? "" : ` at ${place}`}\n  ${message}\n  Fix: ${fix}`;
}
