/** A view of the map as a fragment of the address: `#7.20/52.1000/9.4000&ebene=kreis&auswahl=03252`. */

import { isKey } from "./keys";
import type { Level, LevelChoice } from "./levels";
import { isLayer, type Layer } from "./style";

export interface View {
  readonly zoom: number;
  readonly latitude: number;
  readonly longitude: number;
}

export interface UrlState {
  readonly view: View | null;
  readonly level: LevelChoice | null;
  /** `null` for the one the map begins with. */
  readonly layer: Layer | null;
  /** The key of an area, or two keys with a slash between them for a seam. */
  readonly selection: string | null;
  /** Which cooperations areas are coloured by; `null` for what the page begins with. */
  readonly cooperations: string | null;
}

/** German in every language, so that an address stays good when the reader changes the language. */
export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  land: "land",
  district: "kreis",
  union: "verband",
  municipality: "gemeinde",
};
const LEVEL_OF = new Map(Object.entries(LEVEL_NAMES).map(([level, name]) => [name, level as Level]));
const LAYER_NAMES: Readonly<Record<Layer, string>> = { seams: "naehte", lands: "landesgrenzen", states: "zusammenarbeit" };
const LAYER_OF = new Map(Object.entries(LAYER_NAMES).map(([layer, name]) => [name, layer as Layer]));

const VIEW = /^(\d{1,2}(?:\.\d{1,4})?)\/(-?\d{1,2}(?:\.\d{1,6})?)\/(-?\d{1,3}(?:\.\d{1,6})?)$/;
const WORD = /^[a-z][a-z-]{0,40}$/;
const MAX_LENGTH = 240;

/** Reads the fragment of an address; `null` where it is not a view of a map (it may name a place on the page). */
export function parse(fragment: string): UrlState | null {
  const text = fragment.startsWith("#") ? fragment.slice(1) : fragment;
  if (!text || text.length > MAX_LENGTH) return null;
  const [first = "", ...rest] = text.split("&");
  const numbers = VIEW.exec(first);
  if (!numbers) return null;
  const [zoom, latitude, longitude] = numbers.slice(1).map(Number) as [number, number, number];
  const sane = zoom <= 22 && Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180;
  const values = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf("=");
    if (at > 0) values.set(part.slice(0, at), part.slice(at + 1));
  }
  const level = values.get("ebene");
  const layer = LAYER_OF.get(values.get("karte") ?? "");
  const cooperations = values.get("kooperationen") ?? "";
  const selection = values.get("auswahl")?.replace("-", "/");
  return {
    view: sane ? { zoom, latitude, longitude } : null,
    level: level === "auto" ? "auto" : (LEVEL_OF.get(level ?? "") ?? null),
    layer: layer && isLayer(layer) ? layer : null,
    selection: selection !== undefined && isKey(selection) ? selection : null,
    cooperations: WORD.test(cooperations) ? cooperations : null,
  };
}

/** Writes a view as a fragment, with as many decimals as a screen can show. */
export function format(state: UrlState): string {
  const { view, level, layer, selection, cooperations } = state;
  if (!view) return "";
  const place = `${view.zoom.toFixed(2)}/${view.latitude.toFixed(4)}/${view.longitude.toFixed(4)}`;
  const parts = [place];
  if (level && level !== "auto") parts.push(`ebene=${LEVEL_NAMES[level]}`);
  if (layer) parts.push(`karte=${LAYER_NAMES[layer]}`);
  if (cooperations && WORD.test(cooperations)) parts.push(`kooperationen=${cooperations}`);
  if (selection && isKey(selection)) parts.push(`auswahl=${selection.replace("/", "-")}`);
  return `#${parts.join("&")}`;
}
