import { afterEach, describe, expect, it, vi } from "vitest";

import { choices, classBounds, fetchBelonging, fetchListed, knownOf, type Offer, readBelonging, readListed, readOffer } from "./cooperations";
import { formats, WORDS } from "./words";

const OFFER: Offer = { counts: "/c-{level}.json", lists: "/l/{key}.json", kinds: [["leader-region", "LEADER-Region"]], one: ["einharz", "EinHarz"], shown: "diese" };
const [WORDS_DE, FORMAT] = [WORDS.de, formats("de")];

afterEach(() => vi.unstubAllGlobals());

function host(attributes: Record<string, string>): HTMLElement {
  const element = document.createElement("div");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

describe("readOffer", () => {
  const said = { cooperating: "/c-{level}.json", "cooperations-of": "/l/{key}.json", "cooperations-shown": "diese" };

  it("reads what a page offers", () => {
    const offer = JSON.stringify({ kinds: [["leader-region", "LEADER-Region"], ["x"], 7], one: ["einharz", "EinHarz"] });
    expect(readOffer(host({ ...said, "cooperations-offer": offer }))).toEqual(OFFER);
  });

  it.each(["", "{", "7", "null", '{"kinds":7,"one":[1,2]}'])("offers no kinds from %j", (offer) => {
    expect(readOffer(host({ ...said, "cooperations-offer": offer }))).toMatchObject({ kinds: [], one: null });
  });

  it("is nothing where the page has no addresses", () => {
    expect(readOffer(host({}))).toBeNull();
  });
});

describe("choices", () => {
  it("begin with none, and name the single one where there is one", () => {
    expect(choices(OFFER, WORDS_DE).map(([word]) => word)).toEqual(["aus", "diese", "alle", "leader-region"]);
    expect(choices({ ...OFFER, one: null }, WORDS_DE).map(([word]) => word)).toEqual(["aus", "alle", "leader-region"]);
    expect(choices(OFFER, WORDS_DE)[1]?.[1]).toBe("nur: EinHarz");
  });
});

describe("classBounds", () => {
  it.each([
    [0, []],
    [1, []],
    [3, [2, 3]],
    [5, [2, 3, 4, 5]],
    [7, [2, 3, 5]],
    [11, [2, 3, 5, 10]],
    [40, [3, 5, 10, 20]],
    [900, [5, 20, 100, 500]],
  ])("for %i at most are %j", (most, bounds) => {
    expect(classBounds(most)).toEqual(bounds);
  });

  it("rise, are five classes at most, and leave none of them empty by themselves", () => {
    for (let most = 1; most < 12_000; most += 37) {
      const bounds = classBounds(most);
      expect(bounds.length).toBeLessThan(5);
      expect([...new Set(bounds)].sort((one, other) => one - other)).toEqual(bounds);
      expect(bounds.at(-1) ?? 0).toBeLessThanOrEqual(most);
    }
  });
});

describe("readBelonging", () => {
  it("puts every area into the tone of its number, the most first", () => {
    const found = readBelonging({ counts: { "1": ["a"], "4": ["b", "c"], "12": ["d"] }, none: ["e"] }, WORDS_DE, FORMAT);
    expect(found.tones.map(({ step, text, keys }) => [step, text, keys])).toEqual([
      [5, "10 und mehr", ["d"]],
      [4, "5–9", []],
      [3, "3–4", ["b", "c"]],
      [2, "2", []],
      [1, "1", ["a"]],
    ]);
    expect(found.none).toEqual(["e"]);
  });

  it("draws a few numbers in the darkest tones", () => {
    const found = readBelonging({ counts: { "1": ["a"], "2": ["b"] }, none: [] }, WORDS_DE, FORMAT);
    expect(found.tones.map(({ step, text }) => [step, text])).toEqual([
      [5, "2"],
      [4, "1"],
    ]);
  });

  it("tells what lies in the area of a single one as a whole from what does with a part", () => {
    const found = readBelonging({ whole: ["a"], part: ["b"] }, WORDS_DE, FORMAT);
    expect(found.single).toBe(true);
    expect(["a", "b", "c"].map((key) => knownOf(found, key, WORDS_DE, FORMAT))).toEqual([WORDS_DE.asWhole, WORDS_DE.inPart, WORDS_DE.notInIt]);
  });

  it.each([null, 7, "x", [], {}, { counts: 3 }, { counts: { x: ["a"], "-1": ["b"], "0": ["c"], "2": 7 } }])("takes nothing from %j", (said) => {
    expect(readBelonging(said, WORDS_DE, FORMAT)).toMatchObject({ tones: [], none: [] });
  });

  it("keeps apart what is not known and what is confirmed", () => {
    const found = readBelonging({ counts: { "3": ["a"] }, none: ["b"] }, WORDS_DE, FORMAT);
    expect(["a", "b", "c"].map((key) => knownOf(found, key, WORDS_DE, FORMAT))).toEqual(["3", "bestätigt: keine", "noch keine bekannt"]);
  });
});

describe("fetching", () => {
  const signal = new AbortController().signal;

  function answering(said: unknown): ReturnType<typeof vi.fn> {
    const asked = vi.fn(async () => ({ ok: true, json: async () => said }));
    vi.stubGlobal("fetch", asked);
    return asked;
  }

  it.each([
    ["alle", "/c-kreis.json"],
    ["leader-region", "/c-kreis.json?kooperationen=leader-region"],
    ["diese", "/c-kreis.json?kooperation=einharz"],
  ])("asks for %s in the words of our addresses", async (choice, url) => {
    const asked = answering({ counts: { "2": ["03153"] }, none: [] });
    const found = await fetchBelonging(OFFER, choice, "district", WORDS_DE, FORMAT, signal);
    expect(asked).toHaveBeenCalledWith(url, expect.anything());
    expect(found.counts.get(2)).toEqual(["03153"]);
  });

  it("lists the cooperations of an area, with links to our own pages only", async () => {
    const asked = answering({ cooperations: [{ name: "EinHarz", url: "/k/", how: "selbst" }, { name: "X", url: "javascript:x" }, 7], more: 2 });
    expect(await fetchListed(OFFER, "alle", "03153", signal)).toEqual({
      cooperations: [
        { name: "EinHarz", url: "/k/", how: "selbst" },
        { name: "X", url: "", how: "" },
      ],
      more: 2,
    });
    expect(asked).toHaveBeenCalledWith("/l/03153.json", expect.anything());
    expect(readListed("x")).toEqual({ cooperations: [], more: 0 });
  });

  it("rejects what is no answer", async () => {
    vi.stubGlobal("fetch", async () => ({ ok: false, status: 503 }));
    await expect(fetchListed(OFFER, "alle", "1", signal)).rejects.toThrow("503");
  });
});
