/** Light or dark colours for readers who want others than those of their device. Kept in the browser, in no cookie. */
const KEPT_AS = "nt-theme";

/** Apply what was chosen before, and show the choice in the footer. */
export function offerColours(page: Document): void {
  apply(page, chosen());
  const offer = page.querySelector<HTMLFieldSetElement>(".nt-theme");
  if (!offer) return;
  offer.hidden = false;
  for (const radio of offer.querySelectorAll("input")) {
    radio.checked = radio.value === chosen();
    radio.addEventListener("change", () => {
      try {
        if (radio.value === "auto") localStorage.removeItem(KEPT_AS);
        else localStorage.setItem(KEPT_AS, radio.value);
      } catch {
        // Nothing may be kept here: the choice holds for this page.
      }
      apply(page, radio.value);
    });
  }
}

function chosen(): string {
  try {
    const kept = localStorage.getItem(KEPT_AS);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    return "auto";
  }
}

function apply(page: Document, colours: string): void {
  if (colours === "auto") delete page.documentElement.dataset["kernTheme"];
  else page.documentElement.dataset["kernTheme"] = colours;
}
