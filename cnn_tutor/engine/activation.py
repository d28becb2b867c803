"""Activations, entry by entry: ReLU(z) = max(0, z) and σ(z) = 1 / (1 + e^(−z)); softmax along one axis.

Definitions: worksheet 4, "Layer and batch norms", and ``torch.nn.functional``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import as_tensor, axis_of
from cnn_tutor.engine.exact import summable
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.trace import Index, Plan, Story, Tensors, Trace, Window, over, unravel

STEEP = 30.0
"""Logits beyond ±30 are shifted by their maximum before softmax exponentiates them; it changes nothing but overflow."""


@np.errstate(all="ignore")
def relu(x: Any) -> Trace:
    """max(0, z) for every entry of ``x``, any shape; NaN stays NaN."""
    x = as_tensor("x", x)
    y = np.asarray(np.maximum(x, 0))

    def plan(item: int, _: int) -> Plan:
        cell = unravel(item, x.shape)
        return Plan("output", f.RELU, (Window("x", cell),), Window("y", cell))

    return Trace(y, lambda: Story(Tensors({"x": x, "y": y}), (over(x.shape, 1, plan),), ("x",)))


@np.errstate(all="ignore")
def sigmoid(x: Any) -> Trace:
    """1 / (1 + e^(−z)) for every entry of ``x``, any shape, by way of ``exponential`` = e^(−z)."""
    x = summable(as_tensor("x", x), 1)
    exponential = np.asarray(np.exp(-x))
    y = np.asarray(1 / (1 + exponential))

    def plan(item: int, part: int) -> Plan:
        cell = unravel(item, x.shape)
        if part == 0:
            return Plan("exponential", f.EXP_NEGATIVE, (Window("x", cell),), Window("exponential", cell))
        return Plan("output", f.LOGISTIC, (Window("exponential", cell),), Window("y", cell))

    tensors = Tensors({"x": x, "exponential": exponential, "y": y})
    return Trace(y, lambda: Story(tensors, (over(x.shape, 2, plan),), ("x",)))


@np.errstate(all="ignore")
def softmax(x: Any, axis: int = -1) -> Trace:
    """e^(z_i) / Σ_j e^(z_j) along ``axis``; any size of logit is safe. Raises ShapeError for an axis x lacks."""
    x = summable(as_tensor("x", x), 2)
    along = axis_of("axis", axis, x)
    is_steep = bool((np.abs(x) > STEEP).any())
    largest = np.asarray(x.max(axis=along))
    shifted = x - np.expand_dims(largest, along) if is_steep else x
    exponential = np.exp(shifted)
    total = np.asarray(exponential.sum(axis=along))
    y = exponential / np.expand_dims(total, along)
    sets = x.shape[:along] + x.shape[along + 1 :]
    tensors: Named = {"x": x, "exponential": exponential, "sum": total, "y": y}
    if is_steep:
        tensors |= {"largest": largest, "shifted": shifted}

    def plan(item: int, part: int) -> Plan:
        one = unravel(item, sets)
        row: Index = (*one[:along], slice(None), *one[along:])
        logits = Window("shifted" if is_steep else "x", row)
        plans = [
            Plan("exponential", f.EXP, (logits,), Window("exponential", row)),
            Plan("sum", f.SUM, (Window("exponential", row),), Window("sum", one)),
            Plan("output", f.OVER, (Window("exponential", row), Window("sum", one)), Window("y", row)),
        ]
        if is_steep:
            plans = [
                Plan("largest", f.MAX, (Window("x", row),), Window("largest", one)),
                Plan("shifted", f.MINUS, (Window("x", row), Window("largest", one)), Window("shifted", row)),
                *plans,
            ]
        return plans[part]

    return Trace(y, lambda: Story(Tensors(tensors), (over(sets, 5 if is_steep else 3, plan),), ("x",)))
