import { rePath } from "restwave";
import { UserConsumer } from "./consumers.ts";

export const websocketUrlPatterns = [rePath(/^ws\/$/, UserConsumer)];
