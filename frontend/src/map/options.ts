/** What a page says about its map, read from the attributes of `<nt-map>`. */

import { type Offer, readOffer } from "./cooperations";
import { isKey } from "./keys";
import { isLevel, type LevelChoice } from "./levels";
import { isLayer, type Layer } from "./style";

export type Bounds = readonly [west: number, south: number, east: number, north: number];

export interface MapOptions {
  readonly tiles: string;
  readonly level: LevelChoice;
  readonly bounds: Bounds;
  readonly place: string | null;
  readonly names: readonly PlacedName[];
  readonly seam: string | null;
  /** Keys of areas that belong together, e.g. the members of a cooperation. */
  readonly members: readonly string[];
  readonly areaUrl: string | null;
  readonly seamUrl: string | null;
  readonly layers: readonly Layer[];
  /** Address, with `{level}`, of what is known about the cooperation across seams. */
  readonly statesUrl: string | null;
  /** What the reader may colour areas by. */
  readonly offer: Offer | null;
  /** A map beside text: fewer controls, and scrolling the page over it does not zoom it. */
  readonly brief: boolean;
  readonly urlState: boolean;
  readonly background: string | null;
}

/** A name at a place of its own: that of a neighbour whose middle is out of sight. */
export interface PlacedName {
  readonly key: string;
  readonly name: string;
  readonly longitude: number;
  readonly latitude: number;
}

export const GERMANY: Bounds = [5.8, 47.2, 15.1, 55.1];

/** Four numbers, west, south, east and north, in degrees; Germany where they are not that. */
export function parseBounds(text: string | null): Bounds {
  const numbers = (text ?? "").split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [west = Number.NaN, south = Number.NaN, east = Number.NaN, north = Number.NaN] = numbers;
  const sane = numbers.length === 4 && west < east && south < north && Math.abs(west) <= 180 && Math.abs(east) <= 180;
  return sane && Math.abs(south) <= 85 && Math.abs(north) <= 85 ? [west, south, east, north] : GERMANY;
}

/** Reads `[["03254", "Hildesheim", 9.9, 52.1], …]`; what is not that is left out. */
export function parseNames(text: string | null): PlacedName[] {
  let said: unknown;
  try {
    said = JSON.parse(text || "[]");
  } catch {
    return [];
  }
  if (!Array.isArray(said)) return [];
  return said.flatMap((each: unknown): PlacedName[] => {
    const [key, name, longitude, latitude] = Array.isArray(each) ? (each as unknown[]) : [];
    if (typeof key !== "string" || !isKey(key) || typeof name !== "string") return [];
    if (typeof longitude !== "number" || typeof latitude !== "number") return [];
    return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 85 ? [{ key, name, longitude, latitude }] : [];
  });
}

export function readOptions(host: HTMLElement): MapOptions {
  const key = (name: string): string | null => {
    const said = host.getAttribute(name);
    return said && isKey(said) ? said : null;
  };
  const level = host.getAttribute("level");
  const layers = (host.getAttribute("layers") ?? "").split(/\s+/).filter(isLayer);
  const statesUrl = host.getAttribute("states") || null;
  return {
    tiles: host.getAttribute("tiles") ?? "",
    level: isLevel(level) ? level : "auto",
    bounds: parseBounds(host.getAttribute("bbox")),
    place: key("place"),
    names: parseNames(host.getAttribute("names")),
    seam: key("seam"),
    members: (host.getAttribute("members") ?? "").split(/\s+/).filter((each) => each !== "" && isKey(each)),
    areaUrl: host.getAttribute("area-url"),
    seamUrl: host.getAttribute("seam-url"),
    layers: layers.length ? layers : [...(statesUrl ? (["states"] as const) : []), "seams", "lands"],
    statesUrl,
    offer: readOffer(host),
    brief: host.hasAttribute("brief"),
    urlState: host.hasAttribute("url-state"),
    background: host.getAttribute("background") || null,
  };
}
