import { describe, expect, it } from "vitest";

import { address, announcement, areaChoice, idOf, seamChoice } from "./selection";
import { formats, WORDS } from "./words";

const AREA = areaChoice("district", { key: "03252", name: "Hameln-Pyrmont", designation: "Landkreis", people: 150_377, land: "03" });
const SEAM = seamChoice("district", {
  id: "03252/05766",
  a: "03252",
  b: "05766",
  length_m: 43_400,
  people: 66_127,
  land_seam: true,
  step: 3,
});

describe("choices", () => {
  it("are read from tiles", () => {
    expect(AREA).toMatchObject({ kind: "area", key: "03252", people: 150_377 });
    expect(SEAM).toMatchObject({ kind: "seam", landSeam: true, lengthM: 43_400 });
    expect(AREA && idOf(AREA)).toBe("03252");
    expect(SEAM && idOf(SEAM)).toBe("03252/05766");
  });

  it("are none without what identifies them", () => {
    expect(areaChoice("district", { name: "x" })).toBeNull();
    expect(seamChoice("district", { id: "a/b", a: "a" })).toBeNull();
  });

  it("keep apart what is not known and what is nought", () => {
    expect(areaChoice("municipality", { key: "1" })?.people).toBeNull();
    expect(areaChoice("municipality", { key: "1", people: 0 })?.people).toBe(0);
    expect(areaChoice("municipality", { key: "1", people: "7" })?.people).toBeNull();
    expect(areaChoice("municipality", { key: "1", people: Number.NaN })?.people).toBeNull();
  });

  it("are announced with their people, or that they are not known", () => {
    const nameOf = (key: string): string => ({ "03252": "Hameln-Pyrmont", "05766": "Lippe" })[key] ?? key;
    if (!AREA || !SEAM) throw new Error("no choice");
    expect(announcement(AREA, nameOf, WORDS.de, formats("de"))).toBe("Ausgewählt: Hameln-Pyrmont, 150.377 Menschen.");
    expect(announcement(SEAM, nameOf, WORDS.de, formats("de"))).toBe(
      "Ausgewählt: Naht zwischen Hameln-Pyrmont und Lippe, 66.127 Menschen.",
    );
    expect(announcement({ ...AREA, people: null }, nameOf, WORDS.en, formats("en"))).toBe(
      "Selected: Hameln-Pyrmont, People: not known.",
    );
  });
});

describe("address", () => {
  it("puts keys into a path", () => {
    expect(address("/naehte/{a}/{b}/", { a: "03252", b: "05766" })).toBe("/naehte/03252/05766/");
  });

  it("escapes what could leave the path", () => {
    expect(address("/gebiete/{key}/", { key: "../../x?y#z" })).toBe("/gebiete/..%2F..%2Fx%3Fy%23z/");
  });

  it.each([null, "", "javascript:alert(1)", "//evil.example/{key}", "https://evil.example/{key}"])("refuses %j", (template) => {
    expect(address(template, { key: "1" })).toBeNull();
  });
});
