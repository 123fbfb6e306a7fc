/**
 * Suggestions below a search field. Without them the form is an ordinary one; Enter opens the marked suggestion or,
 * where none is marked, sends the form.
 */
import { combobox, type Option } from "./combobox";

export interface Suggestion extends Option {
  key: string;
  url: string;
}

/** Make a field of a form take what is chosen, as name and key, instead of leading there. */
export function offerInto(box: HTMLElement): void {
  const field = box.querySelector<HTMLInputElement>("input[type=text]");
  if (!field) return;
  offerSuggestions(box, (_url, chosen) => {
    field.value = `${chosen.title} (${chosen.key})`;
    field.blur();
    field.focus();
  });
}

/** Make a search form offer what fits while somebody types. */
export function offerSuggestions(
  form: HTMLElement,
  open: (url: string, chosen: Suggestion) => void = (url) => location.assign(url),
): void {
  const field = form.querySelector<HTMLInputElement>("input[name=q], input[type=text]");
  const address = form.dataset["suggest"] ?? form.dataset["suggestInto"];
  if (!field || !address) return;
  const { one = "", many = "", none = "", failed = "" } = form.dataset;

  const panel = document.createElement("div");
  panel.className = "nt-suggest";
  const list = document.createElement("ul");
  const remark = document.createElement("p"); // for the eye; the status says the same to the ear
  remark.setAttribute("aria-hidden", "true");
  panel.append(list, remark);
  const status = document.createElement("p");
  status.className = "kern-sr-only";
  status.setAttribute("role", "status");
  form.append(panel, status);

  combobox<Suggestion>({
    field,
    list,
    panel,
    label: field.labels?.[0]?.textContent?.trim() ?? "",
    failed,
    take: (chosen) => open(chosen.url, chosen),
    say: (words) => {
      remark.hidden = !list.hidden;
      remark.textContent = status.textContent = words;
    },
    ask: async (text, signal) => {
      const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`, { signal });
      const { suggestions = [], error } = (await answer.json()) as { suggestions?: Suggestion[]; error?: string };
      const count = suggestions.length;
      const said = count === 0 ? none : count === 1 ? one : many.replace("{count}", String(count));
      return { options: suggestions, said: error || said };
    },
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) field.value = "";
  });
}
