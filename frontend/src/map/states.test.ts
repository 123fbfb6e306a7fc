import { afterEach, describe, expect, it, vi } from "vitest";

import { fetchStates, readStates } from "./states";

afterEach(() => vi.unstubAllGlobals());

describe("readStates", () => {
  it("names every seam by both keys", () => {
    expect(readStates({ full: { "03252": ["03254", "05766"] }, none: { "03": ["05"] } })).toEqual({
      "03252/03254": "full",
      "03252/05766": "full",
      "03/05": "none",
    });
  });

  it.each([null, 7, "x", [], { fast: { a: ["b"] } }, { full: 3 }, { full: { a: "b" } }])("takes nothing from %j", (said) => {
    expect(readStates(said)).toEqual({});
  });
});

describe("fetchStates", () => {
  it("asks for a level in the words of our addresses", async () => {
    const asked = vi.fn(async () => ({ ok: true, json: async () => ({ loose: { "03": ["05"] } }) }));
    vi.stubGlobal("fetch", asked);
    expect(await fetchStates("/s/{level}.json", "district", new AbortController().signal)).toEqual({ "03/05": "loose" });
    expect(asked).toHaveBeenCalledWith("/s/kreis.json", expect.anything());
  });

  it("rejects what is no answer", async () => {
    vi.stubGlobal("fetch", async () => ({ ok: false, status: 503 }));
    await expect(fetchStates("/s/{level}.json", "land", new AbortController().signal)).rejects.toThrow("503");
  });
});
