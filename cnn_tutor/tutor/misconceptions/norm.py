"""Ideas about normalisation: which numbers share a mean, the variance, the denominator, γ and β."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Cells, Change, Counterfactual, Given, Tensors
from cnn_tutor.tutor.misconceptions.row import Misconception, by_call, by_step, by_whole

BATCH, LAYER, GROUP = ("batch_norm",), ("layer_norm",), ("group_norm",)
NORMS = (*BATCH, *LAYER, *GROUP, "instance_norm")
_STATISTICS = ("sum", "mean", "set", "set_size")


def _is_affine(given: Given) -> bool:
    return given.gamma is not None and given.beta is not None


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


def _by_size(given: Given) -> Call:
    """G features in a group instead of G groups."""
    return given.changed(num_groups=given.x.shape[0 if given.x.ndim == 1 else 1] // given.num_groups)


def _interleaved(t: Tensors) -> Any:
    """The result with channels dealt out to the groups in turn."""
    given = t.given
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
        found = _interleaved(t)
        if found is None:
            return None
        trace, order, channel = found
        value = trace.tensors[name]
        return np.take(value, np.argsort(order), axis=channel) if value.shape == t.given.x.shape else value

    return whole


def _squared_twice(c: Cells) -> Any:
    return (c.variance + c.eps) ** 2


def _affine(id_: str, name: str, believes: str, says: str, change: Change) -> Misconception:
    """A row about γ and β."""
    steps: dict[str, Change] = {"output": change}
    counterfactual = Counterfactual(steps=lambda given: steps if _is_affine(given) else {})
    return Misconception(id_, name, believes, says, NORMS, ("output",), counterfactual)


def _per_sample(t: Tensors) -> Any:
    """γ and β by rows instead of columns."""
    given = t.given
    if not _is_affine(given) or given.x.ndim != 2 or len(set(given.x.shape)) != 1:
        return None
    return given.gamma[:, None] * t.normalised + given.beta[:, None]


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
        _STATISTICS,
        _axis_swap,
    ),
    by_call(
        "NORM.GLOBAL",
        "One mean for everything",
        "the whole table shares one mean",
        "One mean seems to serve the whole table. Which numbers share one mean in this method?",
        (*BATCH, *LAYER),
        _STATISTICS,
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
    _affine(
        "AFF.SWAP",
        "γ and β exchanged",
        "β scales and γ shifts",
        "γ and β seem to have changed roles. Which one multiplies?",
        lambda c: c.beta * c.normalised + c.gamma,
    ),
    _affine(
        "AFF.BETA_FIRST",
        "β added before scaling",
        "the shift comes first",
        "β seems to be scaled as well. Which comes first, scaling or shifting?",
        lambda c: c.gamma * (c.normalised + c.beta),
    ),
    by_whole(
        "AFF.PER_SAMPLE",
        "γ and β by sample",
        "γ₁ belongs to sample 1",
        "γ and β seem to go with the rows. Does γ₁ belong to a sample or to a unit?",
        (*BATCH, *LAYER),
        {"y": _per_sample},
    ),
    _affine(
        "AFF.NO_GAMMA",
        "γ forgotten",
        "only the shift is applied",
        "The scale seems to be missing. What does γ do?",
        lambda c: c.normalised + c.beta,
    ),
    _affine(
        "AFF.NO_BETA",
        "β forgotten",
        "only the scale is applied",
        "The shift seems to be missing. What does β do?",
        lambda c: c.gamma * c.normalised,
    ),
    _affine(
        "AFF.ON_RAW",
        "γ and β on z itself",
        "scale and shift act on z",
        "γ and β seem to act on z. On which values do they act?",
        lambda c: c.gamma * c.x + c.beta,
    ),
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
        at=("set", *_STATISTICS),
    ),
    by_call(
        "GN.G_IS_SIZE",
        "G taken as group size",
        "a group has G features",
        "Your groups seem to have G features each. What does G count?",
        GROUP,
        ("set", *_STATISTICS),
        _by_size,
    ),
    by_call(
        "GN.AS_LN",
        "One group for all",
        "all features share one mean",
        "All features seem to share one mean, as in layer normalisation. How many groups are there?",
        GROUP,
        ("set", *_STATISTICS),
        lambda g: g.changed(num_groups=1) if g.num_groups > 1 else None,
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
