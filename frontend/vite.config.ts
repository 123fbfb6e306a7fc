import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

import { lean } from "./lean.ts";

const MAPLIBRE = fileURLToPath(new URL("node_modules/maplibre-gl/src/", import.meta.url));

/**
 * `vite build --mode NAME` builds src/entries/NAME.ts into one self-contained NAME.js (and NAME.css).
 *
 * One run per entry, so that no entry shares a file with another: Django gives every file a hashed name when it
 * collects them, and a reference from one script to another would have to be found and rewritten there.
 */
export default defineConfig(({ mode }) => ({
  base: "./",
  publicDir: false,
  plugins: [lean()],
  // MapLibre's sources declare fields in subclasses without meaning to reset them.
  oxc: { typescript: { removeClassFieldsWithoutInitializer: true }, assumptions: { setPublicClassFields: true } },
  resolve: {
    alias: [
      // From its sources, because the finished files hold the code that map and worker share twice.
      { find: /^maplibre-gl$/, replacement: `${MAPLIBRE}index.ts` },
      { find: /^maplibre-gl\/worker$/, replacement: `${MAPLIBRE}source/worker.ts` },
    ],
  },
  build: {
    outDir: "../src/nahtstelle/portal/static/nt",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 1200,
    // Small pictures may go into the style sheet (img-src has data:), fonts may not.
    assetsInlineLimit: (path: string) => (path.endsWith(".svg") ? undefined : false),
    rolldownOptions: {
      input: `src/entries/${mode}.ts`,
      preserveEntrySignatures: "strict",
      output: {
        format: "es",
        codeSplitting: false,
        entryFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".woff2") ? "fonts/[name][extname]" : "[name][extname]"),
      },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts", "lean.test.ts"] },
}));
