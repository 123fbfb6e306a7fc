/** The four levels of areas, from which zoom on the tiles have them, and which one a zoom shows. */

export const LEVELS = ["land", "district", "union", "municipality"] as const;
export type Level = (typeof LEVELS)[number];
export type LevelChoice = Level | "auto";

export function isLevel(text: unknown): text is Level {
  return (LEVELS as readonly unknown[]).includes(text);
}

/** What the tiles say about themselves, under the key `nahtstelle` of their metadata. */
export interface TileFacts {
  readonly edition: string;
  readonly attribution: string;
  readonly date: string | null;
  readonly levels: Readonly<Partial<Record<Level, LevelFacts>>>;
}

export interface LevelFacts {
  /** The first number of people of each class but the lowest, ascending. */
  readonly peopleBounds: readonly number[];
  /** The first zoom whose tiles have this level. */
  readonly minZoom: number;
}

/** Where an automatic map changes over to a level, unless its tiles begin later. */
const AUTOMATIC_FROM: Readonly<Record<Level, number>> = { land: 0, district: 4, union: 8.6, municipality: 9.6 };
const USUAL_MIN_ZOOM: Readonly<Record<Level, number>> = { land: 4, district: 5, union: 8, municipality: 8 };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the metadata of tiles; what is missing or of the wrong kind is left out, never guessed. */
export function tileFacts(metadata: unknown): TileFacts {
  const all = isRecord(metadata) ? metadata : {};
  const own = isRecord(all["nahtstelle"]) ? all["nahtstelle"] : {};
  const said = isRecord(own["levels"]) ? own["levels"] : null;
  const levels: Partial<Record<Level, LevelFacts>> = {};
  for (const level of LEVELS) {
    if (said && !(level in said)) continue;
    const facts = said && isRecord(said[level]) ? said[level] : {};
    const bounds = Array.isArray(facts["people_bounds"]) ? facts["people_bounds"] : [];
    const minZoom = facts["min_zoom"];
    levels[level] = {
      peopleBounds: bounds.filter((bound): bound is number => Number.isFinite(bound)),
      minZoom: typeof minZoom === "number" && Number.isFinite(minZoom) ? minZoom : USUAL_MIN_ZOOM[level],
    };
  }
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return {
    edition: text(own["edition"]),
    attribution: text(own["attribution"]) || text(all["attribution"]),
    date: text(own["date"]) || null,
    levels,
  };
}

/** A level and the zooms at which it is the one shown, the last excluded. */
export interface Span {
  readonly level: Level;
  readonly from: number;
  readonly to: number;
}

export const ZOOM_END = 24;

/**
 * Which level is shown at which zoom. A level that was asked for is shown from where its tiles begin; before that, the
 * coarser ones as on an automatic map.
 */
export function spans(choice: LevelChoice, facts: TileFacts): Span[] {
  const present = LEVELS.filter((level) => facts.levels[level]);
  const asked = choice !== "auto" && present.includes(choice) ? choice : null;
  const shown = asked ? present.slice(0, present.indexOf(asked) + 1) : present;
  const starts = shown.map((level, at) => {
    const begin = facts.levels[level]?.minZoom ?? 0;
    if (at === 0) return 0;
    return level === asked ? begin : Math.max(begin, AUTOMATIC_FROM[level]);
  });
  return shown
    .map((level, at) => ({ level, from: starts[at] ?? 0, to: Math.min(ZOOM_END, ...starts.slice(at + 1)) }))
    .filter((span) => span.from < span.to);
}

/** The level shown at a zoom. */
export function levelAt(all: readonly Span[], zoom: number): Level | null {
  return all.find((span) => zoom >= span.from && zoom < span.to)?.level ?? all.at(-1)?.level ?? null;
}
