import { beforeEach, expect, it } from "vitest";
import { offerColours } from "./site.colours";

const chosen = () => document.documentElement.dataset["kernTheme"];
const radio = (value: string) => document.querySelector<HTMLInputElement>(`input[value=${value}]`)!;

function choose(value: string): void {
  radio(value).checked = true;
  radio(value).dispatchEvent(new Event("change"));
}

beforeEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset["kernTheme"];
  document.body.innerHTML = `<fieldset class="nt-theme" hidden>${["auto", "light", "dark"]
    .map((value) => `<input type="radio" name="nt-theme" value="${value}">`)
    .join("")}</fieldset>`;
});

it("follows the device until somebody chooses", () => {
  offerColours(document);
  expect(document.querySelector("fieldset")!.hidden).toBe(false);
  expect(chosen()).toBeUndefined();
  expect(radio("auto").checked).toBe(true);
  expect(localStorage.length).toBe(0);
});

it("keeps a choice for the next page, and forgets it", () => {
  offerColours(document);
  choose("dark");
  expect(chosen()).toBe("dark");
  offerColours(document);
  expect([chosen(), radio("dark").checked]).toEqual(["dark", true]);
  choose("auto");
  expect(chosen()).toBeUndefined();
  expect(localStorage.length).toBe(0);
});

it("takes nothing strange from the store", () => {
  localStorage.setItem("nt-theme", "pink");
  offerColours(document);
  expect(chosen()).toBeUndefined();
});
