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
from cnn_tutor.engine.conv import matmul, parameter_blocks
from cnn_tutor.engine.trace import Array, Block, Lazy, Plan, Tensors, Trace, Window, block
from cnn_tutor.engine.windows import as_tensor, integer, unravel
from cnn_tutor.errors import ShapeError


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
    single = weight.ndim == 1
    rows = weight[None] if single else weight
    sums = matmul(x.reshape(-1, x.shape[-1]), rows.T).reshape(*x.shape[:-1], len(rows))
    sums = sums[..., 0] if single else sums
    tensors: dict[str, Array | Lazy] = {"x": x, "weight": weight, "weights": np.array(weight.size)}
    if bias is None:
        tensors |= {"y": np.asarray(sums), "parameters": np.array(weight.size)}
    else:
        bias = as_tensor("bias", bias)
        if bias.shape != (() if single else (len(rows),)) and bias.shape != (len(rows),):
            raise ShapeError(f"bias must have shape ({len(rows)},), one number for each unit; got {bias.shape}")
        tensors |= {
            "bias": bias,
            "weighted_sum": np.asarray(sums),
            "y": np.asarray(sums + (bias.reshape(()) if single else bias)),
            "biases": np.array(bias.size),
            "parameters": np.array(weight.size + bias.size),
        }

    outer = (*x.shape[:-1], len(rows))

    def plan(item: int, part: int) -> Plan:
        *vector, unit = unravel(item, outer)
        cell = tuple(vector) if single else (*vector, unit)
        reads = (Window("weight", () if single else (unit,)), Window("x", tuple(vector)))
        if bias is None:
            return Plan("output", f.DOT, reads, Window("y", cell))
        total = Window("weighted_sum", cell)
        if part == 0:
            return Plan("weighted_sum", f.DOT, reads, total)
        return Plan("output", f.PLUS, (total, Window("bias", (unit,) if bias.ndim else ())), Window("y", cell))

    units = Block(math.prod(outer), 1 if bias is None else 2, plan)
    given = ("x", "weight") if bias is None else ("x", "weight", "bias")
    return Trace(Tensors(tensors), (units, *parameter_blocks("weight", bias)), given)


def flatten(x: Any) -> Trace:
    """All entries in one row, row-major; a batched map (N, C, H, W) keeps its batch axis."""
    x = as_tensor("x", x)
    return _rearrange(x, (x.shape[0], -1) if x.ndim == 4 else (-1,))


def reshape(x: Any, shape: Sequence[int]) -> Trace:
    """The entries of ``x``, taken row-major, laid into rows of ``shape``; the inverse of :func:`flatten`."""
    x = as_tensor("x", x)
    if isinstance(shape, (str, int)) or math.prod(integer("shape", n, 1) for n in shape) != x.size:
        raise ShapeError(f"shape must hold the {x.size} entries of x, got {shape!r}")
    return _rearrange(x, tuple(shape))


def _rearrange(x: Array, shape: tuple[int, ...]) -> Trace:
    y = x.reshape(shape)

    def plan(item: int, _: int) -> Plan:
        return Plan("output", f.COPY, (Window("x", unravel(item, x.shape)),), Window("y", unravel(item, y.shape)))

    length = block(Plan("length", f.COUNT, (Window("x"),), Window("length")))
    tensors: dict[str, Array | Lazy] = {"x": x, "y": y, "length": np.array(x.size)}
    return Trace(Tensors(tensors), (length, Block(x.size, 1, plan)), ("x",))
