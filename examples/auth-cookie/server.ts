import { randomBytes } from "node:crypto";
import { hashPassword } from "../quickstart/password.ts";
import { startNoteServer } from "./app.ts";
import { Account } from "./models.ts";

const password = randomBytes(9).toString("base64url");
await Account.objects.create({ username: "ada", password: await hashPassword(password) });
const { port } = await startNoteServer({ port: 8000, secret: process.env.COOKIE_SECRET ?? randomBytes(32).toString("hex") });
console.log(
  `curl -i http://localhost:${port}/login -H 'Content-Type: application/json' -d '{"username": "ada", "password": "${password}"}'`,
);
console.log(`npx wscat -c ws://localhost:${port}/ws/ -H 'Cookie: session=<the cookie that came>'`);
console.log('{"action": "create", "data": {"text": "Only I see this."}, "request_id": 1}');
