"""Ideas about affine layers, ReLU and sigmoid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Cells, Given, Tensors
from cnn_tutor.tutor.misconceptions.row import by_call, by_step, by_whole

LINEAR, RELU, SIGMOID = ("linear",), ("relu",), ("sigmoid",)
_SUMS = ("weighted_sum", "output")


def _hidden(change: Callable[[Given], Call | None]) -> Callable[[Given], Call | None]:
    """For a layer of several units."""
    return lambda given: change(given) if given.weight.ndim == 2 and len(given.weight) > 1 else None


def _single(change: Callable[[Given], Call | None]) -> Callable[[Given], Call | None]:
    """For an output layer of one unit."""
    return lambda given: change(given) if given.weight.ndim == 1 or len(given.weight) == 1 else None


def _biased(change: Callable[[Given], Call | None]) -> Callable[[Given], Call | None]:
    return lambda given: change(given) if given.bias is not None else None


def _transposed(given: Given) -> Call | None:
    return given.changed(weight=given.weight.T) if len(set(given.weight.shape)) == 1 else None


def _is_vector(given: Given) -> bool:
    return bool(given.x.ndim == 1)


def _table(t: Tensors) -> Any:
    """The products before they are added along each row."""
    given = t.given
    return given.weight * given.x if given.weight.ndim == 2 and _is_vector(given) and len(given.weight) > 1 else None


def _all_or_nothing(t: Tensors) -> Any:
    z = t.given.x
    vectors = z.reshape(-1, z.shape[-1]) if z.ndim else z.reshape(1, 1)
    dead = (vectors < 0).any(axis=1, keepdims=True)
    return np.where(dead, 0, np.maximum(vectors, 0)).reshape(z.shape)


def _logit(c: Cells) -> Any:
    """The logit z from e^(−z)."""
    return -np.log(c.exponential)


def _logistic(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


ROWS = (
    by_call(
        "LIN.WT",
        "W transposed",
        "a unit uses a column of W",
        "These come from the columns of W. Which part of W belongs to unit 1?",
        LINEAR,
        _SUMS,
        _hidden(_transposed),
    ),
    by_call(
        "LIN.NO_BIAS",
        "Bias forgotten",
        "W x is the output",
        "That is W x alone. What is still to be added?",
        LINEAR,
        ("output",),
        _hidden(_biased(lambda g: g.changed(bias=np.zeros_like(g.bias)))),
    ),
    by_call(
        "LIN.MINUS_BIAS",
        "Bias subtracted",
        "the bias is taken away",
        "The bias seems to be taken away. What does the formula do with b?",
        LINEAR,
        ("output",),
        _hidden(_biased(lambda g: g.changed(bias=-g.bias))),
    ),
    by_call(
        "LIN.BIAS_SWAP",
        "Biases in the wrong order",
        "the biases may be taken in any order",
        "The biases seem to be exchanged. To which unit does b₁ belong?",
        LINEAR,
        ("output",),
        _hidden(_biased(lambda g: g.changed(bias=g.bias[::-1]))),
    ),
    by_call(
        "LIN.SWAP_X",
        "Entries of x exchanged",
        "the first weight meets the last entry",
        "The entries of x seem to be in reverse order. Which entry does the first column of W multiply?",
        LINEAR,
        _SUMS,
        _hidden(lambda g: g.changed(x=g.x[..., ::-1])),
    ),
    by_call(
        "LIN.ABS_W",
        "Minus signs of W dropped",
        "weights count without their sign",
        "A negative weight seems to be taken as positive. What sign does each product have?",
        LINEAR,
        _SUMS,
        _hidden(lambda g: g.changed(weight=np.abs(g.weight))),
    ),
    by_whole(
        "LIN.ELEMWISE",
        "Products not added",
        "W x is a table of products",
        "That is a table of products. What is done along each row?",
        LINEAR,
        {"y": _table},
    ),
    by_call(
        "OUT.W_IGNORED",
        "Output weights left out",
        "the output adds up the hidden units",
        "The hidden units seem to be added as they are. What does W multiply each of them with?",
        LINEAR,
        _SUMS,
        _single(lambda g: g.changed(weight=np.ones_like(g.weight))),
    ),
    by_call(
        "OUT.W_REVERSED",
        "Output weights reversed",
        "the weights may be taken in any order",
        "The weights seem to be in reverse order. Which of them belongs to the second unit?",
        LINEAR,
        _SUMS,
        _single(lambda g: g.changed(weight=g.weight[..., ::-1])),
    ),
    by_call(
        "OUT.NO_BIAS",
        "Output bias forgotten",
        "the weighted sum is the output",
        "That is the weighted sum. Which number is still to be added?",
        LINEAR,
        ("output",),
        _single(_biased(lambda g: g.changed(bias=np.zeros_like(g.bias)))),
    ),
    by_call(
        "OUT.MINUS_BIAS",
        "Output bias subtracted",
        "the bias is taken away",
        "The bias seems to be taken away; b itself may be negative. What does the formula do with it?",
        LINEAR,
        ("output",),
        _single(_biased(lambda g: g.changed(bias=-g.bias))),
    ),
    by_step(
        "RELU.FORGOT",
        "ReLU forgotten",
        "negative values go through",
        "A negative number has come through. What does ReLU make of it?",
        RELU,
        {"output": lambda c: c.x},
    ),
    by_step(
        "RELU.ABS",
        "Absolute value",
        "ReLU drops the sign",
        "The negatives seem to have become positive. What does max(0, z) give for a negative z?",
        RELU,
        {"output": lambda c: np.abs(c.x)},
    ),
    by_step(
        "RELU.INVERT",
        "Negatives kept",
        "ReLU keeps the negative part",
        "The negatives are kept and the positives gone. Which of the two does max(0, z) keep?",
        RELU,
        {"output": lambda c: np.minimum(c.x, 0)},
    ),
    by_step(
        "RELU.STEP",
        "Step function",
        "ReLU gives 0 or 1",
        "That is a step from 0 to 1. What does ReLU make of a positive number?",
        RELU,
        {"output": lambda c: np.heaviside(c.x, 0)},
    ),
    by_whole(
        "RELU.ZERO_ALL",
        "One negative zeroes everything",
        "a negative entry switches the whole vector off",
        "The whole vector has become 0. Does ReLU look at the entries together or one by one?",
        RELU,
        {"y": _all_or_nothing},
    ),
    by_step(
        "SIG.FORGOT",
        "Sigmoid forgotten",
        "the logit is the prediction",
        "That is the logit z itself. What comes between z and ŷ?",
        SIGMOID,
        {"output": _logit},
    ),
    by_step(
        "SIG.EXP_SIGN",
        "Sign in the exponent",
        "the exponent is +z",
        "That is what e^(+z) leads to. Must a positive z give more or less than 0.5?",
        SIGMOID,
        {"exponential": lambda c: np.exp(c.x)},
    ),
    by_step(
        "SIG.EXP_ONLY",
        "Only the exponential",
        "e^(−z) is the prediction",
        "That is e^(−z). What is done with it?",
        SIGMOID,
        {"output": lambda c: c.exponential},
    ),
    by_step(
        "SIG.NO_ONE",
        "The 1 + is missing",
        "the denominator is e^(−z)",
        "That is 1/e^(−z). What else stands in the denominator?",
        SIGMOID,
        {"output": lambda c: 1 / c.exponential},
    ),
    by_step(
        "SIG.TANH",
        "tanh",
        "the sigmoid is tanh",
        "That is tanh(z), which runs from −1 to 1. Between which values does σ run?",
        SIGMOID,
        {"output": lambda c: np.tanh(_logit(c))},
    ),
    by_step(
        "SIG.DOUBLE",
        "Sigmoid twice",
        "the sigmoid is applied to its own result",
        "That has been through the sigmoid twice. How often is it applied?",
        SIGMOID,
        {"output": lambda c: _logistic(_logistic(_logit(c)))},
    ),
)
