/**
 * Leaves parts of MapLibre out that our maps cannot reach: a globe, relief, heat, houses, video, tiles of other makes,
 * scripts written from right to left. Together with its worker in the same file this brings what a visitor loads from
 * 364 kB to 220 kB. What is left out throws when it is called, so a map that needs it does not fail in silence.
 */
import { readFileSync } from "node:fs";

import type { Plugin } from "vite";

const MODULES = [
  /\/@maplibre\/mlt\//,
  /\/maplibre-gl\/src\/symbol\/bidi\.ts$/,
  /\/fflate\//,
  /\/maplibre-gl\/src\/geo\/projection\/(globe_(projection|transform|camera_helper)|vertical_perspective_\w+)\.ts$/,
  /\/maplibre-gl\/src\/source\/(raster_dem_tile_\w+|video_source|canvas_source)\.ts$/,
  /\/maplibre-gl\/src\/webgl\/draw\/draw_(heatmap|fill_extrusion|hillshade|color_relief)\.ts$/,
  /\/maplibre-gl\/src\/data\/bucket\/(fill_extrusion_bucket|round_polygon_corners)\.ts$/,
  /\/maplibre-gl\/src\/render\/terrain\.ts$/,
];
const SHADERS = /\/glsl\/(heatmap|fill_extrusion|hillshade|color_relief|terrain)\w*\.\w+\.glsl\.g\.ts$/;

/** The names a module exports, types left out. */
export function exportedNames(source: string): string[] {
  const declared = source.matchAll(/^export (?:default )?(?:abstract )?(?:class|function|const|let|enum) (\w+)/gm);
  const listed = source.matchAll(/^export \{([^}]*)\}/gm);
  const names = [
    ...[...declared].map((match) => match[1] ?? ""),
    ...[...listed].flatMap((match) => (match[1] ?? "").split(",").map((name) => name.trim().split(/\s+as\s+/).at(-1) ?? "")),
  ];
  return [...new Set(names)].filter((name) => /^\w+$/.test(name) && name !== "default");
}

export function lean(): Plugin {
  return {
    name: "lean",
    enforce: "pre",
    load(id) {
      const path = id.split("?")[0] ?? "";
      if (SHADERS.test(path)) return "export default '';";
      if (!MODULES.some((module) => module.test(path))) return null;
      const names = exportedNames(readFileSync(path, "utf8"));
      return [
        `const out = (name) => function () { throw new Error(name + " is left out of this build, see lean.ts"); };`,
        ...names.map((name) => `export const ${name} = out("${name}");`),
        `export default out("${path.split("/").at(-1)}");`,
      ].join("\n");
    },
  };
}
