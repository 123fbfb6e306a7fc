/** Every text of the map, in German and in English, and how numbers and dates are written. */

import type { Level } from "./levels";

export interface Words {
  readonly showMap: string;
  readonly showTable: string;
  readonly viewLabel: string;
  readonly noWebgl: string;
  readonly failed: string;
  readonly mapLabel: string;
  readonly level: string;
  readonly automatic: string;
  readonly levels: Readonly<Record<Level, string>>;
  readonly oneOf: Readonly<Record<Level, string>>;
  readonly fromZoom: string;
  readonly layer: string;
  readonly layers: Readonly<Record<"seams" | "lands" | "states", string>>;
  readonly legend: string;
  readonly legendHeading: string;
  readonly statesHeading: string;
  readonly cooperation: string;
  readonly statesFailed: string;
  readonly cooperations: string;
  readonly off: string;
  readonly allCooperations: string;
  readonly onlyThis: string;
  readonly cooperationsHeading: string;
  readonly oneHeading: string;
  readonly asWhole: string;
  readonly inPart: string;
  readonly notInIt: string;
  readonly noneKnown: string;
  readonly confirmedNone: string;
  readonly cooperationsLoading: string;
  readonly cooperationsFailed: string;
  readonly moreCooperations: string;
  readonly signsHeading: string;
  readonly under: string;
  readonly fromTo: string;
  readonly atLeast: string;
  readonly peopleUnknown: string;
  readonly landSeam: string;
  readonly shownPlace: string;
  readonly shownInPart: string;
  readonly states: Readonly<Record<"full" | "adjacent" | "loose" | "none" | "unknown", string>>;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly reset: string;
  readonly locate: string;
  readonly locating: string;
  readonly locateFailed: string;
  readonly outside: string;
  readonly visible: string;
  readonly visibleNone: string;
  readonly close: string;
  readonly key: string;
  readonly people: string;
  readonly unknown: string;
  readonly seam: string;
  readonly seamsInView: string;
  readonly selection: string;
  readonly length: string;
  readonly seamPeople: string;
  readonly landBorder: string;
  readonly yes: string;
  readonly no: string;
  readonly toArea: string;
  readonly toSeam: string;
  readonly selectedArea: string;
  readonly selectedSeam: string;
  readonly nothingHere: string;
  readonly asOf: string;
  readonly scrollWindows: string;
  readonly scrollMac: string;
  readonly scrollTouch: string;
}

export type Language = "de" | "en";

const GERMAN: Words = {
  showMap: "Karte",
  showTable: "Tabelle",
  viewLabel: "Ansicht",
  noWebgl: "Ihr Browser kann die bewegliche Karte nicht zeichnen. Sie sehen stattdessen ein Bild; die Tabelle nennt dieselben Zahlen.",
  failed: "Die Kartendaten sind gerade nicht erreichbar. Sie sehen stattdessen ein Bild; die Tabelle nennt dieselben Zahlen.",
  mapLabel: "Karte. Pfeiltasten verschieben den Ausschnitt, Plus und Minus ändern den Maßstab, die Eingabetaste wählt, was unter dem Fadenkreuz liegt.",
  level: "Ebene",
  automatic: "nach Maßstab",
  levels: { land: "Länder", district: "Kreise", union: "Gemeindeverbände", municipality: "Gemeinden" },
  oneOf: { land: "Land", district: "Kreis", union: "Gemeindeverband", municipality: "Gemeinde" },
  fromZoom: "{} erscheinen erst in einem kleineren Ausschnitt.",
  layer: "Nähte",
  layers: { seams: "alle, nach Menschen", lands: "nur an Landesgrenzen", states: "nach Zusammenarbeit" },
  legend: "Zeichenerklärung",
  legendHeading: "Menschen in den Gemeinden an der Naht",
  statesHeading: "Zusammenarbeit über die Naht hinweg",
  cooperation: "Zusammenarbeit",
  statesFailed: "Was über die Zusammenarbeit bekannt ist, lässt sich gerade nicht laden. Sie sehen die Nähte nach Menschen.",
  cooperations: "Kooperationen",
  off: "nicht einfärben",
  allCooperations: "alle",
  onlyThis: "nur: {}",
  cooperationsHeading: "Kooperationen, zu denen das Gebiet oder ein Teil davon gehört",
  oneHeading: "Gebiet der Kooperation",
  asWhole: "liegt ganz darin",
  inPart: "liegt zum Teil darin",
  notInIt: "liegt nicht darin",
  noneKnown: "noch keine bekannt",
  confirmedNone: "bestätigt: keine",
  cooperationsLoading: "Die Kooperationen werden geladen …",
  cooperationsFailed: "Die Kooperationen lassen sich gerade nicht laden.",
  moreCooperations: "{} weitere auf der Seite des Gebiets",
  signsHeading: "Weitere Zeichen",
  under: "unter {}",
  fromTo: "{} bis unter {}",
  atLeast: "{} und mehr",
  peopleUnknown: "Zahl nicht bekannt",
  landSeam: "Naht an einer Landesgrenze",
  shownPlace: "dargestelltes Gebiet",
  shownInPart: "gehört zum Teil dazu",
  states: {
    full: "entlang der ganzen Naht",
    adjacent: "von Gemeinden an der Naht",
    loose: "vereinzelt",
    none: "bestätigt: keine",
    unknown: "noch nichts bekannt",
  },
  zoomIn: "Vergrößern",
  zoomOut: "Verkleinern",
  reset: "Ausgangsausschnitt zeigen",
  locate: "Meinen Standort zeigen",
  locating: "Der Standort wird bestimmt …",
  locateFailed: "Der Standort ließ sich nicht bestimmen.",
  outside: "Ihr Standort liegt außerhalb der Karte.",
  visible: "Sichtbare Gebiete",
  visibleNone: "In diesem Ausschnitt liegt kein Gebiet.",
  close: "Auswahl schließen",
  key: "Schlüssel",
  people: "Menschen",
  unknown: "nicht bekannt",
  seam: "Naht",
  seamsInView: "Nähte in diesem Ausschnitt",
  selection: "Auswahl",
  length: "Länge",
  seamPeople: "Menschen in den Gemeinden an der Naht",
  landBorder: "Landesgrenze",
  yes: "ja",
  no: "nein",
  toArea: "Zur Seite „{}“",
  toSeam: "Zur Seite dieser Naht",
  selectedArea: "Ausgewählt: {}, {}.",
  selectedSeam: "Ausgewählt: Naht zwischen {} und {}, {}.",
  nothingHere: "Unter dem Fadenkreuz liegt kein Gebiet.",
  asOf: "Gebietsstand {}",
  scrollWindows: "Zum Vergrößern Strg gedrückt halten und scrollen",
  scrollMac: "Zum Vergrößern ⌘ gedrückt halten und scrollen",
  scrollTouch: "Die Karte mit zwei Fingern bewegen",
};

const ENGLISH: Words = {
  showMap: "Map",
  showTable: "Table",
  viewLabel: "View",
  noWebgl: "Your browser cannot draw the moving map. You see a picture instead; the table has the same figures.",
  failed: "The map data cannot be reached at the moment. You see a picture instead; the table has the same figures.",
  mapLabel: "Map. Arrow keys move it, plus and minus change the scale, Enter selects what is under the cross-hairs.",
  level: "Level",
  automatic: "by scale",
  levels: { land: "Länder", district: "Districts", union: "Unions of municipalities", municipality: "Municipalities" },
  oneOf: { land: "Land", district: "District", union: "Union of municipalities", municipality: "Municipality" },
  fromZoom: "{} appear only when the map is closer.",
  layer: "Seams",
  layers: { seams: "all, by people", lands: "only between Länder", states: "by cooperation" },
  legend: "Key to the map",
  legendHeading: "People in the municipalities along the seam",
  statesHeading: "Cooperation across the seam",
  cooperation: "Cooperation",
  statesFailed: "What is known about cooperation cannot be loaded at the moment. You see the seams by people.",
  cooperations: "Cooperations",
  off: "no colours",
  allCooperations: "all",
  onlyThis: "only: {}",
  cooperationsHeading: "Cooperations the area or a part of it belongs to",
  oneHeading: "Area of the cooperation",
  asWhole: "lies in it as a whole",
  inPart: "lies in it with a part",
  notInIt: "does not lie in it",
  noneKnown: "none known yet",
  confirmedNone: "confirmed: none",
  cooperationsLoading: "The cooperations are being loaded …",
  cooperationsFailed: "The cooperations cannot be loaded at the moment.",
  moreCooperations: "{} more on the page of the area",
  signsHeading: "Other signs",
  under: "under {}",
  fromTo: "{} to under {}",
  atLeast: "{} and more",
  peopleUnknown: "number not known",
  landSeam: "seam at a border between Länder",
  shownPlace: "area shown",
  shownInPart: "belongs to it in part",
  states: {
    full: "along the whole seam",
    adjacent: "of municipalities at the seam",
    loose: "here and there",
    none: "confirmed: none",
    unknown: "nothing known yet",
  },
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  reset: "Show the first view",
  locate: "Show where I am",
  locating: "Looking for your position …",
  locateFailed: "Your position could not be found.",
  outside: "Your position is outside the map.",
  visible: "Areas in view",
  visibleNone: "No area is in view.",
  close: "Close the selection",
  key: "Key",
  people: "People",
  unknown: "not known",
  seam: "Seam",
  seamsInView: "Seams in view",
  selection: "Selection",
  length: "Length",
  seamPeople: "People in the municipalities along the seam",
  landBorder: "Border between Länder",
  yes: "yes",
  no: "no",
  toArea: "To the page of {}",
  toSeam: "To the page of this seam",
  selectedArea: "Selected: {}, {}.",
  selectedSeam: "Selected: seam between {} and {}, {}.",
  nothingHere: "No area is under the cross-hairs.",
  asOf: "Boundaries as of {}",
  scrollWindows: "Hold Ctrl and scroll to zoom the map",
  scrollMac: "Hold ⌘ and scroll to zoom the map",
  scrollTouch: "Move the map with two fingers",
};

export const WORDS: Readonly<Record<Language, Words>> = { de: GERMAN, en: ENGLISH };

/** The language of an element: its own `lang`, else that of the page; German where it is neither of ours. */
export function languageOf(element: Element): Language {
  const said = element.closest("[lang]")?.getAttribute("lang") ?? "";
  return said.toLowerCase().startsWith("en") ? "en" : "de";
}

/** Puts values into the gaps of a text, one after the other. */
export function fill(text: string, ...values: string[]): string {
  let at = 0;
  return text.replace(/\{\}/g, (gap) => values[at++] ?? gap);
}

/** Numbers, lengths and dates as a reader of the language writes them. */
export interface Formats {
  number(value: number): string;
  kilometres(metres: number): string;
  date(iso: string): string;
}

export function formats(language: Language): Formats {
  const locale = language === "de" ? "de-DE" : "en-GB";
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return {
    number: (value) => whole.format(value),
    kilometres: (metres) => `${tenth.format(metres / 1000)}\u00a0km`,
    date: (iso) => {
      const parsed = new Date(`${iso}T00:00:00Z`);
      return Number.isNaN(parsed.getTime()) ? iso : day.format(parsed);
    },
  };
}
