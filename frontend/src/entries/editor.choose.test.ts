import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { offerChoices, type Choice } from "./editor.choose";

const TOWN: Choice = { token: "area:03154019", title: "Stadt Schöningen", hint: "Helmstedt, Niedersachsen" };
const HOSTILE: Choice = { token: "area:1", title: "<img src=x onerror=alert(1)>", hint: "" };

const asked = vi.fn<(url: string) => Promise<Response>>();
let field: HTMLInputElement;
let token: HTMLInputElement;

function answer(choices: Choice[]): void {
  asked.mockResolvedValue({ json: async () => ({ choices }) } as Response);
}

async function type(text: string): Promise<void> {
  field.focus();
  field.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(200);
}

function press(key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, bubbles: true });
  field.dispatchEvent(event);
  return event;
}

const options = () => [...document.querySelectorAll("[role=option]")];
const list = () => document.querySelector<HTMLElement>("[role=listbox]")!;
const status = () => document.querySelector("[role=status]")!.textContent;

offerChoices(document);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  document.body.innerHTML = `<form><label for="p">Who</label><div class="nt-choose">
    <input id="p" data-choose="/auswahl/?arten=area" data-many="{count} found" data-none="none" data-failed="failed">
    <input type="hidden" name="p-token" value="area:1"></div></form>`;
  field = document.querySelector("#p")!;
  token = document.querySelector("[name=p-token]")!;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

describe("a field to choose with", () => {
  it("becomes a combobox with a named list once somebody comes to it", async () => {
    answer([]);
    await type("Sch");
    expect(field.getAttribute("role")).toBe("combobox");
    expect(document.getElementById(field.getAttribute("aria-controls")!)?.getAttribute("aria-label")).toBe("Who");
    expect(asked.mock.calls[0]![0]).toBe("/auswahl/?arten=area&q=Sch");
    expect(status()).toBe("none");
  });

  it("forgets what was chosen as soon as something else is typed", async () => {
    answer([TOWN]);
    await type("Sch");
    expect(token.value).toBe("");
  });

  it("takes what is marked with Enter, and does not send the form", async () => {
    answer([HOSTILE, TOWN]);
    await type("Sch");
    expect(status()).toBe("2 found");
    press("ArrowDown");
    press("ArrowDown");
    expect(field.getAttribute("aria-activedescendant")).toBe(options()[1]!.id);
    expect(press("Enter").defaultPrevented).toBe(true);
    expect(field.value).toBe("Stadt Schöningen (Helmstedt, Niedersachsen)");
    expect(token.value).toBe(TOWN.token);
    expect(list().hidden).toBe(true);
    expect(press("Enter").defaultPrevented).toBe(false);
  });

  it("takes the only one without marking it, and what is clicked", async () => {
    answer([TOWN]);
    await type("Sch");
    press("Enter");
    expect(token.value).toBe(TOWN.token);
    answer([HOSTILE]);
    await type("img");
    expect(document.querySelector("img")).toBeNull();
    (options()[0] as HTMLElement).click();
    expect(token.value).toBe(HOSTILE.token);
    expect(field.value).toBe(HOSTILE.title);
  });

  it("closes with Escape and says when the list cannot be fetched", async () => {
    answer([TOWN]);
    await type("Sch");
    expect(press("Escape").defaultPrevented).toBe(true);
    expect(list().hidden).toBe(true);
    asked.mockRejectedValue(new Error("offline"));
    await type("Schö");
    expect(status()).toBe("failed");
  });
});
