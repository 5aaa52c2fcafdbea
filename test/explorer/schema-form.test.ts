import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axeCore from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ValidationError } from "../../src/index.ts";
import { launchChromium } from "../chromium.ts";
import { describeWith, services } from "../services.ts";
import { OrderSerializer, orderSchema, planContract } from "./all-fields.ts";
import { openFormPage } from "./form-page/open-form-page.ts";

// Some press and look hundreds of times.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds against WCAG A and AA: rule, and where. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe: unknown = Reflect.get(window, "axe");
    const { run } = axe as Pick<typeof axeCore, "run">;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations: found } = await run(document, { runOnly: tags });
    return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  });
}

/** What the server says of data. */
async function refusal(data: unknown): Promise<unknown> {
  const serializer = new OrderSerializer({ data });
  try {
    await serializer.isValid({ raiseException: true });
    return null;
  } catch (error) {
    if (error instanceof ValidationError) return [error.detail];
    throw error;
  }
}

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const group = (page: Page, label: string) => page.getByRole("group", { name: label, exact: true });

describeWith(services.chromium, "a form from a schema", () => {
  let browser: Browser;
  let forms: Awaited<ReturnType<typeof openFormPage>>;
  beforeAll(async () => {
    browser = await launchChromium();
    forms = await openFormPage(browser);
  });
  afterAll(() => browser.close());

  test("filled in, its value is what the serializer takes", async () => {
    const form = await forms.show(orderSchema());
    const { page } = form;
    await field(page, "Customer").fill("Ada");
    await field(page, "Email").fill("ada@example.com");
    await field(page, "Password").fill("a long secret");
    await field(page, "Remarks").fill("two\nlines");
    await field(page, "Priority").fill("7");
    await field(page, "Serial").fill("9223372036854775807");
    await field(page, "Weight").fill("1.5");
    await field(page, "Price").fill("12.50");
    await field(page, "Paid").check();
    await field(page, "Approved").selectOption("null");
    await field(page, "Status").selectOption("packed");
    await field(page, "Due").fill("2026-12-24");
    await field(page, "At").fill("18:30");
    await field(page, "Ordered at").fill("2026-11-24T03:04:05");
    await group(page, "Tags").getByLabel("send Tags").check();
    await page.getByRole("button", { name: "Add to Tags" }).click();
    await field(page, "Tags 1").fill("new");
    await field(page, "Extra").fill('{"a": [1]}');
    await field(page, "Street").fill("Main 1");
    await field(page, "City").fill("Graz");
    await field(page, "Country").selectOption("CH");
    await page.getByRole("button", { name: "Add to Lines" }).click();
    await field(page, "Article").fill("chair");
    await field(page, "Pieces").fill("4");
    const value = await form.value();
    expect(value).toEqual({
      customerName: "Ada",
      email: "ada@example.com",
      password: "a long secret",
      remarks: "two\nlines",
      priority: 7,
      serial: "9223372036854775807",
      weight: 1.5,
      price: "12.50",
      paid: true,
      approved: null,
      status: "packed",
      due: "2026-12-24",
      at: "18:30:00",
      orderedAt: "2026-11-24T03:04:05Z",
      tags: ["new"],
      extra: { a: [1] },
      address: { street: "Main 1", city: "Graz", country: "CH" },
      lines: [{ article: "chair", pieces: 4 }],
    });
    expect(await refusal(value)).toBeNull();
    expect(form.problems).toEqual([]);
  });

  test("what the server refuses stands at its controls, and on top what has none", async () => {
    const value = { customerName: "", password: "short", price: "x", paid: false, orderedAt: "2026-11-24T03:04:05Z" };
    const data = { ...value, address: { street: "", city: "Graz" }, lines: [{ article: "a", pieces: 1 }, { pieces: 0 }] };
    const errors = ["Nothing was saved.", ...[await refusal(data)].flat(), { warehouse: ["Is closed."] }];
    const { page } = await forms.show({ ...orderSchema(), value: data, errors });
    const said = (label: string, nth = 0) =>
      page
        .getByLabel(label, { exact: true })
        .nth(nth)
        .evaluate((control) => {
          const ids = [control.getAttribute("aria-errormessage"), ...(control.getAttribute("aria-describedby") ?? "").split(" ")];
          const [message, ...described] = ids.map((id) => document.getElementById(id ?? "")?.textContent ?? "");
          return { invalid: control.getAttribute("aria-invalid"), message, isDescribed: described.includes(message ?? "") };
        });
    const wrong = (message: string) => ({ invalid: "true", message, isDescribed: true });
    expect(await said("Customer")).toEqual(wrong("This field may not be blank."));
    expect(await said("Password")).toEqual(wrong("Ensure this field has at least 8 characters."));
    expect(await said("Price")).toEqual(wrong("A valid number is required."));
    expect(await said("Street")).toEqual(wrong("This field may not be blank."));
    expect(await said("Article", 1)).toEqual(wrong("This field is required."));
    expect(await said("Pieces", 1)).toEqual(wrong("Ensure this value is greater than or equal to 1."));
    expect(await said("Pieces", 0)).toMatchObject({ invalid: null });
    expect(await page.getByRole("alert").allInnerTexts()).toEqual(["Nothing was saved.\nwarehouse: Is closed."]);
  });

  test("errors of `data` without a `data` around them stand at its fields; those of what is omitted on top", async () => {
    const { schemas, schema } = orderSchema("partial");
    const action = { type: "object", properties: { pk: { type: "integer" }, data: schema }, required: ["pk", "data"] };
    const errors = [{ customerName: ["Taken."], pk: ["Gone."] }];
    const form = await forms.show({ schema: action, schemas, errors, omit: ["pk"] });
    expect(await form.page.getByRole("alert").innerText()).toBe("pk: Gone.");
    expect(await field(form.page, "Customer").getAttribute("aria-invalid")).toBe("true");
    expect(await field(form.page, "pk").count()).toBe(0);
    await field(form.page, "Customer").fill("Bob");
    expect(await form.value()).toEqual({ data: { customerName: "Bob" } });
  });

  test("an optional field is not sent, sent empty, or sent as null, as its user says", async () => {
    const form = await forms.show(orderSchema("partial"));
    const { page } = form;
    const nickname = field(page, "Nickname");
    expect(await form.value()).toEqual({});
    expect(await nickname.getAttribute("placeholder")).toBe("not sent");
    await nickname.fill("Al");
    await nickname.fill("");
    expect(await form.value()).toEqual({});
    await page.getByLabel("send Nickname").check();
    expect(await form.value()).toEqual({ nickname: "" });
    expect(await nickname.getAttribute("placeholder")).toBe("empty text");
    await nickname.fill("Al");
    await nickname.fill("");
    expect(await form.value()).toEqual({ nickname: "" });
    await page.getByLabel("null Nickname").check();
    expect(await form.value()).toEqual({ nickname: null });
    await page.getByLabel("send Nickname").uncheck();
    await field(page, "Urgent").check();
    await field(page, "Urgent").uncheck();
    expect(await form.value()).toEqual({ urgent: false });
    await page.getByLabel("send Urgent").uncheck();
    await field(page, "Carrier").selectOption("post");
    await field(page, "Carrier").selectOption("not sent");
    await field(page, "Due").fill("2026-12-24");
    await field(page, "Due").fill("");
    expect(await form.value()).toEqual({});
  });

  test("a text that a row has is emptied, not left out, when it is deleted", async () => {
    const form = await forms.show({ ...orderSchema("partial"), value: { remarks: "old", weight: 1 } });
    await field(form.page, "Remarks").fill("");
    await field(form.page, "Weight").fill("");
    expect(await form.value()).toEqual({ remarks: "" });
  });

  test("what is typed stays as it is typed until it is a number, or JSON", async () => {
    const form = await forms.show(orderSchema("partial"));
    const { page } = form;
    const weight = field(page, "Weight");
    for (const [typed, value] of [
      ["-", "-"],
      ["-1", -1],
      ["-1.", "-1."],
      ["-1.0", -1],
      ["-1.05", -1.05],
    ] as const) {
      await weight.fill(typed);
      expect(await weight.inputValue()).toBe(typed);
      expect(await form.value()).toEqual({ weight: value });
    }
    const extra = field(page, "Extra");
    await extra.fill('{"a": ');
    expect(await extra.inputValue()).toBe('{"a": ');
    expect(await page.evaluate(() => window.unfinished)).toEqual([expect.stringMatching(/^Not JSON yet/)]);
    expect(await extra.getAttribute("aria-invalid")).toBe("true");
    await extra.fill('{"a":1}');
    expect(await extra.inputValue()).toBe('{"a":1}');
    expect(await page.evaluate(() => window.unfinished)).toEqual([]);
    expect(await form.value()).toEqual({ weight: -1.05, extra: { a: 1 } });
  });

  test("a moment can be typed key by key", async () => {
    const form = await forms.show(orderSchema("partial"));
    const { page } = form;
    await field(page, "Ordered at").focus();
    await page.keyboard.type("11242026\t120034PM");
    await field(page, "At").focus();
    await page.keyboard.type("110930AM");
    await field(page, "Due").focus();
    await page.keyboard.type("12242026");
    expect(await form.value()).toEqual({ orderedAt: "2026-11-24T12:00:34Z", at: "11:09:30", due: "2026-12-24" });
  });

  test("items move with what is typed into them, and the focus with the button", async () => {
    const form = await forms.show({ ...orderSchema("partial"), value: { tags: ["a", "b", "c"] } });
    const { page } = form;
    await page.getByRole("button", { name: "Move Tags 1 down" }).focus();
    await page.keyboard.press("Enter");
    expect(await form.value()).toEqual({ tags: ["b", "a", "c"] });
    await page.keyboard.press("Enter");
    expect(await form.value()).toEqual({ tags: ["b", "c", "a"] });
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await focused()).toBe("Move Tags 3 down");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove Tags 1" }).click();
    expect(await form.value()).toEqual({ tags: ["c", "a"] });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Add to Tags");
    await page.keyboard.press("Enter");
    await field(page, "Tags 3").fill("d");
    expect(await form.value()).toEqual({ tags: ["c", "a", "d"] });
  });

  test("a value of several forms is of the one that is chosen; one that refers to itself goes as deep as it is opened", async () => {
    const { plan, schemas } = planContract();
    const form = await forms.show({ schema: plan, schemas });
    const { page } = form;
    await field(page, "Form of when").selectOption("now");
    await page.getByLabel("send shape").check();
    await field(page, "radius").fill("2");
    await field(page, "Form of shape").selectOption("kind: box");
    await field(page, "width").fill("3.");
    await field(page, "title").fill("root");
    await page.getByLabel("send steps").check();
    await page.getByRole("button", { name: "Add to steps" }).click();
    await field(page, "title").nth(1).fill("first");
    await field(page, "pair").fill("[1, 2]");
    expect(await form.value()).toEqual({
      root: { title: "root", steps: [{ title: "first" }] },
      when: "now",
      shape: { kind: "box", width: "3." },
      pair: [1, 2],
    });
    expect(form.problems).toEqual([]);
  });

  test("arguments of which nothing is known are JSON, and none are said to be none", async () => {
    const { free, schemas } = planContract();
    const form = await forms.show({ schema: free, schemas });
    await field(form.page, "Arguments").fill('{"x": 1}');
    expect(await form.value()).toEqual({ x: 1 });
    await form.page.evaluate(() => window.showForm({ schema: { type: "object", properties: {} }, schemas: {} }));
    expect(await form.page.locator(".schema-form").innerText()).toBe("There is nothing to fill in.");
  });

  test("the keyboard is enough: Tab reaches every control, Ctrl+Enter sends from a text of several lines", async () => {
    const form = await forms.show({ ...orderSchema(), value: { tags: ["a"] } });
    const { page } = form;
    const controls = page.locator("form :is(input, select, textarea, button)");
    await controls.evaluateAll((all) => all.forEach((control, index) => control.setAttribute("data-control", String(index))));
    const count = await controls.count();
    const reached = new Set<string>();
    await field(page, "Customer").focus();
    // The parts of a date are stops of their own.
    for (let presses = 0; presses < 3 * count && reached.size < count; presses += 1) {
      reached.add(await page.evaluate(() => document.activeElement?.getAttribute("data-control") ?? ""));
      await page.keyboard.press("Tab");
    }
    expect(reached.size).toBe(count);
    await page.getByLabel("send Email").press("Space");
    await page.getByRole("button", { name: "Show what is typed" }).press("Space");
    expect(await form.value()).toEqual({ tags: ["a"], email: "" });
    expect(await field(page, "Password").getAttribute("type")).toBe("text");
    await field(page, "Remarks").press("Control+Enter");
    expect(await page.evaluate(() => window.submitted)).toBe(1);
  });

  test.each(["light", "dark"] as const)(
    "passes WCAG AA in the %s scheme, with errors and in every state, at the width of a phone",
    async (colorScheme) => {
      const value = {
        customerName: "",
        nickname: null,
        remarks: "",
        tags: ["a", "b"],
        extra: { a: 1 },
        lines: [{ article: "", pieces: 0 }],
      };
      const errors = ["Refused.", { customerName: ["Blank."], tags: { 1: ["Wrong."] }, lines: [{ pieces: ["Too few."] }] }];
      const form = await forms.show({ ...orderSchema(), value, errors }, { colorScheme, width: 360 });
      expect(await violations(form.page)).toEqual([]);
      expect(await form.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      const { plan, schemas } = planContract();
      await form.page.evaluate((page) => window.showForm(page), { schema: plan, schemas });
      expect(await violations(form.page)).toEqual([]);
    },
  );
});
