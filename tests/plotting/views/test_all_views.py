"""Every view of one run, in every kind of run: texts apart, inside and large enough to read."""

from itertools import product

import numpy as np
import pytest

from plotting.frames import Frames, View
from plotting.theme import SMALL_PT, THEMES
from plotting.views import DESIGNS, TRAINED, create_view
from plotting.views.base import SMALLEST, Style
from regression import UserError, finish, history, noisy_line, train
from tests.plotting.helpers import CASES, CASES_AND_RARE, all_texts_of, assert_apart, run_of


def drawn_frames(view: View) -> Frames:
    frames = Frames(view)
    assert len(np.unique(frames[0][..., 0])) > 10
    return frames


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["fit", "story"])
def test_texts_are_apart_and_inside(case: str, name: str) -> None:
    assert_is_laid_out(name, case, Style(title="A title, with $ in it"))


@pytest.mark.parametrize("case", CASES_AND_RARE)
@pytest.mark.parametrize(
    ("name", "style"), [("fit", Style(300, 240)), ("story", Style(480, 800))], ids=["fit", "story"]
)
def test_texts_of_other_shapes_are_apart_and_inside(case: str, name: str, style: Style) -> None:
    assert_is_laid_out(name, case, style)


def assert_is_laid_out(name: str, case: str, style: Style) -> None:
    data, run = run_of(case)
    view = create_view(name, data, [run], style=style)
    frames = drawn_frames(view)
    for index in {0, len(frames) // 2, len(frames) - 1}:
        _ = frames[index]
        assert_apart(all_texts_of(view), view.figure.bbox, allowed=4.0)
        for axes in view.figure.axes:
            limits = [axes.get_xlim(), axes.get_ylim()]
            assert np.isfinite(limits).all()
            assert (np.diff(limits) != 0).all()


SIZES = [(320, 240), (390, 660), (720, 480), (960, 1300), (1500, 500), (3840, 2160)]


@pytest.mark.parametrize(("name", "size"), list(product(["fit", "story"], SIZES)))
def test_any_size_can_be_read_or_is_refused_with_one_that_can(
    name: str, size: tuple[int, int]
) -> None:
    data, run = run_of("ordinary")
    smallest = [(round(SMALLEST * w), round(SMALLEST * h)) for w, h in DESIGNS[name]]
    if all(size[0] < width or size[1] < height for width, height in smallest):
        with pytest.raises(UserError) as caught:
            create_view(name, data, [run], style=Style(*size))
        for width, height in smallest:
            assert f"{width} x {height}" in str(caught.value)
            assert create_view(name, data, [run], style=Style(width, height)) is not None
        return
    view = create_view(name, data, [run], style=Style(*size))
    _ = Frames(view)[-1]
    assert SMALL_PT / 72 * view.figure.dpi >= 9
    assert_apart(all_texts_of(view), view.figure.bbox, allowed=4.0 * view.figure.dpi / 100)


@pytest.mark.parametrize("theme", ["dark", "transparent"])
def test_all_themes_are_laid_out_alike(theme: str) -> None:
    """So that what the other tests say of texts holds in each."""
    data, run = run_of("ordinary")
    for name in ("fit", "story"):
        boxes = []
        for each in (THEMES["light"], THEMES[theme]):
            view = create_view(name, data, [run], style=Style(theme=each))
            _ = Frames(view)[-1]
            boxes.append(dict(all_texts_of(view)))
        # In dark a lower cost is darker, of which the title tells.
        same = boxes[0].keys() & boxes[1].keys()
        assert all("lower cost" in text for text in boxes[0].keys() ^ boxes[1].keys())
        for text in same:
            np.testing.assert_allclose(boxes[0][text].extents, boxes[1][text].extents, atol=1)


@pytest.mark.parametrize(
    "name",
    ["story", *(pytest.param(each, marks=pytest.mark.slow) for each in TRAINED if each != "story")],
)
def test_a_long_run_looks_as_if_all_its_epochs_were_drawn(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = noisy_line()
    rates = (1e-6, 2e-6) if name == "compare" else (1e-6,)
    runs = [finish(train(data, lr=lr, epochs=120_000), 10) for lr in rates]
    few = Frames(create_view(name, data, runs, frames=9))
    monkeypatch.setattr(history, "MANY_EPOCHS", 10**9)
    every = Frames(create_view(name, data, runs, frames=9))
    assert len(few) == len(every)
    for index in (0, len(few) // 2, len(few) - 1):
        ours, theirs = few[index].copy(), every[index]
        unlike = (np.abs(ours.astype(int) - theirs).max(axis=-1) > 40).mean()
        assert unlike < 1e-4
