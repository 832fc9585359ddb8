"""Chromium, started once, and its tabs, which tests use one after the other."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import partial
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


class Tab:
    """A page with settings of a browser's context, and where what it says is put down."""

    def __init__(self, browser: Any, settings: dict[str, Any]) -> None:
        self.page = browser.new_context(**settings).new_page()
        self.told: list[str] = []
        self.events: Iterable[str] = ()
        for event, said in EVENTS.items():
            self.page.on(event, partial(self._hear, event, said))

    def _hear(self, event: str, said: Callable[[Any], str], what: Any) -> None:
        if event in self.events:
            self.told.append(said(what))

    def empty(self) -> None:
        """Leave what it shows, and listen to nothing."""
        self.events = ()
        self.page.goto("about:blank")
        self.page.mouse.move(0, 0)


@pytest.fixture(scope="session")
def tabs() -> dict[str, Tab]:
    """Return the tabs of all tests, by their settings."""
    return {}


@pytest.fixture
def tab(browser: Any, tabs: dict[str, Tab]) -> Iterator[Callable[..., Any]]:
    """Return a function that returns an empty page with settings of a browser's context.

    There is one page with the same settings, which takes a quarter of the time of a new one. A
    page whose clock, media or scripts a test changes is asked for `alone`. What it says by the
    events named, or by all, is appended to `told`.
    """
    used: list[Tab] = []
    alone_ones: list[Tab] = []

    def open_tab(
        told: list[str] | None = None,
        events: Iterable[str] = EVENTS,
        alone: bool = False,
        **settings: Any,
    ) -> Any:
        settings = {"viewport": {"width": 1280, "height": 720}, **settings}
        if alone:
            opened = Tab(browser, settings)
            alone_ones.append(opened)
        else:
            key = repr(sorted(settings.items()))
            opened = tabs[key] = tabs.get(key) or Tab(browser, settings)
            if opened in used:
                opened.empty()
            used.append(opened)
            opened.page.set_viewport_size(settings["viewport"])
        if told is not None:
            opened.told, opened.events = told, events
        return opened.page

    yield open_tab
    for each in set(used):
        each.empty()
    for each in alone_ones:
        each.page.context.close()
