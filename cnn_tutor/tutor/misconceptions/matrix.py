"""Ideas about the two matrix forms of a convolution and about vec(·)."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Given, Tensors
from cnn_tutor.tutor.misconceptions.row import by_call, by_whole

TOEPLITZ, IM2COL = ("toeplitz",), ("im2col",)


def _is_bare(given: Given) -> bool:
    """A two-dimensional kernel on an image without padding."""
    return given.weight.ndim == 2 and len(given.input_shape) == 2 and not np.any(given.padding)


def _shifted(t: Tensors) -> Any:
    """Row r is row 1 moved on by r."""
    if not _is_bare(t.given):
        return None
    return np.stack([np.roll(t.y[0], r) for r in range(len(t.y))])


def _without_gap(t: Tensors) -> Any:
    """The kernel entries side by side from the column where k₁₁ belongs."""
    if not _is_bare(t.given):
        return None
    entries = t.given.weight.reshape(-1)
    rows = np.zeros_like(t.y)
    for row, first in zip(rows, t.offsets, strict=True):
        room = row[first - 1 : first - 1 + len(entries)]
        room[:] = entries[: len(room)]
    return rows


def _by_columns(t: Tensors) -> Any:
    """Columns of T in the order of an image read down its columns."""
    if not _is_bare(t.given):
        return None
    height, width = t.given.input_shape
    order = np.arange(height * width).reshape(height, width).T.reshape(-1)
    return t.y[:, order]


def _transposed(t: Tensors) -> Any:
    return t.y.T if t.y.ndim == 2 else None


def _patches_by_columns(t: Tensors) -> Any:
    if t.y.ndim != 2 or t.given.x.ndim != 2:
        return None
    kernel = np.broadcast_to(np.asarray(t.given.kernel_size), (2,))
    return t.y.reshape(len(t.y), *kernel).transpose(0, 2, 1).reshape(t.y.shape)


def _positions_by_columns(t: Tensors) -> Any:
    if t.y.ndim != 2 or t.given.x.ndim != 2:
        return None
    rows, columns = (int(n) for n in t.out_size)
    return t.y.reshape(rows, columns, -1).transpose(1, 0, 2).reshape(t.y.shape)


def _side_by_side(given: Given) -> Call | None:
    kernel = np.asarray(given.kernel_size)
    return given.changed(stride=given.kernel_size) if np.any(np.asarray(given.stride or 1) != kernel) else None


def _stacked(t: Tensors) -> Array | None:
    x: Array = t.given.x
    return x.reshape(-1, order="F") if x.ndim == 2 else None


ROWS = (
    by_whole(
        "TOEP.SHIFT1",
        "Every row shifted by one",
        "each row of T is the row above moved one column on",
        "Each row is the one above, moved by one. Where does k₁₁ go when the window jumps to the next image row?",
        TOEPLITZ,
        {"y": _shifted},
        at=("output",),
    ),
    by_whole(
        "TOEP.NO_GAP",
        "No zeros between kernel rows",
        "the kernel entries stand side by side in T",
        "The kernel entries stand side by side. Which entries of vec(X) lie between x₁₂ and x₂₁?",
        TOEPLITZ,
        {"y": _without_gap},
    ),
    by_whole(
        "TOEP.COLMAJOR",
        "Columns of T in column order",
        "the image is read down its columns",
        "Your columns stand for x₁₁, x₂₁, x₃₁, … In which order does this sheet read an image?",
        TOEPLITZ,
        {"y": _by_columns},
        convention=True,
    ),
    by_whole(
        "TOEP.T",
        "T transposed",
        "T has a row for each input",
        "Your matrix has a row for each pixel. What does T have to turn the pixels into?",
        TOEPLITZ,
        {"y": _transposed},
    ),
    by_call(
        "TOEP.FLIP",
        "Kernel turned round in T",
        "the last kernel entry comes first",
        "The last kernel entry stands first in the row, as in true convolution. Which entry lies on the first pixel?",
        TOEPLITZ,
        ("output",),
        lambda g: g.changed(weight=np.flip(g.weight, tuple(range(-len(g.input_shape), 0)))) if _is_bare(g) else None,
        convention=True,
    ),
    by_call(
        "TOEP.KT",
        "k₁₂ and k₂₁ exchanged",
        "rows and columns of the kernel may be exchanged",
        "k₁₂ and k₂₁ seem to have changed places. Which of them lies to the right of k₁₁?",
        TOEPLITZ,
        ("output",),
        lambda g: g.changed(weight=g.weight.T) if _is_bare(g) and len(set(g.weight.shape)) == 1 else None,
    ),
    by_whole(
        "IM2COL.COLMAJOR",
        "Patches read down their columns",
        "a patch is read column by column",
        "The patch seems to be read down its columns. In which order does vec(K) list the kernel?",
        IM2COL,
        {"y": _patches_by_columns},
    ),
    by_whole(
        "IM2COL.PATCH_ORDER_COL",
        "Patches in column order",
        "the window moves down before it moves right",
        "The second row seems to be the patch below. Where does the window go after the first position?",
        IM2COL,
        {"y": _positions_by_columns},
    ),
    by_whole(
        "IM2COL.T",
        "Patches as columns",
        "each patch is a column, as in the libraries",
        "The patches stand in columns, as PyTorch and Caffe have them. Where does this sheet put a patch?",
        IM2COL,
        {"y": _transposed},
        convention=True,
    ),
    by_call(
        "IM2COL.NONOVERLAP",
        "Patches do not overlap",
        "neighbouring patches share no pixel",
        "Your patches seem to lie side by side. How far does the window move?",
        IM2COL,
        ("output", "shape"),
        _side_by_side,
    ),
    by_whole(
        "VEC.COLMAJOR",
        "vec stacks the columns",
        "vec(X) reads down the columns, as in linear algebra",
        "That is vec as in linear algebra, with the columns stacked. How does this sheet read an image?",
        ("flatten",),
        {"y": _stacked},
        convention=True,
    ),
)
