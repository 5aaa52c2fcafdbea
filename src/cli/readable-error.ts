import { fileURLToPath } from "node:url";
import { relative } from "node:path";

const MAX_CAUSES = 5;

/** What was thrown, for the one who develops: message, causes, and where in the application's own code. */
export function readableError(error: unknown): string {
  if (!(error instanceof Error)) return `Thrown: ${String(error)}`;
  const lines: string[] = [...headOf(error), ...ownFrames(error)];
  let cause: unknown = error.cause;
  for (let depth = 0; cause instanceof Error && depth < MAX_CAUSES; depth += 1) {
    lines.push(`Caused by ${nameOf(cause)}: ${cause.message}`, ...ownFrames(cause));
    cause = cause.cause;
  }
  return lines.join("\n");
}

/** Before the first frame a stack has the message, and for a syntax error the place and the line of code. */
function headOf(error: Error): readonly string[] {
  const stack = error.stack ?? "";
  const head = stack.split(/\n\s+at /)[0]?.trimEnd() ?? "";
  const isPlaced = error.name === "SyntaxError" && head.includes(error.message);
  return [isPlaced ? head.replace(/file:\/\/\S+?(?=[:\n])/g, (url) => pathOf(url)) : `${nameOf(error)}: ${error.message}`];
}

function nameOf(error: Error): string {
  return error.name === "Error" && error.constructor.name !== "" ? error.constructor.name : error.name;
}

/** Neither Node's own nor those of packages: the place to look is among the rest. */
function ownFrames({ stack = "" }: Error): readonly string[] {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const own = frames.filter((frame) => !/node:|node_modules/.test(frame));
  return own.map((frame) => `  ${frame.trim().replace(/file:\/\/[^\s)]+?(?=:\d+:\d+)/, (url) => pathOf(url))}`);
}

function pathOf(url: string): string {
  const path = fileURLToPath(url.replace(/[?#].*$/, ""));
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}
