"""What a page says of a view: the numbers of each frame as text that can be selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from plotting.page import TITLE, PageText
from plotting.raster import View
from plotting.views import rate_costs
from regression.data import Dataset
from regression.history import History
from regression.run import Run
from regression.sgd import Snapshot, Step


def page_text(
    view: View, data: Dataset | None, runs: Sequence[Run], title: str, notes: Sequence[str] = ()
) -> PageText:
    """Return what a page says of the view; one that needs no training has no data."""
    own, description = TITLE, "A cosine stays while a sine moves over it"
    if data is None:
        own = "A picture that moves"
    else:
        description = f"{data.y_name} against {data.x_name}: a line as it is fitted to the points"
    captions = captions_of(view.moments, [(run.outlook, run.history) for run in runs])
    return PageText(title or own, description, captions, notes, titled=bool(title))


def captions_of(moments: Sequence[Any], runs: Sequence[rate_costs.Run]) -> list[Mapping[str, str]]:
    """Return the names and values that belong to each moment of a view of these runs."""
    return [_caption(moment, runs) for moment in moments]


def _caption(moment: Any, runs: Sequence[rate_costs.Run]) -> Mapping[str, str]:
    if isinstance(moment, Snapshot):
        return {"Epoch": f"{moment.epoch}", **_values(*moment[1:])}
    if isinstance(moment, Step):
        samples = ", ".join(f"{sample + 1}" for sample in moment.samples[:9])
        more = " and others" if len(moment.samples) > 9 else ""
        return {
            "Step": f"{moment.number}",
            "Sample": samples + more,
            **_values(*moment.after, moment.cost),
        }
    if not runs:
        return {"i": f"{moment}"}
    costs = {f"Cost at rate {outlook.lr:.4g}": _cost_at(moment, h) for outlook, h in runs}
    return {"Epoch": f"{moment}", **costs}


def _values(weight: float, bias: float, cost: float) -> Mapping[str, str]:
    return {"W": f"{weight:.8g}", "b": f"{bias:.8g}", "Cost": f"{cost:.8g}"}


def _cost_at(epoch: int, history: History) -> str:
    """Return the cost after that epoch, which may be none that the run is drawn in."""
    index = int(np.searchsorted(history["epoch"], epoch, side="right")) - 1
    if index < 0 or (index == len(history) - 1 and epoch > history["epoch"][index]):
        return "\N{EN DASH}"
    return f"{history['cost'][index]:.8g}"
