"""Pictures of every kind of page, to be looked at: ``python -m tests.browser.screenshots``.

Each is taken at the width of a desk and of a telephone, light and dark, as long as the page is and with its map
drawn; ``index.html`` shows them side by side. ``--readme`` takes those that the README shows instead.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.running import open_browser, running_site, wait_for_map
from tests.portal.every_page import HAMELN_PYRMONT, KINDS, LIPPE, area, seam

ROOT = Path(__file__).parents[2]

DESK_PX, PHONE_PX = 1280, 390
HEIGHT_PX = {DESK_PX: 900, PHONE_PX: 844}
TAKEN_WITHIN_MS = 120_000
Colours = Literal["light", "dark"]
COLOURS: tuple[Colours, ...] = ("light", "dark")

COOPERATION = "/verzeichnis/kooperationen/einharz/"
README = {
    "site-start": "/",
    "site-area": area(HAMELN_PYRMONT),
    "site-seam": seam(HAMELN_PYRMONT, LIPPE),
    "site-map": "/karte/?kooperationen=alle",
    "site-cooperation": COOPERATION,
}
README_HEIGHT_PX = 1000
README_MOST_BYTES = 300_000


@dataclass(frozen=True)
class Scene:
    """A page and what a reader did there before the picture was taken."""

    name: str
    path: str
    prepare: Callable[[Page], None] | None = None
    widths_px: tuple[int, ...] = (DESK_PX, PHONE_PX)


def _suggestions(page: Page) -> None:
    page.get_by_role("main").get_by_role("combobox").press_sequentially("hameln")
    page.get_by_role("main").get_by_role("option").first.wait_for()


def _menu(page: Page) -> None:
    page.get_by_role("button", name="Menü").click()


def _focus(page: Page) -> None:
    page.keyboard.press("Tab")


def _table(page: Page) -> None:
    page.get_by_role("button", name="Tabelle", exact=True).click()


SCENES = (
    *(Scene(kind.name, kind.path) for kind in KINDS if kind.frame != "piece"),
    Scene("start-suggestions", "/", _suggestions),
    Scene("start-first-tab", "/", _focus),
    Scene("start-menu", "/", _menu, (PHONE_PX,)),
    Scene("start-english", "/en/"),
    Scene("map-seam-chosen", "/karte/#9.2/52.05/9.25&ebene=kreis&auswahl=03252-05766"),
    Scene("map-area-chosen", "/karte/#10.5/52.1/9.36&auswahl=032520006006"),
    Scene("map-land-borders", "/karte/#7.5/52.1/9.6&karte=landesgrenzen"),
    Scene("map-cooperations-area-chosen", "/karte/#8.2/51.9/10.35&ebene=kreis&kooperationen=alle&auswahl=03153"),
    Scene("map-one-cooperation", "/karte/?kooperation=einharz"),
    Scene("map-as-table", "/karte/", _table),
    Scene("cooperation", COOPERATION),
    Scene("district-as-table", area(HAMELN_PYRMONT), _table),
    Scene("seam-english", f"/en{seam(HAMELN_PYRMONT, LIPPE)}"),
    Scene("sign-in", "/verwaltung/login/", widths_px=(DESK_PX,)),
)


def show(page: Page, scene: Scene) -> None:
    """Open a page and wait until everything on it is drawn."""
    page.goto("about:blank")  # else the next address may differ in its fragment only, and nothing be loaded
    page.goto(scene.path)
    if page.locator("nt-map").count():
        page.locator("nt-map").scroll_into_view_if_needed()
        wait_for_map(page)
        page.evaluate("() => scrollTo(0, 0)")
        page.wait_for_timeout(1500)  # what is known of cooperation comes after the lines, and names after that
    if scene.prepare:
        scene.prepare(page)
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(400)  # letters on the map fade in


def take_all(browser: Browser, address: str, out: Path, names: Iterable[str]) -> list[Path]:
    """Every scene, or those of these names, at every width and in both colours."""
    chosen = set(names)
    taken = []
    for width in (DESK_PX, PHONE_PX):
        for colours in COLOURS:
            context = browser.new_context(
                base_url=address,
                viewport={"width": width, "height": HEIGHT_PX[width]},
                color_scheme=colours,
                locale="de-DE",
                has_touch=width == PHONE_PX,
            )
            page = context.new_page()
            for scene in SCENES:
                if width not in scene.widths_px or (chosen and scene.name not in chosen):
                    continue
                path = out / _file(scene, width, colours)
                show(page, scene)
                page.screenshot(path=path, full_page=True, timeout=TAKEN_WITHIN_MS)
                taken.append(path)
                print(path)
            context.close()
    return taken


def _file(scene: Scene, width: int, colours: str) -> str:
    return f"{scene.name}-{width}-{colours}.png"


def write_index(out: Path) -> Path:
    """A page to leaf through: one row a scene, only with pictures that are there."""
    rows = []
    for scene in SCENES:
        pictures = [
            f'<a href="{name}"><img src="{name}" alt="{escape(scene.name)}, {width} px, {colours}" loading="lazy"></a>'
            for width in scene.widths_px
            for colours in COLOURS
            if (out / (name := _file(scene, width, colours))).exists()
        ]
        if pictures:
            rows.append(
                f"<h2>{escape(scene.name)} <code>{escape(scene.path)}</code></h2><div>{''.join(pictures)}</div>"
            )
    style = "div{display:flex;gap:1em;align-items:start;overflow:auto}img{max-height:46em;border:1px solid #999}"
    index = out / "index.html"
    index.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Every page</title>"
        f"<style>body{{font-family:sans-serif}}{style}</style><h1>Every page</h1>{''.join(rows)}",
        "utf-8",
    )
    return index


def take_for_readme(browser: Browser, address: str, out: Path) -> list[Path]:
    """The upper part of some pages, in few colours so that the repository stays small."""
    context = browser.new_context(
        base_url=address, viewport={"width": DESK_PX, "height": README_HEIGHT_PX}, locale="de-DE", color_scheme="light"
    )
    page = context.new_page()
    taken = []
    for name, path in README.items():
        show(page, Scene(name, path))
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        file = out / f"{name}.png"
        picture.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
        if (size := file.stat().st_size) > README_MOST_BYTES:
            raise ValueError(f"{file} has {size} bytes, more than {README_MOST_BYTES}")
        taken.append(file)
        print(file, f"{size / 1000:.0f} kB")
    context.close()
    return taken


def main(arguments: list[str] | None = None) -> None:
    """Start the demonstration, take the pictures, stop it."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("scenes", nargs="*", help="only these, by name")
    parser.add_argument("--out", type=Path, default=ROOT / "build/screenshots", help="folder for the pictures")
    parser.add_argument("--home", type=Path, default=ROOT / "build/demo", help="folder of the demonstration to serve")
    parser.add_argument("--readme", action="store_true", help="take the pictures of the README, into docs/pictures")
    given = parser.parse_args(arguments)
    if unknown := set(given.scenes) - {scene.name for scene in SCENES}:
        parser.error(f"no such scenes: {', '.join(sorted(unknown))}")
    with running_site(given.home) as site, sync_playwright() as playwright:
        browser = open_browser(playwright)
        if given.readme:
            take_for_readme(browser, site.address, ROOT / "docs/pictures")
        else:
            given.out.mkdir(parents=True, exist_ok=True)
            take_all(browser, site.address, given.out, given.scenes)
            print(write_index(given.out))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
