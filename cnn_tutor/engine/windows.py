"""Where a window can stand: the length arithmetic, padding and windows that convolution, pooling and im2col share.

One axis of length L, a kernel of K taps d apart, stride s and padding p₁ before, p₂ after has

    L_out = ⌊(L + p₁ + p₂ − (d·(K − 1) + 1)) / s⌋ + 1

window positions (worksheet 4, "Formula to remember", with d = 1 and p₁ = p₂ = p).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.trace import Array, Block, Index, Lazy, Plan, Tensors, Trace, Window, block
from cnn_tutor.errors import ShapeError

Sizes: TypeAlias = int | Sequence[int]
Padding: TypeAlias = int | str | Sequence[int] | Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Axis:
    """The sliding window along one spatial axis; all numbers are cells."""

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def extent(self) -> int:
        """Cells from the first tap of the kernel to the last, both included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def padded(self) -> int:
        return self.size + self.before + self.after

    @property
    def numerator(self) -> int:
        """How far right the first window can move."""
        return self.padded - self.extent

    @property
    def moves(self) -> int:
        """Steps of ``stride`` the window makes, rounded up with ``ceil_mode`` while it still starts inside the input."""
        if not self.ceil_mode:
            return self.numerator // self.stride
        moves = -(-self.numerator // self.stride)
        return moves - 1 if moves * self.stride >= self.size + self.before else moves

    @property
    def out(self) -> int:
        return self.moves + 1

    @property
    def overhang(self) -> int:
        """Cells of the last window that lie beyond the padding; only ``ceil_mode`` allows any."""
        return max(0, self.moves * self.stride + self.extent - self.padded)

    def taps(self, position: int) -> slice:
        """The cells of the padded axis under the window at ``position``."""
        start = position * self.stride
        return slice(start, start + self.extent, self.dilation)


Grid: TypeAlias = tuple[Axis, ...]
"""One Axis for each spatial dimension."""


def integer(name: str, value: object, least: int) -> int:
    """``value`` as an int of at least ``least``; raises ShapeError that names the argument."""
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ShapeError(f"{name} must be a whole number, got {value!r}") from None
    if number < least:
        raise ShapeError(f"{name} must be at least {least}, got {number}")
    return number


def per_axis(name: str, value: object, dimensions: int, least: int) -> tuple[int, ...]:
    """One int an axis from an int for all of them or a sequence with one for each."""
    if isinstance(value, str) or not isinstance(value, (Sequence, np.ndarray)):
        return (integer(name, value, least),) * dimensions
    if len(value) != dimensions:
        raise ShapeError(f"{name} must be one number or {dimensions}, one for each spatial axis; got {value!r}")
    return tuple(integer(name, one, least) for one in value)


def same_padding(size: int, extent: int, stride: int) -> tuple[int, int]:
    """Zeros before and after so that the output has ⌈size / stride⌉ entries; an odd one goes behind."""
    total = max((-(-size // stride) - 1) * stride + extent - size, 0)
    return total // 2, total - total // 2


def paddings(
    padding: Padding, sizes: Sequence[int], extents: Sequence[int], strides: Sequence[int]
) -> tuple[tuple[int, int], ...]:
    """(before, after) for each axis."""
    dimensions = len(sizes)
    if isinstance(padding, str):
        if padding == "valid":
            return ((0, 0),) * dimensions
        if padding == "same":
            return tuple(map(same_padding, sizes, extents, strides))
        raise ShapeError(f'padding must be a number, "same" or "valid", got {padding!r}')
    if isinstance(padding, (Sequence, np.ndarray)) and len(padding) and isinstance(padding[0], (Sequence, np.ndarray)):
        if len(padding) != dimensions or any(isinstance(pair, (str, int)) or len(pair) != 2 for pair in padding):
            raise ShapeError(f"padding must have {dimensions} pairs (before, after), got {padding!r}")
        return tuple(
            (integer("padding", pair[0], 0), integer("padding", pair[1], 0))  # type: ignore[index]
            for pair in padding
        )
    return tuple((one, one) for one in per_axis("padding", padding, dimensions, 0))


def grid(
    sizes: Sequence[int],
    kernels: Sequence[int],
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Grid:
    """The windows over a map of ``sizes`` with a kernel of ``kernels``; raises ShapeError when none fits."""
    dimensions = len(sizes)
    strides = per_axis("stride", stride, dimensions, 1)
    dilations = per_axis("dilation", dilation, dimensions, 1)
    extents = [d * (k - 1) + 1 for d, k in zip(dilations, kernels, strict=True)]
    pads = paddings(padding, sizes, extents, strides)
    axes = tuple(
        Axis(size, kernel, s, before, after, d, bool(ceil_mode))
        for size, kernel, s, (before, after), d in zip(sizes, kernels, strides, pads, dilations, strict=True)
    )
    for axis in axes:
        if axis.numerator < 0:
            raise ShapeError(
                f"the kernel covers {axis.extent} cells, but the padded input has only {axis.padded}: "
                f"use a smaller kernel_size or dilation, or more padding"
            )
    return axes


def output_length(
    length: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: Padding = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> Trace:
    """⌊(L + 2p − K) / s⌋ + 1, traced; the output is a number.

    ``length`` and ``kernel_size`` are cells along one axis. With ``ceil_mode`` the division rounds up, but a last
    window that would start beyond the input and its left padding is dropped (the rule of the frameworks).
    """
    (axis,) = grid(
        (integer("length", length, 1),),
        (integer("kernel_size", kernel_size, 1),),
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    tensors, first, second = length_steps((axis,))
    final = Plan("output", f.COPY, (Window("out_size", (0,)),), Window("y"))
    return Trace(
        Tensors({**tensors, "y": np.array(axis.out)}),
        (*first, *second, block(final)),
        ("size", "kernel_size", *HYPER_PARAMETERS),
    )


HYPER_PARAMETERS = ("stride", "padding", "dilation")


LENGTHS: dict[str, Callable[[Axis], Any]] = {
    "size": lambda axis: axis.size,
    "kernel_size": lambda axis: axis.kernel,
    "stride": lambda axis: axis.stride,
    "padding": lambda axis: (axis.before, axis.after),
    "dilation": lambda axis: axis.dilation,
    "extent": lambda axis: axis.extent,
    "padded_size": lambda axis: axis.padded,
    "numerator": lambda axis: axis.numerator,
    "moves": lambda axis: axis.moves,
    "out_size": lambda axis: axis.out,
}
"""The tensors of the length arithmetic, one entry an axis."""


def per_axis_tensor(axes: Grid, attribute: Callable[[Axis], Any]) -> Lazy:
    return Lazy(lambda: np.array([attribute(axis) for axis in axes]))


def length_steps(axes: Grid) -> tuple[dict[str, Array | Lazy], tuple[Block, ...], tuple[Block, ...]]:
    """The length formula, axis by axis, as tensors with one entry an axis.

    Two groups of blocks, because a person pads between them: up to ``padded_size``, then numerator, moves and
    ``out_size``. Both read ``size`` and ``kernel_size``, which the caller counts or is given.
    """
    dilated = any(axis.dilation > 1 for axis in axes)
    padded = any(axis.before or axis.after for axis in axes)

    tensors: dict[str, Array | Lazy] = {name: per_axis_tensor(axes, attribute) for name, attribute in LENGTHS.items()}
    extent = "extent" if dilated else "kernel_size"
    length = "padded_size" if padded else "size"

    def early(axis: int) -> list[Plan]:
        at = (axis,)
        plans = []
        if dilated:
            reads = (Window("kernel_size", at), Window("dilation", at))
            plans.append(Plan("extent", f.EXTENT, reads, Window("extent", at)))
        if padded:
            reads = (Window("size", at), Window("padding", at))
            plans.append(Plan("padded_size", f.PADDED_SIZE, reads, Window("padded_size", at)))
        return plans

    def late(axis: int) -> list[Plan]:
        at = (axis,)
        return [
            Plan("numerator", f.MINUS, (Window(length, at), Window(extent, at)), Window("numerator", at)),
            Plan("moves", _division(axes[axis]), (Window("numerator", at), Window("stride", at)), Window("moves", at)),
            Plan("out_size", f.PLUS_ONE, (Window("moves", at),), Window("out_size", at)),
        ]

    return tensors, (per_axis_block(axes, early),), (per_axis_block(axes, late),)


def _division(axis: Axis) -> f.Formula:
    if not axis.ceil_mode:
        return f.FLOOR_OVER
    if -(-axis.numerator // axis.stride) == axis.moves:
        return f.CEIL_OVER
    return f.Formula(lambda a, b: -(-a // b) - 1, lambda a, b: f"⌈{a[0]} / {b[0]}⌉ − 1")


def per_axis_block(axes: Grid, plans: Callable[[int], list[Plan]]) -> Block:
    """A block that does the same few steps for each axis in turn."""
    rows = [plans(axis) for axis in range(len(axes))]
    return Block(len(rows), len(rows[0]), lambda item, part: rows[item][part])


def starts_names(dimensions: int) -> tuple[str, ...]:
    """Names of the tensors that hold the first index of every window."""
    return ("starts",) if dimensions == 1 else ("row_starts", "column_starts")[:dimensions]


def starts_steps(axes: Grid) -> tuple[dict[str, Array | Lazy], Block]:
    """The 1-based first index of every window, one vector an axis."""
    names = starts_names(len(axes))
    tensors: dict[str, Array | Lazy] = {
        name: Lazy(lambda axis=axis: 1 + axis.stride * np.arange(axis.out))  # type: ignore[misc]
        for name, axis in zip(names, axes, strict=True)
    }
    plans = [
        Plan("starts", f.STARTS, (Window("out_size", (d,)), Window("stride", (d,))), Window(name))
        for d, name in enumerate(names)
    ]
    return tensors, block(*plans)


def pad(x: Array, axes: Grid, value: float = 0, *, overhang: bool = False) -> Array:
    """``x`` (…, *spatial) with ``value`` around its last axes; ``overhang`` adds what ceil_mode looks beyond the end."""
    widths = [(axis.before, axis.after + (axis.overhang if overhang else 0)) for axis in axes]
    if not any(before or after for before, after in widths):
        return x
    lead = x.ndim - len(axes)
    shape = x.shape[:lead] + tuple(
        size + before + after for size, (before, after) in zip(x.shape[lead:], widths, strict=True)
    )
    padded = np.full(shape, value, dtype=x.dtype) if value else np.zeros(shape, dtype=x.dtype)
    inside = tuple(slice(before, before + axis.size) for axis, (before, _) in zip(axes, widths, strict=True))
    padded[(..., *inside)] = x
    return padded


def pad_steps(source: Window, shape: Sequence[int], widths: Sequence[tuple[int, int]], value: float) -> Block:
    """Write ``padded`` row by row; ``shape`` is that of the tensor to pad, ``widths`` (before, after) of its last axes."""
    lead = len(shape) - len(widths)
    outer = tuple(shape[:lead]) + tuple(
        size + before + after for size, (before, after) in zip(shape[lead:-1], widths[:-1], strict=True)
    )
    before, after = widths[-1]
    edges = f.pad(before, after, value)
    blank = f.blank(before + shape[-1] + after, value)

    def plan(item: int, _: int) -> Plan:
        row = tuple(int(i) for i in np.unravel_index(item, outer)) if outer else ()
        inner = tuple(i - b for i, (b, _) in zip(row[lead:], widths[:-1], strict=True))
        target = Window("padded", row)
        if all(0 <= i < size for i, size in zip(inner, shape[lead:-1], strict=True)):
            return Plan("padded", edges, (Window(source.tensor, row[:lead] + inner),), target)
        return Plan("padded", blank, (), target)

    return Block(int(np.prod(outer, dtype=np.int64)), 1, plan)


def view(padded: Array, axes: Grid) -> Array:
    """Every window of the last axes without copying: (…, *out, *kernel)."""
    lead = padded.ndim - len(axes)
    strides = padded.strides[lead:]
    return np.lib.stride_tricks.as_strided(
        padded,
        padded.shape[:lead] + tuple(axis.out for axis in axes) + tuple(axis.kernel for axis in axes),
        padded.strides[:lead]
        + tuple(axis.stride * step for axis, step in zip(axes, strides, strict=True))
        + tuple(axis.dilation * step for axis, step in zip(axes, strides, strict=True)),
        writeable=False,
    )


def unravel(item: int, shape: Sequence[int]) -> Index:
    """The row-major index of the ``item``-th cell of a tensor of ``shape``."""
    index = []
    for size in reversed(shape):
        item, at = divmod(item, size)
        index.append(at)
    return tuple(reversed(index))


def taps(axes: Grid, position: Sequence[int]) -> Index:
    """The cells of the padded map under the window at ``position``."""
    return tuple(axis.taps(at) for axis, at in zip(axes, position, strict=True))


@dataclass(frozen=True, slots=True)
class Form:
    """How the given tensors map to the full (N, C, *spatial): ``batched``, unbatched, or ``bare`` maps."""

    batched: bool
    bare: bool

    @classmethod
    def of(cls, x: Array, dimensions: int) -> Form:
        """The form of ``x``; raises ShapeError when it has too few or too many axes."""
        if not dimensions <= x.ndim <= dimensions + 2:
            raise ShapeError(f"x must have {dimensions}, {dimensions + 1} or {dimensions + 2} axes, got shape {x.shape}")
        return cls(x.ndim == dimensions + 2, x.ndim == dimensions)

    @property
    def lead(self) -> int:
        """How many of the axes N and C the given form has."""
        return 2 if self.batched else 0 if self.bare else 1

    def full(self, x: Array) -> Array:
        """``x`` as (N, C, *spatial)."""
        return x.reshape((1,) * (2 - self.lead) + x.shape)

    def strip(self, y: Array) -> Array:
        """A full (N, C, *spatial) tensor in the given form."""
        return y.reshape(y.shape[2 - self.lead :])

    def at(self, n: int, c: int | slice, position: Index) -> Index:
        """The index in the given form of cell (n, c, *position)."""
        return (n, c, *position)[2 - self.lead :]

    def split(self, index: Index) -> tuple[int, int, tuple[int, ...]]:
        """(n, c, position) of a cell's index in the given form; the inverse of :meth:`at`."""
        n, c, *position = (0,) * (2 - self.lead) + index
        return n, c, tuple(position)  # type: ignore[return-value]


def windows_tensor(form: Form, padded: Array, axes: Grid) -> Lazy:
    """Every window of the full ``padded`` map: (N, *out, C, *kernel), without the axes the given form lacks."""
    d = len(axes)
    channel = (0,) if form.bare else (slice(None),)

    def whole() -> Array:
        every = np.moveaxis(view(padded, axes), 1, 1 + d)
        return every if form.batched else every[(0, *[slice(None)] * d, *channel)]

    def cell(index: Index) -> Array:
        n, position = (index[0], index[1:]) if form.batched else (0, index)
        return padded[(n, *channel, *taps(axes, position))]  # type: ignore[arg-type]

    return Lazy(whole, d + form.batched, cell)


def window_plan(form: Form, source: str, axes: Grid, n: int, position: tuple[int, ...]) -> Plan:
    """Read the window at ``position`` of sample ``n`` off ``source``."""
    read = form.at(n, slice(None), taps(axes, position))
    return Plan("window", f.COPY, (Window(source, read),), Window("windows", (n, *position)[1 - form.batched :]))


def as_tensor(name: str, value: object) -> Array:
    """A copy of ``value`` as a numeric array; raises ShapeError for ragged, empty or non-numeric data."""
    try:
        array = np.array(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise ShapeError(f"{name} must be a tensor of numbers: {error}") from None
    if array.dtype == bool:
        array = array.astype(np.int64)
    if array.dtype.kind not in "iuf":
        raise ShapeError(f"{name} must be a tensor of numbers, got {array.dtype} entries")
    if array.size == 0:
        raise ShapeError(f"{name} must not be empty, got shape {array.shape}")
    return array if array.dtype.kind == "f" else array.astype(np.int64)



def grid_blocks(
    axes: Grid, tensors: dict[str, Array | Lazy], *, x: Array | None, kernel: str | None, edge: float = 0
) -> list[Block]:
    """The steps up to the first window: sizes, padding, output size and where each window starts.

    Adds their tensors to ``tensors``. Sizes are counted off ``x``, and the kernel size off the tensor ``kernel``;
    without one they are given numbers. ``edge`` is what the input is padded with.
    """
    d = len(axes)
    lengths, early, late = length_steps(axes)
    starts, starts_block = starts_steps(axes)
    tensors |= lengths | starts
    counted = [(name, tensor) for name, tensor in (("size", "x" if x is not None else None), ("kernel_size", kernel)) if tensor]

    def sizes(axis: int) -> list[Plan]:
        return [Plan(name, f.size(axis - d), (Window(tensor),), Window(name, (axis,))) for name, tensor in counted]

    blocks = [per_axis_block(axes, sizes), *early]
    if x is not None and "padded" in tensors:
        widths = [(axis.before, axis.after + (axis.overhang if axis.ceil_mode else 0)) for axis in axes]
        blocks.append(pad_steps(Window("x"), x.shape, widths, edge))
    return [*blocks, *late, starts_block]
