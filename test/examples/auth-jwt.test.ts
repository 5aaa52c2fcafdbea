import { SignJWT } from "jose";
import { expect, onTestFinished, test, vi } from "vitest";
import { startTokenServer } from "../../examples/auth-jwt/app.ts";
import { issueToken } from "../../examples/auth-jwt/token.ts";
import { connectTo } from "./listening.ts";

const secret = new TextEncoder().encode("a secret of the test, 32 bytes long");

async function startServer(): Promise<number> {
  const server = await startTokenServer({ port: 0, secret });
  onTestFinished(() => server.close());
  return server.port;
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test("a page's token comes as a sub-protocol, and is not the one that is agreed on", async () => {
  const token = await issueToken("ada", secret);
  const client = await connectTo(await startServer(), { subprotocols: ["restwave.v1", `bearer.${token}`] });
  expect(client.subprotocol).toBe("restwave.v1");
  client.sendJson({ action: "who_am_i", request_id: 1 });
  expect(await client.receiveJson()).toMatchObject({ response_status: 200, data: { id: "ada" } });
});

test("a program's token comes in the Authorization header", async () => {
  const client = await connectTo(await startServer(), bearer(await issueToken("ada", secret)));
  client.sendJson({ action: "who_am_i", request_id: 1 });
  expect(await client.receiveJson()).toMatchObject({ data: { id: "ada" } });
});

test("a token that is forged, unsigned, expired, for somebody else or garbage is refused in the handshake with 401", async () => {
  const port = await startServer();
  const otherSecret = new TextEncoder().encode("another secret, just as many bytes");
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from('{"sub":"ada"}').toString("base64url")}.`;
  const claims = new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject("ada").setExpirationTime("1h");
  const tokens = [
    await issueToken("ada", otherSecret),
    await issueToken("ada", secret, -1),
    await claims.setIssuer("restwave-example").setAudience("another service").sign(secret),
    unsigned,
    "garbage",
  ];
  for (const token of tokens) await expect(connectTo(port, bearer(token))).rejects.toMatchObject({ status: 401 });
});

test("no token is refused in the handshake with 403", async () => {
  await expect(connectTo(await startServer())).rejects.toMatchObject({ status: 403 });
});

test("a token that expires while the socket is open is answered 401 from then on", async () => {
  const client = await connectTo(await startServer(), bearer(await issueToken("ada", secret, 60)));
  client.sendJson({ action: "who_am_i", request_id: 1 });
  expect(await client.receiveJson()).toMatchObject({ response_status: 200 });
  const later = Date.now() + 61_000;
  const clock = vi.spyOn(Date, "now").mockReturnValue(later);
  onTestFinished(() => clock.mockRestore());
  client.sendJson({ action: "who_am_i", request_id: 2 });
  expect(await client.receiveJson()).toMatchObject({ response_status: 401, errors: ["The token has expired."] });
});
