import { createGreetingServer } from "./app.ts";

createGreetingServer().listen(8000, () => {
  console.log("curl http://localhost:8000/greetings/Ada");
  console.log(`npx wscat -c ws://localhost:8000/ws/ -x '{"action": "greet", "name": "Ada", "request_id": 1}'`);
});
