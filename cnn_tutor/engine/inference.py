"""What batch normalisation leaves for inference: running statistics, and a convolution that has swallowed it.

    running mean ← (1 − a)·running mean + a·μ      running variance ← (1 − a)·running variance + a·Σ(z − μ)²/(m − 1)
    w' = γ/√(σ² + ε) · w                           b' = γ/√(σ² + ε) · (b − μ) + β

a is the momentum. The stored variance divides by m − 1 (Bessel), though the layer itself divides by m. Definition:
``torch.nn.BatchNorm2d`` and ``torch.nn.utils.fuse_conv_bn_eval``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import as_tensor, shown
from cnn_tutor.engine.exact import summable
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.norm import epsilon, of_shape
from cnn_tutor.engine.sets import batch_sets
from cnn_tutor.engine.trace import Array, Block, Plan, Story, Tensors, Trace, Window, block, unravel
from cnn_tutor.errors import ShapeError

_KEPT = Formula(lambda old, momentum: (1 - momentum) * old, f.each("(1 − {1})·{0}"))
_BESSEL = Formula(lambda squares, less: np.sum(squares) / less, lambda q, less: f"({' + '.join(q)}) / {less[0]}")


@np.errstate(all="ignore")
def update_running_mean(x: Any, running_mean: Any, *, momentum: float = 0.1) -> Trace:
    """The running mean after one more batch ``x``, (N, F) or (N, C, *spatial): (F,) or (C,). Raises ShapeError."""
    return _update(x, running_mean, momentum, "running_mean")


@np.errstate(all="ignore")
def update_running_var(x: Any, running_var: Any, *, momentum: float = 0.1) -> Trace:
    """The running variance after one more batch, whose own is taken with m − 1. Raises ShapeError."""
    return _update(x, running_var, momentum, "running_var")


def _update(x: Any, running: Any, momentum: Any, name: str) -> Trace:
    x = as_tensor("x", x)
    if x.ndim < 2:
        raise ShapeError(f"x must be a batch (N, F) or (N, C, *spatial), got shape {x.shape}")
    running = of_shape(name, running, (x.shape[1],))
    share, size = _momentum(momentum), x.size // x.shape[1]
    is_variance = name == "running_var"
    if is_variance and size < 2:
        raise ShapeError("x must have two values a channel or more: one has no variance")
    sets = batch_sets(x)
    x = summable(x, 2 * size)
    sums = x.sum(axis=sets.axes)
    mean = sums / size
    tensors: Named = {
        "x": x,
        name: running,
        "momentum": np.array(share),
        "set_size": np.array(size),
        "sum": sums,
        "mean": mean,
    }
    new = mean
    if is_variance:
        deviations = x - np.expand_dims(mean, sets.axes)
        squares = deviations * deviations
        new = np.asarray(squares.sum(axis=sets.axes) / (size - 1))
        tensors |= {"deviations": deviations, "squares": squares, "degrees": np.array(size - 1), "batch_var": new}
    kept, added = (1 - share) * running, share * new
    y = kept + added
    tensors |= {"kept": kept, "added": added, "y": y}

    def plans(one: tuple[int, ...]) -> list[Plan]:
        cells, own = sets.cells(one), Window("mean", one)
        steps = [
            Plan("sum", f.SUM, (Window("x", cells),), Window("sum", one)),
            Plan("mean", f.OVER, (Window("sum", one), Window("set_size")), own),
        ]
        if is_variance:
            deviations, squares = Window("deviations", cells), Window("squares", cells)
            steps += [
                Plan("deviations", f.MINUS, (Window("x", cells), own), deviations),
                Plan("squares", f.SQUARE, (deviations,), squares),
                Plan("batch_var", _BESSEL, (squares, Window("degrees")), Window("batch_var", one)),
            ]
            own = Window("batch_var", one)
        share = Window("momentum")
        return [
            *steps,
            Plan("kept", _KEPT, (Window(name, one), share), Window("kept", one)),
            Plan("added", f.TIMES, (share, own), Window("added", one)),
            Plan("output", f.PLUS, (Window("kept", one), Window("added", one)), Window("y", one)),
        ]

    def tell() -> Story:
        count = [Plan("set_size", f.COUNT, (Window("x", sets.cells((0,))),), Window("set_size"))]
        if is_variance:
            count.append(Plan("degrees", f.MINUS_ONE, (Window("set_size"),), Window("degrees")))
        each = Block(len(y), len(plans((0,))), lambda item, part: plans((item,))[part])
        return Story(Tensors(tensors), (block(*count), each), ("x", name, "momentum"))

    return Trace(y, tell)


def _momentum(value: Any) -> float:
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if is_number and 0 <= value <= 1:
        return float(value)
    raise ShapeError(f"momentum must be a number from 0 to 1, got {shown(value)}")


@np.errstate(all="ignore")
def fold_weight(x: Any, gamma: Any, running_var: Any, *, eps: float = 1e-5) -> Trace:
    """The weights ``x`` of a convolution that does the work of the batch normalisation after it as well.

    ``x`` is (C_out, …) with ``gamma`` and ``running_var`` (C_out,), or one filter with numbers. Raises ShapeError.
    """
    x, gamma, running_var = as_tensor("x", x), as_tensor("gamma", gamma), as_tensor("running_var", running_var)
    channels = gamma.shape
    if gamma.ndim > 1 or (channels and channels != x.shape[:1]):
        raise ShapeError(f"gamma must be one number, or one for each of the filters of x, got shape {channels}")
    factors, tensors = _factors(gamma, running_var, eps)
    y = x * factors.reshape(channels + (1,) * (x.ndim - len(channels)))
    tensors |= {"x": x, "y": y}

    def plan(item: int, part: int) -> Plan:
        one = unravel(item, channels)
        scale = Plan("output", f.SCALE, (Window("x", one), Window("factor", one)), Window("y", one))
        return [*_factor_plans(one), scale][part]

    blocks = (Block(math.prod(channels), 3, plan),)
    return Trace(y, lambda: Story(Tensors(tensors), blocks, ("x", "gamma", "running_var", "eps")))


@np.errstate(all="ignore")
def fold_bias(x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any, *, eps: float = 1e-5) -> Trace:
    """The bias ``x`` (C_out,), or one number, of a convolution that has swallowed the batch normalisation after it.

    All other tensors have the shape of ``x``. Raises ShapeError.
    """
    x = as_tensor("x", x)
    if x.ndim > 1:
        raise ShapeError(f"x must be one bias or one for each filter, got shape {x.shape}")
    gamma = of_shape("gamma", gamma, x.shape)
    beta, mean = of_shape("beta", beta, x.shape), of_shape("running_mean", running_mean, x.shape)
    factors, tensors = _factors(gamma, as_tensor("running_var", running_var), eps)
    shifted = np.asarray(x - mean)
    scaled = np.asarray(factors * shifted)
    y = np.asarray(scaled + beta)
    tensors |= {"x": x, "beta": beta, "running_mean": mean, "shifted_bias": shifted, "scaled_bias": scaled, "y": y}

    def plan(item: int, part: int) -> Plan:
        one = unravel(item, x.shape)
        shift, scale = Window("shifted_bias", one), Window("scaled_bias", one)
        return [
            *_factor_plans(one),
            Plan("shifted_bias", f.MINUS, (Window("x", one), Window("running_mean", one)), shift),
            Plan("scaled_bias", f.TIMES, (Window("factor", one), shift), scale),
            Plan("output", f.PLUS, (scale, Window("beta", one)), Window("y", one)),
        ][part]

    given = ("x", "gamma", "beta", "running_mean", "running_var", "eps")
    return Trace(y, lambda: Story(Tensors(tensors), (Block(x.size, 5, plan),), given))


def _factors(gamma: Array, variance: Array, eps: Any) -> tuple[Array, Named]:
    """γ / √(σ² + ε) with what it is made of."""
    variance = of_shape("running_var", variance, gamma.shape)
    if (variance < 0).any():
        raise ShapeError(f"running_var must not be negative, got {shown(variance.min())}")
    eps = np.array(epsilon(eps))
    denominator = np.asarray(np.sqrt(variance + eps))
    factor = np.asarray(gamma / denominator)
    return factor, {
        "gamma": gamma,
        "running_var": variance,
        "eps": eps,
        "denominator": denominator,
        "factor": factor,
    }


def _factor_plans(one: tuple[int, ...]) -> list[Plan]:
    denominator = Window("denominator", one)
    return [
        Plan("denominator", f.ROOT, (Window("running_var", one), Window("eps")), denominator),
        Plan("factor", f.OVER, (Window("gamma", one), denominator), Window("factor", one)),
    ]
