"""How a person finds the output size: the length formula as steps, the padding row by row, where each window starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, integer
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.trace import Array, Block, Lazy, Plan, Story, Tensors, Trace, Window, block, over, unravel
from cnn_tutor.engine.windows import Axis, Grid, grid

Named: TypeAlias = dict[str, Array | Lazy]

HYPER_PARAMETERS = ("stride", "padding", "dilation")
"""What every grid of windows is given, one entry an axis."""

_LENGTHS: dict[str, Callable[[Axis], Any]] = {
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


def output_length(
    length: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: Padding = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> Trace:
    """⌊(L + 2p − K) / s⌋ + 1, traced; the output is a number, and so is the trace to ``int`` and ``range``.

    ``length`` and ``kernel_size`` are cells along one axis. With ``ceil_mode`` the division rounds up, but a last
    window that would start beyond the input and its left padding is dropped (the rule of the frameworks). Raises
    ShapeError.
    """
    sizes, kernels = (integer("length", length, 1),), (integer("kernel_size", kernel_size, 1),)
    axes = grid(
        sizes,
        kernels,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        names=("kernel_size", "length"),
    )
    y = np.array(axes[0].out)

    def tell() -> Story:
        tensors, before, after = length_steps(axes)
        final = block(Plan("output", f.COPY, (Window("out_size", (0,)),), Window("y")))
        given = ("size", "kernel_size", *HYPER_PARAMETERS)
        return Story(Tensors({**tensors, "y": y}), (before, after, final), given)

    return Trace(y, tell)


def length_steps(axes: Grid) -> tuple[Named, Block, Block]:
    """The length formula, axis by axis, as tensors with one entry an axis.

    Two blocks, because a person pads between them: up to ``padded_size``, then numerator, moves and ``out_size``. Both
    read ``size`` and ``kernel_size``, which the caller counts or is given.
    """
    is_dilated = any(axis.dilation > 1 for axis in axes)
    is_padded = any(axis.is_padded for axis in axes)
    extent = "extent" if is_dilated else "kernel_size"
    length = "padded_size" if is_padded else "size"
    unused = {"extent", "padded_size"} - {extent, length}
    tensors = per_axis_tensors(axes, {name: of for name, of in _LENGTHS.items() if name not in unused})

    def early(axis: int) -> list[Plan]:
        plans = []
        if is_dilated:
            plans.append(on_axis("extent", f.EXTENT, axis, "kernel_size", "dilation"))
        if is_padded:
            plans.append(on_axis("padded_size", f.PADDED_SIZE, axis, "size", "padding"))
        return plans

    def late(axis: int) -> list[Plan]:
        return [
            on_axis("numerator", f.MINUS, axis, length, extent),
            on_axis("moves", _division(axes[axis]), axis, "numerator", "stride"),
            on_axis("out_size", f.PLUS_ONE, axis, "moves"),
        ]

    return tensors, per_axis_block(axes, early), per_axis_block(axes, late)


def _division(axis: Axis) -> Formula:
    if not axis.ceil_mode:
        return f.FLOOR_OVER
    if -(-axis.numerator // axis.stride) == axis.moves:
        return f.CEIL_OVER
    return Formula(lambda a, b: -(-a // b) - 1, lambda a, b: f"⌈{a[0]} / {b[0]}⌉ − 1")


def per_axis_tensors(axes: Sequence[Any], attributes: dict[str, Callable[[Any], Any]]) -> Named:
    """For each name a tensor with one entry an axis."""

    def tensor(attribute: Callable[[Any], Any]) -> Lazy:
        return Lazy(lambda: np.array([attribute(axis) for axis in axes]))

    return {name: tensor(attribute) for name, attribute in attributes.items()}


def per_axis_block(axes: Sequence[Any], plans: Callable[[int], list[Plan]]) -> Block:
    """A block that does the same few steps for each axis in turn."""
    return Block(len(axes), len(plans(0)), lambda axis, part: plans(axis)[part], every=plans)


def on_axis(name: str, formula: Formula, axis: int, *reads: str) -> Plan:
    """A step of kind ``name`` that reads and writes the entries of one axis."""
    return Plan(name, formula, tuple(Window(read, (axis,)) for read in reads), Window(name, (axis,)))


def sizes_block(axes: Sequence[Any], *counted: tuple[str, str]) -> Block:
    """Count the spatial axes of tensors: pairs of the name of the sizes and of the tensor they are counted off."""
    return per_axis_block(
        axes,
        lambda axis: [
            Plan(name, f.size(axis - len(axes)), (Window(tensor),), Window(name, (axis,))) for name, tensor in counted
        ],
    )


def starts_names(dimensions: int) -> tuple[str, ...]:
    """Names of the tensors that hold the first index of every window."""
    return ("starts",) if dimensions == 1 else ("row_starts", "column_starts")


def _starts(axes: Grid) -> tuple[Named, Block]:
    """The 1-based first index of every window, one vector an axis."""

    def starts(axis: Axis) -> Lazy:
        return Lazy(lambda: 1 + axis.stride * np.arange(axis.out))

    def plan(d: int, _: int) -> Plan:
        return Plan("starts", f.STARTS, (Window("out_size", (d,)), Window("stride", (d,))), Window(names[d]))

    names = starts_names(len(axes))
    return dict(zip(names, map(starts, axes), strict=True)), Block(len(axes), 1, plan)


def pad_steps(shape: Sequence[int], axes: Grid, value: float) -> Block:
    """Write ``padded`` row by row from an ``x`` of ``shape``, with ``value`` around its last axes."""
    outer_axes, last = axes[:-1], axes[-1]
    lead = len(shape) - len(axes)
    outer = (*shape[:lead], *(axis.padded + axis.overhang for axis in outer_axes))
    behind = last.after + last.overhang
    edges = f.pad(last.before, behind, value)
    blank = f.blank(last.before + last.size + behind, value)

    def plan(item: int, _: int) -> Plan:
        row = unravel(item, outer)
        inner = tuple(at - axis.before for at, axis in zip(row[lead:], outer_axes, strict=True))
        target = Window("padded", row)
        if all(0 <= at < axis.size for at, axis in zip(inner, outer_axes, strict=True)):
            return Plan("padded", edges, (Window("x", row[:lead] + inner),), target)
        return Plan("padded", blank, (), target)

    return over(outer, 1, plan)


def grid_steps(
    axes: Grid, *, x: Array | None, kernel: str | None = None, padded: Array | None = None, edge: float = 0
) -> tuple[Named, list[Block]]:
    """The tensors and steps up to the first window: sizes, padding, output size and where each window starts.

    Sizes are counted off ``x``, and the kernel size off the tensor named ``kernel``; without one they are given
    numbers. ``padded`` is x in its given form with its edges filled with ``edge``; None when nothing is padded.
    """
    shape = None if x is None else x.shape
    tensors, blocks = _grid_steps(axes, shape, kernel, edge if padded is not None else None)
    return {**tensors, **({} if padded is None else {"padded": padded})}, [*blocks]


@lru_cache(maxsize=128)
def _grid_steps(
    axes: Grid, x: tuple[int, ...] | None, kernel: str | None, edge: float | None
) -> tuple[Mapping[str, Array | Lazy], list[Block]]:
    """The same for an ``x`` of that shape, without the numbers of ``padded``; ``edge`` is None when there is none."""
    lengths, early, late = length_steps(axes)
    starts, starts_block = _starts(axes)
    counted = [
        (name, tensor) for name, tensor in (("size", None if x is None else "x"), ("kernel_size", kernel)) if tensor
    ]
    padding = [] if x is None or edge is None else [pad_steps(x, axes, edge)]
    return lengths | starts, [sizes_block(axes, *counted), early, *padding, late, starts_block]
