import { join } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/explorer/",
  // The package's own client and hooks, from their source.
  resolve: { conditions: ["restwave-source", "module", "browser", "production"] },
  build: {
    outDir: join(import.meta.dirname, "../dist/explorer-page"),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // The page's policy allows no data: but images.
    assetsInlineLimit: 0,
    target: "es2023",
  },
});
