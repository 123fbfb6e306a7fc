/** The tools around the map, made of plain elements in the page, so that its style sheet and its reader reach them. */

import type { Level, LevelChoice } from "./levels";
import { button, element } from "./panel";
import type { Layer } from "./style";
import type { Words } from "./words";

export interface ControlOptions {
  readonly words: Words;
  readonly brief: boolean;
  readonly levels: readonly Level[];
  readonly level: LevelChoice;
  readonly layers: readonly Layer[];
  readonly layer: Layer;
  /** What areas can be coloured by; nothing where the page offers nothing. */
  readonly cooperations: readonly (readonly [string, string])[];
  readonly shown: string;
  onLevel(level: LevelChoice): void;
  onLayer(layer: Layer): void;
  onCooperations(choice: string): void;
  onZoom(steps: number): void;
  onReset(): void;
  onLocate(): void;
  onList(): void;
}

export interface ListItem {
  readonly name: string;
  choose(): void;
}

export interface Controls {
  readonly canvas: HTMLElement;
  /** Height in pixels of what lies along the upper and the lower edge. */
  heights(): { top: number; bottom: number };
  readonly panel: HTMLElement;
  readonly legend: HTMLElement;
  note(text: string): void;
  say(text: string): void;
  tip(text: string, at?: { x: number; y: number }): void;
  credit(text: string): void;
  /** Shows the key to the map, now that it has been filled. */
  showLegend(): void;
  aim(shown: boolean): void;
  listOpen(): boolean;
  list(items: readonly ListItem[]): void;
  offerLevels(levels: readonly Level[]): void;
  offerLayer(layer: Layer): void;
  showLayer(layer: Layer): void;
  showLevel(level: LevelChoice): void;
  showCooperations(choice: string): void;
  remove(): void;
}

/** From this width on, in pixels, the key to the map is open from the start. */
const ROOMY_PX = 640;
const TIP_OFFSET_PX = 14;

function field(label: string, choices: readonly (readonly [string, string])[], value: string, onChange: (value: string) => void): [HTMLElement, HTMLSelectElement] {
  const select = element("select");
  for (const [key, text] of choices) select.append(new Option(text, key, key === value, key === value));
  select.addEventListener("change", () => onChange(select.value));
  return [element("label", "nt-map-field", element("span", "", label), select), select];
}

/** Builds the tools in the box of the map and hands back what the map needs of them. */
export function buildControls(box: HTMLElement, options: ControlOptions): Controls {
  const { words, brief } = options;
  const canvas = element("div", "nt-map-canvas");
  const cross = element("div", "nt-map-cross");
  const tip = element("div", "nt-map-tip");
  tip.setAttribute("aria-hidden", "true");
  tip.hidden = true;
  const note = element("p", "nt-map-note");
  note.setAttribute("role", "status");
  const said = element("p", "nt-map-said");
  said.setAttribute("role", "status");
  const panel = element("section", "nt-map-panel");
  panel.setAttribute("aria-label", words.selection);
  panel.hidden = true;
  const credit = element("p", "nt-map-credit");

  const [levelField, level] = field(
    words.level,
    [["auto", words.automatic], ...options.levels.map((each) => [each, words.levels[each]] as const)],
    options.level,
    (value) => options.onLevel(value as LevelChoice),
  );
  const [layerField, layer] = field(
    words.layer,
    options.layers.map((each) => [each, words.layers[each]] as const),
    options.layer,
    (value) => options.onLayer(value as Layer),
  );
  layerField.hidden = options.layers.length < 2;
  const [cooperationsField, cooperations] = field(words.cooperations, options.cooperations, options.shown, (value) => options.onCooperations(value));
  cooperationsField.hidden = !options.cooperations.length;

  const listBody = element("ul");
  const summary = element("summary", "", words.visible);
  const list = element("details", "nt-map-list", summary, listBody);
  list.addEventListener("toggle", () => options.onList());

  const legendBody = element("div", "nt-map-legend-body");
  const legend = element("details", "nt-map-legend", element("summary", "", words.legend), legendBody);
  legend.hidden = true;
  legend.open = !brief && box.clientWidth >= ROOMY_PX;

  const tools = element("div", "nt-map-tools", ...(brief ? [] : [levelField, layerField, cooperationsField]), list);
  const zoom = element(
    "div",
    "nt-map-buttons",
    button("", words.zoomIn, "plus", () => options.onZoom(1)),
    button("", words.zoomOut, "minus", () => options.onZoom(-1)),
    button("", words.reset, "whole", () => options.onReset()),
    ...(brief || !("geolocation" in navigator) ? [] : [button("", words.locate, "here", () => options.onLocate())]),
  );
  const foot = element("div", "nt-map-foot", legend, note, credit);
  const all = [canvas, cross, tip, tools, zoom, panel, foot, said];
  box.append(...all);

  return {
    canvas,
    heights: () => ({
      top: brief ? 0 : tools.offsetTop + tools.offsetHeight,
      bottom: legend.open || legend.hidden ? credit.offsetHeight : foot.offsetHeight - legend.offsetTop,
    }),
    panel,
    legend: legendBody,
    note: (text) => {
      note.textContent = text;
      note.hidden = text === "";
    },
    say: (text) => {
      said.textContent = text;
    },
    tip: (text, at) => {
      tip.textContent = text;
      tip.hidden = text === "" || !at;
      if (at) tip.style.transform = `translate(${Math.round(at.x + TIP_OFFSET_PX)}px, ${Math.round(at.y + TIP_OFFSET_PX)}px)`;
    },
    credit: (text) => {
      credit.textContent = text;
    },
    showLegend: () => {
      legend.hidden = false;
    },
    aim: (shown) => cross.classList.toggle("nt-map-aimed", shown),
    listOpen: () => list.open,
    list: (items) => {
      summary.textContent = `${words.visible} (${items.length})`;
      listBody.replaceChildren(
        ...items.map(({ name, choose }) => {
          const one = element("button", "", name);
          one.type = "button";
          one.addEventListener("click", choose);
          return element("li", "", one);
        }),
      );
      if (!items.length) listBody.append(element("li", "", words.visibleNone));
    },
    offerLevels: (offered) => {
      for (const option of [...level.options])
        if (option.value !== "auto" && !offered.includes(option.value as Level)) option.remove();
    },
    offerLayer: (added) => {
      if ([...layer.options].some((option) => option.value === added)) return;
      layer.append(new Option(words.layers[added], added));
      layerField.hidden = false;
    },
    showLayer: (shown) => {
      layer.value = shown;
    },
    showLevel: (shown) => {
      level.value = shown;
    },
    showCooperations: (shown) => {
      cooperations.value = shown;
    },
    remove: () => {
      for (const each of all) each.remove();
    },
  };
}
