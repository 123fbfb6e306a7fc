/**
 * `<nt-map>`: a picture and a table on the page become a map that moves, with the table behind a switch.
 *
 * This part is small and always loaded. It fetches the engine when the map comes into view, and leaves the picture
 * where it is when there is nothing to draw with.
 */

import type { States } from "./style";
import { installTable } from "./table";
import { languageOf, WORDS } from "./words";

/** What the engine hands back. */
export interface MapHandle {
  setStates(states: States): void;
  choose(id: string): void;
  remove(): void;
}

interface Engine {
  openMap(host: HTMLElement, box: HTMLElement): Promise<MapHandle>;
}

/** Distance in pixels from the visible part of the page at which a map begins to load. */
const MARGIN_PX = 300;

export class MapElement extends HTMLElement {
  #left: AbortController | null = null;
  #handle: Promise<MapHandle | null> | null = null;

  connectedCallback(): void {
    // Defined while the page is still being read, the element would look for its content before it is there.
    if (document.readyState !== "loading") this.#begin();
    else document.addEventListener("DOMContentLoaded", () => this.isConnected && this.#begin(), { once: true });
  }

  #begin(): void {
    const box = this.querySelector<HTMLElement>("[data-map-box]");
    if (!box || this.#left) return;
    this.#left = new AbortController();
    const words = WORDS[languageOf(this)];
    installTable(this, box, words, this.#left.signal);
    if (!this.getAttribute("tiles") || !this.getAttribute("engine")) return;
    if (typeof WebGL2RenderingContext === "undefined") {
      this.#explain(box, words.noWebgl);
      return;
    }
    if (!box.hidden && box.getBoundingClientRect().top < innerHeight + MARGIN_PX) {
      this.#handle = this.#open(box);
      return;
    }
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        this.#handle = this.#open(box);
      },
      { rootMargin: `${MARGIN_PX}px` },
    );
    observer.observe(box);
    this.#left.signal.addEventListener("abort", () => observer.disconnect());
  }

  disconnectedCallback(): void {
    this.#left?.abort();
    this.#left = null;
    void this.#handle?.then((handle) => handle?.remove());
    this.#handle = null;
  }

  /** Says what is known about the cooperation across seams: id of the seam → state. Ids left out are unknown. */
  setStates(states: States): void {
    void this.#handle?.then((handle) => handle?.setStates(states));
  }

  /** Chooses an area by its key or a seam by its id, as a click on it would. */
  choose(id: string): void {
    void this.#handle?.then((handle) => handle?.choose(id));
  }

  async #open(box: HTMLElement): Promise<MapHandle | null> {
    const words = WORDS[languageOf(this)];
    try {
      const address = new URL(this.getAttribute("engine") ?? "", document.baseURI).href;
      const engine = (await import(/* @vite-ignore */ address)) as Engine;
      return await engine.openMap(this, box);
    } catch (error) {
      this.#explain(box, (error as Error).name === "GPUInitializationError" ? words.noWebgl : words.failed);
      return null;
    }
  }

  #explain(box: HTMLElement, text: string): void {
    for (const begun of box.querySelectorAll(":scope > :not(img)")) begun.remove();
    const note = document.createElement("p");
    note.className = "nt-map-note";
    note.setAttribute("role", "status");
    note.textContent = text;
    box.append(note);
    this.setAttribute("failed", "");
  }
}
