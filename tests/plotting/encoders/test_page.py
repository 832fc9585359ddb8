"""The page as a browser plays it, against the frames it was made of."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from plotting import encoders
from plotting.encoders import Film, PageText
from plotting.encoders.page import FRAMES_A_CHUNK
from plotting.encoders.palette import Pixels
from tests.helpers_encoders import soft_frames

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


@pytest.fixture
def opened(tab: Open, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens an animation; nothing may be complained of or fetched."""
    told: list[str] = []

    def open_page(
        frames: list[Pixels],
        text: PageText,
        *,
        loop: int = 0,
        before: str = "",
        policy: str = "",
        fragment: str = "",
        frame_ms: int = 100,
        scale: float = 1.0,
        **settings: Any,
    ) -> Any:
        path = tmp_path / "run.html"
        film = Film(frames, [frame_ms] * len(frames), loop, lambda: text, scale=scale)
        encoders.save(path, film)
        if policy:
            meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            path.write_text(
                path.read_text("utf-8").replace("<style>", meta + "<style>", 1), "utf-8"
            )
        events = ("console", "pageerror", "dialog", "request")[bool(policy) :]
        page = tab(told, events, **{"reduced_motion": "reduce", **settings})
        if before:
            page.add_init_script(before)
        page.goto(path.as_uri() + fragment)
        if settings.get("java_script_enabled", True) and not (before or policy):
            page.wait_for_function("shown >= 0")
        told[:] = [what for what in told if not what.startswith("data:image/webp;")]
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


def test_of_large_frames_a_chunk_has_few(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = squares(8)
    for pixels, in_a_chunk in ((60 * 40 * 3 + 7, 3), (100, 1)):
        monkeypatch.setattr("plotting.encoders.page.CHUNK_PIXELS", pixels)
        page = opened(frames, PageText())
        assert page.evaluate("movie.chunks.length") == -(-8 // in_a_chunk)
        for frame in (7, 0, 4, 3, 2):
            np.testing.assert_array_equal(seek(page, frame), frames[frame])


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
    page.evaluate("getSelection().selectAllChildren(list.children[1].children[1])")
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
    assert page.locator(".notes p").all_text_contents() == [NASTY, "second"]
    assert page.locator("img").count() == 0


SCRIPTS_OFF: list[dict[str, Any]] = [
    {"java_script_enabled": False},
    {"policy": "script-src 'none'"},
    {"policy": "script-src 'none'; style-src 'none'"},
]


@pytest.mark.parametrize("alpha", [255, 0])
@pytest.mark.parametrize("off", SCRIPTS_OFF)
def test_without_scripts_the_last_frame_and_its_numbers_are_seen(
    opened: Open, alpha: int, off: dict[str, Any]
) -> None:
    frames = squares(3, alpha)
    text = PageText(NASTY, NASTY, [*captions(2), {NASTY: NASTY}], [NASTY])
    page = opened(frames, text, **off)
    image = page.locator("img")
    assert image.get_attribute("alt") == NASTY
    assert image.is_visible()
    assert page.get_by_text("Where scripts are allowed").is_visible()
    for part in page.locator("canvas, button, input, select, .keys").all():
        assert not part.is_visible()
    assert page.locator("dt").text_content() == page.locator("dd").text_content() == NASTY
    with Image.open(BytesIO(b64decode(image.get_attribute("src").partition(",")[2]))) as still:
        got = np.asarray(still.convert("RGBA")).astype(int)
    assert (got[..., 3] == frames[-1][..., 3]).all()
    there = got[..., 3] == 255
    assert np.abs(got - frames[-1])[there].max() <= 2  # in fewer colours


def test_a_browser_too_old_to_play_gets_the_last_frame(opened: Open) -> None:
    page = opened(
        squares(3), PageText(), before="delete globalThis.DecompressionStream", alone=True
    )
    assert page.locator("img").evaluate("image => image.naturalWidth") == 60
    assert "2023" in page.locator("figure .still p").text_content()
    for part in page.locator("canvas, button, input, select").all():
        assert not part.is_visible()


def test_soft_edges_stay_soft(opened: Open) -> None:
    frames = soft_frames(40)
    page = opened(frames, PageText())
    for number in (0, 39, 33, 5):
        got = seek(page, number)
        np.testing.assert_array_equal(got[..., 3], frames[number][..., 3])
        there = got[..., 3] > 128  # with less, a canvas keeps few bits of a colour
        np.testing.assert_allclose(got[there].astype(int), frames[number][there], atol=2)


def test_one_pixel_is_one_of_the_screen_and_at_twice_the_scale_half(opened: Open) -> None:
    for scale, width in ((1.0, 60), (2.0, 30), (0.5, 120)):
        page = opened(squares(2), PageText(), scale=scale)
        assert page.locator("canvas").bounding_box()["width"] == width
        off = opened(squares(2), PageText(), scale=scale, java_script_enabled=False)
        assert off.locator("img").bounding_box()["width"] == width


def test_an_epoch_in_the_address_is_shown(opened: Open) -> None:
    text = PageText(captions=[{"Epoch": str(10 * n + 1), "Cost": f"{n}"} for n in range(40)])
    page = opened(squares(40), text, fragment="#epoch=350", reduced_motion="no-preference")
    page.wait_for_function("shown === 34 && !playing")
    for wanted, shown in ((1, 0), (351, 35), (9999, 39), (0, 0), (21, 2)):
        page.evaluate(f"location.hash = '#epoch={wanted}'")
        page.wait_for_function(f"shown === {shown} && !playing")
    assert opened(squares(2), PageText(), fragment="#epoch=5").evaluate("shown") == 0


def test_the_slider_says_the_epoch_and_the_costs(opened: Open) -> None:
    first = {"Epoch": "1", "W": "2", "b": "3", "Cost at rate 0.1": "5", "Cost at rate 0.2": "6"}
    page = opened(squares(3), PageText(captions=[first] * 3))
    slider = page.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == (
        "Epoch 1, Cost at rate 0.1 5, Cost at rate 0.2 6"
    )
    assert opened(squares(3), PageText()).get_by_role("slider").get_attribute("aria-valuetext") == (
        "1"
    )


@pytest.mark.slow
def test_the_speed_can_be_chosen_and_is_kept_on_average(opened: Open) -> None:
    page = opened(squares(70), PageText(), frame_ms=20, reduced_motion="no-preference")
    page.evaluate(
        "() => { window.seen = []; const old = write; write = frame => "
        "{ seen.push(performance.now()); old(frame); }; }"
    )
    for speed, frame_ms in (("1", 20), (".5", 40)):
        page.get_by_label("Speed").select_option(speed)
        page.evaluate("() => { seen.length = 0 }")
        page.wait_for_function("seen.length > 60")
        mean_ms = page.evaluate("(seen.at(-1) - seen[0]) / (seen.length - 1)")
        assert mean_ms == pytest.approx(frame_ms, rel=0.1)


def test_keys_with_shift_and_those_of_the_speed_are_left_alone(opened: Open) -> None:
    page = opened(squares(5), PageText())
    page.keyboard.press("Shift+ArrowRight")
    page.get_by_label("Speed").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    assert page.evaluate("wanted") == 0


def test_printed_it_is_dark_on_white_without_what_cannot_be_pressed(opened: Open) -> None:
    page = opened(squares(3), PageText("T", notes=["a note"]), color_scheme="dark", alone=True)
    page.emulate_media(media="print")
    assert not page.locator("form").is_visible()
    assert not page.locator(".keys").is_visible()
    assert page.locator("canvas").is_visible()
    assert page.locator("canvas").evaluate("part => getComputedStyle(part).filter") == "none"
    assert page.locator("body").evaluate("part => getComputedStyle(part).backgroundColor") == (
        "rgb(255, 255, 255)"
    )


def test_the_heading_is_seen_where_the_title_in_the_picture_is_too_small(opened: Open) -> None:
    for titled in (False, True):
        page = opened(squares(2), PageText("Mine", titled=titled))
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 700})
            height = page.get_by_role("heading", name="Mine").bounding_box()["height"]
            assert height == pytest.approx(1 if titled and width == 1280 else 26)


def test_keys_are_told_of_where_there_is_a_keyboard(opened: Open) -> None:
    for mobile in (False, True):
        page = opened(squares(2), PageText(), is_mobile=mobile, has_touch=mobile)
        assert page.get_by_text("arrow keys").is_visible() is not mobile


RATES = [{"Epoch": "500", **{f"Cost at rate 0.000{n}1": "1.2028287e+11" for n in range(9)}}] * 2


def test_numbers_are_whole_and_beside_the_picture_where_there_is_room(opened: Open) -> None:
    frames = [np.full((540, 960, 4), 255, np.uint8)] * 2
    page = opened(frames, PageText(captions=RATES))
    for width in (1920, 1280, 1024, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture = page.locator("canvas").bounding_box()
        for value in page.locator("dd").all():
            box = value.bounding_box()
            assert box["height"] < 30  # one line
            assert value.evaluate("e => e.scrollWidth <= e.clientWidth")
            assert (box["x"] > picture["x"] + picture["width"]) is (width >= 1280)
            assert box["x"] + box["width"] <= width


def test_a_note_breaks_between_its_parts(opened: Open) -> None:
    note = "SGD converges to W = 1.123      b = -2.465     cost = 35.71 (+0.1079 %)"
    page = opened(squares(2), PageText(notes=[note]))
    for width in range(300, 420, 10):
        page.set_viewport_size({"width": width, "height": 500})
        lines = page.locator(".notes p").inner_text()
        assert lines.replace("\N{NO-BREAK SPACE}", " ").split() == note.split()
        tops = page.evaluate(TOPS, ["W = 1.123", "b = -2.465", "cost = 35.71", "(+0.1079 %)"])
        assert tops == [1] * 4


TOPS = """parts => parts.map(part => {
  const node = document.querySelector(".notes p").firstChild, range = document.createRange();
  const start = node.data.replaceAll("\u00a0", " ").indexOf(part);
  range.setStart(node, start);
  range.setEnd(node, start + part.length);
  return new Set([...range.getClientRects()].map(box => box.top)).size;
})"""
"""On how many lines each part of the first note stands."""


def test_nothing_reaches_beyond_a_phone_and_all_can_be_touched(opened: Open) -> None:
    notes = ["least squares    W = 1.116      b = -2.451     cost = 35.67 and more of it" * 2]
    page = opened(squares(2), PageText("Long" * 50, captions=captions(2), notes=notes))
    for width in (320, 390, 1200):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for part in page.locator("button, input, select").all():
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
    encoders.save(tmp_path / "a.html", Film(squares(3), [100] * 3))
    text = (tmp_path / "a.html").read_text("utf-8")
    assert not re.search(r"https?:|src=(?!\"data:)|href=|url\(|@import|fetch\(", text)
