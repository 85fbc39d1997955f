"""Draw the pages of a believable desk into docs/images/desk-*.png: make pictures

Does not do: judging them. Look at each one before it is committed.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from datetime import date
from pathlib import Path

import structlog

from desk_browser.browsing import PHONE, WIDE, Somebody, open_browser, serve_desk, sign_in
from desk_browser.season import LEAD, live, read_team
from monitor.model import Role

IMAGES = Path(__file__).parent.parent.parent / "docs" / "images"
MOST = 200_000
"""Bytes of one picture."""
AGES = ("chatterfen-livestreams", date(2026, 11, 3))


def list_pages(season):
    """Name → (address, how much of the page in pixels, what is done before)."""
    change = f"/changes/{season.changes[AGES]}"
    return {
        "inbox": ("/", 900, _choose_first),
        "change": (change, 1000, None),
        "change-sides": (f"{change}?view=sides", 760, None),
        "deciding": (f"{change}#decision", 760, _choose_reason),
        "procedures": ("/procedures", 900, None),
        "procedure": ("/procedures/SOP-011", 900, None),
        "sources": ("/sources", 900, None),
        "source": ("/sources/chatterfen-livestreams", 900, None),
        "text": ("/texts/oso-age-assurance", 760, None),
        "calendar": ("/calendar", 900, None),
        "numbers": ("/numbers", 1240, None),
        "search": ("/search?q=age+check*", 760, None),
    }


def _choose_first(page):
    page.keyboard.press("j")


def _choose_reason(page):
    page.locator("#whole-not-applicable").check(force=True)
    page.locator("#decision").scroll_into_view_if_needed()


def draw(browser, address, token, name, page, size, **facts):
    path, height, prepare = page
    somebody = Somebody(browser, address, token, (size[0], height if size is WIDE else size[1]), **facts)
    somebody.open(path)
    if prepare:
        prepare(somebody.page)
    somebody.page.screenshot(path=IMAGES / f"desk-{name}.png")
    somebody.close()
    if somebody.faults:
        sys.exit(f"{path}: {somebody.faults}")


def main():
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        season = live(Path(folder), read_team())
        token = sign_in(season.config, LEAD, Role.LEAD)
        with open_browser() as browser, serve_desk(season.config) as address:
            pages = list_pages(season)
            for name, page in pages.items():
                draw(browser, address, token, name, page, WIDE)
            for name in ("inbox", "change"):
                draw(browser, address, token, f"{name}-dark", pages[name], WIDE, color_scheme="dark")
                draw(browser, address, token, f"{name}-phone", pages[name], PHONE, device_scale_factor=1.5)
    _report()


def _report():
    sizes = {path.name: path.stat().st_size for path in sorted(IMAGES.glob("desk-*.png"))}
    for name, size in sizes.items():
        sys.stdout.write(f"{size // 1000:4} kB  {name}\n")
    if too_large := [name for name, size in sizes.items() if size > MOST]:
        sys.exit(f"larger than {MOST // 1000} kB: {too_large}. Crop them: list_pages in {__file__}")


if __name__ == "__main__":
    main()
