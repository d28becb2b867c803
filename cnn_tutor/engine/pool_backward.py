"""Backward through pooling: to which entries of the input the gradient of each block goes.

Of max pooling the winner of a block gets all of it (the first one in a tie, as in torch), of average pooling every
entry an equal share. An entry in several blocks gets what each of them sends.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, as_tensor, flag
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named, pad_steps
from cnn_tutor.engine.pool import blocks_over, divisors, padded_map
from cnn_tutor.engine.trace import Array, Block, Cell, Plan, Story, Tensors, Trace, Window, unravel
from cnn_tutor.engine.windows import Axis, Form, Grid, last, taps, view
from cnn_tutor.errors import ShapeError


def max_pool1d_backward(
    x: Any,
    grad: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Trace:
    """The gradient of the input of a :func:`max_pool1d`; ``grad`` has the shape of its output. Raises ShapeError."""
    return _max(1, x, grad, kernel_size, stride, padding, dilation, ceil_mode)


def max_pool2d_backward(
    x: Any,
    grad: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
) -> Trace:
    """The gradient of the input of a :func:`max_pool2d`; ``grad`` has the shape of its output. Raises ShapeError."""
    return _max(2, x, grad, kernel_size, stride, padding, dilation, ceil_mode)


def avg_pool1d_backward(
    x: Any,
    grad: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Trace:
    """The gradient of the input of an :func:`avg_pool1d`, of which only the shape of ``x`` counts."""
    return _avg(1, x, grad, kernel_size, stride, padding, ceil_mode, count_include_pad)


def avg_pool2d_backward(
    x: Any,
    grad: Any,
    kernel_size: Sizes,
    *,
    stride: Sizes | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Trace:
    """The gradient of the input of an :func:`avg_pool2d`, of which only the shape of ``x`` counts."""
    return _avg(2, x, grad, kernel_size, stride, padding, ceil_mode, count_include_pad)


def _routed(block: Array, grad: Any) -> Array:
    """``grad`` at the first largest entry of each block along the last axis, 0 elsewhere."""
    winner = np.argmax(block, axis=-1)[..., None]
    places = np.arange(block.shape[-1])
    return np.asarray(np.where(places == winner, np.asarray(grad)[..., None], np.zeros_like(grad)[..., None]))


_ROUTE = Formula(
    lambda block, grad: _routed(block, grad),
    lambda block, grad: f"{grad[0]} to the largest of {', '.join(block)}",
)


@np.errstate(all="ignore")
def _max(
    dimensions: int,
    x: Any,
    grad: Any,
    kernel_size: Sizes,
    stride: Any,
    padding: Padding,
    dilation: Sizes,
    ceil_mode: bool,
) -> Trace:
    x = as_tensor("x", x)
    form, axes = blocks_over(dimensions, x, kernel_size, stride, padding, dilation, ceil_mode)
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    padded = padded_map(x.reshape(form.full(x.shape)), axes, lowest)
    grad = _of_output(grad, form, axes, x)
    outer = grad.shape
    blocks = view(form.strip(padded), axes).reshape(*outer, -1)
    shares = _routed(blocks, grad)
    kernel = tuple(axis.kernel for axis in axes)
    y = _gathered(shares.reshape(*outer, *kernel), axes, x.shape)
    is_padded = any(axis.is_padded or axis.overhang for axis in axes)
    source = "padded" if is_padded else "x"
    tensors: Named = {"x": x, "grad": grad, "blocks": blocks.copy(), "shares": shares, "y": y}
    before = []
    if is_padded:
        tensors["padded"] = form.strip(padded)
        before.append(pad_steps(x.shape, axes, lowest))

    def plan(item: int, part: int) -> Plan:
        cell = unravel(item, outer)
        _, _, position = form.split(cell)
        block = Window("blocks", cell)
        read = Window(source, (*cell[: form.lead], *taps(axes, position)))
        if part == 0:
            return Plan("block", f.UNROLL, (read,), block)
        return Plan("shares", _ROUTE, (block, Window("grad", cell)), Window("shares", cell))

    def landed(lead: Cell, place: Cell, tap: Cell) -> Window:
        return Window("shares", (*lead, *place, int(np.ravel_multi_index(tap, kernel))))

    routed = Block(math.prod(outer), 2, plan)
    return Trace(
        y,
        lambda: Story(Tensors(tensors), (*before, routed, _cells(form, axes, x.shape, landed)), ("x", "grad")),
    )


@np.errstate(all="ignore")
def _avg(
    dimensions: int,
    x: Any,
    grad: Any,
    kernel_size: Sizes,
    stride: Any,
    padding: Padding,
    ceil_mode: bool,
    include: bool,
) -> Trace:
    x, include = as_tensor("x", x), flag("count_include_pad", include)
    form, axes = blocks_over(dimensions, x, kernel_size, stride, padding, 1, ceil_mode)
    padded_map(x.reshape(form.full(x.shape)), axes, 0)
    grad = _of_output(grad, form, axes, x)
    divisor = divisors(axes, include)
    shares = np.asarray(grad / divisor)
    kernel = tuple(axis.kernel for axis in axes)
    spread = np.broadcast_to(shares.reshape(*shares.shape, *[1] * len(kernel)), (*shares.shape, *kernel))
    y = _gathered(spread, axes, x.shape)

    def plan(item: int, _: int) -> Plan:
        cell = unravel(item, grad.shape)
        reads = Window("grad", cell), Window("divisor", form.split(cell)[2])
        return Plan("shares", f.OVER, reads, Window("shares", cell))

    def landed(lead: Cell, place: Cell, tap: Cell) -> Window:
        return Window("shares", (*lead, *place))

    tensors = Tensors({"x": x, "grad": grad, "divisor": divisor, "shares": shares, "y": y})
    blocks = (Block(grad.size, 1, plan), _cells(form, axes, x.shape, landed))
    return Trace(y, lambda: Story(tensors, blocks, ("x", "grad", "divisor")))


def _of_output(value: Any, form: Form, axes: Grid, x: Array) -> Array:
    grad: Array = as_tensor("grad", value)
    wanted = (*x.shape[: form.lead], *(axis.out for axis in axes))
    if grad.shape != wanted:
        raise ShapeError(f"grad must have the shape of the output, {wanted}; got {grad.shape}")
    return grad


def _gathered(shares: Array, axes: Grid, shape: tuple[int, ...]) -> Array:
    """What lands on each cell of x: (…, *out, *kernel) added up, tap by tap; what lands on padding is lost."""
    lead = shape[: len(shape) - len(axes)]
    room = np.zeros((*lead, *(axis.padded + axis.overhang for axis in axes)), dtype=shares.dtype)
    for tap in itertools.product(*(range(axis.kernel) for axis in axes)):
        under = (_under(axis, one) for axis, one in zip(axes, tap, strict=True))
        room[last(*under)] += shares[last(*[slice(None)] * len(axes), *tap)]
    return np.array(room[last(*(slice(axis.before, axis.before + axis.size) for axis in axes))])


def _under(axis: Axis, tap: int) -> slice:
    """The cells, window by window, under one tap."""
    start = tap * axis.dilation
    return slice(start, start + axis.stride * axis.moves + 1, axis.stride)


def _cells(form: Form, axes: Grid, shape: tuple[int, ...], landed: Any) -> Block:
    """Cell by cell of x, the sum of what every block that holds it sends."""

    def plan(item: int, _: int) -> Plan:
        cell = unravel(item, shape)
        lead, position = cell[: form.lead], cell[form.lead :]
        hits = itertools.product(*(_covering(axis, at) for axis, at in zip(axes, position, strict=True)))
        reads = tuple(landed(lead, tuple(j for j, _ in hit), tuple(t for _, t in hit)) for hit in hits)
        return Plan("output", f.SUM_ALL, reads, Window("y", cell))

    return Block(math.prod(shape), 1, plan)


def _covering(axis: Axis, cell: int) -> Sequence[tuple[int, int]]:
    """(window, tap) of every window along an axis that has a tap on a cell of x."""
    place = cell + axis.before
    first = max(0, -((axis.extent - 1 - place) // axis.stride))
    windows = range(first, min(axis.moves, place // axis.stride) + 1)
    offsets = ((j, place - j * axis.stride) for j in windows)
    return [(j, offset // axis.dilation) for j, offset in offsets if offset % axis.dilation == 0]
