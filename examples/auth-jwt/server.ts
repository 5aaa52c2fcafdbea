import { randomBytes } from "node:crypto";
import { startTokenServer } from "./app.ts";
import { issueToken } from "./token.ts";

const secret = randomBytes(32);
const { port } = await startTokenServer({ port: 8000, secret });
const token = await issueToken("ada", secret);
console.log(
  `npx wscat -c ws://localhost:${port}/ws/ -s restwave.v1 -s bearer.${token} -x '{"action": "who_am_i", "request_id": 1}'`,
);
