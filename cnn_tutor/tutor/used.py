"""What a student seems to have used: the window, kernel or set of a misconception, to be drawn beside the right one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Plan
from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.tutor.counterfactual import own_name
from cnn_tutor.tutor.elsewhere import plan_at, read_by
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import BY_ID, Misconception
from cnn_tutor.tutor.panel import Mark, Panel, matrices
from cnn_tutor.tutor.place import cells
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.symbols import symbol

_PLACES = ("window", "block", "set", "sum", "padded")
"""Kinds of step that read the input: where a window or a set lies."""
_PLACES_OF = {"im2col": ("output",)}
"""Ops in which other kinds say it: a patch is copied by the step that writes its row."""


def used(question: Question, diagnosis: Diagnosis) -> tuple[Panel, ...]:
    """The panels for a diagnosis of one idea that changes what is read; none for other ideas."""
    if diagnosis.term is not None:
        return _term(question, diagnosis.term)
    row = BY_ID.get(diagnosis.id)
    source, part = question.source, question.part
    if row is None or source is None or part is None or source.layer is None:
        return ()
    found = _cells(question, row)
    changed = row.counterfactual.changed_call(source.call)
    if found or changed is None:
        return found
    for name, tensor in changed.tensors.items():
        right = source.call.tensors.get(name)
        is_seen = name == "weight" or (name == "x" and source.call.op == "linear")
        if is_seen and right is not None and not np.array_equal(tensor, right):
            title = _("{w}, as you seem to use it").format(w=symbol(source.names[name]))
            return tuple(matrices(title, tensor, np.full(tensor.shape, Mark.USED)))
    try:
        return _windows(question, source.own, changed.run(), Window(own_name(source, part.target), part.target.index))
    except ShapeError:
        return ()


def _cells(question: Question, row: Misconception) -> tuple[Panel, ...]:
    """The input with the cells that an idea reads, at the first step where these are others; none without one."""
    assert question.source is not None
    source = question.source
    for position in _steps(question):
        read = plan_at(source.own, position).reads[0]
        tensor = source.own.tensors[read.tensor]
        places = read_by(row, source, position)
        if places is not None and not np.array_equal(places, cells(read.index, tensor.shape)):
            marks = np.full(tensor.shape, Mark.PLAIN, dtype=object)
            marks[tuple((places - 1).T)] = Mark.USED
            title = _("{x}, as you seem to read it").format(x=symbol(source.trace.inputs[0]))
            return tuple(matrices(title, tensor, marks))
    return ()


def _steps(question: Question) -> Iterator[int]:
    """The steps that say where a window or a set lies: that of what is asked, then the first of the others."""
    assert question.source is not None and question.part is not None
    trace = question.source.own
    own = trace.steps.locate(question.part.positions[0])[:2]
    found: dict[bool, list[int]] = {True: [], False: []}
    position = 0
    for number, block in enumerate(trace.steps.blocks):
        for item in range(block.count):
            for part in range(block.width):
                plan = block.plan(item, part)
                is_place = plan.op in _PLACES and plan.op != "padded" and plan.reads
                if is_place and plan.reads[0].tensor in ("x", "padded"):
                    found[(number, item) == own].append(position)
                position += 1
    return itertools.chain(found[True], found[False][:MOST])


MOST = 12
"""So many windows or sets are looked at for one that an idea puts elsewhere."""


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
    assert question.source is not None
    kinds = _PLACES_OF.get(question.source.call.op, _PLACES)
    ours = {str(plan.target): plan for plan in _placing(right, kinds)}
    found = [plan for plan in _placing(wrong, kinds) if _differs(plan, ours.get(str(plan.target)))]
    if not found:
        return _padded(question, right, wrong)
    index = tuple(one for one in target.index if isinstance(one, int))
    plan = next((one for one in found if index and one.target.index[: len(index)] == index), found[0])
    read = plan.reads[0]
    tensor = wrong.tensors[read.tensor]
    marks = np.full(tensor.shape, Mark.PLAIN, dtype=object)
    inside = np.zeros(tensor.shape, dtype=bool)
    inside[read.index] = True
    marks[inside] = Mark.USED
    title = _("{x}, as you seem to read it").format(x=symbol(question.source.trace.inputs[0]))
    return tuple(matrices(title, tensor, marks))


def _padded(question: Question, right: Trace, wrong: Trace) -> tuple[Panel, ...]:
    """The padded input in the student's way, where that is another one."""
    if "padded" not in wrong.tensors or "padded" not in right.tensors:
        return ()
    tensor = wrong.tensors["padded"]
    if np.array_equal(tensor, right.tensors["padded"]):
        return ()
    assert question.source is not None
    title = _("{x}, as you seem to read it").format(x=symbol(question.source.trace.inputs[0]))
    return tuple(matrices(title, tensor, np.full(tensor.shape, Mark.USED)))


def _placing(trace: Trace, kinds: tuple[str, ...]) -> Iterator[Plan]:
    for block in trace.steps.blocks:
        for item in range(block.count):
            for part in range(block.width):
                plan = block.plan(item, part)
                if plan.op in kinds and plan.reads and plan.reads[0].tensor in ("x", "padded"):
                    yield plan


def _differs(plan: Plan, other: Plan | None) -> bool:
    return other is None or plan.reads[0] != other.reads[0]
