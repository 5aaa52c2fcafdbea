import { type Browser, chromium } from "playwright-core";
import { services } from "./services.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The machine's own Chromium, without a window and without errands of its own. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: services.chromium.address, args: FLAGS });
}
