/** The map itself: MapLibre with our style, its controls in the words of the page, and what can be chosen on it. */

import {
  addProtocol,
  type FilterSpecification,
  LngLatBounds,
  Map as MapLibre,
  type PaddingOptions,
  type PointLike,
  prewarm,
  setWorkerUrl,
} from "maplibre-gl";
import { type Header, PMTiles, Protocol } from "pmtiles";

import { coloursAt, onThemeChange } from "./colours";
import { buildControls, type Controls } from "./controls";
import { type Belonging, choices, fetchBelonging, fetchListed, knownOf, OFF } from "./cooperations";
import type { MapHandle } from "./element";
import { groups, renderLegend } from "./legend";
import { type Level, levelAt, type LevelChoice, LEVELS, type Span, spans, type TileFacts, tileFacts } from "./levels";
import { type MapOptions, readOptions } from "./options";
import { element, fillCooperations, renderPanel } from "./panel";
import { fetchStates } from "./states";
import { address, announcement, areaChoice, type AreaChoice, type Choice, idOf, seamChoice, type SeamChoice } from "./selection";
import { type Archive, areaLayers, buildStyle, HATCH, holders, labelLayers, type Layer, REGULAR, seamLayers, SOURCE, type States, STITCH, STRONG } from "./style";
import { hatchImage, stitchImage } from "./stitch";
import { format as formatUrl, parse as parseUrl } from "./url-state";
import { fill, formats, type Formats, languageOf, type Words, WORDS } from "./words";

const FIT_PADDING_PX = 12;
const MIN_ZOOM = 4;
const MAX_ZOOM = 15;
const LOCATED_ZOOM = 10;
const LOCATE_TIMEOUT_MS = 15_000;
/** How far beside a seam a click still means it. */
const SEAM_REACH_PX = 5;
/** The same where the whole country is in view, and areas are not much wider than that. */
const FAR_SEAM_REACH_PX = 2;
const FAR_ZOOM = 6.5;
const URL_DELAY_MS = 250;
const WORKER_HEAD_START_MS = 30;

const protocol = new Protocol();

/** Opens a map in the box of an `<nt-map>`; rejects where its tiles cannot be read. */
export async function openMap(host: HTMLElement, box: HTMLElement): Promise<MapHandle> {
  setWorkerUrl(import.meta.url);
  addProtocol("pmtiles", protocol.tile);
  const options = readOptions(host);
  const url = new URL(options.tiles, document.baseURI).href;
  const file = new PMTiles(url);
  protocol.add(file);
  // The map, its worker and its typeface come to life while the tiles say what they have.
  prewarm();
  const asked = Promise.all([file.getHeader(), file.getMetadata()]);
  void loadFonts();
  // A moment in which the worker sets off; then the map holds this thread for a while.
  await new Promise((go) => setTimeout(go, WORKER_HEAD_START_MS));
  const view = new MapView(host, box, options);
  try {
    // A page that knows its tiles says so, and the first tile need not wait for two more answers.
    const said = saidByPage(host.getAttribute("facts"));
    const [{ minZoom, maxZoom, minLon, minLat, maxLon, maxLat }, metadata] = said ?? (await asked);
    view.open({ url, minZoom, maxZoom, bounds: [minLon, minLat, maxLon, maxLat] }, tileFacts(metadata));
    if (said) await asked;
  } catch (error) {
    view.remove();
    throw error;
  }
  return view;
}

/** Loads the typeface of the map, for some letters; drawing does not wait for what it does not need. */
async function loadFonts(letters?: string): Promise<void> {
  const faces = [...REGULAR, ...STRONG].map((name) => document.fonts.load(`16px "${name}"`, letters));
  await Promise.allSettled(faces);
}

/** What a page says of its tiles: the zooms and bounds of their header, and their metadata. */
function saidByPage(text: string | null): [Pick<Header, "minZoom" | "maxZoom" | "minLon" | "minLat" | "maxLon" | "maxLat">, unknown] | null {
  if (!text) return null;
  try {
    const { header, metadata } = JSON.parse(text);
    return Number.isFinite(header?.maxZoom) && Number.isFinite(header?.minLon) ? [header, metadata] : null;
  } catch {
    return null;
  }
}

class MapView implements MapHandle {
  readonly #host: HTMLElement;
  readonly #options: MapOptions;
  readonly #words: Words;
  readonly #format: Formats;
  readonly #map: MapLibre;
  readonly #controls: Controls;
  readonly #closed = new AbortController();
  readonly #names = new Map<string, string>();
  /** Unknown until the tiles have said it; then the style is built. */
  #archive: Archive | null = null;
  #facts: TileFacts | null = null;
  #spans: readonly Span[] = [];
  #levelChoice: LevelChoice;
  #level: Level | null = null;
  #layer: Layer;
  #states: States = {};
  /** Levels whose states were asked for, and those that have come. */
  readonly #statesAsked = new Set<Level>();
  readonly #statesKnown = new Set<Level>();
  /** Which cooperations areas are coloured by, and what is known of the levels that were asked for. */
  #colouring: string;
  #belonging: Partial<Record<Level, Belonging>> = {};
  readonly #belongingAsked = new Set<string>();
  #chosen: Choice | null = null;
  #hovered: Choice | null = null;
  #awaited: string | null = null;
  #lettersFetched = false;
  #styled = false;
  /** Areas come first; what is drawn on them follows as soon as they are there. */
  #areasDrawn = false;
  /** Whether the view is the reader's, not ours to fit. */
  #placed: boolean;
  #urlTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, box: HTMLElement, options: MapOptions) {
    const language = languageOf(host);
    this.#host = host;
    this.#options = options;
    this.#words = WORDS[language];
    this.#format = formats(language);
    const shared = options.urlState ? parseUrl(location.hash) : null;
    this.#placed = shared?.view != null;
    this.#levelChoice = shared?.level ?? options.level;
    this.#layer = shared?.layer && options.layers.includes(shared.layer) ? shared.layer : (options.layers[0] ?? "seams");
    this.#awaited = shared?.selection ?? null;
    const offered = options.offer ? choices(options.offer, this.#words) : [];
    this.#colouring = this.#offered(shared?.cooperations) ?? options.offer?.shown ?? OFF;
    this.#controls = buildControls(box, {
      words: this.#words,
      brief: options.brief,
      levels: LEVELS,
      level: this.#levelChoice,
      layers: options.layers,
      layer: this.#layer,
      cooperations: offered,
      shown: this.#colouring,
      onLevel: (level) => this.#setLevel(level),
      onLayer: (layer) => this.#setLayer(layer),
      onCooperations: (choice) => this.#setColouring(choice),
      onZoom: (steps) => this.#map.zoomTo(Math.round(this.#map.getZoom()) + steps),
      onReset: () => this.#fit(),
      onLocate: () => this.#locate(),
      onList: () => this.#listAreas(),
    });
    const [west, south, east, north] = options.bounds;
    this.#map = new MapLibre({
      container: this.#controls.canvas,
      ...(shared?.view
        ? { center: [shared.view.longitude, shared.view.latitude] as [number, number], zoom: shared.view.zoom }
        : { bounds: [west, south, east, north], fitBoundsOptions: { padding: this.#padding() } }),
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      attributionControl: false,
      cooperativeGestures: options.brief,
      validateStyle: false,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
      localIdeographFontFamily: false,
      locale: {
        "Map.Title": this.#words.mapLabel,
        "CooperativeGesturesHandler.WindowsHelpText": this.#words.scrollWindows,
        "CooperativeGesturesHandler.MacHelpText": this.#words.scrollMac,
        "CooperativeGesturesHandler.MobileHelpText": this.#words.scrollTouch,
      },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#listen();
  }

  /** Opens the tiles, with what they say about themselves: levels and their zooms, classes, whose data they are. */
  open(archive: Archive, facts: TileFacts): void {
    this.#archive = archive;
    this.#facts = facts;
    this.#controls.offerLevels(LEVELS.filter((level) => facts.levels[level]));
    const asOf = facts.date ? fill(this.#words.asOf, this.#format.date(facts.date)) : "";
    this.#controls.credit([facts.attribution, asOf].filter(Boolean).join(" · "));
    this.#restyle();
    this.#controls.showLegend();
    // What is written along the edges takes its room only now.
    if (!this.#placed) this.#fit(false);
  }

  setStates(states: States): void {
    this.#states = states;
    for (const level of LEVELS) this.#statesKnown.add(level);
    if (!this.#options.layers.includes("states")) this.#controls.offerLayer("states");
    this.#setLayer("states");
  }

  choose(id: string): void {
    this.#awaited = id;
    this.#findAwaited();
  }

  remove(): void {
    this.#closed.abort();
    clearTimeout(this.#urlTimer);
    this.#map.remove();
    this.#controls.remove();
  }

  #listen(): void {
    const map = this.#map;
    map.once("style.load", () => {
      this.#styled = true;
      map.addImage(STITCH, stitchImage(), { sdf: true });
      map.addImage(HATCH, hatchImage(coloursAt(this.#host).none));
    });
    const whenBegun = (event: { tile?: unknown }): void => {
      if (!event.tile) return;
      map.off("sourcedata", whenBegun);
      map.once("render", () => {
        performance.mark("nt-map-areas");
        this.#areasDrawn = true;
        // Not within the frame that is just being drawn.
        setTimeout(() => this.#closed.signal.aborted || this.#restyle());
      });
    };
    map.on("sourcedata", whenBegun);
    const whenDrawn = (): void => {
      if (!this.#styled || !this.#areasDrawn || !map.isSourceLoaded(SOURCE) || !map.loaded()) return;
      map.off("render", whenDrawn);
      this.#host.setAttribute("ready", "");
      performance.mark("nt-map-ready");
    };
    map.on("render", whenDrawn);
    map.on("idle", () => {
      this.#findAwaited();
      this.#listAreas();
      void this.#fetchLetters();
    });
    // Without a listener MapLibre writes errors to the console; a reader is better served by words.
    map.on("error", () => {
      if (!this.#host.hasAttribute("ready")) this.#controls.note(this.#words.failed);
    });
    map.on("zoom", () => this.#showLevel());
    map.on("moveend", () => this.#writeUrl());
    map.on("mousemove", (event) => this.#hover(this.#pick(event.point), event.point));
    map.on("mouseout", () => this.#hover(null));
    map.on("movestart", (event) => {
      this.#placed ||= Boolean(event.originalEvent);
      this.#hover(null);
    });
    map.on("click", (event) => this.#choose(this.#pick(event.point)));
    const canvas = map.getCanvas();
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => this.#controls.aim(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => this.#controls.aim(false));
    onThemeChange(() => this.#restyle(), this.#closed.signal);
    if (this.#options.urlState)
      addEventListener("hashchange", () => this.#readUrl(), { signal: this.#closed.signal });
  }

  /** Sorbian names have letters in a file of their own, which is fetched when such a name comes into view. */
  async #fetchLetters(): Promise<void> {
    if (this.#lettersFetched || !this.#level) return;
    const layers = this.#layersPresent(labelLayers(this.#level));
    const names = this.#map.queryRenderedFeatures({ layers }).map((feature) => String(feature.properties["name"]));
    const letters = names.join("").replace(/[\u0000-\u00ff]/g, "");
    if (!letters) return;
    this.#lettersFetched = true;
    await loadFonts(letters);
    if (!this.#closed.signal.aborted) this.#map.setGlyphs(null);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.#chosen) {
      this.#choose(null);
    } else if (event.key === "Enter") {
      const { clientWidth, clientHeight } = this.#map.getCanvas();
      const found = this.#pick([clientWidth / 2, clientHeight / 2]);
      if (found) this.#choose(found);
      else this.#controls.say(this.#words.nothingHere);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Draws anew what changed: a choice, the colours of the page, what is known. */
  #restyle(): void {
    if (!this.#archive || !this.#facts) return;
    const { place, seam, members, background } = this.#options;
    this.#spans = spans(this.#levelChoice, this.#facts);
    const colours = coloursAt(this.#host);
    if (this.#styled) this.#map.updateImage(HATCH, hatchImage(colours.none));
    const style = buildStyle({
      archive: this.#archive,
      place,
      seam,
      members,
      background,
      names: this.#options.names,
      level: this.#options.level,
      facts: this.#facts,
      spans: this.#spans,
      colours,
      belonging: this.#belonging,
      chosen: this.#chosen?.kind === "area" ? this.#chosen.key : null,
      layer: this.#drawnLayer(),
      states: this.#states,
      areasOnly: !this.#areasDrawn,
    });
    // Before the first style is there, the next one takes its place; later, only what differs is redrawn.
    this.#map.setStyle(style, { diff: this.#styled, validate: false });
    this.#level = null;
    this.#showLevel();
  }

  /** Seams by people until it is known how those of the level stand: dots would say that nothing is known of them. */
  #drawnLayer(): Layer {
    const { statesUrl } = this.#options;
    if (this.#layer !== "states" || !statesUrl) return this.#layer;
    const level = levelAt(this.#spans, this.#map.getZoom());
    return level && this.#statesKnown.has(level) ? "states" : "seams";
  }

  async #knowStates(level: Level): Promise<void> {
    const { statesUrl } = this.#options;
    if (!statesUrl || this.#layer !== "states" || this.#statesAsked.has(level) || this.#statesKnown.has(level)) return;
    this.#statesAsked.add(level);
    try {
      this.#states = { ...this.#states, ...(await fetchStates(statesUrl, level, this.#closed.signal)) };
      this.#statesKnown.add(level);
      if (this.#closed.signal.aborted) return;
      this.#restyle();
      if (this.#chosen?.kind === "seam") this.#showPanel();
    } catch {
      this.#statesAsked.delete(level);
      if (!this.#closed.signal.aborted) this.#controls.note(this.#words.statesFailed);
    }
  }

  /** A choice of cooperations, if the page offers it. */
  #offered(choice: string | null | undefined): string | null {
    const { offer } = this.#options;
    return choice && offer && choices(offer, this.#words).some(([each]) => each === choice) ? choice : null;
  }

  #setColouring(choice: string): void {
    this.#colouring = choice;
    this.#belonging = {};
    this.#belongingAsked.clear();
    this.#controls.showCooperations(choice);
    this.#restyle();
    if (this.#chosen?.kind === "area") this.#showPanel();
    this.#writeUrl();
  }

  async #knowBelonging(level: Level): Promise<void> {
    const { offer } = this.#options;
    const choice = this.#colouring;
    if (!offer || choice === OFF || this.#belongingAsked.has(level)) return;
    this.#belongingAsked.add(level);
    try {
      const found = await fetchBelonging(offer, choice, level, this.#words, this.#format, this.#closed.signal);
      // By then the reader may have chosen others.
      if (this.#closed.signal.aborted || choice !== this.#colouring) return;
      this.#belonging = { ...this.#belonging, [level]: found };
      this.#restyle();
      if (this.#chosen?.kind === "area") this.#showPanel();
    } catch {
      if (this.#closed.signal.aborted || choice !== this.#colouring) return;
      this.#belongingAsked.delete(level);
      this.#controls.note(this.#words.cooperationsFailed);
    }
  }

  /** What is known of the cooperations of an area; the list of them comes by and by. */
  #cooperationsOf(area: AreaChoice): { known: string; list: HTMLElement } | null {
    const { offer, areaUrl } = this.#options;
    const belonging = this.#belonging[area.level];
    if (!offer || !belonging) return null;
    const list = element("div");
    const known = knownOf(belonging, area.key, this.#words, this.#format);
    const some = belonging.tones.some(({ keys }) => keys.includes(area.key));
    if (!some || belonging.single) return { known, list };
    list.append(element("p", "nt-map-kind", this.#words.cooperationsLoading));
    const url = address(areaUrl, { key: area.key });
    void fetchListed(offer, this.#colouring, area.key, this.#closed.signal).then(
      (listed) => fillCooperations(list, listed, url, this.#words, this.#format),
      () => list.replaceChildren(element("p", "nt-map-kind", this.#words.cooperationsFailed)),
    );
    return { known, list };
  }

  #setLevel(level: LevelChoice): void {
    this.#levelChoice = level;
    this.#restyle();
    this.#writeUrl();
  }

  #setLayer(layer: Layer): void {
    this.#layer = layer;
    this.#controls.showLayer(layer);
    this.#restyle();
    if (this.#chosen?.kind === "seam") this.#showPanel();
    this.#writeUrl();
  }

  /** Follows the zoom: which level is shown, its legend, and a word where the one asked for is not there yet. */
  #showLevel(): void {
    if (!this.#facts) return;
    const level = levelAt(this.#spans, this.#map.getZoom());
    const asked = this.#levelChoice;
    const missing = asked !== "auto" && asked !== level && this.#facts.levels[asked];
    this.#controls.note(missing ? fill(this.#words.fromZoom, this.#words.levels[asked]) : "");
    if (level === this.#level) return;
    const drawn = this.#level !== null;
    this.#level = level;
    if (!level) return;
    void this.#knowStates(level);
    void this.#knowBelonging(level);
    if (drawn && this.#options.statesUrl && this.#layer === "states") {
      // Another level may not be known yet, or be known already.
      this.#restyle();
      return;
    }
    const hasPlace = this.#options.place !== null || this.#options.members.length > 0;
    const hasParts = holders(this.#options.members, level).length > 0;
    renderLegend(
      this.#controls.legend,
      groups(this.#drawnLayer(), level, this.#facts, hasPlace, this.#words, this.#format, hasParts, this.#belonging[level]),
    );
  }

  #fit(animate = true): void {
    const [west, south, east, north] = this.#options.bounds;
    this.#map.fitBounds([west, south, east, north], { padding: this.#padding(), animate });
  }

  /** Room around what is to be seen: the tools along the edges must not lie on it. */
  #padding(): PaddingOptions {
    const { top, bottom } = this.#controls.heights();
    return { top: top + FIT_PADDING_PX, right: FIT_PADDING_PX, bottom: bottom + FIT_PADDING_PX, left: FIT_PADDING_PX };
  }

  #layersPresent(ids: readonly string[]): string[] {
    return ids.filter((id) => this.#map.getLayer(id));
  }

  /** What lies at a point of the screen: a seam within reach, else the area. */
  #pick(at: { x: number; y: number } | [number, number]): Choice | null {
    const level = this.#level;
    const reach = this.#map.getZoom() < FAR_ZOOM ? FAR_SEAM_REACH_PX : SEAM_REACH_PX;
    if (!level || !this.#styled) return null;
    const [x, y] = Array.isArray(at) ? at : [at.x, at.y];
    const around: [PointLike, PointLike] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    const lines = this.#map.queryRenderedFeatures(around, { layers: this.#layersPresent(seamLayers(level)) });
    const seam = lines.map((feature) => seamChoice(level, feature.properties)).find((found) => found !== null);
    if (seam) return seam;
    const areas = this.#map.queryRenderedFeatures([x, y], { layers: this.#layersPresent(areaLayers(level)) });
    return areas.map((feature) => areaChoice(level, feature.properties)).find((found) => found !== null) ?? null;
  }

  #mark(choice: Choice | null, state: "hovered" | "selected", value: boolean): void {
    if (!choice) return;
    const sourceLayer = choice.kind === "area" ? choice.level : `${choice.level}_seams`;
    this.#map.setFeatureState({ source: SOURCE, sourceLayer, id: idOf(choice) }, { [state]: value });
  }

  #hover(choice: Choice | null, at?: { x: number; y: number }): void {
    if (choice ? !this.#hovered || idOf(choice) !== idOf(this.#hovered) : this.#hovered) {
      this.#mark(this.#hovered, "hovered", false);
      this.#mark(choice, "hovered", true);
      this.#hovered = choice;
      this.#map.getCanvas().classList.toggle("nt-map-over", choice !== null);
    }
    this.#controls.tip(choice && at ? this.#nameOf(choice) : "", at);
  }

  #nameOf(choice: Choice): string {
    if (choice.kind === "area") return choice.name;
    return `${this.#areaName(choice.level, choice.a)} | ${this.#areaName(choice.level, choice.b)}`;
  }

  /** The name of an area by its key, from whichever tiles of the view have it. */
  #areaName(level: Level, key: string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const [found] = this.#inTiles(level, ["==", ["get", "key"], key]);
    const name = found && areaChoice(level, found)?.name;
    if (name) this.#names.set(key, name);
    return name ?? key;
  }

  #inTiles(sourceLayer: string, filter: FilterSpecification): Record<string, unknown>[] {
    return this.#map.querySourceFeatures(SOURCE, { sourceLayer, filter }).map((feature) => feature.properties);
  }

  #seamsOf(area: AreaChoice): SeamChoice[] {
    const filter: FilterSpecification = ["any", ["==", ["get", "a"], area.key], ["==", ["get", "b"], area.key]];
    const seams = new Map<string, SeamChoice>();
    for (const properties of this.#inTiles(`${area.level}_seams`, filter)) {
      const seam = seamChoice(area.level, properties);
      if (seam) seams.set(seam.id, seam);
    }
    return [...seams.values()].sort((one, other) => (other.people ?? -1) - (one.people ?? -1));
  }

  #choose(choice: Choice | null): void {
    this.#awaited = null;
    this.#mark(this.#chosen, "selected", false);
    this.#mark(choice, "selected", true);
    this.#chosen = choice;
    if (this.#level && this.#belonging[this.#level]) this.#restyle();
    this.#showPanel();
    const nameOf = (key: string): string => (choice ? this.#areaName(choice.level, key) : key);
    const said = choice ? announcement(choice, nameOf, this.#words, this.#format) : "";
    const belonging = choice?.kind === "area" ? this.#belonging[choice.level] : undefined;
    const known = belonging && choice ? ` ${this.#words.cooperations}: ${knownOf(belonging, idOf(choice), this.#words, this.#format)}.` : "";
    this.#controls.say(said + known);
    this.#writeUrl();
    this.#host.dispatchEvent(new CustomEvent<Choice | null>("nt-select", { bubbles: true, detail: choice }));
  }

  /** What was chosen, with what the map now knows of it. */
  #showPanel(): void {
    const choice = this.#chosen;
    renderPanel(this.#controls.panel, choice, {
      words: this.#words,
      format: this.#format,
      areaUrl: this.#options.areaUrl,
      seamUrl: this.#options.seamUrl,
      nameOf: (key) => this.#areaName(choice?.level ?? "district", key),
      seamsOf: (area) => this.#seamsOf(area),
      cooperationsOf: (area) => this.#cooperationsOf(area),
      stateOf: (seam) => (this.#drawnLayer() === "states" ? (this.#states[seam.id] ?? "unknown") : null),
      close: () => {
        this.#choose(null);
        this.#map.getCanvas().focus();
      },
    });
  }

  /** Chooses what an address asked for, as soon as its tile is there. */
  #findAwaited(): void {
    const id = this.#awaited;
    if (!id) return;
    for (const { level } of this.#spans) {
      const seam = id.includes("/");
      const [found] = this.#inTiles(seam ? `${level}_seams` : level, ["==", ["get", seam ? "id" : "key"], id]);
      const choice = found && (seam ? seamChoice(level, found) : areaChoice(level, found));
      if (choice) {
        this.#choose(choice);
        return;
      }
    }
  }

  /** Lists the areas in view, by name, so that they can be reached with the keyboard; only while the list is open. */
  #listAreas(): void {
    const level = this.#level;
    if (!level || !this.#controls.listOpen()) return;
    const areas = new Map<string, AreaChoice>();
    for (const feature of this.#map.queryRenderedFeatures({ layers: this.#layersPresent(areaLayers(level)) })) {
      const area = areaChoice(level, feature.properties);
      if (area) areas.set(area.key, area);
    }
    const sorted = [...areas.values()].sort((one, other) => one.name.localeCompare(other.name, "de"));
    this.#controls.list(sorted.map((area) => ({ name: area.name, choose: () => this.#choose(area) })));
  }

  #locate(): void {
    const { note } = this.#controls;
    note(this.#words.locating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const inside = new LngLatBounds([...(this.#archive?.bounds ?? this.#options.bounds)]).contains([
          coords.longitude,
          coords.latitude,
        ]);
        note(inside ? "" : this.#words.outside);
        if (!inside) return;
        this.#map.jumpTo({ center: [coords.longitude, coords.latitude], zoom: LOCATED_ZOOM });
        this.#map.once("idle", () => this.#choose(this.#pick(this.#map.project([coords.longitude, coords.latitude]))));
      },
      () => note(this.#words.locateFailed),
      { timeout: LOCATE_TIMEOUT_MS, maximumAge: 60_000 },
    );
  }

  #writeUrl(): void {
    if (!this.#options.urlState || !this.#host.hasAttribute("ready")) return;
    clearTimeout(this.#urlTimer);
    this.#urlTimer = setTimeout(() => {
      const { lng, lat } = this.#map.getCenter();
      const hash = formatUrl({
        view: { zoom: this.#map.getZoom(), latitude: lat, longitude: lng },
        level: this.#levelChoice,
        layer: this.#layer === this.#options.layers[0] ? null : this.#layer,
        selection: this.#chosen ? idOf(this.#chosen) : null,
        cooperations: this.#colouring === (this.#options.offer?.shown ?? OFF) ? null : this.#colouring,
      });
      if (hash !== location.hash) history.replaceState(history.state, "", hash);
    }, URL_DELAY_MS);
  }

  /** A reader pasted another view into the address, or went back to one. */
  #readUrl(): void {
    const state = parseUrl(location.hash);
    if (!state) return;
    if (state.level) {
      this.#controls.showLevel(state.level);
      this.#setLevel(state.level);
    }
    const layer = state.layer ?? this.#options.layers[0];
    if (layer && layer !== this.#layer) this.#setLayer(layer);
    const colouring = this.#offered(state.cooperations) ?? this.#options.offer?.shown ?? OFF;
    if (colouring !== this.#colouring) this.#setColouring(colouring);
    if (state.view) this.#map.jumpTo({ center: [state.view.longitude, state.view.latitude], zoom: state.view.zoom });
    if (state.selection) this.choose(state.selection);
  }
}
