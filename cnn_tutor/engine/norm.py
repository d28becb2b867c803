"""Normalisation: subtract the mean of a set of numbers, divide by its standard deviation, scale and shift.

    ẑ = (z − μ) / √(σ² + ε)      y = γ · ẑ + β

μ and σ² (divided by the number of entries, not one less) are taken over a set. The four methods differ only in which
numbers form a set: BN all samples of one unit or channel, LN the features of one sample, GN the channels of one group
of one sample, IN one channel of one sample. Definition: worksheet 4, sections 2 to 4, and ``torch.nn.functional``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.trace import Array, Block, Index, Lazy, Plan, Tensors, Trace, Window, block
from cnn_tutor.engine.windows import as_tensor, integer, unravel
from cnn_tutor.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Sets:
    """Which cells of x share one mean.

    ``shape`` numbers the sets; ``cells(set)`` is the index of its cells in x; ``affine(set)`` that of its γ and β.
    ``grouped`` is the shape of x with every set spread over ``axes``.
    """

    shape: tuple[int, ...]
    grouped: tuple[int, ...]
    axes: tuple[int, ...]
    cells: Callable[[Index], Index]
    affine: Callable[[Index], Index]


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
    sets = _over(x, tuple(axis for axis in range(x.ndim) if axis != channel), affine=lambda one: one)
    statistics = None
    if running_mean is not None:
        shape = (x.shape[channel],)
        statistics = _of_shape("running_mean", running_mean, shape), _of_shape("running_var", running_var, shape)
    return _normalise(x, sets, (channel,), gamma, beta, eps, statistics)


def layer_norm(x: Any, gamma: Any = None, beta: Any = None, *, eps: float = 1e-5, axes: int | Sequence[int] = -1) -> Trace:
    """One set for each position outside ``axes``: the axes that share one mean; ``gamma`` and ``beta`` have their shape.

    ``x`` is one sample (F,), a batch (N, F) or feature maps (N, C, *spatial).
    """
    x = as_tensor("x", x)
    listed = [axes] if isinstance(axes, (int, np.integer)) else axes
    if isinstance(listed, str) or not isinstance(listed, (Sequence, np.ndarray)) or not len(listed):
        raise ShapeError(f"axes must be an axis of x or several, got {axes!r}")
    numbers = [integer("axes", axis, -x.ndim) for axis in listed]
    shared = sorted({axis % x.ndim if axis < x.ndim else axis for axis in numbers}) if x.ndim else numbers
    if not x.ndim or shared[-1] >= x.ndim or len(shared) != len(numbers):
        raise ShapeError(f"axes must name different axes of x, which has {x.ndim}; got {axes!r}")
    sets = _over(x, tuple(shared), affine=lambda one: ())
    return _normalise(x, sets, tuple(shared), gamma, beta, eps)


def group_norm(x: Any, num_groups: int, gamma: Any = None, beta: Any = None, *, eps: float = 1e-5) -> Trace:
    """One set for each of ``num_groups`` runs of neighbouring channels of one sample.

    ``x`` is one sample (C,), a batch (N, C) or feature maps (N, C, *spatial); ``num_groups`` divides C; ``gamma``
    and ``beta`` are (C,).
    """
    x = as_tensor("x", x)
    groups = integer("num_groups", num_groups, 1)
    if x.ndim == 0:
        raise ShapeError("x must have a channel axis: (C,), (N, C) or (N, C, *spatial)")
    lead = () if x.ndim == 1 else x.shape[:1]
    channels = x.shape[len(lead)]
    if channels % groups:
        raise ShapeError(f"num_groups must divide the {channels} channels of x, got {groups}")
    size = channels // groups

    def run(one: Index) -> slice:
        group = one[-1]
        assert isinstance(group, int)
        return slice(group * size, (group + 1) * size)

    spatial = x.shape[len(lead) + 1 :]
    grouped = (*lead, groups, size, *spatial)
    sets = Sets(
        shape=(*lead, groups),
        grouped=grouped,
        axes=tuple(range(len(lead) + 1, len(grouped))),
        cells=lambda one: (*one[:-1], run(one)),
        affine=lambda one: (run(one),),
    )
    return _normalise(x, sets, (len(lead),), gamma, beta, eps)


def instance_norm(x: Any, gamma: Any = None, beta: Any = None, *, eps: float = 1e-5) -> Trace:
    """One set for each channel of each sample, over its positions.

    ``x`` is (N, C, *spatial); ``gamma`` and ``beta`` are (C,).
    """
    x = as_tensor("x", x)
    if x.ndim < 3:
        raise ShapeError(f"x must have positions to average over, (N, C, *spatial); got shape {x.shape}")
    sets = _over(x, tuple(range(2, x.ndim)), affine=lambda one: one[1:])
    return _normalise(x, sets, (1,), gamma, beta, eps)


def _over(x: Array, axes: tuple[int, ...], *, affine: Callable[[Index], Index]) -> Sets:
    """Sets that reach over whole ``axes`` of x."""
    kept = [axis for axis in range(x.ndim) if axis not in axes]

    def cells(one: Index) -> Index:
        index: list[int | slice] = [slice(None)] * x.ndim
        for axis, at in zip(kept, one, strict=True):
            index[axis] = at
        return tuple(index)

    return Sets(tuple(x.shape[axis] for axis in kept), x.shape, axes, cells, affine)


def _of_shape(name: str, value: Any, shape: tuple[int, ...]) -> Array:
    array = as_tensor(name, value)
    if array.shape != shape:
        raise ShapeError(f"{name} must have shape {shape}, got {array.shape}")
    return array


def _normalise(
    x: Array,
    sets: Sets,
    affine_axes: tuple[int, ...],
    gamma: Any,
    beta: Any,
    eps: float,
    statistics: tuple[Array, Array] | None = None,
) -> Trace:
    """``affine_axes`` are the axes of x along which γ and β vary; ``statistics`` are a given mean and variance."""
    if isinstance(eps, bool) or not isinstance(eps, (int, float, np.number)) or not eps >= 0:
        raise ShapeError(f"eps must be a number of at least 0, got {eps!r}")
    affine_shape = tuple(x.shape[axis] for axis in affine_axes)
    gamma = None if gamma is None else _of_shape("gamma", gamma, affine_shape)
    beta = None if beta is None else _of_shape("beta", beta, affine_shape)
    values = x.reshape(sets.grouped)
    size = math.prod(sets.grouped[axis] for axis in sets.axes)

    def spread(statistic: Array) -> Array:
        return np.expand_dims(statistic, sets.axes)

    tensors: dict[str, Array | Lazy] = {"x": x, "eps": np.array(eps), "parameters": _learned(gamma, beta)}
    if statistics is None:
        sums = values.sum(axis=sets.axes)
        mean = np.asarray(sums / size)
        deviations = values - spread(mean)
        squares = deviations * deviations
        variance = np.asarray(squares.sum(axis=sets.axes) / size)
        tensors |= {
            "sets": Lazy(lambda: np.moveaxis(values, sets.axes, range(-len(sets.axes), 0)).reshape(*sets.shape, size)),
            "set_size": np.array(size),
            "sum": np.asarray(sums),
            "squares": squares.reshape(x.shape),
        }
    else:
        mean, variance = statistics
        deviations = values - spread(mean)
    denominator = np.sqrt(variance + eps)
    with np.errstate(divide="ignore", invalid="ignore"):
        normalised = (deviations / spread(denominator)).reshape(x.shape)
    tensors |= {"mean": mean, "variance": variance, "denominator": denominator, "deviations": deviations.reshape(x.shape)}
    is_affine = gamma is not None or beta is not None
    if is_affine:
        tensors |= {"normalised": normalised, "y": _affine(normalised, gamma, beta, affine_axes)}
        tensors |= {name: value for name, value in (("gamma", gamma), ("beta", beta)) if value is not None}
    else:
        tensors["y"] = normalised

    def plans(one: Index) -> list[Plan]:
        cells, number = sets.cells(one), Window("mean", one)
        variance, denominator = Window("variance", one), Window("denominator", one)
        deviations, squares = Window("deviations", cells), Window("squares", cells)
        dividend = Window("normalised" if is_affine else "y", cells)
        centre = Plan("deviations", f.MINUS, (Window("x", cells), number), deviations)
        divide = [
            Plan("denominator", f.ROOT, (variance, Window("eps")), denominator),
            Plan("normalised", f.OVER, (deviations, denominator), dividend),
        ]
        if statistics is not None:
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
        cells = sets.cells(one)
        reads = [Window("normalised", cells)]
        reads += [Window(name, sets.affine(one)) for name in ("gamma", "beta") if name in tensors]
        formula = f.AFFINE if len(reads) == 3 else f.SCALE if gamma is not None else f.SHIFT
        return Plan("output", formula, tuple(reads), Window("y", cells))

    count = math.prod(sets.shape)
    blocks = [Block(count, len(plans((0,) * len(sets.shape))), lambda item, part: plans(unravel(item, sets.shape))[part])]
    if statistics is None:
        members = Window("x", sets.cells((0,) * len(sets.shape)))
        blocks.insert(0, block(Plan("set_size", f.COUNT, (members,), Window("set_size"))))
    if is_affine:
        blocks.append(Block(count, 1, scale))
    blocks.append(block(Plan("parameters", f.TOTAL_COUNT, _windows(tensors, "gamma", "beta"), Window("parameters"))))
    given = [name for name in ("x", "eps", "gamma", "beta") if name in tensors]
    return Trace(Tensors(tensors), tuple(blocks), (*given, *([] if statistics is None else ["mean", "variance"])))


def _windows(tensors: dict[str, Array | Lazy], *names: str) -> tuple[Window, ...]:
    return tuple(Window(name) for name in names if name in tensors)


def _learned(gamma: Array | None, beta: Array | None) -> Array:
    return np.array(sum(one.size for one in (gamma, beta) if one is not None))


def _affine(normalised: Array, gamma: Array | None, beta: Array | None, axes: tuple[int, ...]) -> Array:
    """γ · ẑ + β, with γ and β spread from ``axes`` over the whole tensor."""
    spread = tuple(size if axis in axes else 1 for axis, size in enumerate(normalised.shape))
    result = normalised
    if gamma is not None:
        result = result * gamma.reshape(spread)
    return result if beta is None else result + beta.reshape(spread)
