"""Ideas about padding and about where a window stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Given, Tensors
from cnn_tutor.tutor.misconceptions.row import CONVS, ONE, by_call, by_whole, dimensions


def _pads(given: Given) -> tuple[tuple[int, int], ...] | None:
    """(before, after) of each axis where the padding is given in numbers and there is some."""
    padding = given.padding
    if isinstance(padding, str) or not np.any(padding):
        return None
    array = np.asarray(padding)
    if array.ndim == 2:
        return tuple((int(before), int(after)) for before, after in array)
    return tuple((int(p), int(p)) for p in np.broadcast_to(array, (dimensions(given),)))


def _padded(change: Callable[[int, int], tuple[int, int]]) -> Callable[[Given], Call | None]:
    """Another padding on every axis."""

    def call(given: Given) -> Call | None:
        pads = _pads(given)
        return None if pads is None else given.changed(padding=[change(*pair) for pair in pads])

    return call


def _edge(given: Given) -> Call | None:
    pads = _pads(given)
    if pads is None:
        return None
    lead = [(0, 0)] * (given.x.ndim - len(pads))
    return given.changed(x=np.pad(given.x, [*lead, *pads], mode="edge"), padding=0)


def _start_late(given: Given) -> Call | None:
    """The first window one entry further on."""
    d = dimensions(given)
    pads = _pads(given) or ((0, 0),) * d
    if isinstance(given.padding, str):
        return None
    inside = tuple(slice(1 if before == 0 else 0, None) for before, _ in pads)
    shorter = given.x[(slice(None),) * (given.x.ndim - d) + inside]
    return given.changed(x=shorter, padding=[(max(0, before - 1), after) for before, after in pads])


def _kernel(given: Given) -> tuple[int, ...]:
    shape: tuple[int, ...] = given.weight.shape[-dimensions(given) :]
    return shape


def _partial(given: Given) -> Call | None:
    """One window more, filled up with zeros."""
    strides = np.broadcast_to(np.asarray(given.stride), (dimensions(given),))
    if isinstance(given.padding, str) or (strides == 1).all():
        return None
    pads = _pads(given) or ((0, 0),) * dimensions(given)
    return given.changed(padding=[(before, after + int(s)) for (before, after), s in zip(pads, strides, strict=True)])


def _drop_last(t: Tensors) -> Any:
    return t.y[..., :-1] if t.y.shape[-1] > 1 else None


ROWS = (
    by_call(
        "PAD.NONE",
        "No padding",
        "windows are read off the raw input",
        "These come from the input without its zeros. What does the padded input look like?",
        CONVS,
        ("padded",),
        lambda g: None if _pads(g) is None else g.changed(padding=0),
    ),
    by_call(
        "PAD.LEFT",
        "Zeros in front only",
        "padding is put before the input",
        "The zeros seem to stand in front only. On which ends does padding go?",
        CONVS,
        ("padded",),
        _padded(lambda before, after: (before, 0)),
    ),
    by_call(
        "PAD.RIGHT",
        "Zeros behind only",
        "padding is put after the input",
        "The zeros seem to stand behind only. On which ends does padding go?",
        CONVS,
        ("padded",),
        _padded(lambda before, after: (0, after)),
    ),
    by_call(
        "PAD.TWICE",
        "2p on each side",
        "the 2p of the formula goes on every end",
        "There seems to be 2p on each end. What does 2p stand for in the length formula?",
        CONVS,
        ("padded",),
        _padded(lambda before, after: (2 * before, 2 * after)),
    ),
    by_call(
        "PAD.EDGE",
        "Repeated the edge",
        "padding repeats the border value",
        "The border value seems to be repeated. What does this sheet pad with?",
        CONVS,
        ("padded",),
        _edge,
    ),
    by_call(
        "CONV.STRIDE1",
        "Stride left out",
        "the window moves one entry at a time",
        "The window seems to move by 1 each time. Where does window 2 start with this stride?",
        CONVS,
        ("window", "starts"),
        lambda g: g.changed(stride=1) if np.any(np.asarray(g.stride) != 1) else None,
    ),
    by_call(
        "CONV.STRIDE_K",
        "Windows do not overlap",
        "the next window starts where this one ends, as in pooling",
        "Your windows seem to lie side by side, as in pooling. How far does the window move here?",
        CONVS,
        ("window", "starts"),
        lambda g: (
            g.changed(stride=list(_kernel(g))) if np.any(np.asarray(g.stride) != np.asarray(_kernel(g))) else None
        ),
    ),
    by_call(
        "CONV.START1",
        "First window one late",
        "index 1 is the second entry",
        "The first window seems to start at the second entry. Which entry has index 1 on the sheet?",
        CONVS,
        ("window", "starts"),
        _start_late,
    ),
    by_whole(
        "CONV.DROP_LAST",
        "Last window missed",
        "the window stops before the end",
        "One window seems to be missing. Where does the last window that still fits start?",
        ONE,
        {"y": _drop_last},
    ),
    by_call(
        "CONV.PARTIAL_LAST",
        "A window over the edge",
        "a last window is filled up with zeros",
        "There seems to be a window that runs past the end. Which windows fit entirely?",
        CONVS,
        ("starts",),
        _partial,
    ),
    by_call(
        "DIL.IGNORED",
        "Dilation ignored",
        "the taps of the kernel lie side by side",
        "The window has no gaps. How far apart do the taps lie with this dilation?",
        CONVS,
        ("window",),
        lambda g: g.changed(dilation=1) if np.any(np.asarray(g.dilation) != 1) else None,
    ),
    by_call(
        "DIL.AS_STRIDE",
        "Dilation taken as stride",
        "dilation makes the window jump",
        "The window seems to jump instead of being spread. What does dilation change: the kernel or its moves?",
        CONVS,
        ("window", "starts"),
        lambda g: g.changed(dilation=1, stride=g.dilation) if np.any(np.asarray(g.dilation) != 1) else None,
    ),
)
