/** The panel beside the map: what was chosen, its facts, and links to its pages and its seams. */

import type { Listed } from "./cooperations";
import type { State } from "./style";
import { address, type AreaChoice, type Choice, peopleText, type SeamChoice } from "./selection";
import { fill, type Formats, type Words } from "./words";

export interface PanelContext {
  readonly words: Words;
  readonly format: Formats;
  readonly areaUrl: string | null;
  readonly seamUrl: string | null;
  /** The name of an area by its key, as far as tiles of the view have it. */
  nameOf(key: string): string;
  /** Seams of an area in the tiles of the view, most people first. */
  seamsOf(area: AreaChoice): readonly SeamChoice[];
  /** What is known about the cooperation across a seam; `null` where the map does not show it. */
  stateOf(seam: SeamChoice): State | null;
  /** What is known of the cooperations of an area, and the list of them; `null` where the map does not show it. */
  cooperationsOf(area: AreaChoice): { readonly known: string; readonly list: HTMLElement } | null;
  close(): void;
}

type Content = string | Node;

/** Strokes of the pictures on buttons, in a square of 20. */
const PICTURES = {
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  whole: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
  here: "M10 1v4M10 15v4M1 10h4M15 10h4M10 5a5 5 0 1 0 0 10a5 5 0 1 0 0-10z",
} as const;

/** An element with a class and content; text stays text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...content: Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

/** A button with a picture instead of a word; the word is said all the same. */
export function button(className: string, label: string, picture: keyof typeof PICTURES, onClick: () => void): HTMLButtonElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PICTURES[picture]);
  svg.append(path);
  const made = element("button", className, svg);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.title = label;
  made.addEventListener("click", onClick);
  return made;
}

function link(url: string | null, text: string): Content {
  if (!url) return text;
  const made = element("a", "kern-link", text);
  made.href = url;
  return made;
}

/** Fills a list with the cooperations of an area, each with its page and how the area belongs to it. */
export function fillCooperations(list: HTMLElement, { cooperations, more }: Listed, areaUrl: string | null, words: Words, format: Formats): void {
  const rest = more ? [element("p", "", link(areaUrl, fill(words.moreCooperations, format.number(more))))] : [];
  const items = cooperations.map(({ name, url, how }) =>
    element("li", "", link(url || null, name), element("span", "nt-map-how", how)),
  );
  list.replaceChildren(...(items.length ? [element("ul", "nt-map-cooperations", ...items)] : []), ...rest);
}

function facts(rows: readonly (readonly [string, Content])[]): HTMLElement {
  return element(
    "dl",
    "nt-map-facts",
    ...rows.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]),
  );
}

/** Fills the panel with a choice, or empties and hides it. */
export function renderPanel(root: HTMLElement, choice: Choice | null, context: PanelContext): void {
  if (!choice) {
    root.replaceChildren();
    root.hidden = true;
    return;
  }
  const close = button("nt-map-close", context.words.close, "close", () => context.close());
  root.replaceChildren(close, ...(choice.kind === "area" ? areaPanel(choice, context) : seamPanel(choice, context)));
  root.hidden = false;
}

function areaPanel(area: AreaChoice, context: PanelContext): Node[] {
  const { words, format } = context;
  const url = address(context.areaUrl, { key: area.key });
  const cooperations = context.cooperationsOf(area);
  const rows: [string, Content][] = [
    [words.people, peopleText(area.people, words, format)],
    [words.key, area.key],
  ];
  if (cooperations) rows.unshift([words.cooperations, cooperations.known]);
  const nodes: Node[] = [
    element("p", "nt-map-kind", area.designation ?? words.oneOf[area.level]),
    element("p", "nt-map-name", area.name),
    facts(rows),
  ];
  if (url) nodes.push(element("p", "", link(url, fill(words.toArea, area.name))));
  if (cooperations) nodes.push(cooperations.list);
  const seams = context.seamsOf(area);
  if (seams.length) {
    const list = element("ul", "nt-map-seams");
    for (const seam of seams) {
      const other = context.nameOf(seam.a === area.key ? seam.b : seam.a);
      const people = seam.people === null ? "" : ` · ${format.number(seam.people)}`;
      list.append(element("li", "", link(address(context.seamUrl, { a: seam.a, b: seam.b }), other), people));
    }
    nodes.push(element("p", "nt-map-kind", words.seamsInView), list);
  }
  return nodes;
}

function seamPanel(seam: SeamChoice, context: PanelContext): Node[] {
  const { words, format } = context;
  const side = (key: string): Content => link(address(context.areaUrl, { key }), context.nameOf(key));
  const url = address(context.seamUrl, { a: seam.a, b: seam.b });
  const rows: [string, Content][] = [
    [words.seamPeople, peopleText(seam.people, words, format)],
    [words.length, seam.lengthM === null ? words.unknown : format.kilometres(seam.lengthM)],
    [words.landBorder, seam.landSeam ? words.yes : words.no],
  ];
  const state = context.stateOf(seam);
  if (state) rows.unshift([words.cooperation, words.states[state]]);
  const nodes: Node[] = [
    element("p", "nt-map-kind", words.seam),
    element("p", "nt-map-name", side(seam.a), " | ", side(seam.b)),
    facts(rows),
  ];
  if (url) nodes.push(element("p", "", link(url, words.toSeam)));
  return nodes;
}
