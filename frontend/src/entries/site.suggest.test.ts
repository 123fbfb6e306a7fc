import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { offerInto, offerSuggestions, type Suggestion } from "./site.suggest";

const HAMELN: Suggestion = { key: "03252", title: "Landkreis Hameln-Pyrmont", hint: "Niedersachsen", url: "/a/" };
const HOSTILE: Suggestion = { key: "1", title: "<img src=x onerror=alert(1)>", hint: "", url: "/b/" };

let form: HTMLFormElement;
let field: HTMLInputElement;
const open = vi.fn();
const asked = vi.fn<(url: string) => Promise<Response>>();

function answer(body: unknown): void {
  asked.mockResolvedValue({ json: async () => body } as Response);
}

async function type(text: string): Promise<void> {
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(200);
}

function press(key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true });
  field.dispatchEvent(event);
  return event;
}

const options = () => [...form.querySelectorAll("[role=option]")];
const panel = () => form.querySelector<HTMLElement>(".nt-suggest")!;
const status = () => form.querySelector("[role=status]")!.textContent;
const selected = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  document.body.innerHTML = `<form data-suggest="/vorschlaege/" data-one="one" data-many="{count} found" data-none="none"
    data-failed="failed"><label for="q">Place</label><input id="q" name="q"></form>`;
  form = document.querySelector("form")!;
  field = document.querySelector("input")!;
  offerSuggestions(form, open);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

describe("a search field with suggestions", () => {
  it("is a combobox with a named list", () => {
    expect(field.getAttribute("role")).toBe("combobox");
    expect(field.getAttribute("aria-expanded")).toBe("false");
    expect(document.getElementById(field.getAttribute("aria-controls")!)?.getAttribute("aria-label")).toBe("Place");
    expect(panel().hidden).toBe(true);
  });

  it("waits for a pause, and for two letters", async () => {
    answer({ suggestions: [] });
    await type("h");
    expect(asked).not.toHaveBeenCalled();
    field.value = "ha";
    field.dispatchEvent(new Event("input"));
    field.value = "ham & co";
    field.dispatchEvent(new Event("input"));
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked.mock.calls[0]![0]).toBe("/vorschlaege/?q=ham%20%26%20co");
  });

  it("says how many there are, and that there are none", async () => {
    answer({ suggestions: [HAMELN, HOSTILE] });
    await type("ham");
    expect(status()).toBe("2 found");
    expect(field.getAttribute("aria-expanded")).toBe("true");
    answer({ suggestions: [] });
    await type("xyz");
    expect(status()).toBe("none");
    expect(field.getAttribute("aria-expanded")).toBe("false");
    expect(panel().hidden).toBe(false);
    expect(options()).toHaveLength(0);
  });

  it("says that it cannot answer", async () => {
    asked.mockRejectedValue(new TypeError("no network"));
    await type("ham");
    expect(status()).toBe("failed");
    answer({ error: "too many questions" });
    await type("hamm");
    expect(status()).toBe("too many questions");
  });

  it("shows hostile names as letters", async () => {
    answer({ suggestions: [HOSTILE] });
    await type("img");
    expect(form.querySelector("img")).toBeNull();
    expect(options()[0]!.textContent).toContain("<img");
  });

  it("walks round by arrow keys, the field between last and first", async () => {
    answer({ suggestions: [HAMELN, HOSTILE] });
    await type("ham");
    const walked = ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"].map((key) => {
      press(key);
      return selected();
    });
    expect(walked).toEqual([0, 1, -1, 1]);
    expect(field.getAttribute("aria-activedescendant")).toBe(options()[1]!.id);
  });

  it("opens the marked one by Enter, and else sends the form", async () => {
    answer({ suggestions: [HAMELN] });
    await type("ham");
    expect(press("Enter").defaultPrevented).toBe(false);
    expect(open).not.toHaveBeenCalled();
    press("ArrowDown");
    expect(press("Enter").defaultPrevented).toBe(true);
    expect(open).toHaveBeenCalledExactlyOnceWith("/a/", HAMELN);
  });

  it("opens one by a click", async () => {
    answer({ suggestions: [HAMELN] });
    await type("ham");
    (options()[0] as HTMLElement).click();
    expect(open).toHaveBeenCalledExactlyOnceWith("/a/", HAMELN);
  });

  it("closes by Escape and keeps the text, and clears it by a second", async () => {
    answer({ suggestions: [HAMELN] });
    await type("ham");
    press("Escape");
    expect([panel().hidden, field.value]).toEqual([true, "ham"]);
    press("Escape");
    expect(field.value).toBe("");
  });

  it("shows nothing for a text that is no longer there", async () => {
    let late: (response: Response) => void = () => undefined;
    asked.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
    await type("ham");
    field.value = "hamburg";
    late({ json: async () => ({ suggestions: [HAMELN] }) } as Response);
    await vi.advanceTimersByTimeAsync(10);
    expect(panel().hidden).toBe(true);
  });
});

describe("a field of a form with suggestions", () => {
  it("takes name and key of what is chosen, and stays where it is", async () => {
    document.body.innerHTML = `<div data-suggest-into="/vorschlaege/" data-many="{count}"><label for="a">Area</label>
      <input id="a" type="text"></div>`;
    form = document.querySelector("div")! as unknown as HTMLFormElement;
    field = document.querySelector("input")!;
    offerInto(form);
    answer({ suggestions: [HAMELN, HOSTILE] });
    await type("hameln");
    press("ArrowDown");
    press("Enter");
    expect(field.value).toBe("Landkreis Hameln-Pyrmont (03252)");
    expect(panel().hidden).toBe(true);
    expect(document.activeElement).toBe(field);
  });
});
