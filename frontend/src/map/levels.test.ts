import { describe, expect, it } from "vitest";

import { levelAt, spans, tileFacts, ZOOM_END } from "./levels";
import { FACTS } from "./testing";

describe("tileFacts", () => {
  it("reads what tiles say", () => {
    expect(FACTS.levels.district).toEqual({ peopleBounds: [7_000, 30_000, 200_000, 700_000], minZoom: 5 });
    expect(FACTS.date).toBe("2016-01-01");
  });

  it("knows only the levels tiles name", () => {
    const facts = tileFacts({ nahtstelle: { levels: { land: { min_zoom: 3 } } } });
    expect(Object.keys(facts.levels)).toEqual(["land"]);
    expect(facts.levels.land).toEqual({ peopleBounds: [], minZoom: 3 });
  });

  it.each([null, undefined, "x", 5, [], { nahtstelle: 7 }, { nahtstelle: { levels: [] } }])("survives %j", (metadata) => {
    const facts = tileFacts(metadata);
    expect(facts.edition).toBe("");
    expect(facts.levels.district?.peopleBounds).toEqual([]);
  });

  it("leaves out bounds that are no numbers", () => {
    const facts = tileFacts({ nahtstelle: { levels: { land: { people_bounds: [1, "2", null, 3], min_zoom: "4" } } } });
    expect(facts.levels.land).toEqual({ peopleBounds: [1, 3], minZoom: 4 });
  });
});

describe("spans", () => {
  it("changes over from level to level, without a gap", () => {
    const all = spans("auto", FACTS);
    expect(all.map((span) => span.level)).toEqual(["land", "district", "union", "municipality"]);
    expect(all[0]?.from).toBe(0);
    expect(all.at(-1)?.to).toBe(ZOOM_END);
    for (const [at, span] of all.slice(1).entries()) expect(span.from).toBe(all[at]?.to);
  });

  it("never shows a level before its tiles begin", () => {
    for (const { level, from } of spans("auto", FACTS).slice(1))
      expect(from).toBeGreaterThanOrEqual(FACTS.levels[level]?.minZoom ?? 0);
  });

  it("shows the level that was asked for as far as it can", () => {
    const all = spans("municipality", FACTS);
    expect(levelAt(all, 9)).toBe("municipality");
    expect(levelAt(all, 20)).toBe("municipality");
    expect(levelAt(all, 8.7)).toBe("union");
    expect(levelAt(all, 7)).toBe("district");
    expect(spans("land", FACTS)).toEqual([{ level: "land", from: 0, to: ZOOM_END }]);
    expect(levelAt(spans("district", FACTS), 12)).toBe("district");
  });

  it("falls back to an automatic map where tiles have no such level", () => {
    const facts = tileFacts({ nahtstelle: { levels: { land: {}, district: {} } } });
    expect(spans("municipality", facts)).toEqual(spans("auto", facts));
  });
});
