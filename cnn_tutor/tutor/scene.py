"""What stands on the screen beside a question: the tensors it needs, with the cells it reads and asks marked.

A scene is data: panels that a renderer draws side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array, Index
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.drawn import ONE_EACH, behind, is_drawn, padding, subjects, title
from cnn_tutor.tutor.panel import UNKNOWN, Mark, Panel, matrices
from cnn_tutor.tutor.place import Places, places
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Session
from cnn_tutor.tutor.settings import settings
from cnn_tutor.tutor.stage import tracked
from cnn_tutor.tutor.symbols import symbol

SHOWN = 6
"""Panels at most, and those beyond that are asked for; a question with more channels shows the first ones."""

BEFORE_THE_OUTPUT = (
    *("size", "kernel_size", "extent", "padded_size", "padded", "numerator", "moves", "out_size"),
    *("shifts", "laid_size", "shape"),
)
"""What is asked before the output's size is known: its cells would tell."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where a student points at cells: those chosen (counting from 1) and the cell of the cursor (from 0), if any."""

    chosen: Places = frozenset()
    cursor: tuple[int, ...] | None = None


def scene(session: Session, question: Question | None = None, pointed: Pointed = Pointed()) -> tuple[Panel, ...]:
    """The panels for a question (the current one): what it reads, then what it writes.

    Where cells are asked, those ``pointed`` at stand in brackets; once answered, the right ones.
    """
    question = session.current if question is None else question
    source = question.source
    if source is None or question.part is None:
        return tuple(given(question.exercise))
    if source.layer is None:
        return (tracked(session, question, source),)
    settled = _Settled(session, question, source)
    windows = _windows(source, question)
    if question.kind == "cells":
        assert question.wanted is not None
        record = session.record(question)
        settled.cursor = pointed.cursor
        is_known = (record.done or record.covered) and session.mode != "drill"
        chosen = places(question.wanted.exact) if is_known else pointed.chosen
        windows[question.looked_at.tensor] = [tuple(one - 1 for one in cell) for cell in chosen]
    panels: list[Panel] = []
    for tensor, indices in windows.items():
        panels += _panels(source, tensor, indices, settled)
    shown, rest = panels[:SHOWN], panels[SHOWN:]
    return (*shown, *(one for one in rest if any(cell.mark is Mark.ASKED for row in one.rows for cell in row)))


def formula(session: Session) -> str:
    """The current question's formula; without its numbers where one of them was skipped and is not known yet."""
    question = session.current
    if question.kind == "cells":
        return ""
    if session.mode == "drill":
        return _bare_formula(question)
    unknown = _unknown(session, question)
    reads = [(_origin(question.source, read.tensor), read.index) for step in question.steps for read in step.reads]
    hidden = any(name in unknown and np.any(unknown[name][index]) for name, index in reads)
    return f"{question.label} = ?" if hidden else question.formula


def _bare_formula(question: Question) -> str:
    """What is asked, and how the layer is set, since none of the steps that would say so is asked."""
    if not question.label:
        return ""
    layer = None if question.source is None else question.source.layer
    own = [] if layer is None else settings(layer)
    return f"{question.label} = ?" + (f"   ({', '.join(own)})" if own else "")


def _unknown(session: Session, question: Question) -> dict[str, Array]:
    """For each tensor that the exercise asks about, which of its cells the student does not know yet."""
    unknown: dict[str, Array] = {}
    for known in (False, True):
        for place, one in enumerate(session.questions):
            if one.part is None or one.source is None or one.kind == "cells" or one.exercise.id != question.exercise.id:
                continue
            is_asked = place in session.asked or session.is_folded(place)
            if _is_known(session, place) is known and (known or is_asked) and one is not question:
                for read in _copied(one):
                    unknown[read.tensor] = np.full(one.source.trace.tensors[read.tensor].shape, not known)
                target = one.part.target
                shape = one.source.trace.tensors[target.tensor].shape
                unknown.setdefault(target.tensor, np.zeros(shape, dtype=bool))[target.index] = not known
    return unknown


def _copied(question: Question) -> Iterator[Window]:
    """What stands in the table of a stage, so that the table tells it."""
    if question.part is not None and question.part.ask.kind == "table":
        yield from (read for step in question.steps for read in step.reads)


_GIVEN = {"mean": "running_mean", "variance": "running_var"}
"""Tensors of a trace that may have been handed to it under another name."""


def _origin(source: LayerTrace | None, tensor: str) -> str:
    """The lesson's name of a tensor: the μ of a normalisation may be what an earlier layer worked out."""
    own = tensor.partition(".")[2]
    return tensor if source is None else source.names.get(_GIVEN.get(own, ""), tensor)


def _is_known(session: Session, place: int) -> bool:
    """Whether an answer may be shown: it is settled, or the student started after it. Never in a drill."""
    if session.mode == "drill":
        return False
    record = session.record(session.questions[place])
    if record.done or record.covered:
        return True
    return place < session.position and not record.skipped and not session.is_folded(place)


def given(exercise: Exercise) -> Iterator[Panel]:
    """The data of the exercise, for a question that reads none of it in particular."""
    for name, data in exercise.tensors.items():
        array = np.array(data)
        if array.ndim:
            yield from matrices(symbol(name), array, np.full(array.shape, Mark.PLAIN))


def _windows(source: LayerTrace, question: Question) -> dict[str, list[Index]]:
    """The windows to mark in each tensor: what the steps read and, one step further back, where that came from."""
    trace, part = source.trace, question.part
    assert part is not None
    marked: dict[str, list[Index]] = {name: [] for name in subjects(source)}
    found: dict[str, list[Index]] = {}
    if question.kind == "cells":
        marked.setdefault(question.looked_at.tensor, [])
        marked.setdefault(source.output, [])
        return marked
    for position in part.positions[:64]:
        step = trace.steps[position]
        block, item, own = trace.steps.locate(position)
        earlier = [trace.steps.blocks[block].plan(item, part) for part in range(own)]
        for window in behind(step, earlier):
            if is_drawn(source, window.tensor):
                found.setdefault(window.tensor, []).append(window.index)
    marked |= dict(reversed(found.items()))
    if is_drawn(source, part.target.tensor):
        marked.setdefault(part.target.tensor, [])
    if part.ask.kind not in BEFORE_THE_OUTPUT:
        marked.setdefault(source.output, [])
    return marked


class _Settled:
    """Which cells of which tensors the student already knows."""

    def __init__(self, session: Session, question: Question, source: LayerTrace) -> None:
        self.asked = question
        self.source = source
        self.cursor: tuple[int, ...] | None = None
        self.known: dict[str, Array] = {}
        self.inputs = set(source.trace.inputs)
        self.kept = session.record(question).kept
        trace = source.trace
        self.unknown = _unknown(session, question)
        for place, one in enumerate(session.questions):
            if one.source is source and one.part is not None and one.kind != "cells" and _is_known(session, place):
                tensor = one.part.target.tensor
                mask = self.known.setdefault(tensor, np.zeros(trace.tensors[tensor].shape, dtype=bool))
                mask[one.part.target.index] = True

    def marks(self, tensor: str, array: Array, read: list[Index]) -> Array:
        marks = np.full(array.shape, Mark.PLAIN, dtype=object)
        target = self.asked.part.target if self.asked.part is not None else None
        if tensor not in self.inputs:
            known = self.known.get(tensor)
            marks[...] = Mark.HIDDEN
            if known is not None:
                marks[known] = Mark.PLAIN
        origin = _origin(self.source, tensor)
        if tensor in self.inputs and origin in self.unknown:
            marks[self.unknown[origin].reshape(marks.shape)] = Mark.HIDDEN
        for index in read:
            inside = np.zeros(marks.shape, dtype=bool)
            inside[index] = True
            if self.asked.kind == "cells":
                marks[inside & (marks == Mark.HIDDEN)] = Mark.READ_HIDDEN
            marks[inside & (marks == Mark.PLAIN)] = Mark.READ
        if self.asked.kind == "cells":
            if self.cursor is not None and tensor == self.asked.looked_at.tensor:
                marks[self.cursor] = Mark.CURSOR_HIDDEN if marks[self.cursor] in UNKNOWN else Mark.CURSOR
        elif target is not None and tensor == target.tensor:
            self._mark_asked(marks, target.index)
        return marks

    def _mark_asked(self, marks: Array, index: Index) -> None:
        asked = np.zeros(marks.shape, dtype=bool)
        asked[index] = True
        cells = np.argwhere(asked)
        for place, cell in enumerate(cells):
            marks[tuple(cell)] = Mark.PLAIN if place in self.kept else Mark.ASKED


def _panels(source: LayerTrace, tensor: str, read: list[Index], settled: _Settled) -> Iterator[Panel]:
    trace = source.trace
    array = trace.tensors[tensor]
    base, _, own = tensor.partition(".")
    if own in ONE_EACH and settled.asked.part is not None:
        yield from _one_entry(source, tensor, own, settled, read)
        return
    if array.ndim == 0 and own:
        return
    marks = settled.marks(tensor, array, read)
    if own == "padded":
        marks = padding(source, array, marks)
    is_asked = settled.asked.kind == "cells" and tensor == settled.asked.looked_at.tensor
    if own and not is_asked and not any(mark is not Mark.HIDDEN for mark in marks.reshape(-1)):
        return
    yield from matrices(title(source, own) if own else symbol(base), array, marks)


def _one_entry(source: LayerTrace, tensor: str, own: str, settled: _Settled, read: list[Index]) -> Iterator[Panel]:
    """Of a tensor that holds one matrix for each output cell, the matrix of the cell in question."""
    part = settled.asked.part
    assert part is not None
    if len(part.positions) > 1:
        return
    is_target = part.target.tensor == tensor
    indices = [part.target.index] if is_target else read[:1]
    for index in indices:
        values = np.asarray(source.trace.tensors.read(Window(tensor, index)))
        known = settled.known.get(tensor)
        shown = known is not None and bool(np.all(known[index]))
        mark = Mark.ASKED if is_target else Mark.READ if shown else Mark.HIDDEN
        marks = np.full(values.shape, mark, dtype=object)
        if is_target:
            for cell in settled.kept:
                marks.reshape(-1)[cell] = Mark.PLAIN
        if shown or is_target:
            yield from matrices(title(source, own), values, marks)
