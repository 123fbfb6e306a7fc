/** What a reader can choose on the map, read from the properties of tiles, and the sentences about it. */

import type { Level } from "./levels";
import { fill, type Formats, type Words } from "./words";

export interface AreaChoice {
  readonly kind: "area";
  readonly level: Level;
  readonly key: string;
  readonly name: string;
  readonly designation: string | null;
  readonly people: number | null;
  readonly land: string | null;
}

export interface SeamChoice {
  readonly kind: "seam";
  readonly level: Level;
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly lengthM: number | null;
  readonly people: number | null;
  readonly landSeam: boolean;
  readonly step: number;
}

export type Choice = AreaChoice | SeamChoice;

type Properties = Readonly<Record<string, unknown>>;

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function amount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

export function areaChoice(level: Level, properties: Properties): AreaChoice | null {
  const key = text(properties["key"]);
  if (!key) return null;
  return {
    kind: "area",
    level,
    key,
    name: text(properties["name"]) ?? key,
    designation: text(properties["designation"]),
    people: amount(properties["people"]),
    land: text(properties["land"]),
  };
}

export function seamChoice(level: Level, properties: Properties): SeamChoice | null {
  const [id, a, b] = ["id", "a", "b"].map((name) => text(properties[name]));
  if (!id || !a || !b) return null;
  return {
    kind: "seam",
    level,
    id,
    a,
    b,
    lengthM: amount(properties["length_m"]),
    people: amount(properties["people"]),
    landSeam: properties["land_seam"] === true,
    step: amount(properties["step"]) ?? 0,
  };
}

/** What identifies a choice in tiles, in the address and in events. */
export function idOf(choice: Choice): string {
  return choice.kind === "area" ? choice.key : choice.id;
}

/** Puts keys into an address like `/naehte/{a}/{b}/`; `null` without a template or with an address of elsewhere. */
export function address(template: string | null, values: Readonly<Record<string, string>>): string | null {
  if (!template || !/^\/(?!\/)/.test(template)) return null;
  return template.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = values[name];
    return value === undefined ? gap : encodeURIComponent(value);
  });
}

/** People in words: a number, or that it is not known. */
export function peopleText(people: number | null, words: Words, format: Formats): string {
  return people === null ? words.unknown : format.number(people);
}

/** The sentence a screen reader says when something was chosen. */
export function announcement(choice: Choice, nameOf: (key: string) => string, words: Words, format: Formats): string {
  const people = choice.people === null ? `${words.people}: ${words.unknown}` : `${format.number(choice.people)} ${words.people}`;
  return choice.kind === "area"
    ? fill(words.selectedArea, choice.name, people)
    : fill(words.selectedSeam, nameOf(choice.a), nameOf(choice.b), people);
}
