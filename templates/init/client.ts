import { createClient } from "restwave/client";
import { WebSocket } from "ws";
import type { routes } from "./routing.ts";

// npm run client: prints the tasks that are open, now and after each change.
// npm run client -- "Buy milk": adds a task first.
const [title] = process.argv.slice(2);
const client = createClient<typeof routes>(process.env.TASKS_URL ?? "ws://localhost:8000/ws/", { WebSocket });

if (title !== undefined) {
  const task = await client.create({ title });
  console.log(`Added task ${task.id}. There are ${(await client.list()).length}.`);
}

for await (const { data, error } of client.live({ filters: { done: false }, ordering: "-createdAt" })) {
  if (error !== null) throw error;
  if (data !== undefined) console.log(["", "Open tasks:", ...data.map((task) => `- ${task.title}`)].join("\n"));
}
