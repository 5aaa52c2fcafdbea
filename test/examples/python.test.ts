import { execFile } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { GenericAsyncAPIConsumer, mixins, ModelSerializer, ObserverModelListMixin } from "../../src/index.ts";
import { sqliteFile } from "../databases/sqlite-file.ts";
import { openBlogDatabase } from "../security/blog-database.ts";
import { onCleanup, startServer } from "../transports/test-server.ts";
import { describeWith, services } from "../services.ts";
import { startQuickstart } from "./start-quickstart.ts";

// Each starts two programs, and the quickstart hashes passwords, which is slow by design.
vi.setConfig({ testTimeout: 60_000 });

const folder = join(import.meta.dirname, "../../examples/python");

/** Runs Python in the example's folder. */
function run(...args: readonly string[]) {
  return promisify(execFile)(services.python.address, ["-B", ...args], { cwd: folder, timeout: 45_000 });
}

describeWith(services.python, "the Python client", () => {
  test("lists, creates, changes, reads and deletes users of the quickstart, and tells what was refused", async () => {
    const { port } = await startQuickstart();
    const { stdout } = await run("client.py", `ws://127.0.0.1:${port}/ws/`);
    expect(stdout.trim().split("\n")).toEqual([
      "list     ['test 1', 'test 2', 'test 3']",
      "create   {'id': 4, 'username': 'python', 'email': ''}",
      "patch    {'id': 4, 'username': 'python', 'email': 'python@example.com'}",
      "retrieve {'id': 4, 'username': 'python', 'email': 'python@example.com'}",
      'refused  400: [{"username": ["This field may not be blank."], "password": ["This field is required."]}]',
      "delete   None",
    ]);
  });

  test("follows a list", async () => {
    const { User, close } = await openBlogDatabase(sqliteFile);
    onCleanup(close);
    class UserSerializer extends ModelSerializer(User, { fields: ["id", "username"] }) {}
    class UserConsumer extends mixins(
      GenericAsyncAPIConsumer({ queryset: User.objects.filter({ username: "ann" }), serializerClass: UserSerializer }),
      ObserverModelListMixin,
    ) {}
    const server = await startServer(UserConsumer);
    const program = `
import asyncio, sys, websockets
from client import Client

async def main():
    client = Client(await websockets.connect("${server.url}/ws/"))
    async for happened, data in client.subscribe("subscribe_list"):
        print(happened, data, flush=True)
        if happened == "delete":
            break
    await client.close()

asyncio.run(main())`;
    const following = run("-c", program);
    await once(following.child.stdout ?? following.child, "data");
    await User.objects.filter({ username: "ann" }).update({ username: "anna" });
    const { stdout } = await following;
    expect(stdout.trim().split("\n")).toEqual(["reset [{'id': 1, 'username': 'ann'}]", "delete {'pk': 1}"]);
  });
});
