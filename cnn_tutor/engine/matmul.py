"""Convolution as one matrix product, two ways (worksheet 4, "CNNs as matrix multiplications").

``im2col`` lays every patch of the input into a row: vec(Y) = im2col(X) · vec(K). ``toeplitz`` lays the kernel into
every row at the place of its patch: vec(Y) = T · vec(X). vec(·) reads along the rows. T is block-Toeplitz with
Toeplitz blocks; it is not itself Toeplitz, because its diagonals break where the window wraps to the next image row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.trace import Array, Block, Index, Lazy, Plan, Tensors, Trace, Window, block
from cnn_tutor.engine.windows import (
    HYPER_PARAMETERS,
    Axis,
    Form,
    Grid,
    Padding,
    Sizes,
    as_tensor,
    grid,
    grid_blocks,
    integer,
    pad,
    per_axis,
    starts_names,
    taps,
    unravel,
    view,
)
from cnn_tutor.errors import ShapeError


def im2col(x: Any, kernel_size: Sizes, *, stride: Sizes = 1, padding: Padding = 0, dilation: Sizes = 1) -> Trace:
    """One patch a row, row-major, in output order.

    ``x`` is bare (L,) or (H, W) → (positions, k…); (C, H, W) → (positions, C·k…); (N, C, H, W) → (N, positions,
    C·k…). Two axes are always a bare image. ``copies`` counts how often each entry of x occurs.
    """
    x = as_tensor("x", x)
    d = 1 if x.ndim == 1 else 2
    form = Form.of(x, d)
    full = form.full(x)
    kernels = per_axis("kernel_size", kernel_size, d, 1)
    axes = grid(full.shape[2:], kernels, stride=stride, padding=padding, dilation=dilation)
    padded = pad(full, axes)
    is_padded = padded is not full
    out = tuple(axis.out for axis in axes)
    positions, entries = math.prod(out), full.shape[1] * math.prod(kernels)
    rows = np.moveaxis(view(padded, axes), 1, 1 + d).reshape(full.shape[0], positions, entries)
    output = rows if form.batched else rows[0]
    channel = 0 if form.bare else slice(None)

    def plan(item: int, _: int) -> Plan:
        n, position = divmod(item, positions)
        read = form.at(n, channel, taps(axes, unravel(position, out)))
        return Plan(
            "output", f.UNROLL, (Window("padded" if is_padded else "x", read),), Window("y", (n, position)[1 - form.batched :])
        )

    names = starts_names(d)
    spatial = tuple(axis.size for axis in axes)

    def covering(item: int, _: int) -> Plan:
        cell = unravel(item, spatial)
        reads = tuple(Window(name) for name in names)
        return Plan("copies", _covering(axes, cell), reads, Window("copies", cell))

    def copies() -> Array:
        return np.array([_covered(axes, unravel(i, spatial)) for i in range(math.prod(spatial))]).reshape(spatial)

    tensors: dict[str, Array | Lazy] = {
        "x": x,
        "y": output,
        "shape": np.array([positions, entries]),
        "copies": Lazy(copies),
        "channels": np.array(full.shape[1]),
    }
    if is_padded:
        tensors["padded"] = form.strip(padded)
    before = grid_blocks(axes, tensors, x=x, kernel=None)
    shape = block(
        Plan("shape", f.PRODUCT, (Window("out_size"),), Window("shape", (0,))),
        Plan("shape", _times(), (Window("kernel_size"), Window("channels")), Window("shape", (1,))),
    )
    patches = Block(full.shape[0] * positions, 1, plan)
    counts = Block(math.prod(spatial), 1, covering)
    return Trace(
        Tensors(tensors), (*before, shape, patches, counts), ("x", "kernel_size", "channels", *HYPER_PARAMETERS)
    )


def _covering(axes: Grid, cell: Index) -> Formula:
    """How many windows cover a cell, from the first indices of all windows."""

    def compute(*starts: Array) -> int:
        return _covered(axes, cell)

    return Formula(compute, lambda *starts: "·".join(str(_covers(axis, int(at))) for axis, at in zip(axes, cell, strict=True)))  # type: ignore[arg-type]


def _covered(axes: Grid, cell: Index) -> int:
    return math.prod(_covers(axis, int(at)) for axis, at in zip(axes, cell, strict=True))  # type: ignore[arg-type]


def _covers(axis: Axis, cell: int) -> int:
    """How many window positions along one axis put a tap on ``cell``."""
    offsets = cell + axis.before - axis.stride * np.arange(axis.out)
    return int(((offsets >= 0) & (offsets < axis.extent) & (offsets % axis.dilation == 0)).sum())


def toeplitz(
    weight: Any, input_shape: Sequence[int], *, stride: Sizes = 1, padding: Padding = 0, dilation: Sizes = 1
) -> Trace:
    """The matrix T with T · vec(x) = vec(conv(x)); rows in output order, columns in the order of vec(x).

    ``weight`` is (F, C, *k) with ``input_shape`` (C, *spatial), or both bare. T has one row for each output cell and
    one column for each input cell.
    """
    weight = as_tensor("weight", weight)
    if isinstance(input_shape, (str, int)) or not isinstance(input_shape, (Sequence, np.ndarray)):
        raise ShapeError(f"input_shape must be a shape such as (3, 3), got {input_shape!r}")
    shape = tuple(integer("input_shape", n, 1) for n in input_shape)
    bare = weight.ndim == len(shape)
    d = len(shape) if bare else len(shape) - 1
    if d not in (1, 2) or weight.ndim != (d if bare else d + 2):
        raise ShapeError(f"weight {weight.shape} and input_shape {shape} must be bare both, or (F, C, *k) and (C, *spatial)")
    kernels = weight[None, None] if bare else weight
    spatial = shape if bare else shape[1:]
    if not bare and kernels.shape[1] != shape[0]:
        raise ShapeError(f"input_shape must have the {kernels.shape[1]} channels of weight, got {shape}")
    axes = grid(spatial, kernels.shape[2:], stride=stride, padding=padding, dilation=dilation)
    out = tuple(axis.out for axis in axes)
    rows, columns = kernels.shape[0] * math.prod(out), math.prod(shape)
    places = [_place(axes, unravel(i, out), (kernels.shape[1], *spatial)) for i in range(math.prod(out))]
    matrix = np.stack([place(kernel) for kernel in kernels for place in places])

    def plan(item: int, _: int) -> Plan:
        c, position = divmod(item, math.prod(out))
        place = Formula(places[position], lambda k: f"write {', '.join(k)} at the columns of this patch, 0 elsewhere")
        return Plan("output", place, (Window("weight", () if bare else (c,)),), Window("y", (item,)))

    tensors: dict[str, Array | Lazy] = {
        "weight": weight,
        "y": matrix,
        "shape": np.array([rows, columns]),
        "weights": np.array(weight.size),
        "dense_weights": np.array(rows * columns),
        "input_shape": np.array(shape),
        "filters": np.array(kernels.shape[0]),
    }
    blocks = [
        *grid_blocks(axes, tensors, x=None, kernel="weight"),
        block(
            Plan("shape", _times(), (Window("out_size"), Window("filters")), Window("shape", (0,))),
            Plan("shape", f.PRODUCT, (Window("input_shape"),), Window("shape", (1,))),
        ),
    ]
    if not any(axis.before or axis.after for axis in axes):
        slots = kernels[0].size
        offsets = [1 + _first(axes, unravel(i, out)) for i in range(math.prod(out))]
        tensors |= {"offsets": np.array(offsets), "slots": np.array([slots, slots * rows])}
        blocks.append(_layout(axes, tensors, Window("weight", () if bare else (0,))))
    blocks.append(Block(rows, 1, plan))
    counts = [Plan("weights", f.COUNT, (Window("weight"),), Window("weights"))]
    counts.append(Plan("dense_weights", f.PRODUCT, (Window("shape"),), Window("dense_weights")))
    given = ("weight", "input_shape", "filters", "size", *HYPER_PARAMETERS)
    return Trace(Tensors(tensors), (*blocks, block(*counts)), given)


def _times() -> Formula:
    """The product of some sizes and one more, which is left unsaid when it is 1."""
    return Formula(lambda sizes, n: np.prod(sizes) * n, lambda sizes, n: "·".join([*sizes, *(n if n != ["1"] else [])]))


def _layout(axes: Grid, tensors: dict[str, Array | Lazy], kernel: Window) -> Block:
    """What a person notes before writing the rows: the gap between kernel rows, where each row starts, how full it is."""
    plans = []
    if len(axes) == 2:
        tensors["gap"] = np.array(axes[1].size - axes[1].extent)
        reads = (Window("size", (1,)), Window("extent" if any(axis.dilation > 1 for axis in axes) else "kernel_size", (1,)))
        plans.append(Plan("gap", f.MINUS, reads, Window("gap")))
    starts = tuple(Window(name) for name in starts_names(len(axes)))
    return block(
        *plans,
        Plan("offsets", _row_major(axes[-1].size), starts, Window("offsets")),
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


def _first(axes: Grid, position: Index) -> int:
    cell = 0
    for axis, at in zip(axes, position, strict=True):
        cell = cell * axis.size + int(at) * axis.stride  # type: ignore[arg-type]
    return cell


def _place(axes: Grid, position: Index, shape: tuple[int, ...]) -> Callable[[Array], Array]:
    """A function that writes a kernel into an empty input at one window position and reads it off row-major."""

    def place(kernel: Array) -> Array:
        padded = np.zeros((shape[0], *(axis.padded for axis in axes)), dtype=np.asarray(kernel).dtype)
        padded[(slice(None), *taps(axes, position))] = kernel  # type: ignore[arg-type]
        inside = tuple(slice(axis.before, axis.before + axis.size) for axis in axes)
        return padded[(slice(None), *inside)].reshape(-1)

    return place
