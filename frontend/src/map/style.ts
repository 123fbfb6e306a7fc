/** The style of the map, made from the colours of the page: pure functions, so that tests can read what is drawn. */

import type {
  ExpressionSpecification,
  FilterSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  LineLayerSpecification,
  StyleSpecification,
} from "maplibre-gl";

import type { Colours, Role } from "./colours";
import type { Belonging } from "./cooperations";
import { isKey } from "./keys";
import type { PlacedName } from "./options";
import { type Level, type LevelChoice, LEVELS, type Span, type TileFacts } from "./levels";

export const LAYERS = ["seams", "lands", "states"] as const;
export type Layer = (typeof LAYERS)[number];

export function isLayer(text: unknown): text is Layer {
  return (LAYERS as readonly unknown[]).includes(text);
}

/** What is known about the cooperation across a seam. */
export const STATES = ["full", "adjacent", "loose", "none", "unknown"] as const;
export type State = (typeof STATES)[number];
export type States = Readonly<Record<string, State>>;

export function isState(text: unknown): text is State {
  return (STATES as readonly unknown[]).includes(text);
}

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
/** How much of its colour a seam keeps that is not what the page is about. */
const FADED = 0.35;
/** Level whose borders are drawn as hairlines within areas of a level. */
const FINER: Readonly<Partial<Record<Level, Level>>> = { land: "district", district: "municipality", union: "municipality" };

export const SOURCE = "nt";
const NAMES = "nt-names";
export const STITCH = "nt-stitch";
export const HATCH = "nt-hatch";
export const REGULAR = ["Fira Sans"];
export const STRONG = ["Fira Sans Semibold"];

/** Tones of areas from the palest, each so far from one paper tone to the next; the same in map.css for the key. */
const TONES: readonly (readonly [from: Role, to: Role, share: number])[] = [
  ["neighbour", "own", 0.45],
  ["own", "border", 0.35],
  ["border", "hairline", 0.1],
  ["border", "hairline", 0.35],
  ["border", "hairline", 0.62],
];
const NO_COLOUR = "rgba(0, 0, 0, 0)";
/** How much darker an area is under the pointer, and when it is chosen. */
const HOVERED_SHARE = 0.1;
const CHOSEN_SHARE = 0.22;
const CHOSEN_WIDTH_PX = 3;

/** A file of tiles: its address, and what its head says. */
export interface Archive {
  readonly url: string;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly bounds: readonly [west: number, south: number, east: number, north: number];
}

export interface StyleOptions {
  readonly archive: Archive;
  readonly facts: TileFacts;
  readonly spans: readonly Span[];
  readonly colours: Colours;
  readonly layer: Layer;
  /** Key of the area, or id of the seam, that the page is about. */
  readonly place: string | null;
  readonly seam: string | null;
  /** Names of the level the page is about that stand elsewhere than the tiles have them. */
  readonly names: readonly PlacedName[];
  readonly level: LevelChoice;
  /** Keys of areas that belong together and are filled like the place of a page. */
  readonly members?: readonly string[];
  readonly states: States;
  /** What is known of the cooperations of areas, of the levels of which it is to be shown. */
  readonly belonging: Readonly<Partial<Record<Level, Belonging>>>;
  /** Key of the area a reader chose: where tones fill the areas, its border is drawn. */
  readonly chosen: string | null;
  /** Address of raster tiles with `{z}`, `{x}` and `{y}`, drawn beneath everything. */
  readonly background: string | null;
  /** Only the areas: drawn first, for everything else takes the browser twice as long again. */
  readonly areasOnly?: boolean;
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

/** Whether an area is one of several or lies within one: a match for each length of their keys. */
export function amongst(property: string, keys: readonly string[]): Expression | false {
  const lengths = [...new Set(keys.map((each) => each.length))].sort((one, other) => one - other);
  const tests = lengths.map((length) => {
    const ofLength = keys.filter((each) => each.length === length);
    return ["match", ["slice", ["get", property], 0, length], ofLength, true, false] as unknown as Expression;
  });
  return tests.length ? (["any", ...tests] as unknown as Expression) : false;
}

/** How long the keys of a level are. */
const KEY_LENGTHS: Readonly<Record<Level, number>> = { land: 2, district: 5, union: 9, municipality: 12 };

/** Keys of the areas of a level that only hold some of these. */
export function holders(keys: readonly string[], level: Level): string[] {
  const length = KEY_LENGTHS[level];
  return [...new Set(keys.filter((each) => each.length > length).map((each) => each.slice(0, length)))];
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

/** A colour, or a paler one away from what the page is about. Paler, not see-through: bends would show darker. */
function inFocusOnly(colour: string, focus: Expression | true, paper: string): string | Expression {
  if (focus === true) return colour;
  return ["case", focus, colour, mixed(paper, colour, FADED)];
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
  return ["solid", "dotted", "none", "loose", "open"].map((kind) => `${level}-seam-${kind}`);
}

export function labelLayers(level: Level): string[] {
  return [`${level}-label`, `${level}-label-own`];
}

/** The properties under which tiles keep what identifies a feature. */
export function identities(): Record<string, string> {
  return Object.fromEntries(
    LEVELS.flatMap((level) => [
      [level, "key"],
      [`${level}_seams`, "id"],
    ]),
  );
}

/** The whole style. Two calls that differ in one option differ in few properties, which is all the map redraws. */
export function buildStyle(options: StyleOptions): StyleSpecification {
  const { archive, colours, spans, background } = options;
  const sources: StyleSpecification["sources"] = {
    [SOURCE]: {
      type: "vector",
      tiles: [`pmtiles://${archive.url}/{z}/{x}/{y}`],
      minzoom: archive.minZoom,
      maxzoom: archive.maxZoom,
      bounds: [...archive.bounds],
      promoteId: identities(),
    },
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
  for (const span of spans) {
    const known = options.belonging[span.level];
    layers.push(areaLayer(span, options), ...(known ? hatched(span, known) : []));
  }
  if (options.names.length) sources[NAMES] = { type: "geojson", data: placed(options.names) };
  if (options.areasOnly) return { version: 8, sources, layers };
  for (const span of spans) layers.push(...hairlines(span, options));
  layers.push({
    id: "outline",
    type: "line",
    source: SOURCE,
    "source-layer": "outline",
    layout: { "line-join": "round" },
    paint: { "line-color": colours.edge, "line-width": 1 },
  });
  for (const span of spans) {
    layers.push(...bands(span, options), ...seams(span, options));
    if (options.belonging[span.level]) layers.push(...chosenBorder(span, options));
  }
  for (const span of spans) layers.push(...labels(span, options));
  return { version: 8, sources, layers };
}

function zooms(span: Span): { minzoom: number; maxzoom: number } {
  return { minzoom: span.from, maxzoom: span.to };
}

function mixed(one: string | Expression, other: string, share: number | Expression): Expression {
  // Said to be colours, as a match does not take its texts for any.
  return ["interpolate", ["linear"], share, 0, ["to-color", one], 1, ["to-color", other]];
}

/** What every layer that fills the areas of a level begins with. */
function filling(span: Span) {
  return { type: "fill" as const, source: SOURCE, "source-layer": span.level, ...zooms(span) };
}

/** Areas in tones by their cooperations, see-through where none is known; darker under the pointer and when chosen. */
function toned(span: Span, { tones }: Belonging, colours: Colours): LayerSpecification {
  const filled = tones.flatMap(({ step, keys }): unknown[] => {
    const tone = TONES[step - 1];
    return tone && keys.length ? [[...keys], mixed(colours[tone[0]], colours[tone[1]], tone[2])] : [];
  });
  const colour = (filled.length ? ["match", ["get", "key"], ...filled, ["to-color", NO_COLOUR]] : NO_COLOUR) as unknown as string | Expression;
  return {
    id: `${span.level}-area`,
    ...filling(span),
    paint: {
      "fill-antialias": false,
      "fill-color": mixed(colour, colours.text, ["case", SELECTED, CHOSEN_SHARE, HOVERED, HOVERED_SHARE, 0]),
    },
  };
}

/** Hatching on areas that belong to no cooperation, as they confirm. */
function hatched(span: Span, { none }: Belonging): LayerSpecification[] {
  if (!none.length) return [];
  return [
    {
      id: `${span.level}-area-none`,
      ...filling(span),
      filter: ["match", ["get", "key"], [...none], true, false] as unknown as FilterSpecification,
      paint: { "fill-antialias": false, "fill-pattern": HATCH },
    },
  ];
}

/** The border of the area that is chosen, where tones fill the areas. */
function chosenBorder(span: Span, { colours, chosen }: StyleOptions): LayerSpecification[] {
  if (!chosen || !isKey(chosen)) return [];
  return [
    {
      id: `${span.level}-chosen`,
      type: "line",
      source: SOURCE,
      "source-layer": `${span.level}_seams`,
      ...zooms(span),
      filter: ["any", ["==", ["get", "a"], chosen], ["==", ["get", "b"], chosen]],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": colours.text, "line-width": CHOSEN_WIDTH_PX },
    },
  ];
}

/** Areas are see-through unless the page is about them, they are chosen, or under the pointer. */
function areaLayer(span: Span, options: StyleOptions): LayerSpecification {
  const { colours, place, seam, members, belonging } = options;
  const known = belonging[span.level];
  if (known) return toned(span, known, colours);
  const [one, other] = seam && isKey(seam) ? seam.split("/") : [place && isKey(place) ? place : undefined];
  const own: Expression | false = one ? within("key", one) : amongst("key", members ?? []);
  const across: Expression | false = other ? within("key", other) : false;
  const part: Expression | false = one ? false : amongst("key", holders(members ?? [], span.level));
  return {
    id: `${span.level}-area`,
    ...filling(span),
    paint: {
      "fill-antialias": false,
      "fill-color": ["case", SELECTED, colours.border, own, colours.own, across, colours.across, colours.neighbour],
      "fill-opacity": ["case", SELECTED, 1, own, 1, across, 1, part, 1, HOVERED, 1, 0],
    },
  };
}

/** Borders of a smaller level within the areas shown, thin and quiet, as soon as there is room for them. */
function hairlines(span: Span, { colours, facts }: StyleOptions): LayerSpecification[] {
  const finer = FINER[span.level];
  const begin = finer && facts.levels[finer]?.minZoom;
  if (!finer || begin === undefined || begin >= span.to) return [];
  return [
    {
      id: `${span.level}-hairline`,
      type: "line",
      source: SOURCE,
      "source-layer": `${finer}_seams`,
      minzoom: Math.max(begin, span.from),
      maxzoom: span.to,
      layout: { "line-join": "round" },
      paint: {
        "line-color": colours.hairline,
        "line-width": 0.5,
        "line-opacity": ["interpolate", ["linear"], ["zoom"], begin, 0.25, begin + 1, 0.6],
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
        "line-color": inFocusOnly(colours.band, focus, colours.context),
        "line-width": seamWidth(BAND_MARGIN_PX),
      },
    },
  ];
}

function seams(span: Span, options: StyleOptions): LayerSpecification[] {
  const { colours, layer, place, seam, states } = options;
  const byState = layer === "states";
  const focus = inFocus(place, seam);
  const landsOnly: Expression | true = layer === "lands" ? ["==", ["get", "land_seam"], true] : true;
  const wider: Expression = ["case", SELECTED, 2, HOVERED, 1, 0];
  const colour = (usual: string): Expression => [
    "case",
    SELECTED,
    colours.text,
    HOVERED,
    colours.text,
    inFocusOnly(usual, focus, colours.context),
  ];
  const line = (
    kind: string,
    filter: FilterSpecification,
    paint: LineLayerSpecification["paint"],
    layout: LineLayerSpecification["layout"] = { "line-cap": "round" },
  ): LineLayerSpecification => ({
    id: `${span.level}-seam-${kind}`,
    type: "line",
    source: SOURCE,
    "source-layer": `${span.level}_seams`,
    ...zooms(span),
    filter,
    layout: { "line-join": "round", ...layout },
    paint: { ...paint },
  });
  const order: Expression = focus === true ? ["get", "step"] : ["+", ["get", "step"], ["case", focus, WIDTHS_PX.length, 0]];
  const ordered: LineLayerSpecification["layout"] = { "line-cap": "round", "line-sort-key": order };
  const dots = { "line-width": 1.4, "line-dasharray": [0.1, 2.2] };
  if (!byState) {
    const unknown: FilterSpecification = ["all", ["==", ["get", "step"], 0], landsOnly];
    const known: FilterSpecification = ["all", [">", ["get", "step"], 0], landsOnly];
    const lines = [
      line("dotted", unknown, { ...dots, "line-color": colour(colours.seam) }),
      line("solid", known, { "line-color": colour(colours.seam), "line-width": seamWidth(wider) }, ordered),
    ];
    if (layer !== "lands") return lines;
    return [line("open", ["!=", ["get", "land_seam"], true], { "line-color": colour(colours.edge), "line-width": 0.8 }, {}), ...lines];
  }
  const double = { "line-width": 1.2, "line-gap-width": seamWidth(DOUBLE_LINE_GAP_PX) };
  const beneath = { "line-width": seamWidth(wider, BENEATH_STITCHES) };
  return [
    line("dotted", without(states), { ...dots, "line-color": colour(colours.unknown) }),
    line("none", inStates(states, ["none"]), { ...double, "line-color": colour(colours.none) }, {}),
    line("loose", inStates(states, ["loose"]), { ...beneath, "line-color": colour(colours.loose) }, ordered),
    line("solid", inStates(states, ["full", "adjacent"]), { ...beneath, "line-color": colour(colours.seam) }, ordered),
    ...(["full", "adjacent", "loose"] as const).map((state) => stitches(span, state, options)),
  ];
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
      // Icons without text follow this too: stitches belong on bends as well.
      "text-max-angle": 180,
    },
    paint: {
      "icon-color": state === "loose" ? colours.loose : colours.seam,
      "icon-halo-color": colours.context,
      "icon-halo-width": 1,
    },
  };
}

function placed(names: readonly PlacedName[]): GeoJSONSourceSpecification["data"] {
  return {
    type: "FeatureCollection",
    features: names.map(({ key, name, longitude, latitude }) => ({
      type: "Feature",
      properties: { key, name, rank: 0 },
      geometry: { type: "Point", coordinates: [longitude, latitude] },
    })),
  };
}

/** Names in the site's own typeface: the style names no glyphs, so the map draws letters with the page's web font. */
function labels(span: Span, { colours, place, seam, names, level, belonging }: StyleOptions): LayerSpecification[] {
  const counts = [...(belonging[span.level]?.counts ?? [])].flatMap(([count, keys]) => [[...keys], `\n${count}`]);
  const strong = { "text-font": ["literal", STRONG] };
  const field = counts.length ? ["format", ["get", "name"], {}, ["match", ["get", "key"], ...counts, ""], strong] : ["get", "name"];
  const about = seam ?? place;
  const own = about && isKey(about) ? about.split("/") : null;
  const elsewhere = span.level === level ? names.map(({ key }) => key) : [];
  const layer = (id: string, filter: FilterSpecification, font: string[], size: number, source = SOURCE): LayerSpecification => ({
    id: `${span.level}-${id}`,
    type: "symbol",
    source,
    ...(source === SOURCE ? { "source-layer": `${span.level}_labels` } : {}),
    ...zooms(span),
    filter,
    layout: {
      "text-field": field as unknown as Expression,
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
    layer("label", ["match", ["get", "key"], [...own, ...elsewhere], false, true], REGULAR, 12.5),
    ...(elsewhere.length ? [layer("label-placed", true, REGULAR, 12.5, NAMES)] : []),
    layer("label-own", ["match", ["get", "key"], own, true, false], STRONG, 14.5),
  ];
}
