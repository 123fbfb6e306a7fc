/** The switch between the map and the table with the same facts. */

import type { Words } from "./words";

/** Puts the switch above the map where the page brought a table along, and shows the map; takes it away with the signal. */
export function installTable(host: HTMLElement, box: HTMLElement, words: Words, left: AbortSignal): void {
  const table = host.querySelector<HTMLElement>("[data-map-table]");
  if (!table) return;
  const bar = document.createElement("div");
  bar.className = "nt-switch nt-map-switch";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", words.viewLabel);
  const show = (view: "map" | "table"): void => {
    host.setAttribute("view", view);
    box.hidden = view !== "map";
    table.hidden = view !== "table";
    for (const button of bar.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset["view"] === view));
  };
  for (const [view, label] of [
    ["map", words.showMap],
    ["table", words.showTable],
  ] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset["view"] = view;
    button.textContent = label;
    button.addEventListener("click", () => show(view));
    bar.append(button);
  }
  host.prepend(bar);
  left.addEventListener("abort", () => bar.remove());
  // An address that names a part of the table means the table.
  const meant = document.getElementById(location.hash.slice(1));
  show(meant && table.contains(meant) ? "table" : "map");
}
