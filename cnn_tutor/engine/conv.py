"""Convolution as every deep-learning library means it: cross-correlation, the kernel laid down as written, not flipped.

    Y[f, i, j] = Σ_c Σ_u Σ_v  W[f, c, u, v] · X̃[c, i·s + u·d, j·s + v·d] + b[f]

X̃ is the zero-padded input. One implementation serves one and two spatial axes. Definition and defaults are those of
``torch.nn.functional.conv1d`` and ``conv2d``; the bare forms are the worksheet's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import Padding, Sizes, as_tensor
from cnn_tutor.engine.exact import multiply, narrowed, widened
from cnn_tutor.engine.layout import Layout, correlate, layout
from cnn_tutor.engine.lengths import HYPER_PARAMETERS, Named, grid_steps
from cnn_tutor.engine.trace import Array, Block, Cell, Lazy, Plan, Story, Tensors, Trace, Window, block, over, unravel
from cnn_tutor.engine.windows import Form, Grid, pad, taps, view, window_plan, windows_tensor
from cnn_tutor.errors import ShapeError


def conv1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """1D convolution.

    ``x`` is (N, C_in, L), (C_in, L) or bare (L,); ``weight`` is (C_out, C_in/groups, K), or bare (K,) with a bare
    ``x``; ``bias`` is (C_out,) or, bare, a number. The output is (N, C_out, L_out), (C_out, L_out) or (L_out,).
    ``stride``, ``padding`` and ``dilation`` are counted in cells. Raises ShapeError when shapes do not fit.
    """
    return _conv(1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """2D convolution.

    ``x`` is (N, C_in, H, W), (C_in, H, W) or bare (H, W); ``weight`` is (C_out, C_in/groups, k_h, k_w), or bare
    (k_h, k_w) with a bare ``x``; ``bias`` is (C_out,) or, bare, a number. The output has the same form as ``x``.
    Raises ShapeError when shapes do not fit.
    """
    return _conv(2, x, weight, bias, stride, padding, dilation, groups)


def _conv(
    dimensions: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> Trace:
    x, weight = as_tensor("x", x), as_tensor("weight", weight)
    laid = layout(dimensions, x.shape, weight.shape, stride, padding, dilation, groups)
    bias = None if bias is None else bias_vector(bias, laid.kernels[0], laid.form)
    x, weight, bias = widened(laid.terms, x, weight, bias)
    padded = pad(x.reshape(laid.full), laid.axes) if laid.is_padded else x
    with np.errstate(all="ignore"):
        sums = multiply(correlate, padded, weight, laid.terms, laid)
        output = sums if bias is None else sums + bias.reshape(laid.per_channel)
    output = narrowed(output)

    def tell() -> Story:
        full, kernels = padded.reshape(laid.padded), weight.reshape(laid.kernels)
        return _Pass(laid, x, weight, bias, full, kernels, sums, output).story()

    return Trace(output, tell)


def bias_vector(bias: Any, c_out: int, form: Form) -> Array:
    """``bias`` checked: (C_out,), or a number for a bare kernel; raises ShapeError when it has another shape."""
    offsets = as_tensor("bias", bias)
    if offsets.shape != (c_out,) and not (form.bare and offsets.ndim == 0):
        raise ShapeError(f"bias must have shape ({c_out},), one number for each filter; got {offsets.shape}")
    return offsets


@dataclass(frozen=True, slots=True, eq=False)
class _Pass:
    """What one forward pass leaves behind; its story is told from here. ``padded`` and ``kernels`` have all axes."""

    layout: Layout
    x: Array
    weight: Array
    bias: Array | None
    padded: Array
    kernels: Array
    sums: Array
    output: Array

    @property
    def form(self) -> Form:
        return self.layout.form

    @property
    def axes(self) -> Grid:
        return self.layout.axes

    def story(self) -> Story:
        form, is_padded = self.form, self.layout.is_padded
        padded = form.strip(self.padded) if is_padded else None
        tensors, blocks = grid_steps(self.axes, x=self.x, kernel="weight", padded=padded)
        learned, parameters = parameter_steps(self.weight, self.bias)
        tensors |= {"x": self.x, "weight": self.weight, "y": self.output, **learned}
        tensors |= {"windows": windows_tensor(form, self.padded, self.axes)}
        tensors |= self._products()
        if self.bias is not None:
            tensors |= {"bias": self.bias, "weighted_sum": self.sums}
        given = ("x", "weight", *(["bias"] if self.bias is not None else []), *HYPER_PARAMETERS)
        return Story(Tensors(tensors), (*blocks, self._cells("padded" if is_padded else "x"), parameters), given)

    def _group(self, c: int) -> slice:
        """The input channels that output channel ``c`` looks at."""
        c_out, c_in = self.kernels.shape[:2]
        first = c // (c_out // self.layout.groups) * c_in
        return slice(first, first + c_in)

    def _product(self, cell: Cell) -> Any:
        n, c, position = self.form.split(cell)
        entries = self.padded[(n, self._group(c), *taps(self.axes, position))] * self.kernels[c]
        return entries[0] if self.form.bare else entries

    def _products(self) -> Named:
        """Window times kernel, entry by entry, and the sum of that over each channel."""
        d, rank = len(self.axes), self.form.lead + len(self.axes)
        c_out, c_in, *kernel = self.kernels.shape

        def products() -> Array:
            windows = view(self.padded, self.axes)
            windows = windows.reshape(len(windows), self.layout.groups, 1, c_in, *windows.shape[2:])
            kernels = self.kernels.reshape(self.layout.groups, -1, c_in, *[1] * d, *kernel)
            entries = (windows * kernels).reshape(len(windows), c_out, c_in, *windows.shape[4:])
            entries = np.moveaxis(entries, 2, 2 + d)
            return entries.reshape(*self.output.shape, *([] if self.form.bare else [c_in]), *kernel)

        def channel_sums(cell: Cell) -> Any:
            return self._product(cell).reshape(c_in, -1).sum(axis=1)

        tensors: Named = {"products": Lazy(products, rank, self._product)}
        if c_in > 1:
            tensors["channel_sums"] = Lazy(lambda: products().sum(axis=tuple(range(-d, 0))), rank, channel_sums)
        return tensors

    def _cells(self, source: str) -> Block:
        """Position by position: the window, then filter by filter the products, their sums and the output."""
        n_samples, c_out = len(self.padded), len(self.kernels)
        per_filter = 2 + (self.kernels.shape[1] > 1) + (self.bias is not None)

        def position_of(item: int) -> tuple[int, Cell]:
            n, *position = unravel(item, (n_samples, *self.layout.out))
            return n, tuple(position)

        def plan(item: int, part: int) -> Plan:
            n, position = position_of(item)
            if part == 0:
                return window_plan(self.form, source, self.axes, n, position)
            c, part = divmod(part - 1, per_filter)
            return self._filter_plans(n, c, position)[part]

        def every(item: int) -> list[Plan]:
            n, position = position_of(item)
            first = window_plan(self.form, source, self.axes, n, position)
            return [first, *(plan for c in range(c_out) for plan in self._filter_plans(n, c, position))]

        return over((n_samples, *self.layout.out), 1 + c_out * per_filter, plan, every)

    def _filter_plans(self, n: int, c: int, position: Cell) -> list[Plan]:
        form, cell = self.form, self.form.at(n, c, position)
        window = (n, *position)[1 - form.batched :] + ((self._group(c),) if self.layout.groups > 1 else ())
        kernel = Window("weight", () if form.bare else (c,))
        terms = Window("products", cell)
        plans = [Plan("products", f.TIMES, (Window("windows", window), kernel), terms)]
        if self.kernels.shape[1] > 1:
            plans.append(Plan("channel_sums", f.SUM_EACH, (terms,), Window("channel_sums", cell)))
            terms = Window("channel_sums", cell)
        return [*plans, *biased_plans(f.SUM, (terms,), cell, c, self.bias)]


def biased_plans(
    formula: f.Formula, reads: tuple[Window, ...], cell: tuple[int | slice, ...], c: int, bias: Array | None
) -> list[Plan]:
    """The last steps of an output cell: the sum of what is read, and the bias of its channel ``c`` added."""
    if bias is None:
        return [Plan("output", formula, reads, Window("y", cell))]
    total, offset = Window("weighted_sum", cell), Window("bias", (c,) if bias.ndim else ())
    return [Plan("weighted_sum", formula, reads, total), Plan("output", f.PLUS, (total, offset), Window("y", cell))]


def parameter_steps(weight: Array, bias: Array | None) -> tuple[Named, Block]:
    """How many numbers a layer with a tensor ``weight``, and perhaps a ``bias``, learns."""
    counts: Named = {"weights": np.array(weight.size), "parameters": np.array(weight.size)}
    weights = Plan("weights", f.COUNT, (Window("weight"),), Window("weights"))
    if bias is None:
        return counts, block(weights, Plan("parameters", f.COPY, (Window("weights"),), Window("parameters")))
    counts |= {"biases": np.array(bias.size), "parameters": np.array(weight.size + bias.size)}
    biases = Plan("biases", f.COUNT, (Window("bias"),), Window("biases"))
    reads = (Window("weights"), Window("biases"))
    return counts, block(weights, biases, Plan("parameters", f.PLUS, reads, Window("parameters")))
