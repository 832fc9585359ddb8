"""Chromium, started once, and pages that tests use one after the other."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

EVENTS: dict[str, Callable[[Any], str]] = {
    "console": lambda message: message.text,
    "pageerror": str,
    "dialog": lambda dialog: dialog.message,
    "request": lambda request: request.url,
}
"""What a page may complain of or fetch, and how it is told."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs pip install playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def spare_pages() -> dict[str, list[Any]]:
    """Return the pages that nobody uses, by their settings."""
    return {}


@pytest.fixture
def tab(browser: Any, spare_pages: dict[str, list[Any]]) -> Iterator[Callable[..., Any]]:
    """Return a function that returns an empty page with settings of a browser's context.

    It may be one that an earlier test had, which takes a quarter of the time of a new one. A page
    whose clock, media or scripts a test changes is asked for `alone`. The events named, or all,
    are appended to `told`.
    """
    lent: list[tuple[Any, str, list[tuple[str, Any]]]] = []

    def open_tab(
        told: list[str] | None = None,
        events: Iterable[str] = EVENTS,
        alone: bool = False,
        **settings: Any,
    ) -> Any:
        settings = {"viewport": {"width": 1280, "height": 720}, **settings}
        key = "" if alone else repr(sorted(settings.items()))
        spare = spare_pages.setdefault(key, [])
        page = spare.pop() if spare else browser.new_context(**settings).new_page()
        page.set_viewport_size(settings["viewport"])
        heard = [] if told is None else told
        listeners = [
            (event, lambda what, said=EVENTS[event]: heard.append(said(what))) for event in events
        ]
        for listener in listeners:
            page.on(*listener)
        lent.append((page, key, listeners))
        return page

    yield open_tab
    for page, key, listeners in lent:
        if not key:
            page.context.close()
            continue
        for listener in listeners:
            page.remove_listener(*listener)
        page.goto("about:blank")
        page.mouse.move(0, 0)
        spare_pages[key].append(page)
