import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import type { FormPage } from "./form-page.ts";

const ORIGIN = "http://forms.test/";

const fileAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page with the form's script and style sheet in it. */
async function bundleFormPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileAt("./main.tsx")],
    bundle: true,
    format: "esm",
    platform: "browser",
    define: { "process.env.NODE_ENV": '"development"' },
    write: false,
  });
  const style = readFileSync(fileAt("../../../explorer/forms/schema-form.css"), "utf8");
  const script = (outputFiles[0]?.text ?? "").replaceAll("</script", "<\\/script");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Form</title>
<style>:root { color-scheme: light dark; font: 16px/1.5 system-ui; background: light-dark(#fff, #15181c); color: light-dark(#1b1f24, #e8eaed) } main { max-width: 44rem; margin: 0 auto; padding: 1rem }
${style}</style><main></main><script type="module">${script}</script></html>`;
}

/** A form in a page, and what the browser complained of. */
export interface OpenForm {
  readonly page: Page;
  readonly problems: readonly string[];
  /** The value as it would be sent. */
  value(): Promise<unknown>;
}

interface Look {
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
}

/** The page for forms, opened once for all tests: it takes a moment. */
export async function openFormPage(browser: Browser) {
  const html = await bundleFormPage();
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: html }));
  await page.goto(ORIGIN);
  return {
    /** Shows a form in place of the one before. */
    async show(form: FormPage, { colorScheme = "light", width = 1000 }: Look = {}): Promise<OpenForm> {
      problems.length = 0;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate((shown) => window.showForm(shown), form);
      return {
        page,
        problems,
        async value() {
          const text = await page.evaluate(() => window.formValue);
          return text === undefined ? undefined : JSON.parse(text);
        },
      };
    },
  };
}
