"""Pooling: every block of the map becomes one number, its largest entry or its mean.

    P[c, i, j] = max or mean of A[c, i·s … i·s + k_h − 1, j·s … j·s + k_w − 1]

Definition and defaults are those of ``torch.nn.functional``: the stride is the kernel size unless given, and with
``ceil_mode`` a last window may hang over the edge as long as it starts inside the input or its left padding. Padding
never wins a maximum. As in ONNX it may be wider than half the kernel, but each window must touch the input.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, as_tensor, flag, frozen, per_axis
from cnn_tutor.engine.exact import summable
from cnn_tutor.engine.lengths import HYPER_PARAMETERS, Named, grid_steps
from cnn_tutor.engine.trace import Array, Cell, Lazy, Plan, Story, Tensors, Trace, Window, block, over, unravel
from cnn_tutor.engine.windows import Axis, Form, Grid, grid, pad, taps, view
from cnn_tutor.errors import ShapeError


def max_pool1d(
    x: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Trace:
    """The largest entry of every window of ``kernel_size`` cells; ``x`` is (N, C, L), (C, L) or bare (L,)."""
    return _max_pool(1, x, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool2d(
    x: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Trace:
    """The largest entry of every block of ``kernel_size`` cells; ``x`` is (N, C, H, W), (C, H, W) or bare (H, W)."""
    return _max_pool(2, x, kernel_size, stride, padding, dilation, ceil_mode)


def avg_pool1d(
    x: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Trace:
    """The mean of every window; ``x`` is (N, C, L), (C, L) or bare (L,).

    Zeros of the padding count as cells unless ``count_include_pad`` is false; cells beyond it never do.
    """
    return _avg_pool(1, x, kernel_size, stride, padding, ceil_mode, count_include_pad)


def avg_pool2d(
    x: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Trace:
    """The mean of every block; ``x`` is (N, C, H, W), (C, H, W) or bare (H, W). See :func:`avg_pool1d`."""
    return _avg_pool(2, x, kernel_size, stride, padding, ceil_mode, count_include_pad)


def global_max_pool(x: Any) -> Trace:
    """The largest entry of every map: (N, C, H, W) → (N, C), (C, H, W) → (C,), bare (H, W) or (L,) → a number."""
    return _global_pool(x, lambda blocks: blocks.max(axis=-1), None)


def global_avg_pool(x: Any) -> Trace:
    """The mean of every map: (N, C, H, W) → (N, C), (C, H, W) → (C,), bare (H, W) or (L,) → a number."""
    return _global_pool(x, lambda blocks: blocks.sum(axis=-1) / blocks.shape[-1], "sum")


def blocks_over(
    dimensions: int,
    x: Array,
    kernel_size: Sizes,
    stride: Sizes | None,
    padding: Padding,
    dilation: Sizes,
    ceil_mode: bool,
) -> tuple[Form, Grid]:
    """The form of ``x`` and its windows; raises ShapeError where none fits."""
    key = (frozen(kernel_size), "" if stride is None else frozen(stride), frozen(padding), frozen(dilation))
    if None in key or type(ceil_mode) is not bool:
        return _blocks_over(dimensions, x.shape, kernel_size, stride, padding, dilation, ceil_mode)
    kernel_size, _, padding, dilation = cast("tuple[Any, Any, Any, Any]", key)
    return _remembered(dimensions, x.shape, kernel_size, key[1] or None, padding, dilation, ceil_mode)


def _blocks_over(
    dimensions: int, x: tuple[int, ...], kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: bool
) -> tuple[Form, Grid]:
    form = Form.of(x, dimensions)
    kernels = per_axis("kernel_size", kernel_size, dimensions, 1)
    sizes, strides = x[len(x) - dimensions :], kernels if stride is None else stride
    return form, grid(sizes, kernels, stride=strides, padding=padding, dilation=dilation, ceil_mode=ceil_mode)


_remembered = lru_cache(maxsize=128)(_blocks_over)


def padded_map(full: Array, axes: Grid, edge: float) -> Array:
    """``full`` with ``edge`` around it; raises ShapeError where that makes a window with nothing else."""
    padded = pad(full, axes, edge)
    for axis in axes:
        if padded is not full and not axis.taps_within(0, axis.size).all():
            raise ShapeError(
                f"padding {axis.before, axis.after} leaves a window of {axis.kernel} cells with nothing but padding: "
                f"use less padding or a larger kernel_size"
            )
    return padded


def _reduce(padded: Array, axes: Grid, ufunc: np.ufunc) -> Array:
    """Combine the cells of every window, axis by axis: tap by tap, or window by window where those are fewer."""
    for number, axis in enumerate(axes, padded.ndim - len(axes)):
        lead, run = (slice(None),) * number, axis.stride * axis.moves + 1
        if axis.kernel > axis.out:
            windows = (padded[(*lead, axis.taps(at))] for at in range(axis.out))
            padded = np.stack([ufunc.reduce(window, axis=number) for window in windows], axis=number)
            continue
        first, *others = (slice(start, start + run, axis.stride) for start in range(0, axis.extent, axis.dilation))
        combined = padded[(*lead, first)].copy()
        for tap in others:
            ufunc(combined, padded[(*lead, tap)], out=combined)
        padded = combined
    return padded


@np.errstate(all="ignore")
def _max_pool(
    dimensions: int, x: Any, kernel_size: Sizes, stride: Any, padding: Padding, dilation: Sizes, ceil_mode: bool
) -> Trace:
    x = as_tensor("x", x)
    form, axes = blocks_over(dimensions, x, kernel_size, stride, padding, dilation, ceil_mode)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    padded = padded_map(x.reshape(form.full(x.shape)), axes, lowest)
    y = form.strip(_reduce(padded, axes, np.maximum))
    plan = Plan("output", f.MAX, (), Window("y"))
    return Trace(y, lambda: _story(form, axes, x, padded, lowest, {"y": y}, [plan]))


@np.errstate(all="ignore")
def _avg_pool(
    dimensions: int, x: Any, kernel_size: Sizes, stride: Any, padding: Padding, ceil_mode: bool, include: bool
) -> Trace:
    x, include = as_tensor("x", x), flag("count_include_pad", include)
    form, axes = blocks_over(dimensions, x, kernel_size, stride, padding, 1, ceil_mode)
    x = summable(x, math.prod(axis.kernel for axis in axes))
    padded = padded_map(x.reshape(form.full(x.shape)), axes, 0)
    sums = form.strip(_reduce(padded, axes, np.add))
    divisor = divisors(axes, include)
    y = (sums / divisor).astype(np.result_type(sums, 1.0), copy=False)
    plans = [
        Plan("sum", f.SUM, (), Window("sum")),
        Plan("output", f.OVER, (Window("sum"), Window("divisor")), Window("y")),
    ]
    results = {"y": y, "sum": sums, "divisor": divisor}
    return Trace(y, lambda: _story(form, axes, x, padded, 0, results, plans))


@lru_cache(maxsize=128)
def divisors(axes: Grid, include: bool) -> Array:
    """By how many cells the sum of each window is divided."""
    divisor = np.ones((), dtype=np.int64)
    for axis in axes:
        divisor = np.multiply.outer(divisor, _counted(axis, include))
    divisor.flags.writeable = False
    return divisor


def _counted(axis: Axis, include: bool) -> Array:
    """By how many cells along one axis the sum of each window is divided: those beyond the padding never count."""
    if include:
        return axis.taps_within(-axis.before, axis.size + axis.after)
    return axis.taps_within(0, axis.size)


def _story(
    form: Form, axes: Grid, x: Array, padded: Array, edge: float, results: dict[str, Array], plans: list[Plan]
) -> Story:
    """Block by block; ``plans`` are the steps of one block without their cells, the first reads the block itself."""
    is_padded = any(axis.is_padded or axis.overhang for axis in axes)
    source = "padded" if is_padded else "x"
    outer = results["y"].shape

    def entries(cell: Cell) -> Array:
        n, c, position = form.split(cell)
        return padded[(n, c, *taps(axes, position))].reshape(-1)

    blocks = Lazy(lambda: view(form.strip(padded), axes).reshape(*outer, -1), len(outer), entries)

    def plan(item: int, part: int) -> Plan:
        cell = unravel(item, outer)
        _, _, position = form.split(cell)
        if part == 0:
            read = Window(source, (*cell[: form.lead], *taps(axes, position)))
            return Plan("block", f.UNROLL, (read,), Window("blocks", cell))
        bare = plans[part - 1]
        reads = tuple(Window(r.tensor, position if r.tensor == "divisor" else cell) for r in bare.reads)
        return Plan(bare.op, bare.formula, reads or (Window("blocks", cell),), Window(bare.target.tensor, cell))

    tensors, before = grid_steps(axes, x=x, padded=form.strip(padded) if is_padded else None, edge=edge)
    tensors |= {"x": x, **results, "blocks": blocks, "parameters": np.array(0)}
    cells = over(outer, 1 + len(plans), plan)
    learned = block(Plan("parameters", f.constant(0), (), Window("parameters")))
    given = ("x", "kernel_size", *HYPER_PARAMETERS, *(["divisor"] if "divisor" in results else []))
    return Story(Tensors(tensors), (*before, cells, learned), given)


@np.errstate(all="ignore")
def _global_pool(x: Any, reduce: Callable[[Array], Array], total: str | None) -> Trace:
    x = as_tensor("x", x)
    if not 1 <= x.ndim <= 4:
        raise ShapeError(f"x must have 1 to 4 axes, (N, C, H, W) at most, got shape {x.shape}")
    outer = x.shape[: max(0, x.ndim - 2)]
    size = x.size // math.prod(outer)
    x = x if total is None else summable(x, size)
    blocks = x.reshape(*outer, -1)
    y = np.asarray(reduce(blocks))
    tensors: Named = {"x": x, "blocks": blocks, "y": y}
    if total is not None:
        tensors |= {"sum": np.asarray(blocks.sum(axis=-1)), "divisor": np.array(size)}

    def plan(item: int, part: int) -> Plan:
        cell = unravel(item, outer)
        plans = [Plan("block", f.UNROLL, (Window("x", cell),), Window("blocks", cell))]
        if total is None:
            plans.append(Plan("output", f.MAX, (Window("blocks", cell),), Window("y", cell)))
        else:
            plans.append(Plan("sum", f.SUM, (Window("blocks", cell),), Window("sum", cell)))
            plans.append(Plan("output", f.OVER, (Window("sum", cell), Window("divisor")), Window("y", cell)))
        return plans[part]

    cells = over(outer, 2 + (total is not None), plan)
    return Trace(y, lambda: Story(Tensors(tensors), (cells,), ("x", "divisor") if total else ("x",)))
