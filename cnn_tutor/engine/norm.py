"""Normalisation: subtract the mean of a set of numbers, divide by its standard deviation, scale and shift.

    ẑ = (z − μ) / √(σ² + ε)      y = γ · ẑ + β

μ and σ² (divided by the number of entries, not one less) are taken over a set. The four methods differ only in which
numbers form a set: BN all samples of one unit or channel, LN the features of one sample, GN the channels of one group
of one sample, IN one channel of one sample. Definition: worksheet 4, sections 2 to 4, and ``torch.nn.functional``.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import as_tensor, shown
from cnn_tutor.engine.exact import summable
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.sets import Sets, batch_sets, group_sets, instance_sets, layer_sets
from cnn_tutor.engine.trace import (
    Array,
    Cell,
    Lazy,
    Plan,
    Story,
    Tensors,
    Trace,
    Window,
    block,
    over,
    unravel,
)
from cnn_tutor.errors import ShapeError


def batch_norm(
    x: Any,
    gamma: Any = None,
    beta: Any = None,
    *,
    eps: float = 1e-5,
    running_mean: Any = None,
    running_var: Any = None,
) -> Trace:
    """One set for each feature or channel, over all samples and positions.

    ``x`` is (N, F) or (N, C, *spatial); ``gamma``, ``beta`` and the running statistics are (F,) or (C,). Batch
    statistics are used unless both running ones are given (inference), where ``x`` may also be one sample (F,).
    """
    x = as_tensor("x", x)
    if (running_mean is None) != (running_var is None):
        raise ShapeError("running_mean and running_var must be given together or not at all")
    if x.ndim == 0 or (x.ndim == 1 and running_mean is None):
        raise ShapeError(f"x must be a batch (N, F) or (N, C, *spatial) to take batch statistics, got shape {x.shape}")
    channel = 0 if x.ndim == 1 else 1
    statistics = None
    if running_mean is not None:
        shape = (x.shape[channel],)
        mean = summable(of_shape("running_mean", running_mean, shape), 2)
        statistics = mean, of_shape("running_var", running_var, shape)
        if (statistics[1] < 0).any():
            raise ShapeError(f"running_var must not be negative, got {statistics[1].min()}")
    return normalise(x, batch_sets(x), gamma, beta, eps, statistics)


def layer_norm(
    x: Any, gamma: Any = None, beta: Any = None, *, eps: float = 1e-5, axes: int | Sequence[int] = -1
) -> Trace:
    """One set for each position outside ``axes``, the axes that share one mean

    ``x`` is one sample (F,), a batch (N, F) or feature maps (N, C, *spatial); ``gamma`` and ``beta`` have the shape of
    ``axes``.
    """
    x = as_tensor("x", x)
    return normalise(x, layer_sets(x, axes), gamma, beta, eps)


def group_norm(x: Any, num_groups: int, gamma: Any = None, beta: Any = None, *, eps: float = 1e-5) -> Trace:
    """One set for each of ``num_groups`` runs of neighbouring channels of one sample.

    ``x`` is one sample (C,), a batch (N, C) or feature maps (N, C, *spatial); ``num_groups`` divides C; ``gamma``
    and ``beta`` are (C,).
    """
    x = as_tensor("x", x)
    return normalise(x, group_sets(x, num_groups), gamma, beta, eps)


def instance_norm(x: Any, gamma: Any = None, beta: Any = None, *, eps: float = 1e-5) -> Trace:
    """One set for each channel of each sample, over its positions.

    ``x`` is (N, C, *spatial); ``gamma`` and ``beta`` are (C,).
    """
    x = as_tensor("x", x)
    return normalise(x, instance_sets(x), gamma, beta, eps)


def of_shape(name: str, value: Any, shape: tuple[int, ...]) -> Array:
    """``value`` checked to have ``shape``; raises ShapeError."""
    array = as_tensor(name, value)
    if array.shape != shape:
        raise ShapeError(f"{name} must have shape {shape}, got {array.shape}")
    return array


@np.errstate(all="ignore")
def normalise(
    x: Array,
    sets: Sets,
    gamma: Any,
    beta: Any,
    eps: float,
    statistics: tuple[Array, Array] | None = None,
) -> Trace:
    """``statistics`` are a given mean and variance."""
    affine_shape = tuple(x.shape[axis] for axis in sets.affine_axes)
    gamma = None if gamma is None else of_shape("gamma", gamma, affine_shape)
    beta = None if beta is None else of_shape("beta", beta, affine_shape)
    eps = epsilon(eps)
    size = math.prod(sets.grouped[axis] for axis in sets.axes)
    x = summable(x, 2 * size)
    values = x.reshape(sets.grouped)

    def spread(statistic: Array) -> Array:
        return np.expand_dims(statistic, sets.axes)

    tensors: Named = {"x": x}
    if statistics is None:
        sums = np.asarray(values.sum(axis=sets.axes))
        mean = _mean(values, sums, sets.axes, size)
        deviations = values - spread(mean)
        squares = deviations * deviations
        variance = np.asarray(squares.sum(axis=sets.axes) / size)
        tensors |= {
            "sets": Lazy(lambda: np.moveaxis(values, sets.axes, range(-len(sets.axes), 0)).reshape(*sets.shape, size)),
            "set_size": np.array(size),
            "sum": sums,
            "squares": squares.reshape(x.shape),
        }
    else:
        mean, variance = statistics
        deviations = values - spread(mean)
    denominator = np.asarray(np.sqrt(variance + eps))
    y = normalised = (deviations / spread(denominator)).reshape(x.shape)
    tensors |= {
        "eps": np.array(eps, dtype=denominator.dtype),
        "mean": mean,
        "variance": variance,
        "denominator": denominator,
        "deviations": deviations.reshape(x.shape),
    }
    affine = {name: value for name, value in (("gamma", gamma), ("beta", beta)) if value is not None}
    if affine:
        along = tuple(n if axis in sets.affine_axes else 1 for axis, n in enumerate(x.shape))
        y = normalised if gamma is None else normalised * gamma.reshape(along)
        y = y if beta is None else y + beta.reshape(along)
        tensors |= {"normalised": normalised, **affine}
    tensors |= {"y": y, "parameters": np.array(sum(value.size for value in affine.values()))}
    return Trace(y, lambda: _story(sets, tensors, tuple(affine), is_given=statistics is not None))


def _mean(values: Array, sums: Array, axes: tuple[int, ...], size: int) -> Array:
    """Σ / m, with what rounding took from it put back: it counts where the mean is far larger than the spread."""
    mean = sums / size
    rest = (values - np.expand_dims(mean, axes)).sum(axis=axes) / size
    return np.asarray(mean + np.where(np.isfinite(rest), rest, 0))


def epsilon(eps: Any) -> float:
    """``eps`` as a float; raises ShapeError unless it is a finite number of at least 0."""
    is_number = isinstance(eps, (int, float, np.integer, np.floating)) and not isinstance(eps, bool)
    if is_number and 0 <= eps <= sys.float_info.max:
        return float(eps)
    raise ShapeError(f"eps must be a finite number of at least 0, got {shown(eps)}")


def _story(sets: Sets, tensors: Named, affine: tuple[str, ...], *, is_given: bool) -> Story:
    """Set by set: its statistics unless they are given, its normalised numbers; at the end γ and β for all."""

    def plans(one: Cell) -> list[Plan]:
        cells, number = sets.cells(one), Window("mean", one)
        variance, denominator = Window("variance", one), Window("denominator", one)
        deviations, squares = Window("deviations", cells), Window("squares", cells)
        centre = Plan("deviations", f.MINUS, (Window("x", cells), number), deviations)
        divide = [
            Plan("denominator", f.ROOT, (variance, Window("eps")), denominator),
            Plan("normalised", f.OVER, (deviations, denominator), Window("normalised" if affine else "y", cells)),
        ]
        if is_given:
            return [centre, *divide]
        return [
            Plan("set", f.UNROLL, (Window("x", cells),), Window("sets", one)),
            Plan("sum", f.SUM, (Window("x", cells),), Window("sum", one)),
            Plan("mean", f.OVER, (Window("sum", one), Window("set_size")), number),
            centre,
            Plan("squares", f.SQUARE, (deviations,), squares),
            Plan("variance", f.MEAN, (squares,), variance),
            *divide,
        ]

    def scale(item: int, _: int) -> Plan:
        one = unravel(item, sets.shape)
        cells, own = sets.cells(one), sets.affine(one)
        reads = (Window("normalised", cells), *(Window(name, own) for name in affine))
        formula = f.AFFINE if len(affine) == 2 else f.SCALE if affine == ("gamma",) else f.SHIFT
        return Plan("output", formula, reads, Window("y", cells))

    first = (0,) * len(sets.shape)

    def every(item: int) -> list[Plan]:
        return plans(unravel(item, sets.shape))

    blocks = [over(sets.shape, len(plans(first)), lambda item, part: every(item)[part], every)]
    if not is_given:
        blocks.insert(0, block(Plan("set_size", f.COUNT, (Window("x", sets.cells(first)),), Window("set_size"))))
    if affine:
        blocks.append(over(sets.shape, 1, scale))
    blocks.append(block(Plan("parameters", f.TOTAL_COUNT, tuple(map(Window, affine)), Window("parameters"))))
    return Story(Tensors(tensors), tuple(blocks), ("x", "eps", *affine, *(["mean", "variance"] if is_given else [])))
