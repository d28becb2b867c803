"""Where a window can stand: the geometry that convolution, pooling and im2col share, for any number of spatial axes.

One axis of length L, a kernel of K taps d apart, stride s and padding p₁ before, p₂ after has

    L_out = ⌊(L + p₁ + p₂ − (d·(K − 1) + 1)) / s⌋ + 1

window positions (worksheet 4, "Formula to remember", with d = 1 and p₁ = p₂ = p).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, flag, paddings, per_axis, require_room
from cnn_tutor.engine.trace import Array, Cell, Index, Lazy, Plan, Window
from cnn_tutor.errors import ShapeError


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
    def is_padded(self) -> bool:
        return self.before > 0 or self.after > 0

    @property
    def numerator(self) -> int:
        """How far right the first window can move."""
        return self.padded - self.extent

    @property
    def moves(self) -> int:
        """Steps of ``stride`` the window makes; with ``ceil_mode`` one more while it still starts inside the input.

        "Inside" counts the padding before the input but not the one behind it, as in torch and ONNX. Negative when
        no window fits at all.
        """
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

    def taps_within(self, low: int, high: int) -> Array:
        """For each window, how many taps lie on the cells ``low`` to ``high`` − 1; cell 0 is the first of the input."""
        starts = self.stride * np.arange(self.out) - self.before
        first, behind = (np.clip(-((starts - edge) // self.dilation), 0, self.kernel) for edge in (low, high))
        return np.asarray(behind - first)


Grid: TypeAlias = tuple[Axis, ...]
"""One Axis for each spatial dimension."""


def same_padding(size: int, extent: int, stride: int) -> tuple[int, int]:
    """Zeros before and after so that the output has ⌈size / stride⌉ entries; an odd one goes behind."""
    total = max((-(-size // stride) - 1) * stride + extent - size, 0)
    return total // 2, total - total // 2


def grid(
    sizes: Sequence[int],
    kernels: Sequence[int],
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    names: tuple[str, str] = ("kernel_size", "x"),
) -> Grid:
    """The windows over a map of ``sizes`` with a kernel of ``kernels``; raises ShapeError when none fits.

    ``names`` are the arguments of the caller that the error is about: the kernel's and the map's.
    """
    dimensions = len(sizes)
    strides = per_axis("stride", stride, dimensions, 1)
    dilations = per_axis("dilation", dilation, dimensions, 1)
    extents = [d * (k - 1) + 1 for d, k in zip(dilations, kernels, strict=True)]
    pads = paddings(padding, dimensions) or tuple(map(same_padding, sizes, extents, strides))
    is_ceil = flag("ceil_mode", ceil_mode)
    axes = tuple(
        Axis(size, kernel, s, before, after, d, is_ceil)
        for size, kernel, s, (before, after), d in zip(sizes, kernels, strides, pads, dilations, strict=True)
    )
    kernel, map_ = names
    for axis in axes:
        if axis.moves < 0:
            raise ShapeError(
                f"{kernel} covers {axis.extent} cells, but {map_} has only {axis.padded} with its padding: "
                f"use a smaller {kernel} or dilation, or more padding"
            )
    return axes


def last(*index: Any) -> tuple[Any, ...]:
    """An index into the last axes of a tensor, whatever comes before them."""
    return (..., *index)


def pad(x: Array, axes: Grid, value: float = 0) -> Array:
    """``x`` (…, *spatial) with ``value`` around its last axes, also on what ceil_mode looks at beyond the end."""
    if not any(axis.is_padded or axis.overhang for axis in axes):
        return x
    lead = x.shape[: x.ndim - len(axes)]
    shape = (*lead, *(axis.padded + axis.overhang for axis in axes))
    require_room("padding", shape)
    padded = np.full(shape, value, dtype=x.dtype) if value else np.zeros(shape, dtype=x.dtype)
    padded[last(*(slice(axis.before, axis.before + axis.size) for axis in axes))] = x
    return padded


def view(padded: Array, axes: Grid) -> Array:
    """Every window of the last axes without copying: (…, *out, *kernel)."""
    lead = padded.ndim - len(axes)
    steps = list(zip(axes, padded.shape[lead:], padded.strides[lead:], strict=True))
    shape = (*padded.shape[:lead], *(axis.out for axis in axes), *(axis.kernel for axis in axes))
    moves = (min(axis.stride, size) * step for axis, size, step in steps)
    gaps = (min(axis.dilation, size) * step for axis, size, step in steps)
    strides = (*padded.strides[:lead], *moves, *gaps)
    if not padded.flags.c_contiguous or padded.dtype.kind == "O":
        return np.lib.stride_tricks.as_strided(padded, shape, strides, writeable=False)
    windows: Array = np.ndarray(shape, padded.dtype, padded, 0, strides)
    windows.flags.writeable = False
    return windows


def taps(axes: Grid, position: Sequence[int]) -> Index:
    """The cells of the padded map under the window at ``position``."""
    return tuple(axis.taps(at) for axis, at in zip(axes, position, strict=True))


@dataclass(frozen=True, slots=True)
class Form:
    """How the given tensors map to the full (N, C, *spatial): ``batched``, unbatched, or ``bare`` maps."""

    batched: bool
    bare: bool

    @classmethod
    def of(cls, x: tuple[int, ...], dimensions: int) -> Form:
        """The form of an x of this shape; raises ShapeError when it has too few or too many axes."""
        if not dimensions <= len(x) <= dimensions + 2:
            fits = f"{dimensions}, {dimensions + 1} or {dimensions + 2} axes"
            raise ShapeError(f"x must have {fits} (bare, (C, …) or (N, C, …)), got shape {x}")
        return cls(len(x) == dimensions + 2, len(x) == dimensions)

    @property
    def lead(self) -> int:
        """How many of the axes N and C the given form has."""
        return 2 if self.batched else 0 if self.bare else 1

    def full(self, x: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of an x as (N, C, *spatial)."""
        return (1,) * (2 - self.lead) + x

    def strip(self, y: Array) -> Array:
        """A full (N, C, *spatial) tensor in the given form."""
        return y.reshape(y.shape[2 - self.lead :])

    def at(self, n: int, c: int | slice, position: Index) -> Index:
        """The index in the given form of cell (n, c, *position)."""
        return (n, c, *position)[2 - self.lead :]

    def split(self, cell: Cell) -> tuple[int, int, Cell]:
        """(n, c, position) of a cell in the given form; the inverse of :meth:`at`."""
        n, c, *position = (0,) * (2 - self.lead) + cell
        return n, c, tuple(position)


def windows_tensor(form: Form, padded: Array, axes: Grid) -> Lazy:
    """Every window of the full ``padded`` map: (N, *out, C, *kernel), without the axes the given form lacks."""
    d = len(axes)
    channel = 0 if form.bare else slice(None)

    def whole() -> Array:
        every = np.moveaxis(view(padded, axes), 1, 1 + d)
        return every if form.batched else every[(0, *[slice(None)] * d, channel)]

    def cell(at: Cell) -> Any:
        n, position = (at[0], at[1:]) if form.batched else (0, at)
        return padded[(n, channel, *taps(axes, position))]

    return Lazy(whole, d + form.batched, cell)


def window_plan(form: Form, source: str, axes: Grid, n: int, position: Cell) -> Plan:
    """Read the window at ``position`` of sample ``n`` off ``source``."""
    read = form.at(n, slice(None), taps(axes, position))
    return Plan("window", f.COPY, (Window(source, read),), Window("windows", (n, *position)[1 - form.batched :]))
