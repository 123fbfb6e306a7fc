/**
 * The combobox with a list of the ARIA Authoring Practices, chosen by hand: what choosing in forms and suggestions below
 * a search field have in common. Focus stays in the field; the arrow keys mark an option, Enter takes the marked one.
 */
export interface Option {
  title: string;
  hint: string;
}

export interface Parts<O extends Option> {
  field: HTMLInputElement;
  list: HTMLUListElement;
  /** What opens and closes: the list, or what holds it and a remark. */
  panel: HTMLElement;
  label: string;
  /** What fits a text, and what is said about it; an answer without options opens a panel that holds a remark. */
  ask: (text: string, signal: AbortSignal) => Promise<{ options: O[]; said: string }>;
  say: (words: string) => void;
  failed: string;
  take: (option: O) => void;
}

export interface Combobox<O extends Option> {
  /** The options that stand open, none where the list is closed. */
  offered: () => O[];
  /** Close, and forget what was asked. */
  close: () => void;
}

const PAUSE_MS = 150;
const SHORTEST = 2;

/** Make a field offer options while somebody types. Whoever listens for keys afterwards sees what was dealt with here. */
export function combobox<O extends Option>(parts: Parts<O>): Combobox<O> {
  const { field, list, panel } = parts;
  list.id = `${field.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", parts.label);
  panel.hidden = true;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let found: O[] = [];
  let marked = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  const mark = (position: number) => {
    marked = position;
    for (const [at, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(at === position));
      if (at !== position) continue;
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView?.({ block: "nearest" });
    }
    if (position < 0) field.removeAttribute("aria-activedescendant");
  };

  const hide = () => {
    panel.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  const close = () => {
    clearTimeout(timer);
    running?.abort();
    hide();
  };

  const show = (options: O[], said: string) => {
    found = options;
    list.replaceChildren(...options.map(shown));
    list.hidden = !options.length;
    panel.hidden = panel === list && list.hidden;
    parts.say(said);
    field.setAttribute("aria-expanded", String(options.length > 0));
    mark(-1);
  };

  const shown = (each: O, at: number) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${at}`;
    option.setAttribute("role", "option");
    option.append(
      Object.assign(document.createElement("span"), { textContent: each.title }),
      Object.assign(document.createElement("small"), { textContent: each.hint }),
    );
    // Not on click: the field would lose its focus, and the list be closed, before.
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => parts.take(each));
    return option;
  };

  const ask = async () => {
    const text = field.value.trim();
    running?.abort();
    if (text.length < SHORTEST) return hide();
    running = new AbortController();
    try {
      const { options, said } = await parts.ask(text, running.signal);
      if (field.value.trim() === text && document.activeElement === field) show(options, said);
    } catch (problem) {
      if ((problem as Error).name !== "AbortError") show([], parts.failed);
    }
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE_MS);
  });
  field.addEventListener("blur", hide);
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (panel.hidden) void ask();
      // One more place than options: the field itself, where none is marked.
      else if (found.length) mark(((marked + 1 + step + found.length + 1) % (found.length + 1)) - 1);
    } else if (event.key === "Enter" && marked >= 0) {
      event.preventDefault();
      parts.take(found[marked]!);
    } else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      event.stopPropagation();
      hide();
    }
  });
  return { offered: () => (panel.hidden ? [] : found), close };
}
