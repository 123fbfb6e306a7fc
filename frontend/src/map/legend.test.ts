import { describe, expect, it } from "vitest";

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
