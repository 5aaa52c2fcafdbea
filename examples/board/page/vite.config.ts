import { defineConfig } from "vite";

export default defineConfig({
  // In this repository the package is its own source; elsewhere neither line is needed.
  resolve: { conditions: ["restwave-source", "module", "browser", "production"] },
  build: { emptyOutDir: true, modulePreload: { polyfill: false } },
});
