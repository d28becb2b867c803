"""The same entries in other places: rows as columns, and back to front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import as_tensor, axis_of, entries, shown
from cnn_tutor.engine.trace import Block, Plan, Story, Tensors, Trace, Window, unravel
from cnn_tutor.errors import ShapeError


def transpose(x: Any) -> Trace:
    """The matrix ``x`` with its rows as columns; raises ShapeError for anything but a matrix."""
    x = as_tensor("x", x)
    if x.ndim != 2:
        raise ShapeError(f"x must be a matrix, got shape {x.shape}")
    y = np.ascontiguousarray(x.T)

    def plan(row: int, _: int) -> Plan:
        return Plan("output", f.COPY, (Window("x", (slice(None), row)),), Window("y", (row,)))

    return Trace(y, lambda: Story(Tensors({"x": x, "y": y}), (Block(len(y), 1, plan),), ("x",)))


def flip(x: Any, axes: int | Sequence[int] | None = None) -> Trace:
    """``x`` back to front along ``axes``, by default along all of them. Raises ShapeError."""
    x = as_tensor("x", x)
    listed = entries(axes)
    among = range(x.ndim) if axes is None else [axes] if listed is None else listed
    turned = [axis_of("axes", axis, x) for axis in among]
    if len(set(turned)) != len(turned):
        raise ShapeError(f"axes must name different axes of x, got {shown(axes)}")
    y = np.flip(x, tuple(turned)).copy()

    def plan(item: int, _: int) -> Plan:
        cell = unravel(item, x.shape)
        read = tuple(x.shape[axis] - 1 - at if axis in turned else at for axis, at in enumerate(cell))
        return Plan("output", f.COPY, (Window("x", read),), Window("y", cell))

    return Trace(y, lambda: Story(Tensors({"x": x, "y": y}), (Block(x.size, 1, plan),), ("x",)))
