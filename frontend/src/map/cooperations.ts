/** Which areas belong to how many cooperations: what a reader may colour the areas by, fetched when it is to be drawn. */

import type { Level } from "./levels";
import { address } from "./selection";
import { LEVEL_NAMES } from "./url-state";
import { type Formats, fill, type Words } from "./words";

/** Words of addresses, as of pages: no colours, all cooperations, the one the page names; otherwise a kind. */
export const OFF = "aus";
export const ALL = "alle";
export const ONE = "diese";

/** What a page offers to colour areas by. */
export interface Offer {
  readonly counts: string;
  readonly lists: string;
  /** Kinds of cooperation and their words, in the language of the page. */
  readonly kinds: readonly (readonly [kind: string, words: string])[];
  /** A single cooperation by reference and name. */
  readonly one: readonly [ref: string, name: string] | null;
  readonly shown: string;
}

/** Areas in one tone, and what the tone means. */
export interface Tone {
  /** 1 to 5, the darkest last. */
  readonly step: number;
  readonly text: string;
  readonly keys: readonly string[];
}

/** The areas of a level by what is known of their cooperations; areas in none of these lists: nothing known yet. */
export interface Belonging {
  readonly heading: string;
  readonly tones: readonly Tone[];
  /** How many cooperations areas belong to, for their names on the map. */
  readonly counts: ReadonlyMap<number, readonly string[]>;
  /** Areas that belong to none, as they confirm. */
  readonly none: readonly string[];
  /** Whether a single cooperation is shown: what is in no tone does not lie in it. */
  readonly single: boolean;
}

export const TONES = 5;
/** Where classes may begin: numbers a reader can say. */
const BOUNDS = [2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === "string");
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** Reads what a page offers; `null` where it offers nothing. */
export function readOffer(host: HTMLElement): Offer | null {
  const [counts, lists] = [host.getAttribute("cooperating"), host.getAttribute("cooperations-of")];
  if (!counts || !lists) return null;
  let said: unknown;
  try {
    said = JSON.parse(host.getAttribute("cooperations-offer") ?? "");
  } catch {
    said = null;
  }
  const kinds = isRecord(said) && Array.isArray(said["kinds"]) ? said["kinds"].filter(isPair) : [];
  const one = isRecord(said) && isPair(said["one"]) ? said["one"] : null;
  return { counts, lists, kinds, one, shown: host.getAttribute("cooperations-shown") || OFF };
}

/** What can be chosen, with its words; what an address asks for must be among it. */
export function choices(offer: Offer, words: Words): [string, string][] {
  const one: [string, string][] = offer.one ? [[ONE, fill(words.onlyThis, offer.one[1])]] : [];
  return [[OFF, words.off], ...one, [ALL, words.allCooperations], ...offer.kinds.map(([kind, text]): [string, string] => [kind, text])];
}

/** The first number of each class but the lowest: every number its own class as long as there are few, then wider ones. */
export function classBounds(most: number): number[] {
  if (most <= TONES) return Array.from({ length: Math.max(0, most - 1) }, (_, at) => at + 2);
  const within = BOUNDS.filter((bound) => bound <= most);
  if (within.length < TONES) return [...within];
  const last = within.length - 1;
  return Array.from({ length: TONES - 1 }, (_, at) => within[Math.round((last * (at + 1)) / (TONES - 1))] ?? most);
}

/** Reads `{"counts": {"3": [keys], …}, "none": [keys]}`, or `{"whole": [keys], "part": [keys]}` of a single cooperation. */
export function readBelonging(said: unknown, words: Words, format: Formats): Belonging {
  const all = isRecord(said) ? said : {};
  if ("whole" in all) {
    const tones = [
      { step: 4, text: words.asWhole, keys: texts(all["whole"]) },
      { step: 2, text: words.inPart, keys: texts(all["part"]) },
    ];
    return { heading: words.oneHeading, tones, counts: new Map(), none: [], single: true };
  }
  const counts = new Map<number, string[]>();
  for (const [text, keys] of Object.entries(isRecord(all["counts"]) ? all["counts"] : {})) {
    const count = Number(text);
    if (Number.isInteger(count) && count > 0 && texts(keys).length) counts.set(count, texts(keys));
  }
  const most = Math.max(0, ...counts.keys());
  const starts = most ? [1, ...classBounds(most)] : [];
  // The darkest tone is always in use, so that few classes are told apart as well as many.
  const tones = starts.map((low, at): Tone => {
    const next = starts[at + 1];
    const keys = [...counts].flatMap(([count, its]) => (count >= low && (next === undefined || count < next) ? its : []));
    const last = (next ?? most + 1) - 1;
    const alone = low === last || (next === undefined && most <= TONES);
    const open = next === undefined ? fill(words.atLeast, format.number(low)) : `${format.number(low)}–${format.number(last)}`;
    return { step: TONES - starts.length + at + 1, text: alone ? format.number(low) : open, keys };
  });
  return { heading: words.cooperationsHeading, tones: tones.reverse(), counts, none: texts(all["none"]), single: false };
}

function query(choice: string, offer: Offer): string {
  if (choice === ALL) return "";
  if (choice === ONE) return `?kooperation=${encodeURIComponent(offer.one?.[0] ?? "")}`;
  return `?kooperationen=${encodeURIComponent(choice)}`;
}

async function asked(url: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** Fetches what is known of the areas of a level; rejects where there is no answer. */
export async function fetchBelonging(
  offer: Offer,
  choice: string,
  level: Level,
  words: Words,
  format: Formats,
  signal: AbortSignal,
): Promise<Belonging> {
  const url = offer.counts.replace("{level}", LEVEL_NAMES[level]) + query(choice, offer);
  return readBelonging(await asked(url, signal), words, format);
}

/** The cooperations of an area: names, pages, how it belongs to each, and how many more there are. */
export interface Listed {
  readonly cooperations: readonly { readonly name: string; readonly url: string; readonly how: string }[];
  readonly more: number;
}

export function readListed(said: unknown): Listed {
  const all = isRecord(said) ? said : {};
  const listed = Array.isArray(all["cooperations"]) ? all["cooperations"] : [];
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    cooperations: listed.filter(isRecord).map((each) => ({ name: text(each["name"]), url: address(text(each["url"]), {}) ?? "", how: text(each["how"]) })),
    more: typeof all["more"] === "number" ? all["more"] : 0,
  };
}

/** Fetches the cooperations of an area; rejects where there is no answer. */
export async function fetchListed(offer: Offer, choice: string, key: string, signal: AbortSignal): Promise<Listed> {
  return readListed(await asked(offer.lists.replace("{key}", encodeURIComponent(key)) + query(choice, offer), signal));
}

/** What is known of one area: how many cooperations, confirmed none, or nothing yet. */
export function knownOf(belonging: Belonging, key: string, words: Words, format: Formats): string {
  for (const [count, keys] of belonging.counts) if (keys.includes(key)) return format.number(count);
  const tone = belonging.tones.find(({ keys }) => keys.includes(key));
  if (tone) return tone.text;
  if (belonging.none.includes(key)) return words.confirmedNone;
  return belonging.single ? words.notInIt : words.noneKnown;
}
