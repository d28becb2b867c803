"""Ideas about which numbers share a mean, the variance and the denominator."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Cells, Given
from cnn_tutor.tutor.misconceptions.row import NORMS, STATISTICS, by_call, by_step

BATCH, LAYER = ("batch_norm",), ("layer_norm",)


def _axis_swap(given: Given) -> Call | None:
    """BN over the features of a sample, LN over the samples of a feature; for a table (samples, features)."""
    if given.x.ndim != 2:
        return None
    kept = {"gamma": given.gamma, "beta": given.beta, "eps": given.eps}
    if given.call.op == "batch_norm":
        if given.running_mean is not None:
            return None
        return Call("layer_norm", _some(x=given.x, gamma=given.gamma, beta=given.beta), {"eps": kept["eps"]})
    return Call("batch_norm", _some(x=given.x, gamma=given.gamma, beta=given.beta), {"eps": kept["eps"]})


def _some(**tensors: Any) -> dict[str, Any]:
    return {name: value for name, value in tensors.items() if value is not None}


def _over_everything(given: Given) -> Call | None:
    """One mean for the whole table."""
    if given.x.ndim != 2 or min(given.x.shape) < 2:
        return None
    tensors = _some(x=given.x)
    for name in ("gamma", "beta"):
        value = getattr(given, name)
        if value is not None:
            tensors[name] = np.broadcast_to(value, given.x.shape)
    return Call("layer_norm", tensors, {"eps": given.eps, "axes": [0, 1]})


def _squared_twice(c: Cells) -> Any:
    return (c.variance + c.eps) ** 2


ROWS = (
    by_call(
        "RELU.BEFORE_NORM",
        "ReLU before the normalisation",
        "negative values are cut off first",
        "That is what comes out when ReLU goes first. In which order do the layers stand here?",
        NORMS,
        ("sum", "mean"),
        lambda g: g.changed(x=np.maximum(g.x, 0)),
    ),
    by_step(
        "NORM.SUM_FOR_MEAN",
        "Sum instead of mean",
        "the mean is the sum",
        "That is the sum. By how many numbers is it divided?",
        NORMS,
        {"mean": lambda c: c.sum},
    ),
    by_call(
        "NORM.AXIS_SWAP",
        "Averaged the other way",
        "samples and features change roles",
        "You seem to have averaged in the other direction. Which numbers share one mean in this method?",
        (*BATCH, *LAYER),
        STATISTICS,
        _axis_swap,
    ),
    by_call(
        "NORM.GLOBAL",
        "One mean for everything",
        "the whole table shares one mean",
        "One mean seems to serve the whole table. Which numbers share one mean in this method?",
        (*BATCH, *LAYER),
        STATISTICS,
        _over_everything,
    ),
    by_step(
        "NORM.UNBIASED",
        "Divided by m − 1",
        "the variance divides by one less than the number of entries",
        "That is the sum of squares divided by one less than their number. What does the layer divide by?",
        NORMS,
        {"variance": lambda c: np.sum(c.squares) / (np.size(c.squares) - 1) if np.size(c.squares) > 1 else np.nan},
    ),
    by_step(
        "NORM.STD_FOR_VAR",
        "Standard deviation instead of variance",
        "the variance already has its root taken",
        "That is the standard deviation. What is the variance, before any root?",
        NORMS,
        {"variance": lambda c: np.sqrt(np.mean(c.squares))},
    ),
    by_step(
        "NORM.NO_SQUARE",
        "Deviations not squared",
        "the variance averages the sizes of the deviations",
        "That is the mean size of the deviations. What is done to each deviation before averaging?",
        NORMS,
        {"squares": lambda c: np.abs(c.deviations)},
    ),
    by_step(
        "NORM.NO_DIV",
        "Squares not divided",
        "the variance is the sum of squares",
        "That is the sum of the squares. What is still to be done with it?",
        NORMS,
        {"variance": lambda c: np.sum(c.squares)},
    ),
    by_step(
        "NORM.RAW_MOMENT",
        "Mean not subtracted in the variance",
        "the numbers themselves are squared",
        "The numbers themselves seem to be squared. What is squared in a variance?",
        NORMS,
        {"squares": lambda c: c.x**2},
    ),
    by_step(
        "NORM.VAR_FOR_STD",
        "Divided by the variance",
        "the denominator is σ² + ε",
        "The root seems to be missing. What stands under the fraction bar?",
        NORMS,
        {"denominator": lambda c: c.variance + c.eps},
    ),
    by_step(
        "NORM.EPS_FORGOT",
        "ε left out",
        "the denominator is √σ²",
        "ε seems to be missing. Where does it stand?",
        NORMS,
        {"denominator": lambda c: np.sqrt(c.variance)},
    ),
    by_step(
        "NORM.EPS_OUTSIDE",
        "ε outside the root",
        "ε is added after the root",
        "ε seems to be added after the root. Where does it stand?",
        NORMS,
        {"denominator": lambda c: np.sqrt(c.variance) + c.eps},
    ),
    by_step(
        "NORM.EPS_AFTER",
        "ε added to the result",
        "ε is added after the division",
        "ε seems to be added to the result. Where does it stand?",
        NORMS,
        {"normalised": lambda c: c.deviations / np.sqrt(c.variance) + c.eps},
    ),
    by_step(
        "NORM.DENOM_SQUARED",
        "Denominator squared",
        "the denominator is a square",
        "The denominator seems to be squared. What is taken of σ² + ε?",
        NORMS,
        {"denominator": _squared_twice},
    ),
    by_step(
        "NORM.NO_CENTER",
        "Mean not subtracted",
        "ẑ is z divided by the denominator",
        "z itself seems to be divided. What is subtracted first?",
        NORMS,
        {"normalised": lambda c: c.x / c.denominator},
    ),
    by_step(
        "NORM.REVERSED",
        "Mean minus number",
        "a deviation is μ − z",
        "The signs are turned round. Which is subtracted from which?",
        NORMS,
        {"deviations": lambda c: c.mean - c.x},
    ),
    by_step(
        "NORM.MINMAX",
        "Scaled between 0 and 1",
        "normalising means min-max scaling",
        "These run from 0 to 1, as in min-max scaling. Which mean and variance should they have?",
        NORMS,
        {"normalised": lambda c: (c.x - np.min(c.x)) / np.ptp(c.x)},
    ),
    by_call(
        "BNI.BATCH_STATS",
        "Batch statistics at inference",
        "the mean of this batch is used",
        "These come from the mean and variance of this batch. Which ones are used at inference?",
        BATCH,
        ("deviations",),
        lambda g: g.changed(running_mean=None, running_var=None) if g.running_mean is not None else None,
    ),
)
