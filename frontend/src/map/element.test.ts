import { afterEach, describe, expect, it } from "vitest";

import { MapElement } from "./element";
import { WORDS } from "./words";

customElements.define("nt-map", MapElement);

function page(attributes: Record<string, string> = {}): MapElement {
  const map = document.createElement("nt-map") as MapElement;
  for (const [name, value] of Object.entries(attributes)) map.setAttribute(name, value);
  map.innerHTML = `
    <div data-map-box><img src="data:," alt="Karte"></div>
    <div data-map-table><table></table></div>`;
  document.body.append(map);
  return map;
}

afterEach(() => document.body.replaceChildren());

describe("<nt-map>", () => {
  it("shows the map and hides the table until the reader asks for it", () => {
    const map = page();
    const box = map.querySelector<HTMLElement>("[data-map-box]");
    const table = map.querySelector<HTMLElement>("[data-map-table]");
    const [showMap, showTable] = map.querySelectorAll("button");
    expect([box?.hidden, table?.hidden]).toEqual([false, true]);
    showTable?.click();
    expect([box?.hidden, table?.hidden]).toEqual([true, false]);
    expect([showMap?.getAttribute("aria-pressed"), showTable?.getAttribute("aria-pressed")]).toEqual(["false", "true"]);
    showMap?.click();
    expect([box?.hidden, table?.hidden]).toEqual([false, true]);
  });

  it("begins with the table where the address names a part of it", () => {
    location.hash = "#tabelle";
    const map = page();
    const table = map.querySelector<HTMLElement>("[data-map-table]");
    expect(table?.hidden).toBe(true);
    map.remove();
    table?.setAttribute("id", "tabelle");
    document.body.append(map);
    expect(map.querySelector<HTMLElement>("[data-map-table]")?.hidden).toBe(false);
    location.hash = "";
  });

  it("keeps the picture and says why where the browser cannot draw", () => {
    const map = page({ tiles: "/t.pmtiles", engine: "/e.js" });
    expect(map.querySelector("img")).not.toBeNull();
    expect(map.querySelector("[role=status]")?.textContent).toBe(WORDS.de.noWebgl);
  });

  it("leaves a page without tiles alone", () => {
    const map = page();
    expect(map.querySelector("[role=status]")).toBeNull();
    expect(map.hasAttribute("failed")).toBe(false);
  });

  it("puts one switch above the map, however often it is moved on the page", () => {
    const map = page();
    document.body.append(map);
    expect(map.querySelectorAll(".nt-map-switch")).toHaveLength(1);
  });
});
