"""Transposed convolution. Every input cell lays down a copy of the kernel, scaled by its value; copies that meet add.

    Y[f, i·s + u·d − p, j·s + v·d − p] += X[c, i, j] · W[c, f, u, v]      L_out = (L − 1)·s − 2p + d·(K − 1) + p_out + 1

It is the matrix of the convolution with the same numbers, transposed: shapes go back the way a convolution took them.
Definition and defaults are those of ``torch.nn.functional.conv_transpose1d`` and ``conv_transpose2d``.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, as_tensor, integer, require_room
from cnn_tutor.engine.conv import bias_vector, biased_plans, parameter_steps
from cnn_tutor.engine.exact import multiply, narrowed, widened
from cnn_tutor.engine.layout import full_kernels
from cnn_tutor.engine.lengths import HYPER_PARAMETERS
from cnn_tutor.engine.spread import Spreads, spread, spread_steps
from cnn_tutor.engine.trace import Array, Block, Cell, Lazy, Plan, Story, Tensors, Trace, Window, over, unravel
from cnn_tutor.engine.windows import Form, last
from cnn_tutor.errors import ShapeError


def conv_transpose1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """1D transposed convolution.

    ``x`` is (N, C_in, L), (C_in, L) or bare (L,); ``weight`` is (C_in, C_out/groups, K), or bare (K,) with a bare
    ``x``; ``bias`` is (C_out,) or, bare, a number. ``stride`` and ``dilation`` are counted in output cells.
    ``padding`` is what is cut off at the ends; with ``"same"`` the output has L · stride cells. ``output_padding``
    adds cells behind, fewer than stride or dilation. Raises ShapeError when shapes do not fit.
    """
    return _conv_transpose(1, x, weight, bias, stride, padding, output_padding, dilation, groups)


def conv_transpose2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    output_padding: Sizes = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """2D transposed convolution.

    ``x`` is (N, C_in, H, W), (C_in, H, W) or bare (H, W); ``weight`` is (C_in, C_out/groups, k_h, k_w), or bare
    (k_h, k_w) with a bare ``x``. See :func:`conv_transpose1d`.
    """
    return _conv_transpose(2, x, weight, bias, stride, padding, output_padding, dilation, groups)


@np.errstate(all="ignore")
def _conv_transpose(
    dimensions: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Sizes,
    padding: Padding,
    output_padding: Sizes,
    dilation: Sizes,
    groups: int,
) -> Trace:
    x, weight = as_tensor("x", x), as_tensor("weight", weight)
    form = Form.of(x.shape, dimensions)
    full = form.full(x.shape)
    shape = full_kernels(weight.shape, form, dimensions, "(C_in, C_out/groups, *kernel)")
    groups = integer("groups", groups, 1)
    if full[1] % groups:
        raise ShapeError(f"groups must divide the {full[1]} input channels, got {groups}")
    if shape[0] != full[1]:
        raise ShapeError(f"weight must have {full[1]} input channels, its first axis; got shape {weight.shape}")
    c_out = shape[1] * groups
    bias = None if bias is None else bias_vector(bias, c_out, form)
    axes = spread(full[2:], shape[2:], stride, padding, output_padding, dilation)
    require_room("x spread by stride and dilation", (full[0], c_out, *(axis.room for axis in axes)))

    terms = weight.size // shape[1] // groups
    x, weight, bias = widened(terms, x, weight, bias)
    cells, kernels = x.reshape(full), weight.reshape(shape)
    sums = multiply(lay_down, cells, kernels, terms, axes, groups)
    output = sums if bias is None else sums + bias.reshape(-1, *[1] * dimensions)
    sums, output = form.strip(sums), form.strip(narrowed(output))
    return Trace(output, Laying(form, axes, groups, x, weight, bias, cells, kernels, sums, output).story)


def lay_down(x: Array, kernels: Array, axes: Spreads, groups: int) -> Array:
    """Every tap of the kernel lays down one scaled copy of the whole input: (N, C_out, *out)."""
    n, c_in = x.shape[:2]
    dtype = np.result_type(x, kernels)
    cells = x.reshape(n, groups, c_in // groups, -1).astype(dtype, copy=False)
    by_tap = kernels.reshape(groups, c_in // groups, *kernels.shape[1:]).swapaxes(1, 2).astype(dtype, copy=False)
    laid = np.zeros((n, groups, by_tap.shape[1], *(axis.room for axis in axes)), dtype)
    for tap in itertools.product(*(range(axis.kernel) for axis in axes)):
        copy = np.matmul(np.ascontiguousarray(by_tap[last(*tap)]), cells)
        under = (axis.under(t) for axis, t in zip(axes, tap, strict=True))
        laid[last(*under)] += copy.reshape(*copy.shape[:3], *x.shape[2:])
    kept = laid[last(*(slice(axis.before, axis.before + axis.out) for axis in axes))]
    return np.reshape(kept, (n, -1, *kept.shape[3:]))


@dataclass(frozen=True, slots=True, eq=False)
class Laying:
    """What a forward pass leaves behind; its story is told from here. ``cells`` (x) and ``kernels`` have all axes."""

    form: Form
    axes: Spreads
    groups: int
    x: Array
    weight: Array
    bias: Array | None
    cells: Array
    kernels: Array
    sums: Array
    output: Array

    def story(self) -> Story:
        tensors, blocks = spread_steps(self.axes)
        learned, parameters = parameter_steps(self.weight, self.bias)
        tensors |= {
            "x": self.x,
            "weight": self.weight,
            "y": self.output,
            "scaled_copies": self.scaled_copies(),
            **learned,
        }
        if self.bias is not None:
            tensors |= {"bias": self.bias, "weighted_sum": self.sums}
        given = ("x", "weight", *(["bias"] if self.bias is not None else []), *HYPER_PARAMETERS, "output_padding")
        return Story(Tensors(tensors), (*blocks, self.copies(), self.outputs(), parameters), given)

    def scaled_copies(self) -> Lazy:
        """(N, C_in, *in, C_out/groups, *kernel), without the axes the given form lacks."""
        form, d = self.form, len(self.axes)
        lead = form.lead + d

        def cell(at: Cell) -> Any:
            n, c, position = form.split(at)
            copy = self.cells[(n, c, *position)] * self.kernels[c]
            return copy[0] if form.bare else copy

        def whole() -> Array:
            kernels = self.kernels.reshape(len(self.kernels), *[1] * d, *self.kernels.shape[1:])
            copies = self.cells.reshape(*self.cells.shape, *[1] * (1 + d)) * kernels
            return copies.reshape(*self.x.shape, *(self.kernels.shape[2:] if form.bare else self.kernels.shape[1:]))

        return Lazy(whole, lead, cell)

    def copies(self) -> Block:
        """Input cell by input cell, the kernel scaled by it."""

        def plan(item: int, _: int) -> Plan:
            cell = unravel(item, self.x.shape)
            kernel = () if self.form.bare else (self.form.split(cell)[1],)
            reads = Window("x", cell), Window("weight", kernel)
            return Plan("scaled_copies", f.TIMES, reads, Window("scaled_copies", cell))

        return over(self.x.shape, 1, plan)

    def outputs(self) -> Block:
        """Output cell by output cell, the sum of what landed on it."""

        def plan(item: int, part: int) -> Plan:
            cell = unravel(item, self.output.shape)
            n, c, position = self.form.split(cell)
            return biased_plans(f.SUM_ALL, tuple(self._landed(n, c, position)), cell, c, self.bias)[part]

        return Block(self.output.size, 1 if self.bias is None else 2, plan)

    def _landed(self, n: int, c: int, position: Cell) -> list[Window]:
        """The entries of scaled copies on one output cell, those of all its input channels at once."""
        group, own = divmod(c, self.kernels.shape[1])
        among = () if self.form.bare else (own,)
        size = len(self.kernels) // self.groups
        channels = slice(group * size, (group + 1) * size)
        landings = (axis.landings(at) for axis, at in zip(self.axes, position, strict=True))
        windows = []
        for landing in itertools.product(*landings):
            cells, taps = tuple(i for i, _ in landing), tuple(tap for _, tap in landing)
            windows.append(Window("scaled_copies", (*self.form.at(n, channels, cells), *among, *taps)))
        return windows
