"""Backward through a convolution: what the loss gains per unit of each input, weight and bias.

    dW[f, c, u] = Σ_n Σ_i dY[n, f, i] · X̃[n, c, i·s + u·d]      db[f] = Σ_n Σ_i dY[n, f, i]
    dX = the transposed convolution of dY with W: every dY lays down a copy of the kernel, and copies that meet add

With stride 1 the last is a full convolution with the kernel turned round: here the flip appears. Definition:
``torch.nn.grad.conv2d_input`` and ``conv2d_weight``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, as_tensor
from cnn_tutor.engine.exact import multiply, narrowed, widened
from cnn_tutor.engine.layout import Layout, layout
from cnn_tutor.engine.lengths import Named, pad_steps
from cnn_tutor.engine.spread import Spread
from cnn_tutor.engine.trace import Array, Block, Index, Plan, Story, Tensors, Trace, Window, unravel
from cnn_tutor.engine.transpose import Laying, lay_down
from cnn_tutor.engine.windows import Axis, pad, view
from cnn_tutor.errors import ShapeError


def conv1d_backward(
    x: Any,
    weight: Any,
    grad: Any,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """The gradient of the input of a :func:`conv1d` with these arguments; ``grad`` has the shape of its output.

    The trace also holds ``weight_grad``, of the shape of ``weight``, and ``bias_grad``, (C_out,) or for a bare kernel a
    number. Raises ShapeError.
    """
    return _backward(1, x, weight, grad, stride, padding, dilation, groups)


def conv2d_backward(
    x: Any,
    weight: Any,
    grad: Any,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """The gradient of the input of a :func:`conv2d` with these arguments; see :func:`conv1d_backward`."""
    return _backward(2, x, weight, grad, stride, padding, dilation, groups)


@np.errstate(all="ignore")
def _backward(
    dimensions: int,
    x: Any,
    weight: Any,
    grad: Any,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> Trace:
    x, weight, grad = as_tensor("x", x), as_tensor("weight", weight), as_tensor("grad", grad)
    laid = layout(dimensions, x.shape, weight.shape, stride, padding, dilation, groups)
    if grad.shape != laid.result.shape:
        raise ShapeError(f"grad must have the shape of the output, {laid.result.shape}; got {grad.shape}")
    terms = max(math.prod(laid.out) * laid.full[0], weight.size)
    grad, weight, _ = widened(terms, grad, weight, None)
    grad, x, _ = widened(terms, grad, x, None)
    padded = pad(x.reshape(laid.full), laid.axes)
    full = grad.reshape(laid.full[0], laid.kernels[0], *laid.out)
    bias_grad = narrowed(np.asarray(full.sum(axis=(0, *range(2, full.ndim)))))
    learned = _weight_grad(padded, full, laid)
    spreads = tuple(map(_spread, laid.axes))
    kernels = weight.reshape(laid.kernels)
    dx = multiply(lay_down, full, kernels, weight.size, spreads, laid.groups)
    dx = laid.form.strip(dx)
    y = narrowed(dx)
    laying = Laying(laid.form, spreads, laid.groups, grad, weight, None, full, kernels, dx, y)
    bias = bias_grad.reshape(()) if laid.form.bare else bias_grad
    return Trace(y, _Pass(laid, x, padded, grad, learned.reshape(weight.shape), bias, laying).story)


def _spread(axis: Axis) -> Spread:
    """The copies of the kernel that lie where the windows of ``axis`` lay."""
    laid = (axis.out - 1) * axis.stride + axis.extent
    return Spread(axis.out, axis.kernel, axis.stride, axis.before, axis.after, axis.dilation, axis.padded - laid)


def _weight_grad(padded: Array, grad: Array, laid: Layout) -> Array:
    """Windows times gradients, summed over samples and positions: (C_out, C_in/groups, *kernel)."""
    d, groups = len(laid.axes), laid.groups
    windows = view(padded, laid.axes)
    n, channels = windows.shape[:2]
    windows = windows.reshape(n, groups, channels // groups, *windows.shape[2:])
    columns = np.moveaxis(windows, (0, *range(3, 3 + d)), range(1, 2 + d)).reshape(groups, n * math.prod(laid.out), -1)
    rows = np.moveaxis(grad.reshape(n, groups, -1, math.prod(laid.out)), 0, 2).reshape(groups, -1, columns.shape[1])
    return narrowed(multiply(np.matmul, rows, columns, columns.shape[1]).reshape(laid.kernels))


@dataclass(frozen=True, slots=True, eq=False)
class _Pass:
    """What a backward pass leaves behind; its story is told from here."""

    layout: Layout
    x: Array
    padded: Array
    grad: Array
    weight_grad: Array
    bias_grad: Array
    laying: Laying

    def story(self) -> Story:
        laying, is_padded = self.laying, self.layout.is_padded
        tensors: Named = {"x": self.x, "weight_grad": self.weight_grad, "bias_grad": self.bias_grad}
        blocks = []
        if is_padded:
            tensors["padded"] = self.layout.form.strip(self.padded)
            blocks.append(pad_steps(self.x.shape, self.layout.axes, 0))
        inner: Named = {
            "x": self.grad,
            "weight": laying.weight,
            "scaled_copies": laying.scaled_copies(),
            "y": laying.output,
        }
        laid = Story(Tensors(inner), (laying.copies(), laying.outputs()), ("x", "weight"))
        back = Trace(laying.output, lambda: laid).renamed({"x": "grad"}).story
        blocks += [self._weights("padded" if is_padded else "x"), self._biases(), *back.blocks]
        return Story(Tensors(tensors) | back.tensors, tuple(blocks), ("x", "weight", "grad"))

    def _weights(self, source: str) -> Block:
        """Weight by weight: what it met, times the gradients of what it went into."""
        axes, form = self.layout.axes, self.layout.form
        c_out, c_in, *kernel = self.layout.kernels
        every: Index = (slice(None),) if form.batched else ()

        def plan(item: int, _: int) -> Plan:
            f_, c, *taps = unravel(item, (c_out, c_in, *kernel))
            channel = f_ // (c_out // self.layout.groups) * c_in + c
            met = tuple(_met(axis, tap) for axis, tap in zip(axes, taps, strict=True))
            reads: Index = met if form.bare else (*every, channel, *met)
            of: Index = () if form.bare else (*every, f_)
            cell: Index = tuple(taps) if form.bare else (f_, c, *taps)
            windows = Window(source, reads), Window("grad", of)
            return Plan("weight_grad", f.DOT, windows, Window("weight_grad", cell))

        return Block(self.weight_grad.size, 1, plan)

    def _biases(self) -> Block:
        form = self.layout.form
        every: Index = (slice(None),) if form.batched else ()

        def plan(item: int, _: int) -> Plan:
            of: Index = () if form.bare else (*every, item)
            return Plan("bias_grad", f.SUM, (Window("grad", of),), Window("bias_grad", () if form.bare else (item,)))

        return Block(self.layout.kernels[0], 1, plan)


def _met(axis: Axis, tap: int) -> slice:
    """The padded cells that one tap of the kernel meets, window by window."""
    start = tap * axis.dilation
    return slice(start, start + (axis.out - 1) * axis.stride + 1, axis.stride)
