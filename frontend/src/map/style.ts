/** The style of the map, made from the colours of the page: pure functions, so that tests can read what is drawn. */

import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { Colours } from "./colours";
import { isKey } from "./keys";
import type { Level, Span, TileFacts } from "./levels";

export const LAYERS = ["seams", "lands", "states"] as const;
export type Layer = (typeof LAYERS)[number];

export function isLayer(text: unknown): text is Layer {
  return (LAYERS as readonly unknown[]).includes(text);
}

/** What is known about the cooperation across a seam. */
export const STATES = ["full", "adjacent", "loose", "none", "unknown"] as const;
export type State = (typeof STATES)[number];
export type States = Readonly<Record<string, State>>;

/** Widths in pixels of a plate by class of people, 1 to 5; first that of a seam whose people are not known. */
export const WIDTHS_PX = [1.4, 1.5, 2.6, 3.8, 5.2, 6.8] as const;
const BAND_MARGIN_PX = 4;
const DOUBLE_LINE_GAP_PX = 2;
/** Width of the lines at a zoom, as shares of that on a plate: of the finest class and of the widest. */
const WIDTH_STOPS: readonly (readonly [zoom: number, finest: number, widest: number])[] = [
  [4, 0.25, 0.42],
  [5.5, 0.32, 0.52],
  [7, 0.6, 0.75],
  [9, 1, 1],
  [12, 1.4, 1.4],
];
/** Space between two stitches in pixels. */
const STITCH_SPACING_PX: Readonly<Record<"full" | "adjacent" | "loose", number>> = { full: 11, adjacent: 22, loose: 48 };
/** The line beneath stitches is narrower, so that they stand out of it. */
const BENEATH_STITCHES = 0.6;
const FADED = 0.3;

export const SOURCE = "nt";
export const STITCH = "nt-stitch";
export const REGULAR = ["Fira Sans"];
export const STRONG = ["Fira Sans Semibold"];

export interface StyleOptions {
  readonly tiles: string;
  readonly facts: TileFacts;
  readonly spans: readonly Span[];
  readonly colours: Colours;
  readonly layer: Layer;
  /** Key of the area, or id of the seam, that the page is about. */
  readonly place: string | null;
  readonly seam: string | null;
  readonly states: States;
  /** Address of raster tiles with `{z}`, `{x}` and `{y}`, drawn beneath everything. */
  readonly background: string | null;
}

type Expression = ExpressionSpecification;

const SELECTED: Expression = ["boolean", ["feature-state", "selected"], false];
const HOVERED: Expression = ["boolean", ["feature-state", "hovered"], false];

/** Width of a seam by its class, growing with the zoom, times a share; `extra` pixels are added at every zoom. */
export function seamWidth(extra: number | Expression = 0, of = 1): Expression {
  const stops = WIDTH_STOPS.flatMap(([zoom, finest, widest]) => {
    const last = WIDTHS_PX.length - 1;
    const share = (step: number): number => finest + ((widest - finest) * step) / last;
    const [unknown, ...steps] = WIDTHS_PX.map((width, step) => Math.round(width * share(step) * of * 100) / 100);
    const width = ["match", ["get", "step"], ...steps.flatMap((each, at) => [at + 1, each]), unknown];
    return [zoom, extra === 0 ? width : ["+", width, extra]];
  });
  return ["interpolate", ["linear"], ["zoom"], ...stops] as unknown as Expression;
}

/** Whether an area is the place or lies within it: keys of parts begin with that of the whole. */
function within(property: string, place: string): Expression {
  return ["==", ["slice", ["get", property], 0, place.length], place];
}

/** Whether a seam belongs to what the page is about. */
export function inFocus(place: string | null, seam: string | null): Expression | true {
  if (seam && isKey(seam)) {
    const [a = "", b = ""] = seam.split("/");
    const across = (one: string, other: string): Expression => ["all", within("a", one), within("b", other)];
    return ["any", across(a, b), across(b, a)];
  }
  if (place && isKey(place)) return ["any", within("a", place), within("b", place)];
  return true;
}

/** Filter on the seams that are in one of these states. */
export function inStates(states: States, wanted: readonly State[]): FilterSpecification {
  const ids = Object.keys(states).filter((id) => wanted.includes(states[id] ?? "unknown"));
  return ids.length ? (["match", ["get", "id"], ids, true, false] as unknown as FilterSpecification) : false;
}

function without(states: States): FilterSpecification {
  const ids = Object.keys(states).filter((id) => states[id] !== "unknown");
  return ids.length ? (["match", ["get", "id"], ids, false, true] as unknown as FilterSpecification) : true;
}

/** Ids of the layers that answer when a point of the map is asked what lies there, of one level. */
export function areaLayers(level: Level): string[] {
  return [`${level}-area`];
}

export function seamLayers(level: Level): string[] {
  return ["solid", "dotted", "none", "open"].map((kind) => `${level}-seam-${kind}`);
}

export function labelLayers(level: Level): string[] {
  return [`${level}-label`, `${level}-label-own`];
}

/** The properties under which tiles keep what identifies a feature. */
export function identities(spans: readonly Span[]): Record<string, string> {
  return Object.fromEntries(
    spans.flatMap(({ level }) => [
      [level, "key"],
      [`${level}_seams`, "id"],
    ]),
  );
}

/** The whole style. Two calls that differ in one option differ in few properties, which is all the map redraws. */
export function buildStyle(options: StyleOptions): StyleSpecification {
  const { colours, spans, background } = options;
  const sources: StyleSpecification["sources"] = {
    [SOURCE]: { type: "vector", url: `pmtiles://${options.tiles}`, promoteId: identities(spans) },
  };
  const layers: LayerSpecification[] = [
    { id: "ground", type: "background", paint: { "background-color": colours.ground } },
  ];
  if (background) {
    sources["background"] = { type: "raster", tiles: [background], tileSize: 256 };
    layers.push({ id: "background", type: "raster", source: "background" });
  }
  layers.push({
    id: "paper",
    type: "fill",
    source: SOURCE,
    "source-layer": options.facts.levels.land ? "land" : (spans[0]?.level ?? "land"),
    // Neighbours share their edges exactly: softened edges would show the ground between them as a hairline.
    paint: { "fill-color": colours.context, "fill-antialias": false, "fill-opacity": background ? 0.6 : 1 },
  });
  for (const span of spans) layers.push(areaLayer(span, options));
  for (const [at, span] of spans.entries()) {
    const finer = spans[at + 1];
    if (finer) layers.push(...hairlines(span, finer, options));
  }
  layers.push({
    id: "outline",
    type: "line",
    source: SOURCE,
    "source-layer": "outline",
    layout: { "line-join": "round" },
    paint: { "line-color": colours.edge, "line-width": 1 },
  });
  for (const span of spans) layers.push(...bands(span, options), ...seams(span, options));
  for (const span of spans) layers.push(...labels(span, options));
  return { version: 8, sources, layers };
}

function zooms(span: Span): { minzoom: number; maxzoom: number } {
  return { minzoom: span.from, maxzoom: span.to };
}

/** Areas are see-through unless they are the place, chosen, or under the pointer. */
function areaLayer(span: Span, { colours, place }: StyleOptions): LayerSpecification {
  const own: Expression | false = place && isKey(place) ? within("key", place) : false;
  return {
    id: `${span.level}-area`,
    type: "fill",
    source: SOURCE,
    "source-layer": span.level,
    ...zooms(span),
    paint: {
      "fill-antialias": false,
      "fill-color": ["case", SELECTED, colours.border, own, colours.own, colours.neighbour],
      "fill-opacity": ["case", SELECTED, 1, own, 1, HOVERED, 1, 0],
    },
  };
}

/** Borders of the level shown, thin and quiet, and those of the next smaller one as soon as there is room. */
function hairlines(span: Span, finer: Span, { colours, facts }: StyleOptions): LayerSpecification[] {
  const begin = Math.max(facts.levels[finer.level]?.minZoom ?? 0, finer.from - 1.6);
  if (begin >= span.to) return [];
  return [
    {
      id: `${finer.level}-hairline`,
      type: "line",
      source: SOURCE,
      "source-layer": `${finer.level}_seams`,
      minzoom: begin,
      maxzoom: span.to,
      layout: { "line-join": "round" },
      paint: {
        "line-color": colours.hairline,
        "line-width": 0.5,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], begin, 0, Math.min(begin + 0.8, span.to), 0.7],
      },
    },
  ];
}

/** The pale band beneath every seam between two Länder. */
function bands(span: Span, { colours, place, seam }: StyleOptions): LayerSpecification[] {
  const focus = inFocus(place, seam);
  return [
    {
      id: `${span.level}-band`,
      type: "line",
      source: SOURCE,
      "source-layer": `${span.level}_seams`,
      filter: ["==", ["get", "land_seam"], true],
      ...zooms(span),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": colours.band,
        "line-width": seamWidth(BAND_MARGIN_PX),
        "line-opacity": focus === true ? 1 : ["case", focus, 1, FADED],
      },
    },
  ];
}

function seams(span: Span, options: StyleOptions): LayerSpecification[] {
  const { colours, layer, place, seam, states } = options;
  const source = { source: SOURCE, "source-layer": `${span.level}_seams`, ...zooms(span) } as const;
  const focus = inFocus(place, seam);
  const opacity = focus === true ? 1 : (["case", focus, 1, FADED] as Expression);
  const colour = (usual: string | Expression): Expression => ["case", SELECTED, colours.text, HOVERED, colours.text, usual];
  const wider: Expression = ["case", SELECTED, 2, HOVERED, 1, 0];
  const shown: Expression | true = layer === "lands" ? ["==", ["get", "land_seam"], true] : true;
  const known: FilterSpecification = ["all", [">", ["get", "step"], 0], shown];
  const unknown: FilterSpecification = ["all", ["==", ["get", "step"], 0], shown];
  const byState = layer === "states";
  const lines: LayerSpecification[] = [
    {
      id: `${span.level}-seam-dotted`,
      type: "line",
      ...source,
      filter: byState ? without(states) : unknown,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": colour(byState ? colours.unknown : colours.seam),
        "line-width": 1.4,
        "line-dasharray": [0.1, 2.2],
        "line-opacity": opacity,
      },
    },
    {
      id: `${span.level}-seam-solid`,
      type: "line",
      ...source,
      filter: byState ? inStates(states, ["full", "adjacent", "loose"]) : known,
      layout: { "line-cap": "round", "line-join": "round", "line-sort-key": ["get", "step"] },
      paint: {
        "line-color": colour(
          byState ? (["case", inStates(states, ["loose"]), colours.loose, colours.seam] as Expression) : colours.seam,
        ),
        "line-width": seamWidth(wider, byState ? BENEATH_STITCHES : 1),
        "line-opacity": opacity,
      },
    },
  ];
  if (layer === "lands") {
    lines.push({
      id: `${span.level}-seam-open`,
      type: "line",
      ...source,
      filter: ["!=", ["get", "land_seam"], true],
      layout: { "line-join": "round" },
      paint: { "line-color": colour(colours.edge), "line-width": 0.8, "line-opacity": opacity },
    });
  }
  if (byState) {
    lines.push({
      id: `${span.level}-seam-none`,
      type: "line",
      ...source,
      filter: inStates(states, ["none"]),
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour(colours.none),
        "line-width": 1.2,
        "line-gap-width": seamWidth(DOUBLE_LINE_GAP_PX),
        "line-opacity": opacity,
      },
    });
    for (const state of ["full", "adjacent", "loose"] as const) lines.push(stitches(span, state, options));
  }
  return lines;
}

/** Cross-stitches along the seams of one state: the closer the cooperation, the closer the stitches. */
export function stitches(span: Span, state: "full" | "adjacent" | "loose", { colours, states }: StyleOptions): LayerSpecification {
  return {
    id: `${span.level}-stitch-${state}`,
    type: "symbol",
    source: SOURCE,
    "source-layer": `${span.level}_seams`,
    ...zooms(span),
    filter: inStates(states, [state]),
    layout: {
      "symbol-placement": "line",
      "symbol-spacing": STITCH_SPACING_PX[state],
      "icon-image": STITCH,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 5, 0.45, 8, 0.85, 11, 1.1],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "icon-rotation-alignment": "map",
      "icon-keep-upright": false,
    },
    paint: {
      "icon-color": state === "loose" ? colours.loose : colours.seam,
      "icon-halo-color": colours.context,
      "icon-halo-width": 1,
    },
  };
}

/** Names in the site's own typeface: the style names no glyphs, so the map draws letters with the page's web font. */
function labels(span: Span, { colours, place }: StyleOptions): LayerSpecification[] {
  const own = place && isKey(place) ? place : null;
  const layer = (id: string, filter: FilterSpecification, font: string[], size: number): LayerSpecification => ({
    id: `${span.level}-${id}`,
    type: "symbol",
    source: SOURCE,
    "source-layer": `${span.level}_labels`,
    ...zooms(span),
    filter,
    layout: {
      "text-field": ["get", "name"],
      "text-font": font,
      "text-size": ["interpolate", ["linear"], ["zoom"], 5, size - 1.5, 7, size, 12, size + 3],
      "text-max-width": 7,
      "text-padding": 5,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": colours.text, "text-halo-color": colours.context, "text-halo-width": 1.6 },
  });
  if (!own) return [layer("label", true, REGULAR, 12.5)];
  return [
    layer("label", ["!=", ["get", "key"], own], REGULAR, 12.5),
    layer("label-own", ["==", ["get", "key"], own], STRONG, 14.5),
  ];
}
