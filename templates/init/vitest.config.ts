import { defineConfig } from "vitest/config";

// Each test file has a database of its own, in memory.
export default defineConfig({ test: { env: { DATABASE_URL: ":memory:" } } });
