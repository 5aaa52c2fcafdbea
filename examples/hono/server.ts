import { createBookServer } from "./app.ts";

createBookServer().listen(8000, () => {
  console.log("curl http://localhost:8000/books/1");
  console.log(`npx wscat -c ws://localhost:8000/ws/ -x '{"action": "retrieve", "parameters": {"pk": 1}, "request_id": 1}'`);
});
