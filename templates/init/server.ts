import { serve } from "restwave";
import { routes } from "./routing.ts";

const server = await serve({ routes, port: Number(process.env.PORT ?? 8000) });
console.log(`Tasks at ${server.url}/ws/`);
