/** What every page loads: the style sheet, and the few behaviours of the site outside the map. */
import "../styles/site.css";
import { offerColours } from "./site.colours";
import { offerInto, offerSuggestions } from "./site.suggest";

offerColours(document);

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-suggest]")) offerSuggestions(form);
for (const box of document.querySelectorAll<HTMLElement>("[data-suggest-into]")) offerInto(box);

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  const field = document.getElementById(button.dataset["copy"] ?? "") as HTMLTextAreaElement | null;
  if (!field || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    const said = button.parentElement?.querySelector("[role=status]");
    if (said) said.textContent = button.dataset["copied"] ?? "";
  });
}

// Sources are printed even where nobody opened them; browsers that know ::details-content need no help.
if (!CSS.supports("selector(::details-content)")) {
  const closed = new Set<HTMLDetailsElement>();
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) {
      if (!details.open) closed.add(details);
      details.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
    closed.clear();
  });
}
