import { literal, PYTHON } from "./literal.ts";
import { requestFrame } from "./request-frame.ts";
import type { SnippetRequest } from "./snippet-request.ts";
import { socketUrl } from "./socket-url.ts";

/** A script for the package `websockets`. */
export function pythonCode(request: SnippetRequest): string {
  return `# pip install websockets
import asyncio
import json

import websockets

URL = ${JSON.stringify(socketUrl(request))}
REQUEST = ${literal(requestFrame(request), PYTHON)}


async def main():
    async with websockets.connect(URL, ${optionsOf(request)}) as socket:
        await socket.send(json.dumps(REQUEST))
${receiving(request)}


asyncio.run(main())
`;
}

/** Pages that are streamed have an end under `restwave.v1` alone. */
function optionsOf({ action }: SnippetRequest): string {
  return action.kind === "streaming" ? 'subprotocols=["restwave.v1"], max_size=None' : "max_size=None";
}

const PRINT = "print(json.dumps(frame, indent=2, ensure_ascii=False), flush=True)";

function receiving({ action, stream }: SnippetRequest): string {
  const status = stream === null ? 'frame["response_status"]' : 'frame["payload"]["response_status"]';
  switch (action.kind) {
    case "action":
      return lines(["frame = json.loads(await socket.recv())", PRINT]);
    case "streaming":
      return lines([
        "async for text in socket:",
        "    frame = json.loads(text)",
        `    ${PRINT}`,
        `    if ${status} != 206:`,
        "        break",
      ]);
    case "subscription":
      return lines(["async for text in socket:  # the rows, then what changes", "    frame = json.loads(text)", `    ${PRINT}`]);
  }
}

function lines(code: readonly string[]): string {
  return code.map((line) => `        ${line}`).join("\n");
}
