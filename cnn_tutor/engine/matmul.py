"""Convolution as one matrix product, two ways (worksheet 4, "CNNs as matrix multiplications").

``im2col`` lays every patch of the input into a row: vec(Y) = im2col(X) · vec(K). ``toeplitz`` lays the kernel into
every row at the place of its patch: vec(Y) = T · vec(X). vec(·) reads along the rows. T is block-Toeplitz with
Toeplitz blocks; it is not itself Toeplitz, because its diagonals break where the window wraps to the next image row.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, as_tensor, entries, integers, per_axis, require_room
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import HYPER_PARAMETERS, Named, grid_steps, starts_names
from cnn_tutor.engine.trace import Array, Block, Cell, Lazy, Plan, Story, Tensors, Trace, Window, block, over, unravel
from cnn_tutor.engine.windows import Axis, Form, Grid, grid, last, pad, taps, view
from cnn_tutor.errors import ShapeError


def im2col(x: Any, kernel_size: Sizes, *, stride: Sizes = 1, padding: Padding = 0, dilation: Sizes = 1) -> Trace:
    """One patch a row, row-major, in output order.

    ``x`` is bare (L,) or (H, W) → (positions, k…); (C, *spatial) → (positions, C·k…); (N, C, *spatial) →
    (N, positions, C·k…). Two axes are a bare image, and three are (C, H, W), unless ``kernel_size`` is a sequence with
    one entry: the map then has one spatial axis. ``copies`` counts how often each entry of x occurs. Raises ShapeError.
    """
    x = as_tensor("x", x)
    d = 1 if x.ndim == 1 or len(entries(kernel_size) or ()) == 1 else 2
    form = Form.of(x.shape, d)
    full = x.reshape(form.full(x.shape))
    kernels = per_axis("kernel_size", kernel_size, d, 1)
    axes = grid(full.shape[2:], kernels, stride=stride, padding=padding, dilation=dilation)
    out = tuple(axis.out for axis in axes)
    positions, row = math.prod(out), full.shape[1] * math.prod(kernels)
    require_room("kernel_size", (len(full), positions, row))
    padded = pad(full, axes)
    rows = np.moveaxis(view(padded, axes), 1, 1 + d).reshape(len(full), positions, row)
    y = rows if form.batched else rows[0]

    def story() -> Story:
        is_padded = padded is not full
        tensors, before = grid_steps(axes, x=x, padded=form.strip(padded) if is_padded else None)
        tensors |= {"x": x, "y": y, "shape": np.array([positions, row]), "channels": np.array(full.shape[1])}
        tensors["copies"] = Lazy(lambda: _copies(axes))
        shape = block(
            Plan("shape", f.PRODUCT, (Window("out_size"),), Window("shape", (0,))),
            Plan("shape", _TIMES, (Window("kernel_size"), Window("channels")), Window("shape", (1,))),
        )
        patches = over((len(full), *out), 1, functools.partial(_patch, form, axes, "padded" if is_padded else "x"))
        counts = over(full.shape[2:], 1, functools.partial(_covering, axes))
        given = ("x", "kernel_size", "channels", *HYPER_PARAMETERS)
        return Story(Tensors(tensors), (*before, shape, patches, counts), given)

    return Trace(y, story)


def _patch(form: Form, axes: Grid, source: str, item: int, _: int) -> Plan:
    """Unroll one patch into a row."""
    out = tuple(axis.out for axis in axes)
    n, position = divmod(item, math.prod(out))
    read = Window(source, form.at(n, 0 if form.bare else slice(None), taps(axes, unravel(position, out))))
    return Plan("output", f.UNROLL, (read,), Window("y", (n, position)[1 - form.batched :]))


def _covering(axes: Grid, item: int, _: int) -> Plan:
    """Count the windows that cover one cell of the input, from the first indices of all windows."""
    cell = unravel(item, [axis.size for axis in axes])

    def counts(*starts: Sequence[Any]) -> list[int]:
        firsts = [np.asarray(one).astype(np.int64) for one in starts]
        return [_covers(axis, at, first) for axis, at, first in zip(axes, cell, firsts, strict=True)]

    formula = Formula(lambda *starts: math.prod(counts(*starts)), lambda *starts: "·".join(map(str, counts(*starts))))
    reads = tuple(Window(name) for name in starts_names(len(axes)))
    return Plan("copies", formula, reads, Window("copies", cell))


def _covers(axis: Axis, cell: int, starts: Array) -> int:
    """How many windows, by their 1-based first indices along one axis, put a tap on ``cell``."""
    offsets = cell + axis.before + 1 - starts
    return int(((offsets >= 0) & (offsets < axis.extent) & (offsets % axis.dilation == 0)).sum())


def _copies(axes: Grid) -> Array:
    """How many windows cover each cell of the input."""
    counts = np.ones((), dtype=np.int64)
    for axis in axes:
        starts = 1 + axis.stride * np.arange(axis.out)
        counts = np.multiply.outer(counts, [_covers(axis, cell, starts) for cell in range(axis.size)])
    return counts


def toeplitz(
    weight: Any, input_shape: Sequence[int], *, stride: Sizes = 1, padding: Padding = 0, dilation: Sizes = 1
) -> Trace:
    """The matrix T with T · vec(x) = vec(conv(x)); rows in output order, columns in the order of vec(x).

    ``weight`` is (F, C, *k) with ``input_shape`` (C, *spatial), or both bare. T has one row for each output cell and
    one column for each input cell. Raises ShapeError.
    """
    weight, shape = as_tensor("weight", weight), integers("input_shape", input_shape, 1)
    bare = weight.ndim == len(shape)
    d = len(shape) if bare else len(shape) - 1
    if d not in (1, 2) or weight.ndim != (d if bare else d + 2):
        raise ShapeError(
            f"weight {weight.shape} and input_shape {shape} must be bare both, or (F, C, *k) and (C, *spatial)"
        )
    kernels = weight[None, None] if bare else weight
    if not bare and kernels.shape[1] != shape[0]:
        raise ShapeError(f"input_shape must have the {kernels.shape[1]} channels of weight, got {shape}")
    axes = grid(
        shape[-d:],
        kernels.shape[2:],
        stride=stride,
        padding=padding,
        dilation=dilation,
        names=("weight", "input_shape"),
    )
    out = tuple(axis.out for axis in axes)
    positions, columns = math.prod(out), math.prod(shape)
    rows = len(kernels) * positions
    require_room("input_shape", (rows, kernels.shape[1], *(axis.padded for axis in axes)))
    y = _lay_in_rows(kernels, axes).reshape(rows, columns)

    def plan(item: int, _: int) -> Plan:
        c, position = divmod(item, positions)
        kernel = Window("weight", () if bare else (c,))
        return Plan("output", _place(axes, unravel(position, out)), (kernel,), Window("y", (item,)))

    def story() -> Story:
        tensors, before = grid_steps(axes, x=None, kernel="weight")
        tensors |= {"weight": weight, "y": y, "weights": np.array(weight.size), "dense_weights": np.array(y.size)}
        tensors |= {"shape": np.array(y.shape), "input_shape": np.array(shape), "filters": np.array(len(kernels))}
        sizes = block(
            Plan("shape", _TIMES, (Window("out_size"), Window("filters")), Window("shape", (0,))),
            Plan("shape", f.PRODUCT, (Window("input_shape"),), Window("shape", (1,))),
        )
        layout = []
        if not any(axis.is_padded for axis in axes):
            notes, steps = _layout(axes, Window("weight", () if bare else (0,)), kernels[0].size, rows)
            tensors |= notes
            layout.append(steps)
        counts = block(
            Plan("weights", f.COUNT, (Window("weight"),), Window("weights")),
            Plan("dense_weights", f.PRODUCT, (Window("shape"),), Window("dense_weights")),
        )
        given = ("weight", "input_shape", "filters", "size", *HYPER_PARAMETERS)
        return Story(Tensors(tensors), (*before, sizes, *layout, over((len(kernels), *out), 1, plan), counts), given)

    return Trace(y, story)


_TIMES = Formula(lambda sizes, n: np.prod(sizes) * n, lambda sizes, n: "·".join([*sizes, *(n if n != ["1"] else [])]))
"""The product of some sizes and one more, which is left unsaid when it is 1."""


def _lay_in_rows(kernels: Array, axes: Grid) -> Array:
    """(F, *out, C, *spatial): for each output cell an empty input with the kernel laid on its window.

    From one cell to the next the window moves by a stride, so all of them are one strided view of the zeros.
    """
    d, out = len(axes), tuple(axis.out for axis in axes)
    canvas = np.zeros((len(kernels), *out, kernels.shape[1], *(axis.padded for axis in axes)), dtype=kernels.dtype)
    by_cell, by_place = canvas.strides[1 : 1 + d], canvas.strides[-d:]
    moves = (
        cell + min(axis.stride, axis.padded) * step for axis, cell, step in zip(axes, by_cell, by_place, strict=True)
    )
    gaps = (min(axis.dilation, axis.padded) * step for axis, step in zip(axes, by_place, strict=True))
    shape = (len(kernels), *out, *kernels.shape[1:])
    windows = np.lib.stride_tricks.as_strided(canvas, shape, (canvas.strides[0], *moves, canvas.strides[1 + d], *gaps))
    windows[...] = kernels.reshape(len(kernels), *[1] * d, *kernels.shape[1:])
    inside: Array = canvas[last(*(slice(axis.before, axis.before + axis.size) for axis in axes))]
    return inside


def _place(axes: Grid, position: Cell) -> Formula:
    """Lay a kernel into an empty input at one window position and read that off row-major."""

    def place(kernel: Array) -> Array:
        kernel = np.asarray(kernel).reshape(-1, *(axis.kernel for axis in axes))
        padded = np.zeros((len(kernel), *(axis.padded for axis in axes)), dtype=kernel.dtype)
        padded[(slice(None), *taps(axes, position))] = kernel
        inside = tuple(slice(axis.before, axis.before + axis.size) for axis in axes)
        return padded[(slice(None), *inside)].reshape(-1)

    return Formula(place, lambda kernel: f"write {', '.join(kernel)} at the columns of this patch, 0 elsewhere")


def _layout(axes: Grid, kernel: Window, entries: int, rows: int) -> tuple[Named, Block]:
    """What a person notes before writing the rows: the gap between kernel rows, where each starts, how full it is."""
    starts = tuple(Window(name) for name in starts_names(len(axes)))
    offsets = _row_major(axes[-1].size)
    firsts = (1 + axis.stride * np.arange(axis.out) for axis in axes)
    tensors: Named = {"offsets": offsets.compute(*firsts), "slots": np.array([entries, entries * rows])}
    plans = []
    if len(axes) == 2:
        tensors["gap"] = np.array(axes[1].size - axes[1].extent)
        extent = "extent" if any(axis.dilation > 1 for axis in axes) else "kernel_size"
        plans.append(Plan("gap", f.MINUS, (Window("size", (1,)), Window(extent, (1,))), Window("gap")))
    return tensors, block(
        *plans,
        Plan("offsets", offsets, starts, Window("offsets")),
        Plan("slots", f.COUNT, (kernel,), Window("slots", (0,))),
        Plan("slots", f.TIMES, (Window("slots", (0,)), Window("shape", (0,))), Window("slots", (1,))),
    )


def _row_major(width: int) -> Formula:
    """The 1-based place in vec(X) of every window's first entry, from the windows' first rows and columns."""

    def compute(*starts: Array) -> Array:
        if len(starts) == 1:
            return starts[0]
        rows, columns = starts
        return ((rows[:, None] - 1) * width + columns).reshape(-1)

    return Formula(compute, lambda *starts: f"(row − 1)·{width} + column" if len(starts) > 1 else ", ".join(starts[0]))
