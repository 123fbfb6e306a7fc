/**
 * Suggestions below a search field: the combobox with a list of the ARIA Authoring Practices, chosen by hand.
 *
 * Without it the form is an ordinary one. Focus stays in the field; the arrow keys mark a suggestion, Enter opens it
 * or, where none is marked, sends the form.
 */
export interface Suggestion {
  key: string;
  title: string;
  hint: string;
  url: string;
}

const PAUSE_MS = 140;
const SHORTEST = 2;

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

  const panel = document.createElement("div");
  panel.className = "nt-suggest";
  panel.hidden = true;
  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels?.[0]?.textContent?.trim() ?? "");
  const remark = document.createElement("p"); // for the eye; the status says the same to the ear
  remark.setAttribute("aria-hidden", "true");
  panel.append(list, remark);
  const status = document.createElement("p");
  status.className = "kern-sr-only";
  status.setAttribute("role", "status");
  form.append(panel, status);

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let found: Suggestion[] = [];
  let marked = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  const close = () => {
    panel.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  const mark = (position: number) => {
    marked = position;
    for (const [at, option] of [...list.querySelectorAll("[role=option]")].entries()) {
      option.setAttribute("aria-selected", String(at === position));
      if (at !== position) continue;
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView?.({ block: "nearest" });
    }
    if (position < 0) field.removeAttribute("aria-activedescendant");
  };

  const show = (suggestions: Suggestion[], said: string) => {
    found = suggestions;
    list.replaceChildren(
      ...suggestions.map((each, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.append(Object.assign(document.createElement("span"), { textContent: each.title }));
        option.append(
          Object.assign(document.createElement("span"), { className: "nt-suggest__hint", textContent: each.hint }),
        );
        // Not on click: the field would lose its focus, and the list be closed, before.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => open(each.url, each));
        return option;
      }),
    );
    list.hidden = !suggestions.length;
    remark.hidden = !list.hidden;
    remark.textContent = status.textContent = said;
    panel.hidden = false;
    field.setAttribute("aria-expanded", String(suggestions.length > 0));
    mark(-1);
  };

  const ask = async () => {
    const text = field.value.trim();
    running?.abort();
    if (text.length < SHORTEST) return close();
    running = new AbortController();
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(text)}`, { signal: running.signal });
      const { suggestions = [], error = "" } = (await answer.json()) as { suggestions?: Suggestion[]; error?: string };
      if (field.value.trim() !== text || document.activeElement !== field) return;
      const { one = "", many = "", none = "" } = form.dataset;
      const count = suggestions.length;
      show(suggestions, error || (count === 0 ? none : count === 1 ? one : many.replace("{count}", String(count))));
    } catch (problem) {
      if ((problem as Error).name !== "AbortError") show([], form.dataset["failed"] ?? "");
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE_MS);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (panel.hidden) void ask();
      // One more place than suggestions: the field itself, where none is marked.
      else if (found.length) mark(((marked + 1 + step + found.length + 1) % (found.length + 1)) - 1);
    } else if (event.key === "Enter" && marked >= 0) {
      event.preventDefault();
      open(found[marked]!.url, found[marked]!);
    } else if (event.key === "Escape") {
      if (panel.hidden) field.value = "";
      else event.preventDefault();
      close();
    }
  });
}
