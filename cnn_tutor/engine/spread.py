"""Where copies of a kernel lie on the output of a transposed convolution, and the steps that work it out.

One axis of length L, a kernel of K taps d apart laid down every s cells, with p₁ and p₂ cells cut off and p_out added:

    L_out = (L − 1)·s + d·(K − 1) + 1 − p₁ − p₂ + p_out
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, paddings, per_axis
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named, on_axis, per_axis_block, per_axis_tensors, sizes_block, starts_names
from cnn_tutor.engine.trace import Block, Plan, Window
from cnn_tutor.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Spread:
    """How the copies of the kernel lie along one spatial axis of the output; all numbers are cells."""

    size: int
    kernel: int
    stride: int
    before: int
    after: int
    dilation: int
    extra: int

    @property
    def extent(self) -> int:
        """Cells from the first tap of the kernel to the last, both included."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def shifts(self) -> int:
        """How often the kernel moves on by ``stride``."""
        return self.size - 1

    @property
    def laid(self) -> int:
        """Cells that all copies together reach over, before anything is cut off."""
        return self.shifts * self.stride + self.extent

    @property
    def out(self) -> int:
        return self.laid - self.before - self.after + self.extra

    @property
    def room(self) -> int:
        """Cells to lay the copies down on; there may be more than they reach over."""
        return max(self.laid, self.before + self.out)

    def under(self, tap: int) -> slice:
        """The laid-out cells on which the copies put one tap."""
        start = tap * self.dilation
        return slice(start, start + self.shifts * self.stride + 1, self.stride)

    def landings(self, cell: int) -> list[tuple[int, int]]:
        """(input cell, tap) of every entry that lands on an output cell, in the order of the input."""
        place = cell + self.before
        first = max(0, -((self.extent - 1 - place) // self.stride))
        cells = range(first, min(self.shifts, place // self.stride) + 1)
        offsets = ((i, place - i * self.stride) for i in cells)
        return [(i, offset // self.dilation) for i, offset in offsets if offset % self.dilation == 0]


Spreads: TypeAlias = tuple[Spread, ...]
"""One Spread for each spatial dimension."""


def spread(
    sizes: Sequence[int],
    kernels: Sequence[int],
    stride: Sizes,
    padding: Padding,
    output_padding: Sizes,
    dilation: Sizes,
) -> Spreads:
    """Copies of a kernel of ``kernels`` cells, one for each cell of ``sizes``; raises ShapeError when none is left."""
    dimensions = len(sizes)
    strides = per_axis("stride", stride, dimensions, 1)
    dilations = per_axis("dilation", dilation, dimensions, 1)
    extras = per_axis("output_padding", output_padding, dimensions, 0)
    cut = paddings(padding, dimensions)
    axes = []
    for d, (size, kernel, s, gap, extra) in enumerate(zip(sizes, kernels, strides, dilations, extras, strict=True)):
        if extra >= max(s, gap):
            raise ShapeError(f"output_padding must be smaller than stride {s} or dilation {gap}, got {extra}")
        before, after = _same_cut(gap * (kernel - 1) + 1, s, extra) if cut is None else cut[d]
        axes.append(Spread(size, kernel, s, before, after, gap, extra))
        if axes[-1].out < 1:
            raise ShapeError(
                f"padding must leave some of the {axes[-1].laid + extra} cells laid out, got {before, after}"
            )
    return tuple(axes)


def _same_cut(extent: int, stride: int, extra: int) -> tuple[int, int]:
    """What "same" cuts off so that size · stride cells are left; a kernel too short for that has cells added behind."""
    total = extent + extra - stride
    before = max(total, 0) // 2
    return before, total - before


def spread_steps(axes: Spreads) -> tuple[Named, list[Block]]:
    """How large the output is and where each copy starts on it."""
    is_dilated = any(axis.dilation > 1 for axis in axes)
    tensors = per_axis_tensors(axes, {name: of for name, of in _LENGTHS.items() if is_dilated or name != "extent"})
    names = starts_names(len(axes))
    for name, axis in zip(names, axes, strict=True):
        tensors[name] = 1 - axis.before + axis.stride * np.arange(axis.size)

    def plans(axis: int) -> list[Plan]:
        extent = [on_axis("extent", f.EXTENT, axis, "kernel_size", "dilation")] if is_dilated else []
        starts = tuple(Window(read, (axis,)) for read in ("size", "stride", "padding"))
        return [
            *extent,
            on_axis("shifts", f.MINUS_ONE, axis, "size"),
            on_axis("laid_size", _LAID, axis, "shifts", "stride", "extent" if is_dilated else "kernel_size"),
            on_axis("out_size", _KEPT, axis, "laid_size", "padding", "output_padding"),
            Plan("starts", _STARTS, starts, Window(names[axis])),
        ]

    counted = sizes_block(axes, ("size", "x"), ("kernel_size", "weight"))
    return tensors, [counted, per_axis_block(axes, plans)]


_LENGTHS: dict[str, Callable[[Spread], Any]] = {
    "size": lambda axis: axis.size,
    "kernel_size": lambda axis: axis.kernel,
    "stride": lambda axis: axis.stride,
    "padding": lambda axis: (axis.before, axis.after),
    "output_padding": lambda axis: axis.extra,
    "dilation": lambda axis: axis.dilation,
    "extent": lambda axis: axis.extent,
    "shifts": lambda axis: axis.shifts,
    "laid_size": lambda axis: axis.laid,
    "out_size": lambda axis: axis.out,
}
_LAID = Formula(
    lambda n, stride, extent: n * stride + extent, lambda n, stride, extent: f"{n[0]}·{stride[0]} + {extent[0]}"
)
_KEPT = Formula(
    lambda laid, cut, extra: laid - cut[0] - cut[1] + extra,
    lambda laid, cut, extra: laid[0] + "".join(_unless_zero(" − ", end) for end in cut) + _unless_zero(" + ", extra[0]),
)
_STARTS = Formula(
    lambda count, stride, cut: 1 - cut[0] + stride * np.arange(count),
    lambda count, stride, cut: ", ".join(f"1{_unless_zero(' − ', cut[0])}{step}" for step in _steps(stride[0])) + ", …",
)
"""1-based index in the output at which each copy starts; below 1 it begins in what is cut off."""


def _unless_zero(sign: str, number: str) -> str:
    """A term of a sum, if it adds anything."""
    return "" if number == "0" else sign + number


def _steps(stride: str) -> tuple[str, ...]:
    """How far the first copies stand from the first one."""
    return "", f" + {stride}", f" + 2·{stride}"
