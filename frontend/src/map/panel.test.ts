import { describe, expect, it, vi } from "vitest";

import { fillCooperations, type PanelContext, renderPanel } from "./panel";
import { type AreaChoice, areaChoice, type SeamChoice, seamChoice } from "./selection";
import { formats, WORDS } from "./words";

const AREA = areaChoice("district", { key: "03252", name: "<b>Hameln</b>", people: 150_377 }) as AreaChoice;
const SEAM = seamChoice("district", { id: "03252/05766", a: "03252", b: "05766", length_m: 43_400, land_seam: true }) as SeamChoice;

function context(changed: Partial<PanelContext> = {}): PanelContext {
  return {
    words: WORDS.de,
    format: formats("de"),
    areaUrl: "/verzeichnis/gebiete/{key}/",
    seamUrl: "/naehte/{a}/{b}/",
    nameOf: (key) => ({ "03252": "Hameln-Pyrmont", "05766": "Lippe" })[key] ?? key,
    seamsOf: () => [SEAM],
    stateOf: () => null,
    cooperationsOf: () => null,
    close: () => undefined,
    ...changed,
  };
}

function links(root: HTMLElement): (string | null)[] {
  return [...root.querySelectorAll("a")].map((link) => link.getAttribute("href"));
}

describe("panel", () => {
  it("has an area's facts as text, a link to its page, and its seams as links", () => {
    const root = document.createElement("section");
    renderPanel(root, AREA, context());
    expect(root.hidden).toBe(false);
    expect(root.querySelector("b")).toBeNull();
    expect(root.textContent).toContain("<b>Hameln</b>");
    expect(root.textContent).toContain("150.377");
    expect(links(root)).toEqual(["/verzeichnis/gebiete/03252/", "/naehte/03252/05766/"]);
  });

  it("says of a seam what is known about cooperation, where the map shows it", () => {
    const root = document.createElement("section");
    renderPanel(root, SEAM, context());
    expect(root.textContent).not.toContain(WORDS.de.cooperation);
    renderPanel(root, SEAM, context({ stateOf: () => "unknown" }));
    expect(root.textContent).toContain(WORDS.de.cooperation + WORDS.de.states.unknown);
  });

  it("says of an area what is known of its cooperations, where the map shows it, with a list that fills later", () => {
    const root = document.createElement("section");
    const list = document.createElement("div");
    renderPanel(root, AREA, context({ cooperationsOf: () => ({ known: "2", list }) }));
    expect(root.textContent).toContain(`${WORDS.de.cooperations}2`);
    const listed = { cooperations: [{ name: "<i>EinHarz</i>", url: "/k/einharz/", how: "selbst" }, { name: "X", url: "", how: "" }], more: 3 };
    fillCooperations(list, listed, "/g/03252/", WORDS.de, formats("de"));
    expect(links(list)).toEqual(["/k/einharz/", "/g/03252/"]);
    expect(list.querySelector("i")).toBeNull();
    expect(list.textContent).toContain("3 weitere");
    expect(root.contains(list)).toBe(true);
  });

  it("has a seam's two sides, its length, and what is not known", () => {
    const root = document.createElement("section");
    renderPanel(root, SEAM, context());
    expect(root.textContent).toContain("43,4\u00a0km");
    expect(root.textContent).toContain(WORDS.de.unknown);
    expect(links(root)).toEqual(["/verzeichnis/gebiete/03252/", "/verzeichnis/gebiete/05766/", "/naehte/03252/05766/"]);
  });

  it("has no links where the page offers none", () => {
    const root = document.createElement("section");
    renderPanel(root, AREA, context({ areaUrl: null, seamUrl: null }));
    expect(links(root)).toEqual([]);
  });

  it("closes by its button and is empty without a choice", () => {
    const close = vi.fn();
    const root = document.createElement("section");
    renderPanel(root, AREA, context({ close }));
    root.querySelector("button")?.click();
    expect(close).toHaveBeenCalledOnce();
    renderPanel(root, null, context());
    expect(root.hidden).toBe(true);
    expect(root.childNodes).toHaveLength(0);
  });
});
