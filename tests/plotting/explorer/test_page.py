"""The page as a reader uses it in Chromium, against training."""

import math
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from plotting.explorer import SCRIPTS, explore, explore_page
from regression import Dataset, Line, Snapshot, least_squares, noisy_line, train

FOLDER = Path(__file__).parents[3] / "plotting" / "explorer"
MINUS = "\N{MINUS SIGN}"
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
DATA = noisy_line()
SYNTHETIC = (1.0, -2.0, 1.0, 0)
FAR = Dataset(1e8 + DATA.x, DATA.y)
MANY = noisy_line(1000, rng=4)

Open = Callable[..., Any]


@pytest.fixture
def opened(tab: Open, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens the page; nothing may be complained of or fetched."""
    told: list[str] = []

    def open_page(
        data: Dataset = DATA, state: str = "", page_: dict[str, Any] | None = None, **settings: Any
    ) -> Any:
        path = tmp_path / "explore.html"
        given = {"lr": 0.0001, "epochs": 500, "synthetic": SYNTHETIC, **(page_ or {})}
        path.write_text(explore_page(data, **given), encoding="utf-8")
        page = tab(told, **{"viewport": {"width": 1280, "height": 800}, **settings})
        page.goto(path.as_uri() + state)
        if settings.get("java_script_enabled", True):
            page.wait_for_selector("#app:not([hidden])")
        return page

    yield open_page
    itself = (tmp_path / "explore.html").as_uri()
    assert [each for each in told if not each.startswith(itself)] == []


def shown(page: Any) -> Snapshot:
    """Return what the page says in full precision."""
    epoch, weight, bias, cost = page.evaluate(
        "['epoch', 'weight', 'bias', 'cost'].map(id => document.getElementById(id).dataset.value)"
    )
    return Snapshot(int(epoch), float(weight), float(bias), float(cost))


def rate(page: Any) -> float:
    return float(page.locator("#lr").get_attribute("data-value"))


def words(page: Any) -> str:
    return str(page.locator("#sentence").text_content())


def trained(data: Dataset = DATA, epoch: int | None = None, **settings: Any) -> Snapshot:
    snapshots = list(train(data, **{"lr": 0.0001, "epochs": 500, **settings}))
    return snapshots[-1 if epoch is None else epoch - 1]


def assert_same(got: Snapshot, expected: Snapshot, share: float = 1e-9) -> None:
    assert got.epoch == expected.epoch
    assert got[1:] == pytest.approx(expected[1:], rel=share)


def found(pattern: str, text: str) -> tuple[str, ...]:
    """Return the groups of a pattern that is in the text."""
    match = re.search(pattern, text)
    assert match, text
    return match.groups()


def fill(page: Any, field: str, value: object) -> None:
    page.locator(field).fill(str(value))
    page.locator(field).press("Enter")


def standardized(data: Dataset) -> Dataset:
    return Dataset((data.x - data.x.mean()) / data.x.std(), data.y)


SETTINGS: list[tuple[Dataset, dict[str, Any]]] = [
    (DATA, {"lr": 0.0001}),
    (DATA, {"lr": 0.0001, "epoch": 81}),
    (DATA, {"lr": 0.001}),
    (DATA, {"lr": 0.005, "epoch": 3}),
    (DATA, {"lr": 0.0099}),
    (DATA, {"lr": 0.01}),
    (DATA, {"lr": 0.02}),
    (DATA, {"lr": 0.0312}),
    (DATA, {"lr": 0.05}),
    (DATA, {"lr": 3.0}),
    (DATA, {"lr": 0.002, "batch": 7}),
    (DATA, {"lr": 0.02, "batch": 25}),
    (DATA, {"lr": 0.02, "batch": 50, "epochs": 900}),
    (DATA, {"lr": 0.0003, "epochs": 5000}),
    (DATA, {"lr": 0.001, "start": (3, -7.5), "epochs": 40}),
    (DATA, {"lr": 0.1, "standardized": 1}),
    (DATA, {"lr": 0.01, "standardized": 1, "batch": 10, "epoch": 12}),
    (FAR, {"lr": 1e-17, "start": (0, 0)}),
    (FAR, {"lr": 0.01, "standardized": 1}),
    (MANY, {"lr": 0.0001}),
    (MANY, {"lr": 0.001, "batch": 32}),
    (Dataset(np.array([1.0, 3.0]), np.array([2.0, -1.0])), {"lr": 0.02}),
]


# test_maths_random.py asks the same of hundreds of runs, without a page around them.
@pytest.mark.parametrize(
    "setting",
    [
        setting if place % 2 == 0 else pytest.param(setting, marks=pytest.mark.slow)
        for place, setting in enumerate(SETTINGS)
    ],
    ids=lambda setting: str(setting[1]),
)
def test_the_numbers_are_those_of_train(opened: Open, setting: Any) -> None:
    data, given = setting
    settings = {"epochs": 500, "batch": 1, "start": (-1, 1), "standardized": 0, **given}
    start = Line(*map(float, settings["start"]))
    state = {"epoch": settings["epochs"], **settings, "start": f"{start[0]},{start[1]}"}
    page = opened(data, "#" + "&".join(f"{name}={value}" for name, value in state.items()))
    run = list(
        train(
            standardized(data) if settings["standardized"] else data,
            lr=settings["lr"],
            epochs=settings["epochs"],
            batch_size=settings["batch"],
            start=start,
        )
    )
    expected = run[min(settings.get("epoch", settings["epochs"]), len(run)) - 1]
    if not run:
        expected = Snapshot(0, *start, math.nan)
    # Of points on one line, the cost falls to rounding.
    share = 1e-9 if len(data) > 2 else 1e-6
    assert_same(shown(page), expected, share)
    assert rate(page) == settings["lr"]
    overflow = re.search(r"overflows in epoch ([\d,]+)", words(page))
    assert (overflow and int(overflow[1].replace(",", ""))) == (
        len(run) + 1 if len(run) < settings["epochs"] else None
    )


def test_the_sentence_names_what_is_known_of_the_default_run(opened: Open) -> None:
    said = words(opened())
    for part in ("39% above", "73.9% of the distance", "1,295 more epochs", "0.11% above"):
        assert part in said
    assert "limit 0.0099" in said


@pytest.mark.parametrize(
    ("lr", "excess"),
    [
        (0.001, "9.1%"),
        (0.002, "21%"),
        (0.003, "26%"),
        (0.005, "18%"),
        (0.007, "11%|12%"),
        (0.009, "2.9%"),
    ],
)
def test_the_excess_cost_is_that_of_the_run_not_a_rule(
    opened: Open, lr: float, excess: str
) -> None:
    said = words(opened(state=f"#lr={lr}&epochs=2000&epoch=2000"))
    assert re.search(rf"({excess}) above the lowest possible", said)
    assert "converged" in said
    assert "is safe" in said


def test_what_the_sentence_says_of_other_runs(opened: Open) -> None:
    page = opened()
    for state, parts in {
        "lr=0.01": ["1.01 times the safe limit", "diverges from 0.0304|diverges from 0.03037"],
        "lr=0.02": ["3.4 billion times", "more than the start"],
        "lr=0.031": ["It diverges", "3.13 times the safe limit"],
        "lr=0.01&batch=50": ["least-squares line itself", "is safe"],
        "lr=0.035&batch=50": ["It diverges", "from which on training diverges"],
        "lr=0.005&order=shuffled": ["hover around", "another order"],
        "lr=0.025&order=shuffled": ["mean square"],
        "lr=0.001&epoch=0": ["The start, y = .x", "SGD converges to y ="],
    }.items():
        page.evaluate(f"location.hash = '{state}'")
        page.wait_for_function(
            f"() => document.getElementById('lr').dataset.value == {state[3:].split('&')[0]}"
        )
        for part in parts:
            assert re.search(part, words(page)), (state, words(page))


@pytest.mark.parametrize(
    ("lr", "epoch", "batch"),
    [
        (0.0001, 500, 1),
        (0.0003, 20, 1),
        (0.005, 7, 1),
        (0.009, 2, 1),
        (0.01, 100, 50),
        (0.001, 90, 7),
    ],
)
def test_so_many_more_epochs_bring_it_within_a_hundredth(
    opened: Open, lr: float, epoch: int, batch: int
) -> None:
    said = words(opened(state=f"#lr={lr}&epoch={epoch}&batch={batch}"))
    (covered,) = found(r"covered ([\d.]+)% of the distance", said)
    (more,) = found(r"([\d,]+) more epochs? brings? it within 1%", said)
    last = epoch + int(more.replace(",", ""))
    *_, limit = train(DATA, lr=lr, epochs=40 * last, batch_size=batch)
    lines = [each.line for each in train(DATA, lr=lr, epochs=last, batch_size=batch)]
    away = [math.dist(line, limit.line) for line in (Line(-1, 1), *lines)]
    assert 1 - away[epoch] / away[0] == pytest.approx(float(covered) / 100, abs=6e-4)
    assert away[last] <= 0.01 * away[0] * 1.0001
    assert away[last - 1] > 0.01 * away[0] * 0.9999


@pytest.mark.slow
def test_a_shuffled_run_is_like_those_of_train(opened: Open) -> None:
    page = opened(state="#lr=0.005&order=shuffled&epochs=500&epoch=500")
    costs, weights = [], []
    for _ in range(120):
        snapshot = shown(page)
        costs.append(snapshot.cost)
        weights.append(snapshot.weight)
        page.locator("#orders").click()
    assert len(set(costs)) == len(costs)
    run = train(DATA, lr=0.005, epochs=4000, shuffle=np.random.default_rng(2))
    others = np.array([(snapshot.weight, snapshot.cost) for snapshot in run][100:]).T
    for mine, theirs in zip((np.array(weights), np.array(costs)), others):
        assert abs(mine.mean() - theirs.mean()) < 4 * theirs.std() / math.sqrt(len(mine))
    assert np.std(weights) == pytest.approx(others[0].std(), rel=0.3)


def test_the_rate_is_changed_by_slider_field_button_and_panel(opened: Open) -> None:
    page = opened()
    slider = page.locator("#rate")
    for _ in range(20):
        slider.press("ArrowRight")
    moved = rate(page)
    assert 0.00011 < moved < 0.001
    assert_same(shown(page), trained(lr=moved))
    fill(page, "#lr-field", "5e-3")
    assert_same(shown(page), trained(lr=0.005))
    page.locator("#best").click()
    best = rate(page)
    assert (
        shown(page).cost
        <= min(trained(lr=lr).cost for lr in best * np.linspace(0.9, 1.1, 9)) * 1.0001
    )
    box = page.locator("#rates > svg").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    assert rate(page) != best
    assert_same(shown(page), trained(lr=rate(page)))


@pytest.mark.parametrize("lr", [0.005, 0.02, 0.0255])
def test_a_line_however_steep_is_drawn_where_it_is(opened: Open, lr: float) -> None:
    """Where it crosses least squares, whose ends are drawn in full."""
    page = opened()
    fill(page, "#lr-field", f"{lr}")
    ends = [
        np.array(
            re.findall(r"-?[\d.]+", page.locator(f"#points path.{name}").first.get_attribute("d"))
        )
        .astype(float)
        .reshape(2, 2)
        for name in ("fit", "least")
    ]
    (one, to), (start, end) = ends
    share = np.linalg.solve(np.column_stack([to - one, start - end]), start - one)[1]
    least, last = least_squares(DATA), trained(lr=lr).line
    crossing = (least.bias - last.bias) / (last.weight - least.weight)
    low, high = DATA.x.min(), DATA.x.max()
    margin = 0.04 * (high - low)
    shown_at = low - margin + share * (high - low + 2 * margin)
    assert shown_at == pytest.approx(crossing, abs=0.05 * (high - low))
    assert np.abs(ends[0]).max() < 2000


def test_a_wrong_entry_is_named_and_changes_nothing(opened: Open) -> None:
    page = opened()
    fill(page, "#lr-field", "fast")
    assert "Expected a positive number, not 'fast'" in page.locator("#note").text_content()
    assert page.locator("#lr-field").get_attribute("aria-invalid") == "true"
    assert rate(page) == 0.0001
    page.locator("#lr-field").blur()
    assert page.locator("#lr-field").input_value() == "0.0001"


def test_the_epoch_is_changed_by_slider_keys_and_buttons(opened: Open) -> None:
    page = opened()
    slider = page.locator("#epoch-slider")
    slider.press("ArrowLeft")
    assert_same(shown(page), trained(epoch=499))
    slider.press("PageDown")
    assert shown(page).epoch == 474
    slider.press("Home")
    assert shown(page)[:3] == (0, -1.0, 1.0)
    page.locator("#forward").click()
    assert_same(shown(page), trained(epoch=1))
    fill(page, "#epochs", 20)
    assert shown(page).epoch == 1
    slider.press("End")
    assert_same(shown(page), trained(epoch=20))


@pytest.mark.slow
def test_playing_goes_to_the_end_and_can_be_paused(opened: Open) -> None:
    page = opened(reduced_motion="no-preference")
    play = page.locator("#play")
    play.click()
    page.wait_for_function("() => document.getElementById('epoch').dataset.value > 2")
    play.click()
    assert play.text_content() == "Play"
    paused = shown(page)
    assert 2 < paused.epoch < 500
    assert_same(paused, trained(epoch=paused.epoch))
    play.click()
    page.wait_for_function(
        "() => document.getElementById('epoch').dataset.value == 500", timeout=15000
    )
    page.wait_for_function("() => document.getElementById('play').textContent === 'Play'")


def test_playing_moves_little_where_less_motion_is_wanted(opened: Open) -> None:
    page = opened(reduced_motion="reduce", alone=True)
    page.clock.install()
    page.locator("#play").click()
    epochs = []
    for _ in range(80):
        page.clock.run_for(100)
        epochs.append(shown(page).epoch)
    assert epochs[0] == 0
    assert epochs[-1] == 500
    assert 5 < len(set(epochs)) <= 12


def test_batch_order_standardizing_and_noise_are_changed(opened: Open) -> None:
    page = opened()
    fill(page, "#batch", 10)
    assert_same(shown(page), trained(batch_size=10))
    page.locator("#standardized").check()
    assert_same(shown(page), trained(standardized(DATA), batch_size=10))
    page.locator("#standardized").uncheck()
    page.locator("#order").select_option("shuffled")
    assert shown(page) != trained(batch_size=10)
    page.locator("#order").select_option("fixed")
    page.locator("#noise").fill("2.5")
    noisier = Dataset(DATA.x, DATA.x - 2 + 2.5 * (DATA.y - (DATA.x - 2)))
    assert_same(shown(page), trained(noisier, batch_size=10))


def centre(page: Any, handle: str) -> tuple[float, float]:
    box = page.locator(handle).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Any, where: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*where)
    page.mouse.down()
    page.mouse.move(where[0] + by[0] / 2, where[1] + by[1] / 2)
    page.mouse.move(where[0] + by[0], where[1] + by[1])
    page.mouse.up()


def start_of(page: Any) -> Line:
    return Line(
        *(float(page.locator(f"#start-{name}").input_value()) for name in ("weight", "bias"))
    )


def test_the_start_is_dragged_and_moved_by_keys(opened: Open) -> None:
    page = opened()
    drag(page, centre(page, "#start-handle"), (60, 30))
    start = start_of(page)
    assert start.weight > -0.9
    assert start.bias < 0.9
    assert_same(shown(page), trained(start=start))
    page.locator("#start-handle").press("Shift+ArrowLeft")
    assert start_of(page).weight < start.weight
    assert_same(shown(page), trained(start=start_of(page)))
    fill(page, "#start-weight", 2)
    assert start_of(page).weight == 2
    page.locator("#undo").click()
    page.locator("#undo").click()
    assert start_of(page) == start
    page.locator("#undo").click()
    assert_same(shown(page), trained())


def point_of(page: Any) -> tuple[int, float, float]:
    said = page.locator("#point-handle").get_attribute("aria-valuetext").replace(MINUS, "-")
    number, x, y = found(r"point (\d+) of \d+: x (.*), y (.*)", said)
    return int(number), float(x), float(y)


def test_points_are_moved_added_and_deleted_by_keys(opened: Open) -> None:
    page = opened()
    points = page.locator("#point-handle")
    points.press("End")
    points.press("Shift+ArrowDown")
    page.wait_for_function("() => location.hash.includes('moved=49:')")
    y = float(found(r"moved=49:([-\d.]+)", page.url)[0])
    assert y < DATA.y[-1]
    moved = Dataset(DATA.x, np.append(DATA.y[:-1], y))
    assert_same(shown(page), trained(moved))
    points.press("Home")
    points.press("Delete")
    fewer = Dataset(moved.x[1:], moved.y[1:])
    assert_same(shown(page), trained(fewer))
    points.press("Insert")
    page.wait_for_function("() => location.hash.includes('added=')")
    x, y = map(float, found(r"added=([-\d.]+):([-\d.]+)", page.url))
    more = Dataset(np.append(fewer.x, x), np.append(fewer.y, y))
    assert_same(shown(page), trained(more))


def test_points_are_dragged_and_added_by_clicks(opened: Open) -> None:
    page = opened()
    page.locator("#point-handle").press("End")
    drag(page, centre(page, "#point-handle"), (25, 60))  # only up and down
    page.wait_for_function("() => location.hash.includes('moved=49:')")
    y = float(found(r"moved=49:([-\d.]+)", page.url)[0])
    assert_same(shown(page), trained(Dataset(DATA.x, np.append(DATA.y[:-1], y))))
    box = page.locator("#points > svg").bounding_box()
    page.mouse.click(box["x"] + 110, box["y"] + 60)
    assert "of 51" in page.locator("#point-handle").get_attribute("aria-valuetext")
    page.locator("#delete").click()
    assert "of 50" in page.locator("#point-handle").get_attribute("aria-valuetext")


def test_a_finger_drags_a_point_and_scrolls_elsewhere(opened: Open) -> None:
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.locator("#points").scroll_into_view_if_needed()
    page.locator("#point-handle").press("End")
    touch = page.context.new_cdp_session(page)

    def swipe(x: float, y: float, by: float) -> None:
        def send(kind: str, *places: tuple[float, float]) -> None:
            points = [{"x": each[0], "y": each[1]} for each in places]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", (x, y))
        for share in (0.25, 0.5, 0.75, 1.0):
            send("touchMove", (x, y + share * by))
        send("touchEnd")

    before = page.evaluate("scrollY")
    swipe(*centre(page, "#point-handle"), 50)
    page.wait_for_function("() => location.hash.includes('moved=49:')")
    assert page.evaluate("scrollY") == before
    y = float(found(r"moved=49:([-\d.]+)", page.url)[0])
    assert_same(shown(page), trained(Dataset(DATA.x, np.append(DATA.y[:-1], y))))
    sentence = page.locator("#sentence").bounding_box()
    swipe(150, max(sentence["y"], 150) + 40, -120)
    page.wait_for_function(f"() => scrollY > {before}")


def test_two_points_at_different_x_stay(opened: Open) -> None:
    page = opened(Dataset(np.array([1.0, 3.0]), np.array([2.0, -1.0])), page_={"synthetic": None})
    page.locator("#point-handle").press("Delete")
    assert "needs two points" in page.locator("#note").text_content()
    assert point_of(page)[0] == 1


def test_the_line_is_spoiled_and_trained_on(opened: Open) -> None:
    page = opened(state="#lr=0.001&epochs=200&epoch=100")
    drag(page, centre(page, "#line-2"), (0, 70))
    spoiled = shown(page)
    before = trained(lr=0.001, epoch=100)
    assert spoiled.epoch == 100
    assert spoiled.weight < before.weight - 0.3
    page.locator("#epoch-slider").press("End")
    after = trained(lr=0.001, epochs=100, start=Line(*spoiled[1:3]))
    assert_same(shown(page)._replace(epoch=100), after)
    page.locator("#line-1").press("ArrowUp")  # at the end the run goes on
    assert page.locator("#epochs").input_value() == "400"
    page.locator("#undo").click()
    page.locator("#undo").click()
    page.locator("#undo").click()
    assert_same(shown(page), before)


def test_up_to_eight_runs_are_kept(opened: Open) -> None:
    page = opened()
    for k in range(1, 10):
        fill(page, "#lr-field", f"{k}e-4")
        if k <= 8:
            page.locator("#keep").click()
    assert page.locator("#keep").is_disabled()
    runs = page.locator("#kept li")
    assert runs.count() == 8
    cost = float(found(r"0\.0002: cost ([\d.]+)", runs.nth(1).text_content())[0])
    assert cost == pytest.approx(trained(lr=0.0002).cost, rel=1e-3)
    runs.nth(0).get_by_role("button").click()
    assert runs.count() == 7


def test_undo_and_reset(opened: Open) -> None:
    page = opened()
    fill(page, "#lr-field", 0.002)
    fill(page, "#batch", 5)
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    assert_same(shown(page), trained(lr=0.002))
    page.locator("#reset").click()
    assert_same(shown(page), trained())
    page.locator("#undo").click()
    assert rate(page) == 0.002


def test_the_address_holds_the_state(opened: Open) -> None:
    page = opened()
    fill(page, "#lr-field", 0.005)
    page.locator("#standardized").check()
    page.locator("#keep").click()
    page.locator("#noise").fill("2")
    page.locator("#epoch-slider").press("Home")
    page.locator("#forward").click()
    page.locator("#line-0").press("ArrowUp")
    page.wait_for_function("() => location.hash.includes('dragged=1:')")
    url, before = page.url, shown(page)
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector("#app:not([hidden])")
    assert shown(page) == before
    assert page.locator("#kept li").count() == 1
    assert page.locator("#note").text_content().count("Not understood") == 0


def test_what_is_wrong_in_the_address_is_named_and_left_out(opened: Open) -> None:
    page = opened(state="#lr=-1&epoch=3&batch=x&start=1,b&keep=%ZZ&what=<img src=x>&deleted=9")
    note = page.locator("#note").text_content()
    for part in ("lr=-1", "batch=x", "start=1,b", "what="):
        assert part in note
    assert (shown(page).epoch, rate(page)) == (3, 0.0001)


def test_the_three_questions_answer_by_what_happens(opened: Open) -> None:
    page = opened()
    cards = page.locator(".question")
    assert cards.count() == 3
    assert cards.nth(0).get_by_role("button").first.is_disabled()
    cards.nth(0).get_by_label("Higher").check()
    cards.nth(0).get_by_role("button").first.click()
    answer = cards.nth(0).locator("output").text_content()
    assert answer.startswith("Not as predicted: lower.")
    assert f"{trained(lr=0.001).cost:#.4g}" in answer
    page.locator("#undo").click()
    cards.nth(1).get_by_label("Down").check()
    cards.nth(1).get_by_role("button").first.click()
    assert cards.nth(1).locator("output").text_content().startswith("As you predicted.")
    page.locator("#undo").click()
    cards.nth(2).get_by_role("button").last.click()
    a = np.column_stack([DATA.x, np.ones(50)])
    answer = cards.nth(2).locator("output").text_content()
    assert f"from {np.linalg.cond(a) ** 2:.3g} to 1" in answer
    assert page.locator("#standardized").is_checked()
    page.locator("#undo").click()
    assert_same(shown(page), trained())


def test_standardized_points_are_asked_what_they_would_be_otherwise(opened: Open) -> None:
    page = opened(page_={"lr": 0.01, "standardize": True})
    card = page.locator(".question").nth(2)
    assert "if x is not standardized?" in card.text_content()
    card.get_by_label("longer and narrower").check()
    card.get_by_role("button").first.click()
    condition = np.linalg.cond(np.column_stack([DATA.x, np.ones(50)])) ** 2
    answer = card.locator("output").text_content()
    assert answer.startswith("As you predicted. ")
    assert f"from 1 to {condition:.3g}" in answer
    assert not page.locator("#standardized").is_checked()


@pytest.mark.parametrize(
    ("data", "state"),
    [
        (DATA, "#lr=0.031"),
        (DATA, "#lr=0.05"),
        (DATA, "#lr=1e100"),
        (DATA, "#lr=1e-12"),
        (DATA, "#lr=0.025&order=shuffled"),
        (noisy_line(noise=0), "#lr=0.005"),
        (noisy_line(noise=0), "#lr=0.05"),
        (FAR, "#lr=1e-15"),
        (Dataset(DATA.x * 1e120, DATA.y), "#lr=1e-244"),
        (Dataset(DATA.x * 1e-120, DATA.y * 1e-110), "#lr=0.1"),
        (Dataset(np.array([0.0, 1e-3]), np.array([5.0, 5.0])), "#lr=0.1&batch=2"),
    ],
    ids=str,
)  # fmt: skip
def test_no_panel_is_ever_empty(opened: Open, data: Dataset, state: str) -> None:
    page = opened(data, state, {"synthetic": None})
    for panel in ("points", "plane", "costs", "rates"):
        markup = page.locator(f"#{panel} > svg").inner_html()
        assert "NaN" not in markup
        assert "undefined" not in markup
        assert "Infinity" not in markup
        # Something is drawn inside the axes, beyond them.
        assert re.search(r"<g clip-path=[^>]*><(path|rect|circle)", markup)
        assert len(page.locator(f"#{panel} > svg text").all()) > 4
    assert words(page).strip()
    for _ in range(3):
        page.locator("#rate").press("ArrowRight")
    page.locator("#zoom").evaluate("button => button.click()")


def test_a_thousand_points_are_taken_of_more(opened: Open) -> None:
    data = noisy_line(2500, rng=1)
    page = opened(data, page_={"synthetic": None})
    assert "1,000 of the 2,500 points" in page.locator("#note").text_content()
    chosen = np.linspace(0, 2499, 1000).round().astype(int)
    assert_same(shown(page), trained(Dataset(data.x[chosen], data.y[chosen])))


def test_more_epochs_than_the_page_follows_are_named(opened: Open) -> None:
    page = opened(page_={"epochs": 10**6})
    assert "the first 100,000 epochs" in page.locator("#note").text_content()
    assert_same(shown(page), trained(epochs=100_000))


def still(colour: tuple[int, int, int] = (30, 60, 200)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (320, 180), colour).save(buffer, "png")
    return buffer.getvalue()


def test_without_a_script_the_still_and_a_sentence_are_seen(opened: Open) -> None:
    page = opened(page_={"still_png": still()}, java_script_enabled=False)
    image = page.locator("#still img")
    assert image.bounding_box()["width"] == 320
    least = least_squares(DATA)
    assert f"W = {least.weight:.4g}" in page.locator("#still").text_content()
    assert not page.locator("#app").is_visible()
    page = opened(page_={"still_png": still()})
    assert page.locator("#still").count() == 0


def test_a_policy_that_blocks_scripts_leaves_the_still(tab: Open, tmp_path: Path) -> None:
    html = explore_page(DATA, lr=0.0001, epochs=500, still_png=still())
    blocked = re.sub(r"script-src [^;]*;", "script-src 'none';", html)
    assert blocked != html
    path = tmp_path / "blocked.html"
    path.write_text(blocked, encoding="utf-8")
    page = tab()
    page.goto(path.as_uri())
    assert page.locator("#still img").is_visible()
    assert "JavaScript" in page.locator("#still").text_content()


def test_two_pages_in_one_notebook_do_not_disturb_each_other(tab: Open, tmp_path: Path) -> None:
    frames = [explore(DATA)._repr_html_(), explore(DATA, lr=0.005, epochs=40)._repr_html_()]
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><title>n</title>{''.join(frames)}", encoding="utf-8")
    told: list[str] = []
    page = tab(told, ("console", "pageerror"))
    page.goto(path.as_uri())
    first, second = (page.frame_locator("iframe").nth(k) for k in (0, 1))
    first.locator("#lr-field").fill("0.002")
    first.locator("#lr-field").press("Enter")
    assert first.locator("#lr").get_attribute("data-value") == "0.002"
    page.wait_for_timeout(500)  # the address would have been written by now
    assert second.locator("#lr").get_attribute("data-value") == "0.005"
    cost = float(second.locator("#cost").get_attribute("data-value"))
    assert cost == pytest.approx(trained(lr=0.005, epochs=40).cost, rel=1e-12)
    assert told == []


SCREENS = [
    {"viewport": {"width": 1280, "height": 800}},
    {"viewport": {"width": 640, "height": 400}},  # 200 % of that
    {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    {"viewport": {"width": 320, "height": 640}},
]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: str(screen["viewport"]["width"]))
def test_nothing_is_cut_and_no_text_is_small(opened: Open, screen: dict[str, Any]) -> None:
    page = opened(**screen)
    width = screen["viewport"]["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.textContent.trim())"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 12
    if width <= 390:
        places = {
            name: page.locator(f"#{name}").bounding_box()["y"]
            for name in ("rate", "sentence", "epoch-slider", "batch")
        }
        assert places["rate"] == min(places.values())
        assert places["rate"] < 420
        page.mouse.wheel(0, 1200)
        page.wait_for_function("() => scrollY > 500")
        assert page.locator("#rate").bounding_box()["y"] < 60
    # Every label lies inside its picture.
    outside = page.evaluate(
        """[...document.querySelectorAll('.panel > svg text')].filter(label => {
          const box = label.getBoundingClientRect();
          const svg = label.closest('svg').getBoundingClientRect();
          return box.left < svg.left - 1 || box.right > svg.right + 1 || box.top < svg.top - 2;
        }).map(label => label.textContent)"""
    )
    assert outside == []


def background(page: Any) -> int:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


def test_light_and_dark(opened: Open) -> None:
    assert background(opened()) > 700
    assert background(opened(page_={"theme": "dark"})) < 120
    assert background(opened(page_={"theme": "auto"}, color_scheme="dark")) < 120
    page = opened(page_={"theme": "auto"}, color_scheme="light")
    assert background(page) > 700
    page = opened(page_={"theme": "dark"}, alone=True)
    page.emulate_media(media="print")
    assert background(page) > 700
    assert not page.locator("#settings").is_visible()
    assert page.locator("#plane > svg").is_visible()


def test_a_reader_of_the_screen_hears_the_sentence_once_it_rests(opened: Open) -> None:
    page = opened()
    page.locator("#best").click()
    page.wait_for_function(
        "() => document.getElementById('status').textContent.includes('converge')"
    )
    assert page.locator("#status").get_attribute("role") == "status"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "state", ["", "#lr=0.05&keep=lr%3D0.001", "#lr=0.01&zoom=1&order=shuffled"]
)
def test_axe_finds_nothing(opened: Open, theme: str, state: str) -> None:
    if not AXE.exists():
        pytest.skip("needs axe-core: npm install axe-core, or its path in AXE_CORE")
    page = opened(state=state, page_={"theme": theme}, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


def test_a_change_is_shown_at_once(opened: Open) -> None:
    for data, limit in ((DATA, 100.0), (MANY, 300.0)):  # in the middle, beside other tests
        page = opened(data)
        spent = page.evaluate(
            """() => {
              const slider = document.getElementById('rate');
              const times = [];
              for (let k = 300; k < 340; k++) {
                const before = performance.now();
                slider.value = k;
                slider.dispatchEvent(new Event('input'));
                times.push(performance.now() - before);
              }
              return times.sort((a, b) => a - b)[20];
            }"""
        )
        assert spent < limit


def test_the_page_is_small() -> None:
    assert len(explore_page(DATA, lr=0.0001, epochs=500, synthetic=SYNTHETIC).encode()) < 55_000
    assert len(explore_page(MANY, lr=0.0001, epochs=500).encode()) < 76_000


def test_names_from_the_data_stay_text(opened: Open) -> None:
    nasty = "</script><img src=x onerror=alert(1)>{{packed}}&amp;"
    page = opened(Dataset(DATA.x, DATA.y, nasty, nasty), page_={"title": nasty})
    assert page.locator("h1").text_content() == nasty
    assert page.title() == nasty
    assert nasty in page.locator("#points > svg").text_content()


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"lr": -1.0}, "lr|positive"),
        ({"lr": math.nan}, "lr|positive"),
        ({"epochs": 0}, "epochs"),
        ({"batch_size": 0}, "batch"),
        ({"theme": "blue"}, "light, dark, auto"),
    ],
)
def test_a_wrong_setting_is_refused(settings: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        explore_page(DATA, **{"lr": 0.0001, "epochs": 500, **settings})


@pytest.mark.parametrize("name", [*SCRIPTS, "loader.js"])
def test_the_scripts_are_well_formed(name: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    checked = subprocess.run(
        [node, "--check", FOLDER / name], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_the_scripts_are_formatted() -> None:
    prettier = os.environ.get("PRETTIER") or shutil.which("prettier")
    if prettier is None:
        pytest.skip("needs prettier: npm install prettier, or its path in PRETTIER")
    files = [FOLDER / name for name in (*SCRIPTS, "loader.js")]
    options = ["--print-width", "100", "--no-config"]
    checked = subprocess.run(
        [prettier, "--check", *options, *files], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
