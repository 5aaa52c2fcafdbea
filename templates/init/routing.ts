import { path } from "restwave";
import { TaskConsumer } from "./consumers.ts";

export const routes = [path("ws/", TaskConsumer)];
