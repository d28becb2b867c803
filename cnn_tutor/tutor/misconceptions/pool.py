"""Ideas about pooling."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Cells, Given, Tensors
from cnn_tutor.tutor.misconceptions.row import by_call, by_step, by_whole

MAX, AVG = ("max_pool1d", "max_pool2d"), ("avg_pool1d", "avg_pool2d")
POOLS = (*MAX, *AVG)


def _kernel(given: Given) -> tuple[int, ...]:
    dimensions = 1 if given.call.op.endswith("1d") else 2
    return tuple(int(k) for k in np.broadcast_to(np.asarray(given.kernel_size), (dimensions,)))


def _overlapping(given: Given) -> Call | None:
    strides = given.stride if given.stride is not None else given.kernel_size
    return given.changed(stride=1) if np.any(np.asarray(strides) != 1) else None


def _in_rows(given: Given) -> Call | None:
    kernel = _kernel(given)
    if len(kernel) != 2 or kernel[0] == 1 or np.any(given.padding):
        return None
    return given.changed(kernel_size=[1, kernel[1]], stride=[1, kernel[1]])


def _swapped(t: Tensors) -> Any:
    square = t.y.ndim >= 2 and t.y.shape[-1] == t.y.shape[-2] and t.y.shape[-1] > 1
    return np.swapaxes(t.y, -1, -2) if square else None


def _of_the_whole_map(t: Tensors) -> Any:
    if t.given.x.ndim > 2 or t.y.size == 1:
        return None
    return np.max(t.given.x) if t.given.call.op in MAX else np.mean(t.given.x)


def _by_k(c: Cells) -> Any:
    return np.sum(c.blocks) / np.sqrt(np.size(c.blocks))


def _of_nonzero(c: Cells) -> Any:
    return np.sum(c.blocks) / np.maximum(np.count_nonzero(c.blocks), 1)


ROWS = (
    by_step(
        "POOL.AVG_FOR_MAX",
        "Mean instead of maximum",
        "pooling averages",
        "That is the mean of the block. What does max pooling keep?",
        MAX,
        {"output": lambda c: np.mean(c.blocks)},
    ),
    by_step(
        "POOL.MAX_FOR_AVG",
        "Maximum instead of mean",
        "pooling keeps the largest entry",
        "That is the largest entry. What does average pooling ask for?",
        AVG,
        {"output": lambda c: np.max(c.blocks)},
    ),
    by_step(
        "POOL.SUM",
        "Sum of the block",
        "pooling adds the block up",
        "That is the sum of the block. What still has to happen?",
        POOLS,
        {"output": lambda c: np.sum(c.blocks)},
    ),
    by_step(
        "POOL.DIV_K",
        "Divided by the side of the block",
        "a block of side K has K entries",
        "You seem to have divided by the side of the block. How many entries are in it?",
        ("avg_pool2d",),
        {"output": _by_k},
        when=lambda g: len(set(_kernel(g))) == 1 and _kernel(g)[0] > 1,
    ),
    by_step(
        "POOL.NONZERO_MEAN",
        "Zeros not counted",
        "a zero is not an entry",
        "The zeros seem to be left out of the count. Is a zero an entry?",
        AVG,
        {"output": _of_nonzero},
    ),
    by_step(
        "POOL.MEDIAN",
        "Median",
        "the average is the middle value",
        "That is the middle value. How is the mean found?",
        AVG,
        {"output": lambda c: np.median(c.blocks)},
    ),
    by_step(
        "POOL.ROUND",
        "Rounded down",
        "pooled values are whole numbers",
        "That is the mean without its fraction. Does pooling round?",
        AVG,
        {"output": lambda c: np.floor(np.mean(c.blocks))},
    ),
    by_step(
        "POOL.MIN",
        "Smallest entry",
        "pooling keeps the smallest entry",
        "That is the smallest entry. Which one does max pooling keep?",
        MAX,
        {"output": lambda c: np.min(c.blocks)},
    ),
    by_step(
        "POOL.ABSMAX",
        "Largest without its sign",
        "size is compared without the sign",
        "The signs seem to be left out of the comparison. Is −4 larger than 1?",
        MAX,
        {"output": lambda c: np.max(np.abs(c.blocks))},
        when=lambda g: bool(np.any(g.x < 0)),
    ),
    by_step(
        "POOL.ARGMAX",
        "Place instead of value",
        "pooling gives the index of the maximum",
        "That is where the largest entry stands. What does the output hold?",
        MAX,
        {"output": lambda c: np.argmax(c.blocks) + 1},
    ),
    by_step(
        "POOL.TOPLEFT",
        "First entry kept",
        "pooling keeps the first entry of each block",
        "That is the first entry of the block. Have you looked at all of them?",
        MAX,
        {"output": lambda c: np.ravel(c.blocks)[0]},
    ),
    by_call(
        "POOL.STRIDE1",
        "Blocks overlap",
        "the block moves one entry at a time",
        "Your blocks seem to overlap. How far apart do two blocks start?",
        POOLS,
        ("block", "starts"),
        _overlapping,
    ),
    by_whole(
        "POOL.OUT_T",
        "Rows and columns of the output exchanged",
        "the first index counts columns",
        "The numbers are there, but rows and columns have changed places. Which block is (1,2)?",
        ("max_pool2d", "avg_pool2d"),
        {"y": _swapped},
    ),
    by_call(
        "POOL.ROWS",
        "Pooled within rows",
        "a block lies in a single row",
        "You seem to have pooled inside each row. Which rows does a block reach over?",
        ("max_pool2d", "avg_pool2d"),
        ("block",),
        _in_rows,
    ),
    by_whole(
        "POOL.GLOBAL",
        "One number for the whole map",
        "pooling reduces the map to one number",
        "That is one number for the whole map. How many blocks are there?",
        POOLS,
        {"y": _of_the_whole_map},
    ),
)
