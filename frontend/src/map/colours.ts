/** The colours of the map: custom properties of the page (src/styles/tokens.css), so that one style sheet rules pages, pictures and map. */

/** Roles on the map, and the colour of each where the page sets none; `--nt-<role>` is its custom property. */
export const COLOURS = {
  ground: "#e9ebe9",
  context: "#f6f3ea",
  neighbour: "#f0e9d8",
  own: "#e8d3a0",
  across: "#d3dfd4",
  border: "#d9bd7d",
  hairline: "#8f7a48",
  edge: "#b0a58c",
  seam: "#0a5561",
  band: "#86bfc3",
  loose: "#2f7480",
  none: "#9a3b1c",
  unknown: "#6b7273",
  text: "#1d2829",
} as const;

export type Role = keyof typeof COLOURS;
export type Colours = Readonly<Record<Role, string>>;
export const ROLES = Object.keys(COLOURS) as Role[];

/** The colours in force at an element, resolved by the browser (so `light-dark()` and `var()` may be used). */
export function coloursAt(host: HTMLElement): Colours {
  const probe = host.ownerDocument.createElement("span");
  probe.hidden = true;
  host.append(probe);
  const style = getComputedStyle(probe);
  const found = Object.fromEntries(
    ROLES.map((role) => {
      probe.style.color = `var(--nt-${role}, ${COLOURS[role]})`;
      const colour = style.color;
      return [role, /^(#|rgba?\()/.test(colour) ? colour : COLOURS[role]];
    }),
  );
  probe.remove();
  return found as Record<Role, string>;
}

/** Calls back when the page changes between light and dark, by the reader's system or by a switch on the page. */
export function onThemeChange(callback: () => void, signal: AbortSignal): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback, { signal });
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme", "data-kern-theme", "class"] });
  signal.addEventListener("abort", () => observer.disconnect());
}
