import { defineConfig } from "vite";

/**
 * `vite build --mode NAME` builds src/entries/NAME.ts into one self-contained NAME.js (and NAME.css).
 *
 * One run per entry, so that no entry shares a file with another: Django gives every file a hashed name when it
 * collects them, and a reference from one script to another would have to be found and rewritten there.
 */
export default defineConfig(({ mode, command }) => ({
  root: command === "serve" ? "dev" : ".",
  base: "./",
  publicDir: false,
  server: { host: "127.0.0.1", fs: { allow: [".."] } },
  build: {
    outDir: "../src/nahtstelle/portal/static/nt",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 2000,
    // Small pictures may go into the style sheet (img-src has data:), fonts may not.
    assetsInlineLimit: (path: string) => (path.endsWith(".svg") ? undefined : false),
    rolldownOptions: {
      input: `src/entries/${mode}.ts`,
      output: {
        format: "es",
        codeSplitting: false,
        entryFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".woff2") ? "fonts/[name][extname]" : "[name][extname]"),
      },
    },
  },
  test: { root: ".", environment: "happy-dom", include: ["src/**/*.test.ts"] },
}));
