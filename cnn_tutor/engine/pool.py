"""Pooling: every block of the map becomes one number, its largest entry or its mean.

    P[c, i, j] = max or mean of A[c, i·s … i·s + k_h − 1, j·s … j·s + k_w − 1]

Definition and defaults are those of ``torch.nn.functional``: the stride is the kernel size unless given, and with
``ceil_mode`` a last window may hang over the edge as long as it starts inside the input or its left padding. Padding
never wins a maximum. As in ONNX it may be wider than half the kernel, but each window must touch the input.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.trace import Array, Block, Index, Lazy, Plan, Tensors, Trace, Window, block
from cnn_tutor.engine.windows import (
    HYPER_PARAMETERS,
    Form,
    Grid,
    Padding,
    Sizes,
    as_tensor,
    grid,
    grid_blocks,
    pad,
    per_axis,
    taps,
    unravel,
)
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


def _blocks_over(
    dimensions: int, x: Any, kernel_size: Sizes, stride: Sizes | None, padding: Padding, dilation: Sizes, ceil_mode: bool
) -> tuple[Array, Form, Grid]:
    x = as_tensor("x", x)
    form = Form.of(x, dimensions)
    kernels = per_axis("kernel_size", kernel_size, dimensions, 1)
    axes = grid(
        form.full(x).shape[2:],
        kernels,
        stride=kernels if stride is None else stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    for axis in axes:
        if axis.padded + axis.overhang > axis.size and not _touched(axis).all():
            raise ShapeError(
                f"padding {axis.before, axis.after} leaves a window of {axis.kernel} cells with nothing but padding: "
                f"use less padding or a larger kernel_size"
            )
    return x, form, axes


def _cells(axis: Any) -> Array:
    """(out, kernel): the input cell under each tap; below 0 or from ``size`` on it is padding."""
    starts = np.arange(axis.out) * axis.stride - axis.before
    return starts[:, None] + np.arange(axis.kernel) * axis.dilation


def _touched(axis: Any) -> Array:
    cells = _cells(axis)
    return ((cells >= 0) & (cells < axis.size)).any(axis=1)


def _reduce(padded: Array, axes: Grid, ufunc: np.ufunc) -> Array:
    """Combine the taps of all windows at once, one tap after the other."""
    result: Array | None = None
    for tap in itertools.product(*(range(axis.kernel) for axis in axes)):
        starts = [t * axis.dilation for t, axis in zip(tap, axes, strict=True)]
        ends = [start + axis.stride * axis.moves + 1 for start, axis in zip(starts, axes, strict=True)]
        cells = padded[
            (..., *(slice(a, b, axis.stride) for a, b, axis in zip(starts, ends, axes, strict=True)))
        ]
        if result is None:
            result = cells.copy()
        else:
            ufunc(result, cells, out=result)
    assert result is not None
    return result


def _max_pool(
    dimensions: int, x: Any, kernel_size: Sizes, stride: Any, padding: Padding, dilation: Sizes, ceil_mode: bool
) -> Trace:
    x, form, axes = _blocks_over(dimensions, x, kernel_size, stride, padding, dilation, ceil_mode)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    padded = pad(form.full(x), axes, lowest, overhang=True)
    output = _reduce(padded, axes, np.maximum)
    plan = Plan("output", f.MAX, (), Window("y"))
    return _trace(form, axes, x, padded, lowest, {"y": form.strip(output)}, [plan])


def _avg_pool(
    dimensions: int, x: Any, kernel_size: Sizes, stride: Any, padding: Padding, ceil_mode: bool, include: bool
) -> Trace:
    x, form, axes = _blocks_over(dimensions, x, kernel_size, stride, padding, 1, ceil_mode)
    padded = pad(form.full(x), axes, overhang=True)
    sums = _reduce(padded, axes, np.add)
    divisor = np.ones((), dtype=np.int64)
    for axis in axes:
        cells = _cells(axis)
        low, high = (-axis.before, axis.size + axis.after) if include else (0, axis.size)
        divisor = np.multiply.outer(divisor, ((cells >= low) & (cells < high)).sum(axis=1))
    tensors = {"y": form.strip(sums / divisor), "sum": form.strip(sums), "divisor": divisor}
    plans = [
        Plan("sum", f.SUM, (), Window("sum")),
        Plan("output", f.OVER, (Window("sum"), Window("divisor")), Window("y")),
    ]
    return _trace(form, axes, x, padded, 0, tensors, plans)


def _trace(
    form: Form, axes: Grid, x: Array, padded: Array, edge: float, results: dict[str, Array], plans: list[Plan]
) -> Trace:
    """Block by block; ``plans`` are the steps of one block without their cells, the first reads the block itself."""
    is_padded = padded.shape[2:] != form.full(x).shape[2:]
    source = "padded" if is_padded else "x"
    lead = padded.shape[:2][2 - form.lead :]
    outer = lead + tuple(axis.out for axis in axes)

    def entries(index: Index) -> Array:
        n, c, position = form.split(index)
        return padded[(n, c, *taps(axes, position))].reshape(-1)

    def blocks() -> Array:
        return np.array([entries(unravel(i, outer)) for i in range(math.prod(outer))]).reshape(*outer, -1)

    tensors: dict[str, Array | Lazy] = {
        "x": x,
        **results,
        "blocks": Lazy(blocks, len(outer), entries),
        "parameters": np.array(0),
    }
    if is_padded:
        tensors["padded"] = form.strip(padded)

    def plan(item: int, part: int) -> Plan:
        cell = unravel(item, outer)
        _, _, position = form.split(cell)
        if part == 0:
            read = Window(source, (*cell[: form.lead], *taps(axes, position)))
            return Plan("block", f.UNROLL, (read,), Window("blocks", cell))
        bare = plans[part - 1]
        reads = tuple(Window(r.tensor, position if r.tensor == "divisor" else cell) for r in bare.reads)
        return Plan(bare.op, bare.formula, reads or (Window("blocks", cell),), Window(bare.target.tensor, cell))

    cells = Block(math.prod(outer), 1 + len(plans), plan)
    learned = block(Plan("parameters", f.constant(0), (), Window("parameters")))
    given = ("x", "kernel_size", *HYPER_PARAMETERS, *(["divisor"] if "divisor" in results else []))
    blocks_before = grid_blocks(axes, tensors, x=x, kernel=None, edge=edge)
    return Trace(Tensors(tensors), (*blocks_before, cells, learned), given)


def _global_pool(x: Any, reduce: Callable[[Array], Array], total: str | None) -> Trace:
    x = as_tensor("x", x)
    if x.ndim > 4:
        raise ShapeError(f"x must have at most 4 axes (N, C, H, W), got shape {x.shape}")
    outer = x.shape[: max(0, x.ndim - 2)]
    blocks = x.reshape(*outer, -1)
    tensors: dict[str, Array | Lazy] = {"x": x, "blocks": blocks, "y": np.asarray(reduce(blocks))}
    if total is not None:
        tensors |= {"sum": np.asarray(blocks.sum(axis=-1)), "divisor": np.array(blocks.shape[-1])}

    def plan(item: int, part: int) -> Plan:
        cell = unravel(item, outer)
        plans = [Plan("block", f.UNROLL, (Window("x", cell),), Window("blocks", cell))]
        if total is None:
            plans.append(Plan("output", f.MAX, (Window("blocks", cell),), Window("y", cell)))
        else:
            plans.append(Plan("sum", f.SUM, (Window("blocks", cell),), Window("sum", cell)))
            plans.append(Plan("output", f.OVER, (Window("sum", cell), Window("divisor")), Window("y", cell)))
        return plans[part]

    cells = Block(math.prod(outer), 2 + (total is not None), plan)
    return Trace(Tensors(tensors), (cells,), ("x", "divisor") if total else ("x",))
