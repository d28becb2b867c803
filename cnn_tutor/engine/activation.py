"""Activations, entry by entry: ReLU(z) = max(0, z) and σ(z) = 1 / (1 + e^(−z)); softmax along one axis.

Definitions: worksheet 4, "Layer and batch norms", and ``torch.nn.functional``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.trace import Array, Block, Lazy, Plan, Tensors, Trace, Window
from cnn_tutor.engine.windows import as_tensor, unravel
from cnn_tutor.errors import ShapeError

STEEP = 30.0
"""Logits beyond ±30 are shifted by their maximum before softmax exponentiates them; it changes nothing but overflow."""


def relu(x: Any) -> Trace:
    """max(0, z) for every entry of ``x``, any shape; NaN stays NaN."""
    x = as_tensor("x", x)

    def plan(item: int, _: int) -> Plan:
        cell = unravel(item, x.shape)
        return Plan("output", f.RELU, (Window("x", cell),), Window("y", cell))

    return Trace(Tensors({"x": x, "y": np.maximum(x, 0)}), (Block(x.size, 1, plan),), ("x",))


def sigmoid(x: Any) -> Trace:
    """1 / (1 + e^(−z)) for every entry of ``x``, any shape, by way of ``exponential`` = e^(−z)."""
    x = as_tensor("x", x)
    z = x.astype(np.float64) if x.dtype.kind == "i" else x
    exponential = np.asarray(f.EXP_NEGATIVE.compute(z))

    def plan(item: int, part: int) -> Plan:
        cell = unravel(item, x.shape)
        if part == 0:
            return Plan("exponential", f.EXP_NEGATIVE, (Window("x", cell),), Window("exponential", cell))
        return Plan("output", f.LOGISTIC, (Window("exponential", cell),), Window("y", cell))

    tensors = {"x": x, "exponential": exponential, "y": np.asarray(f.LOGISTIC.compute(exponential))}
    return Trace(Tensors(tensors), (Block(x.size, 2, plan),), ("x",))


def softmax(x: Any, axis: int = -1) -> Trace:
    """e^(z_i) / Σ_j e^(z_j) along ``axis``; any size of logit is safe. Raises ShapeError for an axis x does not have."""
    x = as_tensor("x", x)
    if isinstance(axis, bool) or not isinstance(axis, (int, np.integer)) or not -x.ndim <= axis < x.ndim:
        raise ShapeError(f"axis must be one of the {x.ndim} axes of x, got {axis!r}")
    along = int(axis) % x.ndim
    steep = bool(np.nanmax(np.abs(x)) > STEEP) if not np.isnan(x).all() else False
    largest = x.max(axis=along)
    shifted = x - np.expand_dims(largest, along) if steep else x
    exponential = np.exp(shifted)
    total = exponential.sum(axis=along)
    sets = x.shape[:along] + x.shape[along + 1 :]
    tensors: dict[str, Array | Lazy] = {
        "x": x,
        "exponential": exponential,
        "sum": np.asarray(total),
        "y": exponential / np.expand_dims(total, along),
    }
    if steep:
        tensors |= {"largest": np.asarray(largest), "shifted": shifted}

    def plan(item: int, part: int) -> Plan:
        one = unravel(item, sets)
        row = (*one[:along], slice(None), *one[along:])
        logits = Window("shifted" if steep else "x", row)
        plans = [
            Plan("exponential", f.EXP, (logits,), Window("exponential", row)),
            Plan("sum", f.SUM, (Window("exponential", row),), Window("sum", one)),
            Plan("output", f.OVER, (Window("exponential", row), Window("sum", one)), Window("y", row)),
        ]
        if steep:
            plans = [
                Plan("largest", f.MAX, (Window("x", row),), Window("largest", one)),
                Plan("shifted", f.MINUS, (Window("x", row), Window("largest", one)), Window("shifted", row)),
                *plans,
            ]
        return plans[part]

    return Trace(Tensors(tensors), (Block(math.prod(sets), 5 if steep else 3, plan),), ("x",))
