"""Ideas about transposed convolution."""

from __future__ import annotations

import numpy as np

from cnn_tutor.tutor.counterfactual import Cells
from cnn_tutor.tutor.misconceptions.row import by_call, by_step, dimensions

TRANSPOSED = ("conv_transpose1d", "conv_transpose2d")


def _shrunk(c: Cells) -> object:
    """The length formula of an ordinary convolution."""
    return (c.size + np.sum(c.padding) - c.kernel_size) // c.stride + 1


def _last_copy(c: Cells) -> object:
    """Where no copy lands there is nothing."""
    return np.sum(c.operands[-1]) if c.operands else 0


ROWS = (
    by_step(
        "CT.LEN_CONV_FORMULA",
        "Length of an ordinary convolution",
        "a transposed convolution makes the input shorter",
        "That is the length of an ordinary convolution. Does a transposed one make its input longer or shorter?",
        TRANSPOSED,
        {"out_size": _shrunk},
    ),
    by_step(
        "CT.OVERWRITE",
        "Overlaps written over",
        "the last copy that lands on a cell counts",
        "Where two copies overlap, only the last seems to be left. What is done with both?",
        TRANSPOSED,
        dict.fromkeys(("weighted_sum", "output"), _last_copy),
        when=lambda g: g.bias is None,
    ),
    by_call(
        "CT.FLIPPED",
        "Copies turned round",
        "a transposed convolution lays the kernel down reversed",
        "The copies seem to be reversed. Which weight of a copy comes first?",
        TRANSPOSED,
        ("scaled_copies",),
        lambda g: g.changed(weight=np.flip(g.weight, tuple(range(-dimensions(g), 0)))),
    ),
)
