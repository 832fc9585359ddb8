"""The page as a browser plays it, against the frames it was made of."""

import re
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from plotting import movie
from plotting.page import FRAMES_A_CHUNK, PageText
from plotting.palette import Pixels

sync_api = pytest.importorskip("playwright.sync_api", reason="needs pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NASTY = "</script><img src=x onerror=alert(1)>{{movie}}&amp;"

Open = Callable[..., Any]


def squares(count: int = 70, alpha: int = 255) -> list[Pixels]:
    """Return frames of a red square that moves over a grey ramp."""
    ramp = np.linspace(100, 200, 60).astype(np.uint8)
    frames = []
    for place in range(count):
        frame = np.repeat(np.tile(ramp, (40, 1))[..., None], 4, axis=2)
        frame[..., 3] = alpha
        frame[place % 30 : place % 30 + 8, place % 50 : place % 50 + 8] = (200, 30, 60, 255)
        frames.append(frame)
    return frames


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens an animation; nothing may be complained of or fetched."""
    told: list[str] = []

    def open_page(frames: list[Pixels], text: PageText, loop: int = 0, **settings: Any) -> Any:
        path = tmp_path / "run.html"
        movie.save(path, frames, [100] * len(frames), text=lambda: text, loop=loop)
        page = browser.new_page(**{"reduced_motion": "reduce", **settings})
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: told.append(dialog.message))
        page.on("request", lambda request: told.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_function("shown >= 0")
        assert told.pop(0) == path.as_uri()
        return page

    yield open_page
    assert told == []


def captions(count: int) -> list[dict[str, str]]:
    return [{"Epoch": f"{number + 1}", "W": f"{number / 8}"} for number in range(count)]


def seek(page: Any, frame: int) -> Pixels:
    """Return the picture after moving the slider, as RGBA."""
    slider = page.locator("input")
    slider.fill(str(frame))
    page.wait_for_function(f"shown === {frame}")
    data = page.evaluate("canvas.toDataURL()").partition(",")[2]
    with Image.open(BytesIO(b64decode(data))) as image:
        return np.asarray(image.convert("RGBA"))


def test_the_slider_reaches_every_frame_from_every_other(opened: Open) -> None:
    frames = squares()
    page = opened(frames, PageText(captions=captions(len(frames))))
    assert len(frames) > 2 * FRAMES_A_CHUNK
    for frame in (69, 0, 31, 32, 33, 5, 64, 63, 68):
        np.testing.assert_array_equal(seek(page, frame), frames[frame])
        assert page.locator("dd").all_text_contents() == [f"{frame + 1}", f"{frame / 8}"]


def test_a_transparent_picture_is_cleared_between_frames(opened: Open) -> None:
    frames = squares(5, alpha=0)
    page = opened(frames, PageText())
    for number in (1, 4, 2):
        got = seek(page, number)
        there = frames[number][..., 3] == 255
        np.testing.assert_array_equal(got[there], frames[number][there])
        assert (got[~there][..., 3] == 0).all()


def test_keys_and_button_play_pause_and_step(opened: Open) -> None:
    page = opened(squares(), PageText(captions=captions(70)))
    button, press = page.get_by_role("button"), page.keyboard.press
    for key, frame in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 69)]:
        press(key)
        page.wait_for_function(f"shown === {frame}")
    press("Home")
    page.wait_for_function("shown === 0")
    press(" ")
    assert button.text_content() == "Pause"
    page.wait_for_function("shown >= 3")
    press(" ")
    assert button.text_content() == "Play"
    stopped = page.evaluate("wanted")
    page.wait_for_timeout(300)
    assert page.evaluate("wanted") == stopped
    button.click()
    page.wait_for_function(f"shown > {stopped}")
    press("Tab")  # onto the slider, where an arrow key must not count twice
    press(" ")
    before = page.evaluate("wanted")
    press("ArrowRight")
    page.wait_for_function(f"shown === {before + 1}")


def test_it_plays_by_itself_as_often_as_asked(opened: Open) -> None:
    page = opened(squares(3), PageText(), loop=2, reduced_motion="no-preference")
    page.wait_for_function("plays === 2 && !playing")
    assert page.evaluate("shown") == 2
    page.get_by_role("button").click()
    page.wait_for_function("playing && wanted < 2")


def test_numbers_can_be_selected_while_others_change(opened: Open) -> None:
    page = opened(squares(4), PageText(captions=[{"Epoch": str(n), "W": "8.5"} for n in range(4)]))
    page.evaluate("getSelection().selectAllChildren(list.children[3])")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("shown === 1")
    assert page.evaluate("getSelection().toString()") == "8.5"


def test_all_text_is_shown_as_it_is(opened: Open) -> None:
    text = PageText(NASTY, NASTY, [{NASTY: NASTY}] * 2, [NASTY, "second"])
    page = opened(squares(2), text)
    assert page.title() == NASTY
    assert page.locator("h1").text_content() == NASTY
    assert page.locator("canvas").get_attribute("aria-label") == NASTY
    assert page.locator("dt").text_content() == page.locator("dd").text_content() == NASTY
    assert page.locator("pre").text_content() == f"{NASTY}\nsecond"
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_reaches_beyond_a_phone_and_all_can_be_touched(opened: Open, width: int) -> None:
    notes = ["least squares    W = 1.116      b = -2.451     cost = 35.67 and more of it" * 2]
    page = opened(
        squares(2),
        PageText("Long" * 50, captions=captions(2), notes=notes),
        viewport={"width": width, "height": 700},
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in page.locator("button, input").all():
        assert part.bounding_box()["height"] >= 44


def test_it_is_dark_where_the_system_is_but_keeps_what_is_red(opened: Open) -> None:
    pages = {
        scheme: opened(
            [np.full((40, 60, 4), 255, np.uint8), *squares(1)], PageText(), color_scheme=scheme
        )
        for scheme in ("light", "dark")
    }
    corner = {}
    for scheme, page in pages.items():
        with Image.open(BytesIO(page.screenshot())) as image:
            pixels = np.asarray(image.convert("RGB")).astype(int)
        corner[scheme] = pixels[-1, -1].mean(), pixels[120:200, 100:200].mean()
    assert min(corner["light"]) > 250
    assert max(corner["dark"]) < 30


def test_the_page_names_no_other_place(tmp_path: Path) -> None:
    movie.save(tmp_path / "a.html", squares(3), [100] * 3)
    text = (tmp_path / "a.html").read_text("utf-8")
    assert not re.search(r"https?:|src=|href=|url\(|@import|fetch\(", text)
