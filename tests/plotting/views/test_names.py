"""Names and titles from anywhere: as they are, in one line, and no longer than fits."""

import warnings
from functools import cache

import numpy as np
import pytest
from matplotlib.transforms import Bbox

from plotting.frames import Frames, View
from plotting.views import create_view
from plotting.views.base import ELLIPSIS, Style
from regression import Dataset, finish, noisy_line, train
from tests.plotting.helpers import texts_of

DATA = noisy_line(20)
LONG = "A name that goes on and on. " * 12
VIEWS = ["fit", "story", "microscope", "compare"]


def view_of(kind: str, data: Dataset, style: Style, lr: float = 1e-3) -> View:
    rates = [lr * share for share in (1, 2, 3, 4, 5)] if kind == "compare" else [lr]
    runs = [finish(train(data, lr=rate, epochs=12), steps=3) for rate in rates]
    return create_view(kind, data, runs, style=style)


@cache
def places_of_plain_names(kind: str, title: str) -> dict[str, Bbox]:
    return dict(last_texts(view_of(kind, Dataset(DATA.x, DATA.y, "n", "n"), Style(title=title))))


def last_texts(view: View) -> list[tuple[str, Bbox]]:
    _ = Frames(view)[-1]
    return texts_of(view.figure)


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize("factor", [1.0, 1e7])
def test_long_names_and_titles_end_in_an_ellipsis_inside_the_picture(
    kind: str, factor: float
) -> None:
    """Large numbers have a power of ten behind the name, which must not be cut off."""
    data = Dataset(DATA.x * factor, DATA.y * factor, LONG, LONG)
    view = view_of(kind, data, Style(title=LONG), 1e-3 / factor**2)
    texts = last_texts(view)
    shortened = [(text, box) for text, box in texts if text.startswith("A name")]
    assert len(shortened) >= 3
    for text, box in shortened:
        assert ELLIPSIS in text
        assert (factor > 1) == text.endswith(")") or text.endswith(ELLIPSIS)
        whole = view.figure.bbox
        assert min(box.x0, box.y0, whole.x1 - box.x1, whole.y1 - box.y1) >= 0
        others = [other for _, other in texts if other is not box]
        overlaps = filter(None, (Bbox.intersection(box, other) for other in others))
        assert all(min(each.width, each.height) < 1 for each in overlaps)


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize("name", ["two\r\nlines", "\N{CUNEIFORM SIGN A}", "$x", ""])
def test_odd_names_have_one_line_and_draw_without_a_warning(kind: str, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        odd = view_of(kind, Dataset(DATA.x, DATA.y, name, name), Style(title=name))
        places = [dict(last_texts(odd)), places_of_plain_names(kind, "t" if name else "")]
    # Whatever it is, all else is where it would be.
    words = (
        "epoch (log)",
        "epoch",
        "Epoch",
        "1 epoch",
        "steps, then epochs (log)",
        "cost (log)",
        "cost =",
    )
    epoch = next(text for text in places[1] if text.startswith(words))
    np.testing.assert_allclose(places[0][epoch].extents, places[1][epoch].extents, atol=3)


def test_a_name_that_is_no_name_leaves_the_word_epoch_whole() -> None:
    view = view_of("fit", Dataset(DATA.x, np.abs(DATA.y) / 2, "", ""), Style(300, 240))
    assert dict(last_texts(view))["epoch"].x1 <= 300
