import { expect, test } from "vitest";
import { replyWithData } from "../../src/consumers/reply.ts";
import { encodeJson, JsonText } from "../../src/protocol/json.ts";

test("2.4 an integer beyond 2^53 keeps its digits when the data of an answer is looked at before it is sent", () => {
  const rows = '[{"id":9007199254740993}]';
  for (const content of [new JsonText(rows), { count: 1, results: new JsonText(rows) }]) {
    const sent = encodeJson(content);
    const answer = replyWithData<unknown>(content);
    expect(answer.data).toBeTypeOf("object");
    expect(encodeJson(answer.content)).toBe(sent);
  }
});
