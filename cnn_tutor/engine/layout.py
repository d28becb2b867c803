"""How a convolution is laid out, which shapes and hyper-parameters alone decide, and the matrix product it becomes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

import numpy as np

from cnn_tutor.engine.arguments import Padding, Sizes, frozen, integer, require_room
from cnn_tutor.engine.trace import Array
from cnn_tutor.engine.windows import Form, Grid, grid, last
from cnn_tutor.errors import ShapeError

STRIP = 1 << 17
"""Cells of patches that are unrolled at a time: 1 MiB of float64, which stays in a processor's cache."""

COLUMNS = 128
"""Patches that are unrolled at a time, however large each is: with fewer, reading the filters again costs more."""


@dataclass(frozen=True)
class Pattern:
    """Cells at regular places of a contiguous array: the shape they make and the ``steps`` between them, in cells."""

    shape: tuple[int, ...]
    steps: tuple[int, ...]

    @cached_property
    def strides(self) -> dict[int, tuple[int, ...]]:
        """The steps in bytes, by the size of a cell."""
        return {size: tuple(step * size for step in self.steps) for size in (4, 8)}

    def of(self, array: Array) -> Array:
        """These cells of ``array``, without copying."""
        strides = self.strides[array.itemsize]
        if array.dtype.kind == "O":
            return np.lib.stride_tricks.as_strided(array, self.shape, strides)
        return np.ndarray(self.shape, array.dtype, array, 0, strides)


@dataclass(frozen=True)
class Layout:
    """A convolution without numbers. ``full`` is the shape of x as (N, C_in, *spatial), ``kernels`` that of weight."""

    form: Form
    axes: Grid
    groups: int
    full: tuple[int, ...]
    kernels: tuple[int, ...]

    @cached_property
    def out(self) -> tuple[int, ...]:
        """How many windows there are along each axis."""
        return tuple(axis.out for axis in self.axes)

    @cached_property
    def padded(self) -> tuple[int, ...]:
        """The shape of the padded map as (N, C_in, *spatial)."""
        return (*self.full[:2], *(axis.padded for axis in self.axes))

    @cached_property
    def is_padded(self) -> bool:
        return self.padded != self.full

    @cached_property
    def terms(self) -> int:
        """How many products one output cell adds up."""
        return math.prod(self.kernels[1:])

    @cached_property
    def filters(self) -> tuple[int, int, int]:
        """The shape of the kernels as rows of one matrix a group."""
        return self.groups, self.kernels[0] // self.groups, self.terms

    @cached_property
    def per_channel(self) -> tuple[int, ...]:
        """The shape in which a bias meets the output."""
        return () if self.form.bare else (-1, *[1] * len(self.axes))

    @cached_property
    def places(self) -> Pattern:
        """Where windows start on a padded map.

        With stride 1 that is one run of the flattened map. The starts at which a window would wrap to the next row come
        along, if they are few, so that patches unroll in long copies (row-padded im2col); :attr:`result` leaves them
        out.
        """
        steps = _row_major(self.padded[2:])
        if all(axis.stride == 1 for axis in self.axes) and all(2 * axis.out > axis.padded for axis in self.axes[1:]):
            run = sum((axis.out - 1) * step for axis, step in zip(self.axes, steps, strict=True))
            return Pattern((run + 1,), (1,))
        moves = (min(axis.stride, axis.padded) * step for axis, step in zip(self.axes, steps, strict=True))
        return Pattern(self.out, tuple(moves))

    @cached_property
    def patches(self) -> Pattern:
        """Every window of the padded map: (N, groups, C_in/groups, *kernel, *places)."""
        steps = _row_major(self.padded)
        gaps = (min(axis.dilation, axis.padded) * step for axis, step in zip(self.axes, steps[2:], strict=True))
        shape = (self.full[0], self.groups, *self.kernels[1:], *self.places.shape)
        return Pattern(shape, (steps[0], self.kernels[1] * steps[1], steps[1], *gaps, *self.places.steps))

    @cached_property
    def result(self) -> Pattern:
        """The output in its given form, among the products (N, C_out, places)."""
        rows = _row_major(self.out if self.places.shape == self.out else self.padded[2:])
        each = math.prod(self.places.shape)
        lead = 2 - self.form.lead
        shape = (self.full[0], self.kernels[0], *self.out)[lead:]
        return Pattern(shape, (self.kernels[0] * each, each, *rows)[lead:])


def _row_major(shape: Sequence[int]) -> list[int]:
    """Steps, in cells, along the axes of a contiguous tensor."""
    return [math.prod(shape[axis + 1 :]) for axis in range(len(shape))]


def layout(
    dimensions: int,
    x: tuple[int, ...],
    weight: tuple[int, ...],
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> Layout:
    """The layout for an ``x`` and a ``weight`` of these shapes; raises ShapeError when they do not fit."""
    key = (frozen(stride), frozen(padding), frozen(dilation), frozen(groups))
    if None in key:
        return _layout(dimensions, x, weight, stride, padding, dilation, groups)
    return _remembered(dimensions, x, weight, *cast("tuple[Any, Any, Any, Any]", key))


def _layout(
    dimensions: int,
    x: tuple[int, ...],
    weight: tuple[int, ...],
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> Layout:
    form = Form.of(x, dimensions)
    full, kernels = form.full(x), full_kernels(weight, form, dimensions, "(C_out, C_in/groups, *kernel)")
    c_in, c_out = full[1], kernels[0]
    groups = integer("groups", groups, 1)
    if c_in % groups or c_out % groups:
        raise ShapeError(f"groups must divide the {c_in} input and {c_out} output channels, got {groups}")
    if kernels[1] * groups != c_in:
        wanted = f"{c_in // groups} input channels (C_in/groups = {c_in}/{groups})"
        raise ShapeError(f"weight must have {wanted}, got shape {weight}")
    axes = grid(full[2:], kernels[2:], stride=stride, padding=padding, dilation=dilation, names=("weight", "x"))
    result = Layout(form, axes, groups, full, kernels)
    require_room("padding", result.padded)
    require_room("x with so many filters", result.result.shape)
    return result


_remembered = lru_cache(maxsize=256)(_layout)


def full_kernels(weight: tuple[int, ...], form: Form, dimensions: int, axes: str) -> tuple[int, ...]:
    """The shape of a weight with all its ``axes``, of which a bare one has the spatial only; raises ShapeError."""
    if len(weight) != (dimensions if form.bare else dimensions + 2):
        fits = f"{dimensions} axes, as x is bare" if form.bare else f"{dimensions + 2} axes {axes}"
        raise ShapeError(f"weight must have {fits}; got shape {weight}")
    return (1, 1, *weight) if form.bare else weight


def correlate(padded: Array, weight: Array, layout: Layout) -> Array:
    """Σ over windows × kernels, in the given form.

    Patches are unrolled into columns strip by strip, and each strip is met by one matrix product.
    """
    if padded.dtype != weight.dtype:
        dtype = np.result_type(padded, weight)
        padded, weight = padded.astype(dtype), weight.astype(dtype)
    patches, filters = layout.patches.of(padded), weight.reshape(layout.filters)
    if patches.size <= STRIP:
        columns = patches.reshape(len(patches), layout.groups, layout.terms, -1)
        return layout.result.of(np.matmul(filters, columns))
    return layout.result.of(_by_strips(patches, filters, len(layout.places.shape)))


def _by_strips(patches: Array, filters: Array, rank: int) -> Array:
    """Filters × patches, for as many samples or as much of the first of ``rank`` axes of places as a strip holds."""
    samples, groups = patches.shape[:2]
    rows, *rest = patches.shape[-rank:]
    across = math.prod(rest)
    tall = max(1, STRIP // (patches[0].size // rows), COLUMNS // across)
    deep = max(1, tall // rows)
    sums = np.empty((samples, *filters.shape[:2], rows * across), dtype=patches.dtype)
    for sample in range(0, samples, deep):
        some = slice(sample, sample + deep)
        for row in range(0, rows, tall):
            strip = patches[some][last(slice(row, row + tall), *[slice(None)] * len(rest))]
            columns = strip.reshape(len(strip), groups, filters.shape[2], -1)
            np.matmul(filters, columns, out=sums[some, ..., row * across : (row + tall) * across])
    return sums
