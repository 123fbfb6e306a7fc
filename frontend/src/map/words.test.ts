import { describe, expect, it } from "vitest";

import { fill, formats, languageOf, WORDS } from "./words";

function texts(value: unknown): string[] {
  return typeof value === "string" ? [value] : Object.values(value as object).flatMap(texts);
}

describe("words", () => {
  it("are complete in both languages, with the same gaps", () => {
    const [german, english] = [texts(WORDS.de), texts(WORDS.en)];
    expect(german).toHaveLength(english.length);
    for (const [at, text] of german.entries()) {
      expect(text.trim()).not.toBe("");
      expect(text.split("{}").length, text).toBe((english[at] ?? "").split("{}").length);
    }
  });

  it("fill their gaps in order and leave what is not given", () => {
    expect(fill("{} bis unter {}", "1", "2")).toBe("1 bis unter 2");
    expect(fill("{} und {}", "$&")).toBe("$& und {}");
  });
});

describe("formats", () => {
  it("write numbers as readers do", () => {
    expect(formats("de").number(1234567)).toBe("1.234.567");
    expect(formats("en").number(1234567)).toBe("1,234,567");
    expect(formats("de").kilometres(34_567)).toBe("34,6\u00a0km");
    expect(formats("en").kilometres(420)).toBe("0.4\u00a0km");
    expect(formats("de").date("2016-01-01")).toBe("1. Januar 2016");
    expect(formats("en").date("2016-01-01")).toBe("1 January 2016");
    expect(formats("de").date("irgendwann")).toBe("irgendwann");
  });
});

describe("languageOf", () => {
  it.each([
    ["de", "de"],
    ["en", "en"],
    ["en-GB", "en"],
    ["fr", "de"],
  ])("%s → %s", (lang, expected) => {
    const outer = document.createElement("div");
    outer.lang = lang;
    const inner = document.createElement("p");
    outer.append(inner);
    expect(languageOf(inner)).toBe(expected);
  });
});
