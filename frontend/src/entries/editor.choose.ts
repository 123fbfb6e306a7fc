/**
 * Choosing a record by typing its name, within a form: the combobox with a list of the ARIA Authoring Practices.
 *
 * The field holds the name people read, the hidden field beside it the reference the site needs. Without this script
 * the site finds the record by the name alone and asks where several have it.
 */
export interface Choice {
  token: string;
  title: string;
  hint: string;
}

const PAUSE_MS = 160;
const SHORTEST = 2;
const known = new WeakSet<HTMLInputElement>();

/** Offer choices in every field of the page that asks for them, also in rows that are added later. */
export function offerChoices(page: Document): void {
  page.addEventListener("focusin", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.dataset["choose"] && !known.has(field)) prepare(field);
  });
}

function prepare(field: HTMLInputElement): void {
  known.add(field);
  const box = field.parentElement!;
  const token = box.querySelector<HTMLInputElement>("input[type=hidden]")!;
  const words = field.dataset;

  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.className = "nt-choose__list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels?.[0]?.textContent?.trim() || (words["label"] ?? ""));
  const status = document.createElement("p");
  status.className = "w-sr-only";
  status.setAttribute("role", "status");
  box.append(list, status);

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  let found: Choice[] = [];
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

  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  const take = (choice: Choice) => {
    clearTimeout(timer);
    running?.abort();
    field.value = choice.hint ? `${choice.title} (${choice.hint})` : choice.title;
    token.value = choice.token;
    status.textContent = field.value;
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (choices: Choice[]) => {
    found = choices;
    list.replaceChildren(
      ...choices.map((each, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.append(
          Object.assign(document.createElement("span"), { textContent: each.title }),
          Object.assign(document.createElement("small"), { textContent: each.hint }),
        );
        // Not on click: the field would lose its focus, and the list be closed, before.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => take(each));
        return option;
      }),
    );
    list.hidden = !choices.length;
    field.setAttribute("aria-expanded", String(choices.length > 0));
    status.textContent = choices.length
      ? (words["many"] ?? "").replace("{count}", String(choices.length))
      : (words["none"] ?? "");
    mark(-1);
  };

  const ask = async () => {
    const text = field.value.trim();
    running?.abort();
    if (text.length < SHORTEST) return close();
    running = new AbortController();
    try {
      const answer = await fetch(`${words["choose"]}&q=${encodeURIComponent(text)}`, { signal: running.signal });
      const { choices = [] } = (await answer.json()) as { choices?: Choice[] };
      if (field.value.trim() === text && document.activeElement === field) show(choices);
    } catch (problem) {
      if ((problem as Error).name !== "AbortError") status.textContent = words["failed"] ?? "";
    }
  };

  field.addEventListener("input", () => {
    token.value = ""; // what was chosen no longer is what stands there
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE_MS);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (list.hidden) void ask();
      // One more place than choices: the field itself, where none is marked.
      else if (found.length) mark(((marked + 1 + step + found.length + 1) % (found.length + 1)) - 1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault(); // the form is not sent while the list is open
      const choice = found[marked] ?? (found.length === 1 ? found[0] : undefined);
      if (choice) take(choice);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
}
