"""Ideas about the groups of group normalisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Given, Tensors
from cnn_tutor.tutor.misconceptions.row import STATISTICS, by_call, by_whole
from cnn_tutor.tutor.remembered import remembered

GROUP = ("group_norm",)


def _by_size(given: Given) -> Call:
    """G features in a group instead of G groups."""
    return given.changed(num_groups=given.x.shape[0 if given.x.ndim == 1 else 1] // given.num_groups)


@remembered(8)
def _interleaved(call: Call) -> Any:
    """The result with channels dealt out to the groups in turn."""
    given = Given(call)
    channel = 0 if given.x.ndim == 1 else 1
    channels, groups = given.x.shape[channel], given.num_groups
    if groups in (1, channels):
        return None
    order = np.arange(channels).reshape(-1, groups).T.reshape(-1)
    arguments = {name: getattr(given, name)[order] for name in ("gamma", "beta") if getattr(given, name) is not None}
    return given.changed(x=np.take(given.x, order, axis=channel), **arguments).run(), order, channel


def _dealt_out(name: str) -> Callable[[Tensors], Any]:
    """A tensor of the run with interleaved groups, its channels back in their places."""

    def whole(t: Tensors) -> Any:
        found = _interleaved(t.given.call)
        if found is None:
            return None
        trace, order, channel = found
        value = trace.tensors[name]
        return np.take(value, np.argsort(order), axis=channel) if value.shape == t.given.x.shape else value

    return whole


ROWS = (
    by_whole(
        "GN.INTERLEAVED",
        "Groups dealt out in turn",
        "units 1 and 3 form a group",
        "Your groups seem to take every other unit. Which units are neighbours?",
        GROUP,
        {
            name: _dealt_out(name)
            for name in ("y", "sets", "sum", "mean", "variance", "denominator", "deviations", "squares")
        },
        at=("set", *STATISTICS),
    ),
    by_call(
        "GN.G_IS_SIZE",
        "G taken as group size",
        "a group has G features",
        "Your groups seem to have G features each. What does G count?",
        GROUP,
        ("set", *STATISTICS),
        _by_size,
    ),
    by_call(
        "GN.AS_LN",
        "One group for all",
        "all features share one mean",
        "All features seem to share one mean, as in layer normalisation. How many groups are there?",
        GROUP,
        ("set", *STATISTICS),
        lambda g: g.changed(num_groups=1) if g.num_groups > 1 else None,
    ),
)
