"""What a student seems to have used: the window, kernel or set of a misconception, to be drawn beside the right one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Plan
from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.tutor.counterfactual import own_name
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import BY_ID
from cnn_tutor.tutor.panel import Mark, Panel, matrices
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.symbols import symbol

_PLACES = ("window", "block", "set", "sum", "padded")
"""Kinds of step that read the input: where a window or a set lies."""


def used(question: Question, diagnosis: Diagnosis) -> tuple[Panel, ...]:
    """The panels for a diagnosis of one idea that changes what is read; none for other ideas."""
    if diagnosis.term is not None:
        return _term(question, diagnosis.term)
    row = BY_ID.get(diagnosis.id)
    source, part = question.source, question.part
    if row is None or source is None or part is None or source.layer is None:
        return ()
    changed = row.counterfactual.changed_call(source.call)
    if changed is None:
        return ()
    for name, tensor in changed.tensors.items():
        right = source.call.tensors.get(name)
        if name == "weight" and right is not None and not np.array_equal(tensor, right):
            title = _("{w}, as you seem to use it").format(w=symbol(source.names["weight"]))
            return tuple(matrices(title, tensor, np.full(tensor.shape, Mark.USED)))
    try:
        return _windows(question, source.own, changed.run(), Window(own_name(source, part.target), part.target.index))
    except ShapeError:
        return ()


def _term(question: Question, place: int) -> tuple[Panel, ...]:
    """What the sum adds up, with the term in question lit; of a dot product, the two factors."""
    panels: list[Panel] = []
    for operand in question.steps[0].operands:
        array = np.atleast_1d(np.asarray(operand))
        if array.size > place:
            marks = np.full(array.shape, Mark.PLAIN, dtype=object)
            marks.reshape(-1)[place] = Mark.USED
            title = _("term {number}, as you seem to take it").format(number=place + 1)
            panels += matrices(title, array, marks)
    return tuple(panels)


def _windows(question: Question, right: Trace, wrong: Trace, target: Window) -> tuple[Panel, ...]:
    """The input with the cells that the step reads in the student's way, at the first place where that differs."""
    ours = {str(plan.target): plan for plan in _placing(right)}
    found = [plan for plan in _placing(wrong) if _differs(plan, ours.get(str(plan.target)))]
    if not found:
        return ()
    index = tuple(one for one in target.index if isinstance(one, int))
    plan = next((one for one in found if index and one.target.index[: len(index)] == index), found[0])
    read = plan.reads[0]
    tensor = wrong.tensors[read.tensor]
    marks = np.full(tensor.shape, Mark.PLAIN, dtype=object)
    inside = np.zeros(tensor.shape, dtype=bool)
    inside[read.index] = True
    marks[inside] = Mark.USED
    assert question.source is not None
    title = _("{x}, as you seem to read it").format(x=symbol(question.source.trace.inputs[0]))
    return tuple(matrices(title, tensor, marks))


def _placing(trace: Trace) -> Iterator[Plan]:
    for block in trace.steps.blocks:
        for item in range(block.count):
            for part in range(block.width):
                plan = block.plan(item, part)
                if plan.op in _PLACES and plan.reads and plan.reads[0].tensor in ("x", "padded"):
                    yield plan


def _differs(plan: Plan, other: Plan | None) -> bool:
    return other is None or plan.reads[0] != other.reads[0]
