"""Which cells a learner with a wrong idea reads at a step, to be told apart from those that the step reads.

The idea is run on a tensor whose entries are all different, so that each entry says where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array, Plan
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.misconceptions import ALL, Misconception
from cnn_tutor.tutor.place import array
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.remembered import remembered

_SETS = ("set", "sum")


@remembered(512)
def elsewhere(question: Question) -> tuple[tuple[Misconception, Array], ...]:
    """For every idea that says where the asked step reads: the cells, as :func:`place.cells` gives them."""
    source, part = question.source, question.part
    if source is None or part is None or source.layer is None:
        return ()
    found = ((row, read_by(row, source, part.positions[0])) for row in ALL if source.call.op in row.on)
    return tuple((row, cells) for row, cells in found if cells is not None)


def plan_at(trace: Trace, position: int) -> Plan:
    """The step at a position before it is computed."""
    number, item, part = trace.steps.locate(position)
    return trace.steps.blocks[number].plan(item, part)


def read_by(row: Misconception, source: LayerTrace, position: int) -> Array | None:
    """The cells that an idea makes the step at a position read first; None where it does not say, or they are none."""
    plan = plan_at(source.own, position)
    name = plan.reads[0].tensor
    call = _labelled(source.call, "x" if name == "padded" else name)
    right = call.run()
    return _cells(row, call, right, plan, right.tensors[name])


def _labelled(call: Call, name: str) -> Call:
    """The call with the numbers 1, 2, 3 … in one of its tensors."""
    labels = np.arange(1, call.tensors[name].size + 1).reshape(call.tensors[name].shape)
    return Call(call.op, {**call.tensors, name: labels}, call.options)


def _cells(row: Misconception, call: Call, right: Trace, plan: Plan, labels: Array) -> Array | None:
    try:
        changed = row.counterfactual.changed_call(call)
        if changed is not None:
            return _located(*_read(changed.run(), plan), labels)
        if plan.op in _SETS and "sets" in (row.counterfactual.wholes or {}):
            world = row.world(call, right)
            return None if world is None else _located(world["sets"][plan.target.index], None, labels)
    except (ShapeError, ValueError, ZeroDivisionError, KeyError, IndexError):
        pass
    return None


def _read(trace: Trace, plan: Plan) -> tuple[Array, Array]:
    """The labelled tensor that the same step reads, and where. Raises KeyError when there is no such step."""
    for one in _plans(trace):
        is_same = one.op == plan.op and one.target.tensor == plan.target.tensor
        if is_same and one.target.index in (plan.target.index, ()):
            tensor = trace.tensors[one.reads[0].tensor]
            inside = np.zeros(tensor.shape, dtype=bool)
            inside[one.reads[0].index] = True
            return tensor, inside
    raise KeyError(plan.target)


def _plans(trace: Trace) -> Iterator[Plan]:
    for block in trace.steps.blocks:
        for item in range(block.count):
            for part in range(block.width):
                yield block.plan(item, part)


def _located(tensor: Array, inside: Array | None, labels: Array) -> Array | None:
    """Where the labels that are read stand in the right tensor; padding is found by its distance from the others.

    None where a label is read twice, or a cell lies outside.
    """
    where = {int(label): cell for cell, label in np.ndenumerate(labels) if label > 0}
    inside = np.ones(np.shape(tensor), dtype=bool) if inside is None else inside
    known = [(cell, int(label)) for cell, label in np.ndenumerate(tensor) if label > 0]
    shift = np.subtract(where[known[0][1]], known[0][0]) if known and np.ndim(tensor) == labels.ndim else None
    found: set[tuple[int, ...]] = set()
    for cell in map(tuple, np.argwhere(inside)):
        label = int(tensor[cell])
        if label > 0:
            place = where[label]
        elif shift is not None:
            place = tuple(int(one) for one in np.add(cell, shift))
        else:
            return None
        if place in found or not all(0 <= at < size for at, size in zip(place, labels.shape, strict=True)):
            return None
        found.add(place)
    return array(frozenset(found)) + 1
