import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { action } from "../../src/consumers/action.ts";
import { AsyncAPIConsumer } from "../../src/consumers/async-api-consumer.ts";
import { reply } from "../../src/consumers/reply.ts";
import { connected, failure, success } from "./connected.ts";

class MailConsumer extends AsyncAPIConsumer {
  zodMail = action({ input: z.object({ to: z.email("Not an address."), copies: z.number().default(1) }) }, async (input) =>
    reply(input),
  );
  valibotMail = action(
    { input: v.object({ to: v.pipe(v.string(), v.email("Not an address.")), copies: v.optional(v.number(), 1) }) },
    async (input) => reply(input),
  );
  arktypeMail = action({ input: type({ to: "string.email", copies: "number = 1" }) }, async (input) => reply(input));
  nested = action({ input: z.object({ lines: z.array(z.object({ sku: z.string("Not text.") })) }) }, async ({ lines }) =>
    reply(lines),
  );
  whole = action(
    { input: z.object({ a: z.number(), b: z.number() }).refine(({ a, b }) => a < b, "a must be less than b.") },
    async () => reply(1),
  );
  later = action(
    { input: z.object({ code: z.string().refine(async (code) => code === "open", "Wrong code.") }) },
    async ({ code }) => reply(code),
  );
  leaky = action({ output: z.object({ id: z.number() }) }, async () => ({ id: "SELECT secret FROM vault" }) as never);
  trimmed = action({ output: z.object({ id: z.number() }) }, async () => reply({ id: 1, password: "hash" }, 201));
  original = action({ name: "renamed" }, async () => reply(true));
  sendHTMLMail = action(async () => reply(true));
  failing = action(
    {
      input: z.unknown().transform((): never => {
        throw new TypeError("schema crash with /srv/secret");
      }),
    },
    async () => reply(1),
  );
}

describe("actions with a schema", () => {
  it.each(["zod_mail", "valibot_mail", "arktype_mail"])(
    "the input of %s is what its schema makes of the arguments",
    async (name) => {
      const connection = await connected(MailConsumer);
      const answer = await connection.ask({ action: name, request_id: 1, to: "ann@example.com" });
      expect(answer).toEqual(success(name, 1, { to: "ann@example.com", copies: 1 }));
    },
  );

  it.each(["zod_mail", "valibot_mail"])(
    "arguments that do not fit the schema of %s are answered 400 with its messages by field",
    async (name) => {
      const connection = await connected(MailConsumer);
      expect(await connection.ask({ action: name, request_id: 1, to: "ann" })).toEqual(
        failure(name, 1, 400, { to: ["Not an address."] }),
      );
    },
  );

  it("arguments that do not fit the schema of arktype_mail are answered 400 with its messages by field", async () => {
    const connection = await connected(MailConsumer);
    expect(await connection.ask({ action: "arktype_mail", request_id: 1, to: "ann", copies: "2" })).toEqual(
      failure("arktype_mail", 1, 400, { to: [expect.stringContaining("email")], copies: [expect.stringContaining("number")] }),
    );
  });

  it("4.5 a missing argument is answered 400 by its name", async () => {
    const connection = await connected(MailConsumer);
    for (const name of ["zod_mail", "valibot_mail", "arktype_mail"]) {
      const answer = await connection.ask({ action: name, request_id: 1 });
      expect(answer).toEqual(failure(name, 1, 400, { to: [expect.any(String)] }));
    }
  });

  it("3.2 the errors of nested data are nested objects, and what belongs to no field is under non_field_errors", async () => {
    const connection = await connected(MailConsumer);
    expect(await connection.ask({ action: "nested", request_id: 1, lines: [{ sku: "a" }, { sku: 5 }] })).toEqual(
      failure("nested", 1, 400, { lines: { "1": { sku: ["Not text."] } } }),
    );
    expect(await connection.ask({ action: "whole", request_id: 2, a: 2, b: 1 })).toEqual(
      failure("whole", 2, 400, { non_field_errors: ["a must be less than b."] }),
    );
  });

  it("3.2 a field named __proto__ in a schema's messages is an ordinary key", async () => {
    class ProtoConsumer extends AsyncAPIConsumer {
      check = action({ input: z.record(z.string(), z.number("Not a number.")) }, async () => reply(1));
    }
    const connection = await connected(ProtoConsumer);
    connection.send('{"action": "check", "a": "x", "constructor": "y"}');
    expect(await connection.receive()).toMatchObject({ errors: [{ a: ["Not a number."], constructor: ["Not a number."] }] });
  });

  it("a schema may answer later", async () => {
    const connection = await connected(MailConsumer);
    expect(await connection.ask({ action: "later", code: "open" })).toMatchObject({ response_status: 200, data: "open" });
    expect(await connection.ask({ action: "later", code: "shut" })).toMatchObject({ errors: [{ code: ["Wrong code."] }] });
  });

  it("a schema that fails itself is a fault of the server: 500, and nothing of it is told", async () => {
    const connection = await connected(MailConsumer);
    const answer = await connection.ask({ action: "failing", request_id: 1 });
    expect(answer).toMatchObject({ response_status: 500, data: null });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("an answer that its output schema refuses is 500 with an id that the log has too, and nothing of it is told", async () => {
    const connection = await connected(MailConsumer, { settings: { ids: () => "id-9" } });
    const answer = await connection.ask({ action: "leaky", request_id: 1 });
    expect(answer).toEqual({ ...failure("leaky", 1, 500, "A server error occurred. Error id: id-9"), error_id: "id-9" });
    const error = { message: expect.stringContaining("output schema") };
    expect(connection.log).toMatchObject([{ details: { errorId: "id-9", error } }]);
  });

  it("an answer is what its output schema makes of it, with its own status", async () => {
    const connection = await connected(MailConsumer);
    expect(await connection.ask({ action: "trimmed", request_id: 1 })).toEqual(success("trimmed", 1, { id: 1 }, 201));
  });
});

describe("the name of an action", () => {
  it("is the property's in snake_case", async () => {
    const connection = await connected(MailConsumer);
    expect(await connection.ask({ action: "send_html_mail" })).toMatchObject({ response_status: 200 });
    expect(await connection.ask({ action: "sendHTMLMail" })).toMatchObject({ response_status: 405 });
  });

  it("is the one that was given, and the property's is then no action", async () => {
    const connection = await connected(MailConsumer);
    expect(await connection.ask({ action: "renamed" })).toMatchObject({ response_status: 200, data: true });
    expect(await connection.ask({ action: "original", request_id: 1 })).toEqual(
      failure("original", 1, 405, 'Method "original" not allowed.'),
    );
  });

  it("is inherited, and a subclass may replace the action behind it", async () => {
    class LoudConsumer extends MailConsumer {
      override sendHTMLMail = action(async () => reply(false));
    }
    const connection = await connected(LoudConsumer);
    expect(await connection.ask({ action: "send_html_mail" })).toMatchObject({ data: false });
    expect(await connection.ask({ action: "renamed" })).toMatchObject({ data: true });
  });
});

describe("calling an action inside the server", () => {
  it("validates its input and gives its reply", async () => {
    const connection = await connected(MailConsumer);
    expect(await connection.ask({ action: "renamed" })).toMatchObject({ response_status: 200 });
    const results: unknown[] = [];
    class CallingConsumer extends MailConsumer {
      relay = action(async () => {
        results.push(
          await this.zodMail({ to: "a@example.com" }),
          await this.zodMail({ to: "x" }).catch((error: unknown) => error),
        );
      });
    }
    const caller = await connected(CallingConsumer);
    await caller.ask({ action: "relay" });
    expect(results).toMatchObject([
      { data: { to: "a@example.com", copies: 1 }, status: 200 },
      { code: "invalid", status: 400 },
    ]);
  });
});
