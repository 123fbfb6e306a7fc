import { createExpression, featureFilter, latest, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { describe, expect, it } from "vitest";

import { type Colours, ROLES } from "./colours";
import { readBelonging } from "./cooperations";
import { LEVELS, spans } from "./levels";
import { amongst, areaLayers, buildStyle, holders, inFocus, inStates, labelLayers, seamLayers, seamWidth, SOURCE, WIDTHS_PX } from "./style";
import { FACTS, styleOptions } from "./testing";
import { formats, WORDS } from "./words";

const STATES = { "03252/05766": "full", "03252/03257": "adjacent", "03252/03254": "loose", "03252/03255": "none" } as const;
const BELONGING = readBelonging({ counts: { "1": ["03252"], "3": ["05766"] }, none: ["03257"] }, WORDS.de, formats("de"));
const VARIANTS = [
  styleOptions({ belonging: { district: BELONGING }, chosen: "03252" }),
  styleOptions({ belonging: { district: readBelonging({}, WORDS.de, formats("de")) } }),
  styleOptions(),
  styleOptions({ layer: "lands" }),
  styleOptions({ layer: "states", states: STATES }),
  styleOptions({ layer: "states" }),
  styleOptions({ place: "03252", spans: spans("district", FACTS) }),
  styleOptions({ members: ["03252", "03257", "057660012012"] }),
  styleOptions({ place: "03252", level: "district", names: [{ key: "03254", name: "Hildesheim", longitude: 9.9, latitude: 52.1 }] }),
  styleOptions({ seam: "03252/05766", background: "https://example.org/{z}/{x}/{y}.png" }),
];

type Point = { properties: Record<string, unknown>; type: 2 };

function seam(properties: Record<string, unknown>): Point {
  return { properties, type: 2 };
}

function value(expression: unknown, zoom: number, properties: Record<string, unknown>): unknown {
  const compiled = createExpression(expression, latest.paint_line["line-width"] as never);
  if (compiled.result === "error") throw new Error(compiled.value.map((each) => each.message).join());
  return compiled.value.evaluate({ zoom }, { ...seam(properties), geometry: [] } as never, {});
}

function passes(filter: unknown, properties: Record<string, unknown>): boolean {
  return featureFilter(filter as never, "layers[0].filter").filter({ zoom: 8 } as never, seam(properties) as never);
}

describe("buildStyle", () => {
  it.each(VARIANTS)("is valid (%#)", (options) => {
    expect(validateStyleMin(buildStyle(options)).map((error) => error.message)).toEqual([]);
  });

  it("asks nobody but our own tiles, and nobody for letters", () => {
    const style = buildStyle(styleOptions());
    expect(Object.keys(style.sources)).toEqual([SOURCE]);
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    expect(JSON.stringify(style)).not.toMatch(/https?:\/\/(?!example\.org\/karte)/);
  });

  it("writes a name that has a place of its own once, at its own level", () => {
    const names = [{ key: "03254", name: "Hildesheim", longitude: 9.9, latitude: 52.1 }];
    const { layers } = buildStyle(styleOptions({ place: "03252", level: "district", names }));
    const filterOf = (id: string): unknown => (layers.find((layer) => layer.id === id) as { filter?: unknown }).filter;
    expect(passes(filterOf("district-label"), { key: "03254" })).toBe(false);
    expect(passes(filterOf("district-label"), { key: "03257" })).toBe(true);
    expect(passes(filterOf("municipality-label"), { key: "03254" })).toBe(true);
    expect(layers.filter((layer) => layer.id.endsWith("label-placed")).map((layer) => layer.id)).toEqual(["district-label-placed"]);
  });

  it("has each layer it says it has", () => {
    const ids = new Set(buildStyle(styleOptions()).layers.map((layer) => layer.id));
    for (const level of LEVELS) {
      for (const id of areaLayers(level)) expect(ids).toContain(id);
      expect(seamLayers(level).some((id) => ids.has(id))).toBe(true);
      expect(labelLayers(level).some((id) => ids.has(id))).toBe(true);
    }
    expect(ids.size).toBe(buildStyle(styleOptions()).layers.length);
  });

  it("shows one level at each zoom", () => {
    for (const zoom of [4, 5, 8, 8.8, 9.7, 14]) {
      const shown = buildStyle(styleOptions()).layers.filter(
        (layer) => layer.id.endsWith("-area") && zoom >= (layer.minzoom ?? 0) && zoom < (layer.maxzoom ?? 24),
      );
      expect(shown).toHaveLength(1);
    }
  });

  it("takes every colour from the page", () => {
    const odd: Colours = Object.fromEntries(ROLES.map((role, at) => [role, `rgb(1, 2, ${at})`])) as Colours;
    const text = JSON.stringify(VARIANTS.map((options) => buildStyle({ ...options, colours: odd })));
    expect(text).not.toMatch(/#[0-9a-f]{6}/i);
    for (const colour of Object.values(odd)) expect(text).toContain(colour);
  });

  it("draws areas without soft edges, which would show as hairlines between neighbours", () => {
    for (const layer of buildStyle(styleOptions()).layers)
      if (layer.type === "fill") expect(layer.paint?.["fill-antialias"]).toBe(false);
  });
});

describe("seams", () => {
  it("are wider the more people live there, at every zoom", () => {
    for (const zoom of [4, 5, 7.3, 9, 14]) {
      const widths = WIDTHS_PX.map((_, step) => value(seamWidth(), zoom, { step }) as number);
      for (let step = 2; step < widths.length; step += 1) expect(widths[step]).toBeGreaterThan(widths[step - 1] ?? 0);
    }
    expect(value(seamWidth(), 9, { step: 5 })).toBeCloseTo(6.8);
    expect(value(seamWidth(4), 9, { step: 1 })).toBeCloseTo(5.5);
  });

  it("belong to one state each", () => {
    expect(passes(inStates(STATES, ["full"]), { id: "03252/05766" })).toBe(true);
    expect(passes(inStates(STATES, ["full", "adjacent", "loose"]), { id: "03252/03255" })).toBe(false);
    expect(passes(inStates({}, ["full"]), { id: "03252/05766" })).toBe(false);
    const layers = buildStyle(styleOptions({ layer: "states", states: STATES })).layers;
    const kinds = (id: string): string[] =>
      layers
        .filter((layer) => "filter" in layer && /^district-seam/.test(layer.id) && passes(layer.filter, { id, step: 3 }))
        .map((layer) => layer.id);
    expect(kinds("03252/05766")).toEqual(["district-seam-solid"]);
    expect(kinds("03252/03255")).toEqual(["district-seam-none"]);
    expect(kinds("01001/01059")).toEqual(["district-seam-dotted"]);
  });

  it("are dotted where people are not known", () => {
    const layers = buildStyle(styleOptions()).layers;
    const shown = (step: number): string[] =>
      layers
        .filter((layer) => "filter" in layer && /^district-seam/.test(layer.id) && passes(layer.filter, { step }))
        .map((layer) => layer.id);
    expect(shown(0)).toEqual(["district-seam-dotted"]);
    expect(shown(4)).toEqual(["district-seam-solid"]);
  });
});

describe("focus", () => {
  it("is on seams of the place and of its parts", () => {
    const focus = inFocus("03252", null);
    expect(passes(focus, { a: "03252", b: "05766" })).toBe(true);
    expect(passes(focus, { a: "032520001001", b: "032550023023" })).toBe(true);
    expect(passes(focus, { a: "03254", b: "05766" })).toBe(false);
  });

  it("is on the stretches of one seam, whichever way round", () => {
    const focus = inFocus(null, "03252/05766");
    expect(passes(focus, { a: "03252", b: "05766" })).toBe(true);
    expect(passes(focus, { a: "032520002002", b: "057660008008" })).toBe(true);
    expect(passes(focus, { a: "03252", b: "03257" })).toBe(false);
  });

  it("is on everything where the page is about no place, or about none that can be", () => {
    expect(inFocus(null, null)).toBe(true);
    expect(inFocus("<script>", 'x"/y')).toBe(true);
  });
});

describe("members", () => {
  const members = ["03252", "057660012012"];

  function filled(key: string): unknown {
    const layer = buildStyle(styleOptions({ members })).layers.find((each) => each.id === "municipality-area");
    return value((layer?.paint as Record<string, unknown>)["fill-opacity"], 10, { key });
  }

  it("are filled, and whatever lies within them", () => {
    expect(filled("03252")).toBe(1);
    expect(filled("032520006006")).toBe(1);
    expect(filled("057660012012")).toBe(1);
  });

  it("leave their neighbours as they are", () => {
    expect(filled("057660012013")).toBe(0);
    expect(filled("05754")).toBe(0);
  });

  it("show faintly, at a coarser level, what holds some of them", () => {
    const layer = buildStyle(styleOptions({ members })).layers.find((each) => each.id === "district-area");
    const paint = layer?.paint as Record<string, unknown>;
    expect(holders(members, "district")).toEqual(["05766"]);
    expect(holders(members, "municipality")).toEqual([]);
    expect(value(paint["fill-opacity"], 8, { key: "05766" })).toBe(1);
    expect(value(paint["fill-opacity"], 8, { key: "05754" })).toBe(0);
  });

  it("are none where the page names none", () => {
    expect(amongst("key", [])).toBe(false);
  });
});

describe("areas by cooperations", () => {
  const { layers } = buildStyle(styleOptions({ belonging: { district: BELONGING }, chosen: "03252" }));
  const named = (id: string): Record<string, unknown> => layers.find((each) => each.id === id) as unknown as Record<string, unknown>;
  const painted = (id: string, name: string): unknown => (named(id)["paint"] as Record<string, unknown>)[name];

  function colour(key: string): string {
    const compiled = createExpression(painted("district-area", "fill-color"), latest.paint_fill["fill-color"] as never);
    if (compiled.result === "error") throw new Error(compiled.value.map((each) => each.message).join());
    return String(compiled.value.evaluate({ zoom: 8 }, { ...seam({ key }), geometry: [] } as never, {}));
  }

  it("have a tone of their own for each class, and none where nothing is known", () => {
    const [few, many, unknown] = ["03252", "05766", "09162"].map(colour);
    expect(new Set([few, many, unknown]).size).toBe(3);
    expect(unknown).toBe("rgba(0,0,0,0)");
    expect(colour("03257")).toBe(unknown);
  });

  it("are hatched where there is none, as confirmed, at this level only", () => {
    expect(passes(named("district-area-none")["filter"], { key: "03257" })).toBe(true);
    expect(passes(named("district-area-none")["filter"], { key: "03252" })).toBe(false);
    expect(named("municipality-area-none")).toBeUndefined();
    expect(painted("municipality-area", "fill-opacity")).toBeDefined();
  });

  it("have their number below the name", () => {
    const field = (id: string): string => JSON.stringify((named(id)["layout"] as Record<string, unknown>)["text-field"]);
    expect(field("district-label")).toContain('["03252"],"\\n1"');
    expect(field("municipality-label")).toBe('["get","name"]');
  });

  it("have a border when they are chosen", () => {
    expect(passes(named("district-chosen")["filter"], { a: "03252", b: "05766" })).toBe(true);
    expect(passes(named("district-chosen")["filter"], { a: "03254", b: "05766" })).toBe(false);
    expect(buildStyle(styleOptions({ chosen: "03252" })).layers.some(({ id }) => id.endsWith("-chosen"))).toBe(false);
  });
});
