"""Ideas about gradients: where they go, and what they are multiplied with."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.tutor.counterfactual import Cells, Counterfactual, Given
from cnn_tutor.tutor.misconceptions.row import Misconception, by_call, by_step, by_whole, dimensions

CONV = ("conv1d_backward", "conv2d_backward")
MAX = ("max_pool1d_backward", "max_pool2d_backward")
AVG = ("avg_pool1d_backward", "avg_pool2d_backward")
NORM = ("batch_norm_backward", "layer_norm_backward", "group_norm_backward", "instance_norm_backward")


def _flipped(given: Given) -> Any:
    return np.flip(given.weight, tuple(range(-dimensions(given), 0)))


def _scaled(c: Cells) -> Any:
    """dẑ, whether or not there is a γ."""
    return c.operands[0]


def _at_first(c: Cells) -> Any:
    share = np.zeros(np.shape(c.blocks))
    share[0] = c.grad
    return share


ROWS = (
    by_call(
        "BW.DX_NO_FLIP",
        "Copies turned round",
        "the input's gradient comes from the kernel reversed in each copy",
        "The kernel lies the wrong way round. Through which weight did the first entry of a window reach its output?",
        CONV,
        ("scaled_copies", "output"),
        lambda g: g.changed(weight=_flipped(g)),
    ),
    by_step(
        "BW.DX_OVERWRITE",
        "Overlaps written over",
        "an input has one gradient, from its last window",
        "Only the last window seems to count. What is done with the gradients of all windows that hold an entry?",
        CONV,
        {"output": lambda c: np.sum(c.operands[-1]) if c.operands else 0},
    ),
    by_whole(
        "BW.DW_FLIP",
        "Weight gradients in reverse order",
        "the kernel's gradient is turned round, too",
        "The gradients are in reverse order. Which entries of the input did the first weight meet?",
        CONV,
        {"weight_grad": lambda t: np.flip(t.weight_grad, tuple(range(-dimensions(t.given), 0)))},
        at=("weight_grad",),
    ),
    by_step(
        "BW.DW_FROM_W",
        "Weight instead of input",
        "a weight's gradient holds the weight itself",
        "The weight itself seems to be in it. What was the weight multiplied with, going forward?",
        CONV,
        {"weight_grad": lambda c: c.weight * np.sum(c.grad)},
    ),
    by_step(
        "BW.DB_MEAN",
        "Mean instead of sum",
        "the bias gets the mean gradient",
        "That is the mean of the gradients. The bias went into every output: what is done with all of them?",
        CONV,
        {"bias_grad": lambda c: np.mean(c.operands[0])},
    ),
    by_step(
        "PB.SPREAD_MAX",
        "Gradient for the whole block",
        "every entry of a block gets its gradient",
        "Every entry of the block seems to get it. Which of them would have changed the maximum?",
        MAX,
        {"shares": lambda c: np.full(np.shape(c.blocks), c.grad)},
    ),
    by_step(
        "PB.TOPLEFT",
        "Gradient for the first entry",
        "the gradient goes back to the first place of a block",
        "The gradient stands at the first place of the block. Where did the maximum come from?",
        MAX,
        {"shares": _at_first},
    ),
    by_step(
        "PB.SHARED_MAX",
        "Gradient shared out",
        "max pooling shares the gradient as average pooling does",
        "The gradient seems to be shared out. How many entries of the block went through max pooling?",
        MAX,
        {"shares": lambda c: np.full(np.shape(c.blocks), c.grad / np.size(c.blocks))},
    ),
    by_step(
        "PB.TIMES_MAX",
        "Multiplied by the maximum",
        "the gradient is multiplied with the winner",
        "The maximum itself seems to be in it. By how much does the output move when the winner moves by 1?",
        MAX,
        {"shares": lambda c: np.where(np.arange(np.size(c.blocks)) == np.argmax(c.blocks), c.grad * c.blocks, 0)},
    ),
    by_step(
        "PB.NOT_DIVIDED",
        "Mean not divided",
        "every entry gets the whole gradient",
        "Every entry seems to get the whole gradient. By how much does a mean move when one entry moves by 1?",
        AVG,
        {"shares": lambda c: c.grad},
    ),
    by_step(
        "PB.DIV_K",
        "Divided by the side",
        "a block of side k has k entries",
        "The gradient seems to be divided by the side of the block. How many entries does the block have?",
        AVG,
        {"shares": lambda c: c.grad / np.sqrt(c.divisor)},
    ),
    by_step(
        "NB.STATS_CONSTANT",
        "Statistics taken as constants",
        "μ and σ² do not depend on z",
        "μ and σ² seem to be taken as constants. What do they do when one z moves?",
        NORM,
        {"centred_grad": _scaled},
    ),
    by_step(
        "NB.NO_SHARE",
        "Only the mean removed",
        "only μ depends on z",
        "Only the way through μ seems to be there. Which other statistic does z move?",
        NORM,
        {"centred_grad": lambda c: _scaled(c) - c.grad_mean},
    ),
    by_step(
        "NB.NO_MEAN",
        "Only the variance's way removed",
        "only σ² depends on z",
        "Only the way through σ² seems to be there. Which other statistic does z move?",
        NORM,
        {"centred_grad": lambda c: _scaled(c) - c.normalised * c.grad_share},
    ),
    by_step(
        "NB.NOT_DIVIDED",
        "Denominator left out",
        "the gradient passes the division unchanged",
        "The denominator seems to be missing. What was divided by it, going forward?",
        NORM,
        {"output": lambda c: c.centred_grad},
    ),
    Misconception(
        "NB.NO_GAMMA",
        "γ left out",
        "γ has nothing to do with the gradient of z",
        "γ seems to be missing. What was ẑ multiplied with, going forward?",
        NORM,
        ("scaled_grad",),
        Counterfactual(steps=lambda given: {} if given.gamma is None else {"scaled_grad": lambda c: c.operands[0]}),
    ),
)
