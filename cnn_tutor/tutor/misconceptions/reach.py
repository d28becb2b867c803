"""Ideas about how far windows reach: "same" padding, receptive fields, and windows of one pixel."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.tutor.counterfactual import Tensors
from cnn_tutor.tutor.misconceptions.row import CONVS, by_step, by_whole, dimensions

SAME, FIELD = ("same_padding",), ("receptive_field",)


def _field(change: Any) -> dict[str, Any]:
    """What each layer adds, and the fields that follow, where there is a stride."""

    def growth(t: Tensors) -> Any:
        return change(t) if np.any(t.stride != 1) else None

    def field(t: Tensors) -> Any:
        added = growth(t)
        return None if added is None else 1 + np.cumsum(added)

    return {"growth": growth, "y": field}


def _spans(t: Tensors) -> Any:
    return (t.kernel_size - 1) * t.dilation


def _through(t: Tensors) -> Any:
    """The input itself, where a kernel of one pixel does nothing."""
    if t.weight.shape[-dimensions(t.given) :] != (1,) * dimensions(t.given) or t.given.x.shape != t.y.shape:
        return None
    return t.given.x


ROWS = (
    by_step(
        "SAME.LEFT",
        "All zeros in front",
        "padding goes in front",
        "All the zeros seem to stand in front. On which ends does “same” put them?",
        SAME,
        {"output": lambda c: np.stack([c.total, 0 * c.total])},
    ),
    by_step(
        "SAME.ODD_FRONT",
        "Odd zero in front",
        "the larger half stands in front",
        "The larger half seems to stand in front. Where does the odd zero go by convention?",
        SAME,
        {"output": lambda c: np.stack([c.total - c.total // 2, c.total // 2])},
    ),
    by_step(
        "SAME.TWICE",
        "Total on each end",
        "each end gets the whole padding",
        "Each end seems to get the whole of it. How is the total shared out?",
        SAME,
        {"output": lambda c: np.stack([c.total, c.total])},
    ),
    by_step(
        "SAME.FLOOR",
        "Rounded down",
        "“same” keeps ⌊L/s⌋ outputs",
        "That rounds down. Must the last entries of the input be looked at, too?",
        SAME,
        {"out_length": lambda c: c.length // c.stride},
    ),
    by_step(
        "SAME.KERNEL_ONLY",
        "Kernel size minus one",
        "“same” always adds K − 1 zeros",
        "That is K − 1, which is right when every position is used. Which cells do the windows reach with this stride?",
        SAME,
        {"total": lambda c: c.reach - (c.out_length - 1) * c.stride - 1},
    ),
    by_whole(
        "RF.SUM_K",
        "Kernel sizes added",
        "receptive fields add up",
        "The kernel sizes seem to be added. How many new cells does a layer see beyond the field before it?",
        FIELD,
        {"y": lambda t: np.cumsum(t.kernel_size)},
        at=("output",),
    ),
    by_whole(
        "RF.OWN_STRIDE",
        "Own stride used",
        "a layer's own stride widens its field",
        "The stride of the layer itself seems to be in it. Which strides lie between its entries and the input?",
        FIELD,
        _field(lambda t: _spans(t) * t.jump),
        at=("growth", "output"),
    ),
    by_whole(
        "RF.NO_STRIDE",
        "Strides left out",
        "every layer sees k − 1 cells more",
        "Every layer seems to add k − 1 cells. How far apart in the input are two neighbours after a stride?",
        FIELD,
        _field(_spans),
        at=("growth", "output"),
    ),
    by_whole(
        "RF.JUMP_ADDED",
        "Jumps added",
        "strides add up",
        "The strides seem to be added. Two layers of stride 2: how far apart do neighbours lie then?",
        FIELD,
        {"jump": lambda t: np.cumsum(t.stride) if np.any(t.stride != 1) else None},
        at=("jump",),
    ),
    by_whole(
        "PIX.NOOP",
        "Nothing done",
        "a 1×1 kernel leaves the maps as they are",
        "Those are the inputs. What does a kernel of one pixel do across the channels?",
        CONVS,
        {"y": _through},
    ),
)
