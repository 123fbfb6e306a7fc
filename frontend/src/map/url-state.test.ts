import { describe, expect, it } from "vitest";

import { format, parse, type UrlState } from "./url-state";

const STATE: UrlState = {
  view: { zoom: 7.2, latitude: 52.1, longitude: 9.4 },
  level: "district",
  layer: "lands",
  selection: "03252/05766",
  cooperations: null,
};

describe("url state", () => {
  it("comes back as it was written", () => {
    expect(format(STATE)).toBe("#7.20/52.1000/9.4000&ebene=kreis&karte=landesgrenzen&auswahl=03252-05766");
    expect(parse(format(STATE))).toEqual(STATE);
  });

  it("holds which cooperations areas are coloured by", () => {
    const state = { ...STATE, cooperations: "leader-region" };
    expect(format(state)).toContain("&kooperationen=leader-region&");
    expect(parse(format(state))).toEqual(state);
    expect(parse("#7/52/9&kooperationen=<b>")?.cooperations).toBeNull();
    expect(parse("#7/52/9&kooperationen=Leader")?.cooperations).toBeNull();
  });

  it("says only what differs from the usual", () => {
    expect(format({ ...STATE, level: "auto", layer: null, selection: null })).toBe("#7.20/52.1000/9.4000");
  });

  it("reads what a person might type", () => {
    expect(parse("7/52/9&auswahl=03252")).toEqual({
      view: { zoom: 7, latitude: 52, longitude: 9 },
      level: null,
      layer: null,
      selection: "03252",
      cooperations: null,
    });
  });

  it.each(["", "#", "#tabelle", "#7.2", "#7.2/52.1", "#a/b/c", "#7/52/9/4", "#1e9/1/1", `#7/52/9&x=${"a".repeat(300)}`])(
    "takes %j for something else",
    (fragment) => {
      expect(parse(fragment)).toBeNull();
    },
  );

  it.each([
    "#7/52/9&auswahl=<script>",
    "#7/52/9&auswahl=../../etc",
    "#7/52/9&auswahl=a/b/c",
    "#7/52/9&auswahl=%22%3E",
    "#7/52/9&auswahl=",
    "#7/52/9&ebene=__proto__&karte=constructor&auswahl=' or 1=1",
  ])("drops what is no key in %j", (fragment) => {
    const state = parse(fragment);
    expect(state).toMatchObject({ level: null, layer: null, selection: null });
  });

  it("drops a place that is not on earth", () => {
    expect(parse("#7/99/9")?.view).toBeNull();
    expect(parse("#99/52/9")?.view).toBeNull();
    expect(parse("#7/52/999")?.view).toBeNull();
  });

  it("writes no selection that is no key", () => {
    expect(format({ ...STATE, selection: "a b&c" })).not.toContain("auswahl");
  });
});
