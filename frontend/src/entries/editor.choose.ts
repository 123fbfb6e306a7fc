/**
 * Choosing a record by typing its name, within a form.
 *
 * The field holds the name people read, the hidden field beside it the reference the site needs. Without this script
 * the site finds the record by the name alone and asks where several have it.
 */
import { combobox, type Option } from "./combobox";

export interface Choice extends Option {
  token: string;
}

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
  const { choose, label = "", many = "", none = "", failed = "" } = field.dataset;

  const list = document.createElement("ul");
  list.className = "nt-choose__list";
  const status = document.createElement("p");
  status.className = "w-sr-only";
  status.setAttribute("role", "status");
  box.append(list, status);

  const take = (choice: Choice) => {
    field.value = choice.hint ? `${choice.title} (${choice.hint})` : choice.title;
    token.value = choice.token;
    status.textContent = field.value;
    offer.close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const offer = combobox<Choice>({
    field,
    list,
    panel: list,
    label: field.labels?.[0]?.textContent?.trim() || label,
    failed,
    take,
    say: (words) => (status.textContent = words),
    ask: async (text, signal) => {
      const answer = await fetch(`${choose}&q=${encodeURIComponent(text)}`, { signal });
      const { choices = [] } = (await answer.json()) as { choices?: Choice[] };
      return { options: choices, said: choices.length ? many.replace("{count}", String(choices.length)) : none };
    },
  });

  field.addEventListener("input", () => {
    token.value = ""; // what was chosen no longer is what stands there
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented) return;
    const offered = offer.offered();
    if (offered.length) event.preventDefault(); // the form is not sent while the list is open
    if (offered.length === 1) take(offered[0]!);
  });
}
