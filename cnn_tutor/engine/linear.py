"""Affine layers z = W·x + b, and the row-major rearrangements flatten and reshape.

Definition: ``torch.nn.functional.linear`` and worksheet 4, "Layer and batch norms": output j is row j of W times x,
plus b_j. The worksheet's vec(·) is ``flatten``: it reads along the rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import as_tensor, integers, require_room, shown
from cnn_tutor.engine.conv import biased_plans, parameter_steps
from cnn_tutor.engine.exact import multiply, narrowed, widened
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.trace import Array, Block, Plan, Story, Tensors, Trace, Window, block, over, unravel
from cnn_tutor.errors import ShapeError


@np.errstate(all="ignore")
def linear(x: Any, weight: Any, bias: Any = None) -> Trace:
    """W·x + b for every vector along the last axis of ``x``.

    ``x`` is (…, in); ``weight`` is (out, in), or (in,) for a single unit whose output has no axis of its own;
    ``bias`` is (out,), or a number for a single unit. The output is (…, out) or (…). Raises ShapeError.
    """
    x, weight = as_tensor("x", x), as_tensor("weight", weight)
    if x.ndim == 0:
        raise ShapeError("x must have at least one axis: linear takes vectors")
    if weight.ndim not in (1, 2) or weight.shape[-1] != x.shape[-1]:
        wanted = f"(out, {x.shape[-1]}) or ({x.shape[-1]},) for x of shape {x.shape}"
        raise ShapeError(f"weight must have shape {wanted}; got {weight.shape}")
    is_single = weight.ndim == 1
    units = 1 if is_single else len(weight)
    bias = None if bias is None else _bias(bias, units, is_single)
    outer = (*x.shape[:-1], units)
    require_room("x with so many units", outer)

    x, weight, bias = widened(x.shape[-1], x, weight, bias)
    rows, columns = x.reshape(-1, x.shape[-1]), weight.reshape(units, -1).T
    sums = multiply(np.matmul, rows, columns, x.shape[-1]).reshape(outer)
    output = narrowed(sums if bias is None else sums + bias)
    shape = x.shape[:-1] if is_single else outer
    sums, y = sums.reshape(shape), output.reshape(shape)

    def plan(item: int, part: int) -> Plan:
        *vector, unit = unravel(item, outer)
        reads = Window("weight", () if is_single else (unit,)), Window("x", tuple(vector))
        cell = tuple(vector) if is_single else (*vector, unit)
        return biased_plans(f.DOT, reads, cell, unit, bias)[part]

    def tell() -> Story:
        learned, parameters = parameter_steps(weight, bias)
        tensors: Named = {"x": x, "weight": weight, "y": y, **learned}
        if bias is not None:
            tensors |= {"bias": bias, "weighted_sum": sums}
        cells = over(outer, 1 if bias is None else 2, plan)
        return Story(Tensors(tensors), (cells, parameters), ("x", "weight", *([] if bias is None else ["bias"])))

    return Trace(y, tell)


def _bias(bias: Any, units: int, is_single: bool) -> Array:
    offsets = as_tensor("bias", bias)
    if offsets.shape != (units,) and not (is_single and offsets.ndim == 0):
        raise ShapeError(f"bias must have shape ({units},), one number for each unit; got {offsets.shape}")
    return offsets


def flatten(x: Any) -> Trace:
    """All entries in one row, row-major; a batched map (N, C, H, W) keeps its batch axis."""
    x = as_tensor("x", x)
    return _rearrange(x, (x.shape[0], -1) if x.ndim == 4 else (-1,), x.shape)


def reshape(x: Any, shape: Sequence[int]) -> Trace:
    """The entries of ``x``, taken row-major, laid into rows of ``shape``; the inverse of :func:`flatten`."""
    x = as_tensor("x", x)
    sizes = integers("shape", shape, 1)
    if math.prod(sizes) != x.size:
        raise ShapeError(f"shape must hold the {x.size} entries of x, got {shown(shape)}")
    return _rearrange(x, sizes, sizes if x.ndim == 1 else ())


def _rearrange(x: Array, shape: tuple[int, ...], grid: tuple[int, ...]) -> Trace:
    y = x.reshape(shape)

    def plan(item: int, _: int) -> Plan:
        return Plan("output", f.COPY, (Window("x", unravel(item, x.shape)),), Window("y", unravel(item, y.shape)))

    length = block(Plan("length", f.COUNT, (Window("x"),), Window("length")))
    tensors = Tensors({"x": x, "y": y, "length": np.array(x.size)})
    return Trace(y, lambda: Story(tensors, (length, Block(x.size, 1, plan, grid)), ("x",)))
