"""Ideas about input channels and the bias."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.tutor.counterfactual import Cells, Given
from cnn_tutor.tutor.misconceptions.row import CONVS, by_call, by_step, by_total, by_whole, dimensions


def _many(given: Given) -> bool:
    """Whether one filter has several channels."""
    return bool(given.weight.ndim > dimensions(given) and given.weight.shape[1] > 1)


def _first_only(c: Cells) -> Any:
    """The sum of the first channel, and nothing of the others."""
    others = np.sum(c.products[1:], axis=tuple(range(1, c.products.ndim)))
    return np.append(np.sum(c.products[:1]), 0 * others)


ROWS = (
    by_step(
        "BIAS.FORGOT",
        "Bias forgotten",
        "the weighted sum is the output",
        "That is the weighted sum. Which number is still to be added?",
        CONVS,
        {"output": lambda c: c.weighted_sum},
        when=lambda g: g.bias is not None,
    ),
    by_step(
        "BIAS.MINUS",
        "Bias subtracted",
        "the bias is taken away",
        "The bias seems to be taken away. What does the formula do with b?",
        CONVS,
        {"output": lambda c: c.weighted_sum - c.bias},
        when=lambda g: g.bias is not None,
    ),
    by_whole(
        "CH.NO_SUM",
        "Channels not added",
        "a filter gives one map for each input channel",
        "There is one map for each input channel. How many maps does one filter give?",
        CONVS,
        {"y": lambda t: np.moveaxis(t.channel_sums, -1, 0) if _many(t.given) and len(t.y) == 1 else None},
    ),
    by_total(
        "CH.MEAN",
        "Channels averaged",
        "the channels of a filter are averaged",
        "The channels seem to be averaged. How are the slices of one filter combined?",
        lambda c: np.mean(c.channel_sums),
        when=lambda g: _many(g) and np.prod(g.weight.shape[2:]) > 1,
    ),
    by_step(
        "CH.FIRST_ONLY",
        "Only the first channel used",
        "a filter looks at one channel",
        "Only the first channel seems to have gone in. On which channels does the filter have a slice?",
        CONVS,
        {"channel_sums": _first_only},
        when=_many,
    ),
    by_call(
        "CH.BIAS_PER_CHANNEL",
        "Bias added for each channel",
        "each channel adds the bias again",
        "The bias seems to be added once for each channel. How often is it added to one output?",
        CONVS,
        ("output",),
        lambda g: g.changed(bias=g.bias * g.weight.shape[1]) if g.bias is not None and _many(g) else None,
    ),
)
