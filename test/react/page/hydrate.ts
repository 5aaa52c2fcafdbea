import { createElement } from "react";
import { hydrateRoot } from "react-dom/client";
import { createClient } from "../../../src/client.ts";
import type { Board } from "../../client/board.ts";
import { HydratedApp } from "./hydrated-app.ts";

const root = document.querySelector("main");
const data = document.querySelector("#restwave")?.textContent;
if (root === null || data === undefined || data === null) throw new TypeError("Expected a page that was rendered on the server.");
const client = createClient<Board["routes"]>(`ws://${location.host}/ws/`, { hydrate: data });
// When a test says so.
Object.assign(globalThis, { hydrate: () => hydrateRoot(root, createElement(HydratedApp, { client })) });
