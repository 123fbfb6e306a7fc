/** The key to the map: what each line means, with the numbers of the classes. */

import type { Belonging } from "./cooperations";
import type { Level, TileFacts } from "./levels";
import { type Layer, WIDTHS_PX } from "./style";
import { fill, type Formats, type Words } from "./words";

/** Steps of seams whose people are so much alike that all are drawn in one class, the middle one. */
const ONLY_STEP = 3;
const SAMPLE_WIDTH_PX = 34;
const SAMPLE_HEIGHT_PX = 16;

export interface ClassLabel {
  readonly step: number;
  readonly text: string;
}

/** A line of text for each class of people, most people first. */
export function classLabels(bounds: readonly number[], words: Words, format: Formats): ClassLabel[] {
  const said = bounds.map((bound) => format.number(bound));
  const first = said[0];
  const last = said.at(-1);
  if (first === undefined || last === undefined) return [];
  const between = said.slice(1).map((high, at) => fill(words.fromTo, said[at] ?? "", high));
  const texts = [fill(words.under, first), ...between, fill(words.atLeast, last)];
  return texts.map((text, at) => ({ step: at + 1, text })).reverse();
}

export type Sample =
  | { readonly kind: "step"; readonly step: number; readonly band?: boolean }
  | { readonly kind: "dotted" }
  | { readonly kind: "own" }
  | { readonly kind: "part" }
  | { readonly kind: "none" }
  /** An area in a tone: 0 for paper, `null` for hatching. */
  | { readonly kind: "tone"; readonly step: number | null }
  | { readonly kind: "stitches"; readonly state: "full" | "adjacent" | "loose" };

export interface Entry {
  readonly sample: Sample;
  readonly text: string;
}

export interface Group {
  readonly heading: string;
  readonly entries: readonly Entry[];
}

/** The key in groups, in the order it is read. */
export function groups(layer: Layer, level: Level, facts: TileFacts, hasPlace: boolean, words: Words, format: Formats, hasParts = false, belonging: Belonging | null = null): Group[] {
  const byState = layer === "states";
  const classes = classLabels(facts.levels[level]?.peopleBounds ?? [], words, format);
  const people: Entry[] = classes.map(({ step, text }) => ({ sample: { kind: "step", step, band: layer === "lands" }, text }));
  if (!byState) people.push({ sample: { kind: "dotted" }, text: words.peopleUnknown });
  const cooperation: Entry[] = (["full", "adjacent", "loose"] as const).map((state) => ({
    sample: { kind: "stitches", state },
    text: words.states[state],
  }));
  cooperation.push({ sample: { kind: "none" }, text: words.states.none });
  cooperation.push({ sample: { kind: "dotted" }, text: words.states.unknown });
  const signs: Entry[] = [{ sample: { kind: "step", step: ONLY_STEP, band: true }, text: words.landSeam }];
  if (hasPlace) signs.push({ sample: { kind: "own" }, text: words.shownPlace });
  if (hasParts) signs.push({ sample: { kind: "part" }, text: words.shownInPart });
  return [
    ...(belonging ? [{ heading: belonging.heading, entries: toneEntries(belonging, words) }] : []),
    ...(byState ? [{ heading: words.statesHeading, entries: cooperation }] : []),
    { heading: words.legendHeading, entries: people },
    { heading: words.signsHeading, entries: signs },
  ];
}

function toneEntries({ tones, none, single }: Belonging, words: Words): Entry[] {
  const used = tones.filter(({ keys }) => keys.length);
  return [
    ...used.map(({ step, text }): Entry => ({ sample: { kind: "tone", step }, text })),
    ...(none.length ? [{ sample: { kind: "tone", step: null }, text: words.confirmedNone } as const] : []),
    { sample: { kind: "tone", step: 0 }, text: single ? words.notInIt : words.noneKnown },
  ];
}

const SVG = "http://www.w3.org/2000/svg";

function drawn(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** A small picture of a line as it is on the map. */
export function sampleOf(sample: Sample): SVGElement {
  const svg = drawn("svg", {
    class: "nt-map-sample",
    viewBox: `0 0 ${SAMPLE_WIDTH_PX} ${SAMPLE_HEIGHT_PX}`,
    width: SAMPLE_WIDTH_PX,
    height: SAMPLE_HEIGHT_PX,
    "aria-hidden": "true",
  });
  const middle = SAMPLE_HEIGHT_PX / 2;
  const line = (role: string, width: number, y = middle): void => {
    svg.append(drawn("line", { class: `nt-map-${role}`, x1: 4, x2: SAMPLE_WIDTH_PX - 4, y1: y, y2: y, "stroke-width": width }));
  };
  if (sample.kind === "tone") {
    const box = { x: 4, y: 1, width: SAMPLE_WIDTH_PX - 8, height: SAMPLE_HEIGHT_PX - 2 };
    svg.append(drawn("rect", { class: `nt-map-tone nt-map-tone-${sample.step ?? 0}`, ...box }));
    if (sample.step === null)
      for (let x = 8; x < SAMPLE_WIDTH_PX; x += 6)
        svg.append(drawn("line", { class: "nt-map-none", x1: x - 4, y1: SAMPLE_HEIGHT_PX - 2, x2: x + 2, y2: 2, "stroke-width": 1.4 }));
  } else if (sample.kind === "own" || sample.kind === "part") {
    svg.append(drawn("rect", { class: `nt-map-${sample.kind}`, x: 4, y: 1, width: SAMPLE_WIDTH_PX - 8, height: SAMPLE_HEIGHT_PX - 2 }));
  } else if (sample.kind === "step") {
    const width = WIDTHS_PX[sample.step] ?? 1;
    if (sample.band) line("band", width + 6);
    line("seam", width);
  } else if (sample.kind === "dotted") {
    line("dotted", 1.6);
  } else if (sample.kind === "none") {
    line("none", 1.4, middle - 2.5);
    line("none", 1.4, middle + 2.5);
  } else {
    line(sample.state === "loose" ? "loose" : "seam", 1.5);
    const count = { full: 5, adjacent: 3, loose: 1 }[sample.state];
    for (let at = 0; at < count; at += 1) {
      const x = (SAMPLE_WIDTH_PX * (at + 1)) / (count + 1);
      svg.append(
        drawn("path", { class: `nt-map-${sample.state === "loose" ? "loose" : "seam"}`, d: `M${x - 2.2} ${middle + 4}l4.4 -8`, "stroke-width": 1.5 }),
      );
    }
  }
  return svg;
}

/** Fills the element with the key. */
export function renderLegend(root: HTMLElement, all: readonly Group[]): void {
  root.replaceChildren(
    ...all.flatMap(({ heading, entries }) => {
      const title = document.createElement("p");
      title.textContent = heading;
      const list = document.createElement("ul");
      for (const { sample, text } of entries) {
        const item = document.createElement("li");
        item.append(sampleOf(sample), document.createTextNode(text));
        list.append(item);
      }
      return [title, list];
    }),
  );
}
