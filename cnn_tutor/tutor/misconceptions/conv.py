"""Ideas about the kernel, the products and their sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Given, Tensors
from cnn_tutor.tutor.misconceptions.row import CONVS, ONE, TWO, by_call, by_step, by_total, by_whole


def _flip(axes: tuple[int, ...]) -> Callable[[Given], Call | None]:
    """The kernel reversed along some axes; None where it is one weight wide there."""

    def call(given: Given) -> Call | None:
        sizes = {given.weight.shape[axis] for axis in axes}
        return None if sizes == {1} else given.changed(weight=np.flip(given.weight, axes))

    return call


def _is_square(given: Given) -> bool:
    return len(set(given.weight.shape[-2:])) == 1 and given.weight.shape[-1] > 1


def _swapped(t: Tensors) -> Any:
    return np.swapaxes(t.y, -1, -2) if t.y.shape[-1] == t.y.shape[-2] and t.y.shape[-1] > 1 else None


def _matrix_product(c: Any) -> Any:
    return np.sum(np.matmul(c.windows, c.weight))


ROWS = (
    by_call(
        "CONV.FLIP",
        "Kernel reversed",
        "a convolution turns the kernel round before sliding it",
        "That is what w gives when it is reversed, as in mathematics. Which weight meets the first entry here?",
        ONE,
        ("products",),
        _flip((-1,)),
        convention=True,
    ),
    by_call(
        "C2D.ROT180",
        "Kernel turned by half a turn",
        "a convolution turns the kernel round before laying it down",
        "That is what K gives when it is turned by 180°. Which weight lies on the top left entry here?",
        TWO,
        ("products",),
        _flip((-2, -1)),
        convention=True,
    ),
    by_call(
        "C2D.KT",
        "Kernel transposed",
        "rows and columns of the kernel may be exchanged",
        "This fits K with its rows and columns exchanged. Which weights lie on the first row of the patch?",
        TWO,
        ("products",),
        lambda g: g.changed(weight=np.swapaxes(g.weight, -1, -2)) if _is_square(g) else None,
    ),
    by_call(
        "C2D.FLIP_LR",
        "Kernel mirrored sideways",
        "each kernel row is read from the right",
        "Each row of K seems to be reversed. Which weight lies on the left?",
        TWO,
        ("products",),
        _flip((-1,)),
    ),
    by_call(
        "C2D.FLIP_UD",
        "Kernel upside down",
        "the kernel rows are read from below",
        "The rows of K seem to be upside down. Which kernel row lies on the top row of the patch?",
        TWO,
        ("products",),
        _flip((-2,)),
    ),
    by_whole(
        "C2D.OUT_T",
        "Rows and columns of the output exchanged",
        "the first index counts columns",
        "The numbers are there, but rows and columns have changed places. In which direction does Y₁₂ lie from Y₁₁?",
        TWO,
        {"y": _swapped},
    ),
    by_step(
        "C2D.MATMUL",
        "Matrix product of patch and kernel",
        "patch and kernel are multiplied as matrices",
        "This looks like a matrix product of the patch and K. How does ⊙ multiply?",
        TWO,
        {"output": _matrix_product, "weighted_sum": _matrix_product},
        when=lambda g: _is_square(g) and g.weight.ndim == 2 and g.bias is None,
    ),
    by_whole(
        "CONV.NO_SUM",
        "Products not added",
        "an output is the list of its products",
        "Those are products. An output is one number for each window: what is done with its products?",
        CONVS,
        {"y": lambda t: t.products},
    ),
    by_step(
        "CONV.SUM_WINDOW",
        "Kernel left out",
        "an output is the sum of its window",
        "That is the plain sum of the window. What does each entry meet before it is added?",
        CONVS,
        {"products": lambda c: c.windows + 0 * c.weight},
    ),
    by_step(
        "CONV.ADD",
        "Added instead of multiplied",
        "window and kernel are added entry by entry",
        "The window and the kernel seem to be added. What is done with each pair before the sum?",
        CONVS,
        {"products": lambda c: c.windows + c.weight},
    ),
    by_step(
        "CONV.ABS_KERNEL",
        "Minus signs of the kernel dropped",
        "weights count without their sign",
        "A negative weight seems to be taken as positive. What sign does each product have?",
        CONVS,
        {"products": lambda c: c.windows * np.abs(c.weight)},
    ),
    by_step(
        "CONV.NEGNEG",
        "Minus times minus taken as minus",
        "the product of two negative numbers is negative",
        "One of the products has two negative factors. What sign does it have?",
        CONVS,
        {"products": lambda c: np.where((c.windows < 0) & (c.weight < 0), -c.windows * c.weight, c.windows * c.weight)},
    ),
    by_total(
        "CONV.MEAN",
        "Mean instead of sum",
        "a convolution averages its products",
        "You seem to have divided by the number of products. Does a convolution average, or only add?",
        lambda c: np.mean(c.products),
    ),
    by_total(
        "CONV.MAX_PRODUCT",
        "Largest product",
        "a convolution keeps the largest product",
        "That is the largest of the products. Max belongs to pooling; what is done with all products here?",
        lambda c: np.max(c.products),
    ),
    by_total(
        "CONV.NEG_TOTAL",
        "Sign of the sum turned round",
        "the result is the negative of the sum",
        "Every sign is turned round. Did something get subtracted that should be added?",
        lambda c: -np.sum(c.products),
    ),
    by_whole(
        "CONV.RELU_EARLY",
        "ReLU applied unasked",
        "outputs cannot be negative",
        "The negative outputs have become 0, as if after ReLU. Has there been a ReLU yet?",
        CONVS,
        {"y": lambda t: np.maximum(t.y, 0)},
    ),
)
