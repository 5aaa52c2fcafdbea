import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Without "module", a condition of bundlers: packages are loaded as Node loads them.
const conditions = ["restwave-source", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: {
    resolve: {
      conditions,
      externalConditions: ["restwave-source", "node"],
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // What is polled for comes when the machine gets to it, which may stand still for seconds.
    expect: { poll: { timeout: 15_000 } },
    // Much of what the tests do is waiting for servers and browsers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text-summary"],
    },
  },
});
