import { describe, expect, it } from "vitest";

import { type Belonging, readBelonging } from "./cooperations";
import { classLabels, groups, renderLegend, sampleOf } from "./legend";
import { FACTS } from "./testing";
import { formats, WORDS } from "./words";

describe("classLabels", () => {
  it("says each class, most people first", () => {
    expect(classLabels([7_000, 30_000], WORDS.de, formats("de"))).toEqual([
      { step: 3, text: "30.000 und mehr" },
      { step: 2, text: "7.000 bis unter 30.000" },
      { step: 1, text: "unter 7.000" },
    ]);
    expect(classLabels([7_000], WORDS.en, formats("en")).map((label) => label.text)).toEqual(["7,000 and more", "under 7,000"]);
  });

  it("says nothing where tiles name no bounds", () => {
    expect(classLabels([], WORDS.de, formats("de"))).toEqual([]);
  });
});

describe("groups", () => {
  it("has five classes, the unknown, and the Land seam", () => {
    const all = groups("seams", "district", FACTS, false, WORDS.de, formats("de"));
    expect(all.map((group) => group.heading)).toEqual([WORDS.de.legendHeading, WORDS.de.signsHeading]);
    expect(all[0]?.entries).toHaveLength(6);
    expect(all[1]?.entries.map((entry) => entry.text)).toEqual([WORDS.de.landSeam]);
  });

  it("names the place only where there is one", () => {
    const texts = (hasPlace: boolean): string[] =>
      groups("seams", "district", FACTS, hasPlace, WORDS.de, formats("de")).flatMap((group) => group.entries.map((entry) => entry.text));
    expect(texts(true)).toContain(WORDS.de.shownPlace);
    expect(texts(false)).not.toContain(WORDS.de.shownPlace);
  });

  it("explains what belongs in part only where something does", () => {
    const texts = (hasParts: boolean): string[] =>
      groups("seams", "district", FACTS, true, WORDS.de, formats("de"), hasParts).flatMap((group) => group.entries.map((entry) => entry.text));
    expect(texts(true)).toContain(WORDS.de.shownInPart);
    expect(texts(false)).not.toContain(WORDS.de.shownInPart);
  });

  it("has a line for every state", () => {
    const [states] = groups("states", "district", FACTS, false, WORDS.en, formats("en"));
    expect(states?.entries.map((entry) => entry.text)).toEqual(Object.values(WORDS.en.states));
  });
});

describe("tones of areas", () => {
  const belonging = readBelonging({ counts: { "1": ["a"], "12": ["b"] }, none: ["c"] }, WORDS.de, formats("de"));
  const shown = (of: Belonging): string[] =>
    groups("seams", "district", FACTS, false, WORDS.de, formats("de"), false, of)[0]?.entries.map((entry) => entry.text) ?? [];

  it("are explained first: those in use, what is confirmed, and what is not known", () => {
    expect(shown(belonging)).toEqual(["10 und mehr", "1", WORDS.de.confirmedNone, WORDS.de.noneKnown]);
    expect(shown({ ...belonging, none: [] })).toEqual(["10 und mehr", "1", WORDS.de.noneKnown]);
  });

  it("say of a single cooperation that the rest does not lie in it", () => {
    expect(shown(readBelonging({ whole: ["a"], part: [] }, WORDS.de, formats("de")))).toEqual([WORDS.de.asWhole, WORDS.de.notInIt]);
  });

  it("are told apart by hatching where there is none", () => {
    expect(sampleOf({ kind: "tone", step: null }).querySelectorAll("line").length).toBeGreaterThan(2);
    expect(sampleOf({ kind: "tone", step: 5 }).querySelectorAll("line")).toHaveLength(0);
    expect(sampleOf({ kind: "tone", step: 5 }).querySelector("rect")?.getAttribute("class")).toContain("nt-map-tone-5");
  });
});

describe("samples", () => {
  it("draw more stitches the closer the cooperation, and two lines where there is none", () => {
    const count = (state: "full" | "adjacent" | "loose"): number => sampleOf({ kind: "stitches", state }).querySelectorAll("path").length;
    expect(count("full")).toBeGreaterThan(count("adjacent"));
    expect(count("adjacent")).toBeGreaterThan(count("loose"));
    expect(sampleOf({ kind: "none" }).querySelectorAll("line")).toHaveLength(2);
  });

  it("stand beside their texts, without styles of their own", () => {
    const root = document.createElement("div");
    renderLegend(root, groups("seams", "district", FACTS, true, WORDS.de, formats("de")));
    expect(root.querySelectorAll("li svg")).toHaveLength(root.querySelectorAll("li").length);
    expect(root.innerHTML).not.toContain("style=");
  });
});
