"""The whole story, read from its pixels and artists."""

import re
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from plotting.encoders.delta import Whole
from plotting.encoders.palette import choose_palette, lookup_in
from plotting.frames import Frames
from plotting.theme import THEMES
from plotting.views.base import Style, box_of, whole_of
from plotting.views.notes import larger_rate
from plotting.views.readout import Readout
from plotting.views.story import DESIGNS, MAX_CORNERS, StoryView, path_of
from regression import (
    Dataset,
    History,
    Line,
    Run,
    drawn,
    finish,
    noisy_line,
    train,
)
from tests.plotting.helpers import (
    DATA,
    axes_of,
    labelled,
    pixels_of,
    run_of,
    said,
    texts_of,
    values,
)


@cache
def story(lr: float = 1e-3, epochs: int = 500) -> tuple[StoryView, Run, History]:
    run = finish(train(DATA, lr=lr, epochs=epochs))
    history = drawn(run.history, 40)
    return StoryView(DATA, run, history), run, history


def of_case(case: str) -> StoryView:
    data, run = run_of(case)
    return StoryView(data, run, drawn(run.history, 40))


def marked(view: StoryView, label: str) -> Line:
    """Return where in the plane the marker of this label is."""
    (weight,), (bias,) = values(labelled(view.figure, label, "plane"))
    return Line(weight, bias)


def static_texts(view: StoryView) -> set[str]:
    return {text for text, _ in texts_of(view.figure)}


def test_the_line_is_where_w_and_b_put_it() -> None:
    view, _, history = story()
    x, y = pixels_of(Frames(view)[4], view.theme.line)
    axes = axes_of(view.figure, "fit")
    x, y = axes.transData.inverted().transform(np.c_[x, y]).T
    inside = (x > 0) & (x < 10) & (y < axes.get_ylim()[1]) & (y > axes.get_ylim()[0])
    assert inside.sum() > 150
    error = history["weight"][4] * x[inside] + history["bias"][4] - y[inside]
    assert np.abs(error).max() < 2.5 / axes.transData.get_matrix()[1, 1]


@pytest.mark.parametrize("index", [0, 5, -1])
def test_each_point_has_a_bar_as_long_as_its_error_within_the_axes(index: int) -> None:
    view, _, history = story()
    _ = Frames(view)[index]
    x, y = values(labelled(view.figure, "error"))
    low, high = axes_of(view.figure, "fit").get_ylim()
    np.testing.assert_array_equal(x[::3], DATA.x)
    np.testing.assert_array_equal(y[::3], DATA.y)
    on_line = history["weight"][index] * DATA.x + history["bias"][index]
    np.testing.assert_allclose(y[1::3], np.clip(on_line, low, high))
    assert "error" in said(view)


@pytest.mark.parametrize("index", [0, 4, -1])
def test_the_path_ends_in_a_dot_at_w_and_b(index: int) -> None:
    view, _, history = story()
    x, y = pixels_of(Frames(view)[index], view.theme.line)
    place = (history["weight"][index], history["bias"][index])
    at_x, at_y = axes_of(view.figure, "plane").transData.transform(place)
    assert (np.hypot(x - at_x, y - at_y) < 2).sum() > 4


def test_path_and_curve_go_through_every_epoch_so_far_and_no_further() -> None:
    view, run, history = story()
    _ = Frames(view)[-2]
    x, y = values(labelled(view.figure, "path", "plane"))
    last = int(history["epoch"][-2])
    assert (x[0], y[0]) == run.settings.start
    assert (x[-1], y[-1]) == (history["weight"][-2], history["bias"][-2])
    to_pixels = axes_of(view.figure, "plane").transData.transform
    corners = to_pixels(np.column_stack([x, y]))
    so_far = run.history[: last + 1]
    for place in to_pixels(np.column_stack([so_far["weight"], so_far["bias"]])):
        assert np.hypot(*(corners - place).T).min() < 1
    epochs, height = values(labelled(view.figure, "cost", "cost"))
    assert 10 ** epochs[-1] == pytest.approx(last)
    assert 10 ** height[0] == pytest.approx(run.history["cost"][0])
    assert 10 ** height[-1] == pytest.approx(history["cost"][-2])


def test_star_and_cross_are_where_they_belong() -> None:
    view, _, _ = story()
    np.testing.assert_allclose(marked(view, "least squares"), np.polyfit(DATA.x, DATA.y, 1))
    *_, settled = train(DATA, lr=1e-3, epochs=20_000)
    np.testing.assert_allclose(marked(view, "ends here"), [settled.weight, settled.bias], rtol=1e-6)
    assert marked(view, "start") == (-1.0, 1.0)


def test_level_lines_are_at_the_two_costs() -> None:
    view, run, _ = story(lr=2e-3)
    *_, long = train(DATA, lr=2e-3, epochs=20_000)
    for label, cost in (
        ("lowest possible", run.convergence.minimum_cost),
        ("ends here", long.cost),
    ):
        _, height = values(labelled(view.figure, label, "cost"))
        np.testing.assert_allclose(10**height, cost)


@pytest.mark.parametrize("case", ["ordinary", "steep and falling", "batches", "all points at once"])
def test_the_plane_is_nearly_half_the_width_and_holds_path_star_and_cross(case: str) -> None:
    view = of_case(case)
    plane = axes_of(view.figure, "plane")
    box = box_of(plane)
    assert box.right - box.left >= 0.45 * DESIGNS[0][0]
    convergence, history = run_of(case)[1].convergence, run_of(case)[1].history
    low, high = np.transpose([plane.get_xlim(), plane.get_ylim()])
    least = np.array(convergence.least_squares)
    points = [least, *zip(history["weight"], history["bias"])]
    for point in points:
        assert (low < point).all()
        assert (point < high).all()
    # The bowl is seen to close: a quarter of the plane lies beyond least squares on each side.
    room = np.minimum(least - low, high - least) / (high - low)
    assert (room > 0.25).all()


@pytest.mark.parametrize("case", ["ordinary", "steep and falling", "twice the safe limit"])
def test_numbered_contours_have_that_cost_and_the_lowest_closes(case: str) -> None:
    view = of_case(case)
    data, _ = run_of(case)
    plane = axes_of(view.figure, "plane")
    contours = [line for line in plane.lines if str(line.get_label()).startswith("cost ")]
    assert len(contours) == 3
    texts = static_texts(view)
    for index, line in enumerate(contours):
        weight, bias = values(line)
        for w, b in list(zip(weight, bias))[::40]:
            cost = float(((w * data.x + b - data.y) ** 2).sum())
            first = float(((weight[0] * data.x + bias[0] - data.y) ** 2).sum())
            assert cost == pytest.approx(first, rel=1e-6)
        assert f"cost {text_of(first)}" == line.get_label()
        if index == 0:
            (left, right), (low, high) = plane.get_xlim(), plane.get_ylim()
            assert left < weight.min() < weight.max() < right
            assert low < bias.min() < bias.max() < high
            assert text_of(first) in texts


def text_of(cost: float) -> str:
    """Return a round cost as it is written."""
    if cost >= 1e7:
        power = int(np.floor(np.log10(cost * (1 + 1e-9))))
        digit = round(cost / 10.0**power)
        small = str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"10{small}" if digit == 1 else f"{digit}·10{small}"
    return f"{round(cost, 6):,.0f}"


def test_where_the_marks_hide_each_other_an_inset_magnifies_them() -> None:
    view, run, _ = story(lr=1e-4)
    plane, inset = axes_of(view.figure, "plane"), axes_of(view.figure, "inset")
    scale = [
        float(np.diff(axes.transData.transform([(0, 0), (1, 1)]), axis=0)[0, 0])
        for axes in (plane, inset)
    ]
    factor = round(scale[1] / scale[0])
    assert f"{factor} times larger: the end" in static_texts(view)
    for line in (run.convergence.least_squares, run.convergence.limit):
        assert line is not None
        x, y = inset.transData.transform(line)
        assert inset.bbox.contains(x, y)
    places = [marked(view, "least squares"), marked(view, "would end here")]
    one, other = inset.transData.transform(places)
    assert np.hypot(*(one - other)) > 30
    far = of_case("twice the safe limit")
    assert "inset" not in [axes.get_label() for axes in far.figure.axes]


def test_the_last_frame_has_the_line_of_the_end() -> None:
    """Where a long run ends; and why the run is fast and then slow, on a path with two legs."""
    view, _, _ = story(lr=1e-4)
    _ = Frames(view)[-1]
    *_, long = train(DATA, lr=1e-4, epochs=20_000)
    signs = str.maketrans({"\N{MINUS SIGN}": "-"})
    (end,) = [text.translate(signs) for text in said(view) if text.startswith("would end at")]
    found = re.match(r"would end at y = ([\d.]+)x - ([\d.]+), 0\.11% above", end)
    assert found is not None
    expected = long.weight, -long.bias
    assert tuple(map(float, found.groups())) == pytest.approx(expected, abs=6e-4)
    assert [text for text in static_texts(view) if "then slow, along its floor" in text]


def test_ticks_on_the_path_come_as_it_passes_them() -> None:
    view, run, _ = story(lr=1e-4)
    frames = Frames(view)
    seen = []
    for index in (0, 1, 10, -1):
        _ = frames[index]
        x, _ = values(labelled(view.figure, "epochs", "plane"))
        seen.append(len(x))
    assert seen == [0, 1, 2, 4]
    x, y = values(labelled(view.figure, "epochs", "plane"))
    for epoch, weight, bias in zip((1, 10, 100, 500), x, y):
        assert (weight, bias) == tuple(run.history[epoch])[1:3]
    assert {"epoch 1", "10", "100", "500"} <= set(said(view))


def test_the_two_legs_are_named_with_their_epochs() -> None:
    view, _, _ = story(lr=1e-4)
    frames = Frames(view)
    _ = frames[0]
    assert not [text for text in said(view) if text.startswith(("steep", "shallow"))]
    _ = frames[-1]
    legs = [text for text in said(view) if text.startswith(("steep", "shallow"))]
    assert legs == ["steep part: 99% of it in 13 epochs", "shallow part: 99% of it in 1,826 epochs"]


def test_the_rest_of_the_path_is_dashed_in_the_last_frame_only() -> None:
    view, run, _ = story(lr=1e-4)
    frames = Frames(view)
    stub = labelled(view.figure, "the rest of the path", "plane")
    _ = frames[5]
    assert not stub.get_visible()
    _ = frames[-1]
    assert stub.get_visible()
    x, y = values(stub)
    assert run.last is not None
    np.testing.assert_array_equal(np.c_[x, y], [run.last.line, run.convergence.limit])


def test_the_last_epochs_loop_is_drawn_where_it_can_be_seen() -> None:
    run = finish(train(DATA, lr=0.005, epochs=500))
    view = StoryView(DATA, run, drawn(run.history, 40))
    _ = Frames(view)[-1]
    loop = labelled(view.figure, "steps of the last epoch")
    assert loop.get_visible()
    weight, bias = values(loop)
    *_, long = train(DATA, lr=0.005, epochs=5000)
    steps = train(DATA, lr=0.005, epochs=1, start=long.line).first_steps(50)
    expected = [long.line, *(step.after for step in steps)]
    np.testing.assert_allclose(np.c_[weight, bias], expected, rtol=1e-6)
    assert any("loop" in text and "0.25 wide in W" in text for text in said(view))
    assert "steps of the last epoch" not in [
        line.get_label() for axes in story(lr=1e-4)[0].figure.axes for line in axes.lines
    ]


def test_a_diverging_run_keeps_to_the_sensible_part_and_says_so() -> None:
    view, run, _ = story(lr=0.05)
    plane = axes_of(view.figure, "plane")
    (left, right), (low, high) = plane.get_xlim(), plane.get_ylim()
    for line in (run.settings.start, run.convergence.least_squares):
        assert left < line.weight < right
        assert low < line.bias < high
    assert right - left < 10
    assert "ends nowhere: it diverges" in static_texts(view)
    frames = Frames(view)
    for frame in frames:
        assert frame.shape == (620, 960, 4)
    assert "overflows in epoch 17" in said(view)
    # The first step leads out of the plane, and so far it is seen.
    x, _ = values(labelled(view.figure, "path", "plane"))
    assert np.nanmax(x) > right


def test_a_shuffled_run_shows_its_last_epochs_and_its_mean() -> None:
    view = of_case("shuffled")
    history = run_of("shuffled")[1].history
    frames = Frames(view)
    cloud = labelled(view.figure, "last epochs", "plane")
    _ = frames[5]
    assert len(values(cloud)[0]) == 0
    _ = frames[-1]
    np.testing.assert_array_equal(values(cloud), [history["weight"][-21:], history["bias"][-21:]])
    assert marked(view, "mean") == run_of("shuffled")[1].convergence.limit


def test_a_very_long_path_keeps_the_epochs_that_are_shown() -> None:
    full = finish(train(DATA, lr=1e-3, epochs=30_000)).history
    shown = drawn(full, 40)
    way = path_of(full, shown)
    assert len(way) <= 100 + MAX_CORNERS + len(shown)
    assert set(shown["epoch"]) <= set(way["epoch"])
    assert (way["epoch"][0], way["weight"][0]) == (0, -1.0)


def test_a_run_that_ends_at_a_useless_line_is_followed_there() -> None:
    view, run, _ = story(lr=0.02)
    assert run.convergence.limit is not None
    assert run.convergence.limit.weight > 1e4
    assert marked(view, "ends here") == run.convergence.limit
    plane = axes_of(view.figure, "plane")
    (left, right), (low, high) = plane.get_xlim(), plane.get_ylim()
    for line in (run.settings.start, run.convergence.least_squares, run.convergence.limit):
        assert left < line.weight < right
        assert low < line.bias < high


def test_a_run_that_ends_at_a_useless_line_has_no_legs_and_one_label_for_start_and_star() -> None:
    view = story(lr=0.0198)[0]
    _ = Frames(view)[-1]
    assert not [text for text in said(view) if text.startswith(("steep", "shallow"))]
    assert "start and least squares" in static_texts(view)
    plane = axes_of(view.figure, "plane")
    cross = plane.transData.transform(marked(view, "ends here"))
    ticks = np.transpose(values(labelled(view.figure, "epochs", "plane")))
    away = plane.transData.transform(ticks) - cross
    assert np.hypot(*away.T).min() > 20


def test_lines_join_the_small_frame_and_its_inset() -> None:
    view = story(lr=1e-4)[0]
    plane, inset = axes_of(view.figure, "plane"), axes_of(view.figure, "inset")
    (frame,) = [patch for patch in plane.patches if patch.get_label() == "magnified"]
    joins = [line for line in plane.lines if line.get_label() == "to the inset"]
    assert len(joins) == 2
    for line in joins:
        small, large = plane.transData.transform(np.transpose(values(line)))
        for corner, box in ((small, frame.get_window_extent()), (large, inset.bbox)):
            assert min(abs(corner[0] - box.x0), abs(corner[0] - box.x1)) < 1
            assert min(abs(corner[1] - box.y0), abs(corner[1] - box.y1)) < 1


def test_a_shuffled_run_hovers_in_the_map_where_star_and_mean_have_one_label() -> None:
    view = of_case("shuffled")
    _ = Frames(view)[-1]
    assert "inset" not in [axes.get_label() for axes in view.figure.axes]
    assert "least squares and mean" in static_texts(view)


def test_earlier_lines_stay_and_have_their_epoch_at_the_right_end() -> None:
    view, run, _ = story(lr=1e-4)
    frames = Frames(view)
    _ = frames[0]
    names = {"start", "epoch 1", "epoch 10", "epoch 100"}
    assert not names & set(said(view))
    assert {"fitted line \N{DOWNWARDS ARROW}", "least squares"} <= set(said(view))
    _ = frames[-1]
    assert names <= {text.removesuffix(" \N{DOWNWARDS ARROW}") for text in said(view)}
    fit = axes_of(view.figure, "fit")
    pixel = view.figure.dpi / 100
    for artist in view.resting:
        if (
            isinstance(artist, Readout)
            and artist.get_text().startswith("epoch 1")
            and (fit.bbox.x1 < artist.get_window_extent().x0 < fit.bbox.x1 + 20)
        ):
            epoch = int(artist.get_text().removeprefix("epoch "))
            row = run.history[epoch]
            height = fit.transData.transform((10, row["weight"] * 10 + row["bias"]))[1]
            middle = artist.get_window_extent().y0 + artist.get_window_extent().height / 2
            assert abs(middle - height) < 50 * pixel


def test_stems_and_dots_are_in_a_transparent_gif() -> None:
    _, run, history = story()
    view = StoryView(DATA, run, history, style=Style(theme=THEMES["transparent"]))
    frame = Frames(view)[0]
    palette = choose_palette([frame], 255)
    patch = Whole(lookup_in(palette), len(palette)).update(frame)
    assert patch is not None
    axes = axes_of(view.figure, "fit")
    middle = DATA.x[20], (DATA.y[20] + history["bias"][0] + history["weight"][0] * DATA.x[20]) / 2
    x, y = axes.transData.transform(middle)
    row = len(frame) - int(y) - patch.top
    seen = patch.codes[row, int(x) - patch.left - 2 : int(x) - patch.left + 3]
    assert (seen != len(palette)).any()


def test_a_long_curve_costs_no_more_than_its_pixels() -> None:
    view = of_case("many epochs")
    _ = Frames(view)[-1]
    for label in ("cost", "path"):
        for axes in ("cost", "plane"):
            for line in axes_of(view.figure, axes).lines:
                if line.get_label() == label:
                    assert len(values(line)[0]) < 1000


def test_a_start_far_away_hides_neither_what_the_points_cost_nor_the_path() -> None:
    run = finish(train(DATA, lr=0.005, epochs=500, start=Line(1e15, 0.0)))
    history = drawn(run.history, 40)
    view = StoryView(DATA, run, history)
    _ = Frames(view)[-1]
    _, height = values(labelled(view.figure, "cost", "cost"))
    np.testing.assert_allclose(10 ** height[-1], history["cost"][-1])
    plane = axes_of(view.figure, "plane")
    (left, right), (low, high) = plane.get_xlim(), plane.get_ylim()
    assert left < history["weight"].min() < 1e15 < right
    assert low < history["bias"].min() < -1e14 < high


@pytest.mark.parametrize("slope", [1.0, 1e100])
def test_the_curve_of_points_on_a_line_falls_as_far_as_the_cost(slope: float) -> None:
    data = noisy_line(noise=0, slope=slope)
    run = finish(train(data, lr=0.0099, epochs=200))
    history = drawn(run.history, 40)
    view = StoryView(data, run, history)
    _ = Frames(view)[-1]
    _, height = values(labelled(view.figure, "cost", "cost"))
    rounding = 1e-31 * float(data.y @ data.y)
    np.testing.assert_allclose(10 ** height[-1], history["cost"][-1], rtol=1e-6, atol=rounding)
    assert "lowest possible" not in [
        line.get_label() for line in axes_of(view.figure, "cost").lines
    ]


def test_of_standardized_data_the_plane_is_that_of_the_training_and_the_rest_is_not() -> None:
    x_mean, x_std, y_mean, y_std = 2000.0, 8.0, 15.0, 0.5
    rng = np.random.default_rng(0)
    u = np.linspace(-1, 1, 30)
    u = (u - u.mean()) / u.std()
    v = u + rng.normal(0, 0.3, 30)
    v = (v - v.mean()) / v.std()
    data = Dataset(x_mean + x_std * u, y_mean + y_std * v)
    run = finish(train(data, lr=0.002, epochs=100, standardize=True))
    trained, history = run.as_trained, run.history
    view = StoryView(data, run, drawn(history, 40))
    _ = Frames(view)[-1]
    plane = axes_of(view.figure, "plane")
    name = "weight W of standardized x and y (\N{MULTIPLICATION SIGN} 0.0625 = W above)"
    assert plane.get_xlabel() == name
    assert y_std / x_std == 0.0625
    (why,) = [text for text in static_texts(view) if text.startswith("Why fast, then slow")]
    # Each of the 30 steps of an epoch removes 2*lr of the distance, on average.
    share = float(re.findall(r"([\d.]+)%", why)[0])
    assert share == pytest.approx(100 * (1 - np.exp(-2 * 0.002 * 30)), rel=0.05)
    np.testing.assert_allclose(marked(view, "least squares"), np.polyfit(u, v, 1), atol=1e-9)
    x, y = values(labelled(view.figure, "path", "plane"))
    assert (x[-1], y[-1]) == tuple(trained.history[-1])[1:3]
    _, height = values(labelled(view.figure, "cost", "cost"))
    np.testing.assert_allclose(10 ** height[-1], history["cost"][-1])
    left, right = axes_of(view.figure, "fit").get_xlim()
    assert left < data.x.min() < data.x.max() < right
    contours = [line for line in plane.lines if str(line.get_label()).startswith("cost ")]
    weight, bias = (side[0] for side in values(contours[0]))
    cost = y_std**2 * float(((weight * u + bias - v) ** 2).sum())
    assert str(contours[0].get_label()) == f"cost {cost:.4g}"


def test_an_upright_picture_has_its_panels_below_each_other() -> None:
    _, run, history = story()
    view = StoryView(DATA, run, history, style=Style(480, 800))
    boxes = [box_of(axes_of(view.figure, label)) for label in ("plane", "fit", "cost", "rates")]
    for above, below in pairwise(boxes):
        assert above.bottom > below.top
        assert above.left == below.left
    assert whole_of(view.figure).right == pytest.approx(480, abs=1)


@pytest.mark.parametrize("case", ["ordinary", "steep and falling", "twice the safe limit"])
def test_below_the_panels_is_what_a_larger_rate_does(case: str) -> None:
    _, run = run_of(case)
    notes = " ".join(text for text in static_texts(of_case(case)))
    assert all(words in notes for words in re.split(r" (?=[a-z])", larger_rate(run)))


def test_a_run_that_ends_far_off_is_fast_then_slow_for_a_reason_too() -> None:
    """What each epoch leaves of the distance, measured on a run."""
    view, run, _ = story(lr=0.0198)
    says = "\n".join(static_texts(view))
    share = re.search(r"removes about the same share \((\d+)%\)", says)
    assert share is not None
    assert run.history["cost"][1] > 1e6 * run.history["cost"][0]
    *_, end = train(DATA, lr=0.0198, epochs=3000)
    path = np.c_[run.history["weight"], run.history["bias"]] - end.line
    left = np.hypot(*path.T)
    assert int(share[1]) == pytest.approx(100 * (1 - left[21] / left[20]), abs=1)


def test_the_last_frame_of_a_shuffled_run_says_what_its_lines_cost() -> None:
    """On average, as the second half of the run does, but for chance."""
    view, run = of_case("shuffled"), run_of("shuffled")[1]
    _ = Frames(view)[-1]
    (cost,) = [
        float(found[1])
        for text in said(view)
        if (found := re.search(r"single lines cost ([\d.]+) on average", text))
    ]
    assert cost == pytest.approx(run.history["cost"][100:].mean(), rel=0.1)
