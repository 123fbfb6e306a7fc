import { describe, expect, it } from "vitest";

import { GERMANY, parseBounds, parseNames, readOptions } from "./options";

function host(attributes: Record<string, string>): HTMLElement {
  const element = document.createElement("div");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

describe("parseBounds", () => {
  it("reads four numbers", () => {
    expect(parseBounds("9.0, 51.8,9.85,52.3")).toEqual([9, 51.8, 9.85, 52.3]);
  });

  it.each([null, "", "1,2,3", "1,2,3,4,5", "a,b,c,d", "9,52,8,53", "9,,10,53", "0,0,999,1", "Infinity,0,1,1"])("takes Germany for %j", (text) => {
    expect(parseBounds(text)).toBe(GERMANY);
  });
});

describe("parseNames", () => {
  it("reads names with their places", () => {
    const named = { key: "03254", name: "<Hildesheim>", longitude: 9.9, latitude: 52.1 };
    expect(parseNames('[["03254","<Hildesheim>",9.9,52.1],["x y","?",1,2],["03",7,1,2],["03","a",999,2],"b"]')).toEqual([named]);
  });

  it.each([null, "", "{", "7", "null", '{"a":1}'])("reads nothing from %j", (text) => {
    expect(parseNames(text)).toEqual([]);
  });
});

describe("readOptions", () => {
  it("reads what a page says", () => {
    const options = readOptions(
      host({ tiles: "/t.pmtiles", level: "district", place: "03252", layers: "lands seams", brief: "", "area-url": "/g/{key}/" }),
    );
    expect(options).toMatchObject({ level: "district", place: "03252", layers: ["lands", "seams"], brief: true, urlState: false, areaUrl: "/g/{key}/" });
  });

  it("is automatic where a page says nothing, or nonsense", () => {
    expect(readOptions(host({ level: "kreis", place: '"><b>', layers: "x" }))).toMatchObject({
      level: "auto",
      place: null,
      layers: ["seams", "lands"],
      statesUrl: null,
      background: null,
    });
  });

  it("begins with cooperation where a page knows something about it", () => {
    expect(readOptions(host({ states: "/karte/zustaende/{level}.json" })).layers).toEqual(["states", "seams", "lands"]);
    expect(readOptions(host({ states: "/karte/zustaende/{level}.json", layers: "seams" })).layers).toEqual(["seams"]);
  });

  it("reads the keys of several areas, and leaves out what is none", () => {
    expect(readOptions(host({ members: ' 03252  057660012012 "><b> ' })).members).toEqual(["03252", "057660012012"]);
    expect(readOptions(host({})).members).toEqual([]);
  });
});
