import { expect, test } from "vitest";
import { bundle, REACTS } from "./open-page.ts";

test.each(REACTS)("a page of React %i has that React in it, and no other", async (react) => {
  const script = await bundle("./page/main.ts", react);
  const packages = [...script.matchAll(/^ *\/\/ node_modules\/(react[^/]*)\//gm)].map(([, name]) => name);
  expect(new Set(packages)).toEqual(new Set(react === 18 ? ["react-18", "react-dom-18"] : ["react", "react-dom"]));
});
