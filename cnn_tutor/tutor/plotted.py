"""What people would rather look at than read: a point on the curve of an activation, a set before and after a norm."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine import Step
from cnn_tutor.engine.links import fed_by, written_at
from cnn_tutor.engine.trace import Cell
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.film import Film
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.symbols import symbol

WIDEST = 5.0
"""A curve is drawn from −5 to 5, or further where its point lies further out."""

BARS = 12
"""Numbers of a set that are drawn at most."""


@dataclass(frozen=True, slots=True)
class Curve:
    """An activation as a curve from −``reach`` to ``reach``; the point at ``z`` is marked, if there is one."""

    name: str
    function: Callable[[float], float]
    reach: float
    low: float
    high: float
    z: float | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """The numbers of one set before and after a step, with a name for either."""

    titles: tuple[str, str]
    before: tuple[float, ...]
    after: tuple[float, ...]


Plot: TypeAlias = Curve | Bars


def curve(op: str, z: float | None = None) -> Curve:
    """The curve of ``relu`` or ``sigmoid``."""
    reach = max(WIDEST, math.ceil(abs(z)) if z is not None and math.isfinite(z) else WIDEST)
    if op == "relu":
        return Curve("ReLU(z) = max(0, z)", lambda at: max(0.0, at), reach, 0, reach, z)
    return Curve("σ(z) = 1 / (1 + e^(−z))", _sigmoid, reach, 0, 1, z)


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def plot_of_step(film: Film, position: int) -> Plot | None:
    """The plot that goes with a step of a film, if one does."""
    source, local = film.locate(position)
    return _plot(source, source.trace.steps[local])


def plot_of_question(question: Question, *, settled: bool) -> Plot | None:
    """The plot that goes with a question: of an activation the curve, and what is found on it once it is settled."""
    source = question.source
    if source is None or source.layer is None or question.kind == "cells":
        return None
    if settled and len(question.steps) == 1:
        return _plot(source, question.steps[0])
    return curve(source.call.op) if source.call.op in ("relu", "sigmoid") else None


def _plot(source: LayerTrace, step: Step) -> Plot | None:
    if source.call.op in ("relu", "sigmoid"):
        x = fed_by(source.trace, step.target.tensor, [_corner(step.target.index)])[source.names["x"]]
        return curve(source.call.op, float(source.trace.tensors[source.names["x"]][min(x)]))
    if source.call.op.endswith("_norm") and step.op in ("deviations", "normalised", "output"):
        first = source.trace.tensors[source.names["x"]][step.target.index]
        return _bars(source, step.op, first, step.value)
    return None


def plot_of_cell(film: Film, tensor: str, cell: Cell) -> Plot | None:
    """The plot that goes with a cell: of what an activation or a norm makes, or takes."""
    for source in film.network:
        if source.call.op in ("relu", "sigmoid") and tensor in (source.output, source.names["x"]):
            return curve(source.call.op, float(source.own.tensors["x"][cell]))
        if source.call.op.endswith("_norm") and tensor in (source.output, source.names["x"]):
            places = written_at(source.trace, source.output, [cell])
            (place,) = places.values()
            index = source.trace.steps[place].target.index
            x, y = source.own.tensors["x"][index], source.own.output[index]
            return _bars(source, "output", x, y)
    return None


def _corner(index: tuple[int | slice, ...]) -> Cell:
    return tuple((one.start or 0) if isinstance(one, slice) else one for one in index)


_AFTER = {"deviations": "{x} − μ", "normalised": "ẑ", "output": "{o}"}


def _bars(source: LayerTrace, kind: str, before: object, after: object) -> Bars:
    x = symbol(source.names["x"])
    titles = x, _AFTER[kind].format(x=x, o=symbol(source.output))
    first, second = (np.ravel(np.asarray(one, dtype=float))[:BARS].tolist() for one in (before, after))
    return Bars(titles, tuple(first), tuple(second))
