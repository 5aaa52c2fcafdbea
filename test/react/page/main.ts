import { createElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import * as callScenes from "./call-scenes.ts";
import { type BoardClient, connect } from "./connect.ts";
import * as eventScenes from "./event-scenes.ts";
import * as liveScenes from "./live-scenes.ts";
import * as suspenseScenes from "./suspense-scenes.ts";

const { rendersOf, log, ...live } = liveScenes;
const { runs, ...calls } = callScenes;
const { waited, ...suspense } = suspenseScenes;
const scenes = { ...live, ...suspense, ...calls, ...eventScenes };

export type Scene = keyof typeof scenes;

const [name = "", mode] = location.hash.slice(1).split(",");
const scene = new Map<string, (client: BoardClient) => React.ReactElement>(Object.entries(scenes)).get(name);
const root = document.querySelector("main");
if (scene === undefined || root === null) throw new TypeError(`Expected a scene, got ${name}.`);

// What a test looks at besides the page.
Object.assign(globalThis, { rendersOf, log, runs, waited });
const shown = scene(connect());
createRoot(root).render(mode === "plain" ? shown : createElement(StrictMode, null, shown));
