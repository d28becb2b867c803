"""Which ideas are held against an answer, alone and two at once, and what those about steps give in some of its cells.

An answer of many cells is looked at in one wrong cell first, which rules out nearly all. Single ideas and pairs of them
are worked out in one run, since that costs little more than the single ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.ask import Ask
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.misconceptions.row import LENGTH
from cnn_tutor.tutor.outcome import by_steps, changes_of, seen_in
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.sweep import Changes

FEW = 12
"""So many steps are worked out together about as fast as the first of them alone."""

LEAST, MOST = 6, 64
"""Cells of an answer on which two ideas are tried: fewer are poor evidence, and of more there are no two by hand."""

_NUMBERS = {"padded", "starts", "shape", "offsets", "slots", "gap", "set_size", "set", "copies", "length"}
"""Objects on the way to a layer's output; only ideas that act at them can show there."""

Ideas: TypeAlias = tuple[Misconception, ...]
"""One idea, or two at once."""


def takes_a_look(question: Question) -> bool:
    """Whether an answer is so long that ideas and pairs of them are held against one wrong cell first."""
    assert question.source is not None and question.part is not None
    few = 1 if question.source.call.op == "track" else FEW
    return len(question.part.positions) > few


def is_long(question: Question) -> bool:
    """Whether two ideas at once are tried on an answer."""
    is_typed = question.kind in ("vector", "matrix") and question.source is not None and question.part is not None
    return is_typed and question.wanted is not None and LEAST <= question.wanted.exact.size <= MOST


def first_wrong(question: Question, typed: Cells) -> int | None:
    """The position of the first of several steps that writes a wrong cell; None where no step does alone."""
    assert question.part is not None
    if question.wanted is None or len(question.part.positions) == 1:
        return None
    for position in question.part.positions:
        for cell in written(question, position)[1]:
            entry = typed[cell]
            if entry is not None and abs(float(entry.value) - question.wanted.values(cell)[0]) > 1e-3:
                return position
    return None


def written(question: Question, position: int) -> tuple[Window, tuple[int, ...]]:
    """What the step at a position writes, and which cells of the answer these are."""
    assert question.source is not None and question.part is not None
    trace, target = question.source.trace, question.part.target
    places = np.full(trace.tensors[target.tensor].shape, -1)
    places[target.index] = np.arange(places[target.index].size).reshape(question.shape)
    number, item, part = trace.steps.locate(position)
    window = trace.steps.blocks[number].plan(item, part).target
    return window, tuple(int(cell) for cell in np.ravel(places[window.index]) if cell >= 0)


def showing(question: Question, *, upstream: bool = False) -> Iterator[Misconception]:
    """The ideas about the layer of a question that may show there."""
    assert question.source is not None and question.part is not None
    for row in about(question.source.call.op):
        if may_show(question.part.ask, row, upstream=upstream):
            yield row


def may_show(ask: Ask, row: Misconception, *, upstream: bool = False) -> bool:
    """Whether an idea about a layer can show at what is asked of it."""
    if upstream and ask.kind in LENGTH:
        return set(row.at) <= LENGTH
    return ask.kind in row.at or is_output(ask)


def is_output(ask: Ask) -> bool:
    """Whether a whole object is asked that any idea about the layer may change."""
    return bool(ask.whole) and ask.kind not in LENGTH | _NUMBERS


def step(question: Question) -> int | None:
    """The position of the one step that is asked; None for several."""
    assert question.part is not None
    return question.part.positions[0] if len(question.part.positions) == 1 else None


def of_steps(question: Question, rows: Iterable[Misconception], position: int | None) -> Mapping[Ideas, Array | None]:
    """What ideas about steps give, alone and two at once where two are tried, in what the step at a position writes.

    Without a position it is all that is asked.
    """
    return _of_steps(question, tuple(rows), position)


@remembered(64)
def _of_steps(question: Question, rows: Ideas, position: int | None) -> Mapping[Ideas, Array | None]:
    assert question.source is not None and question.part is not None
    window = question.part.target if position is None else written(question, position)[0]
    known = changes_of(question.source)
    own = {row: known[row] for row in seen_in(question.source, rows, window) if row in known}
    ideas: dict[Ideas, Changes] = {(row,): changes for row, changes in own.items()}
    if is_long(question) and (position is not None or not takes_a_look(question)):
        for (first, one), (second, other) in itertools.combinations(own.items(), 2):
            if not other.keys() >= one.keys():
                ideas[first, second] = {**one, **other}
    until = step(question) if position is None else position
    return dict(zip(ideas, by_steps(question.source, list(ideas.values()), window, until), strict=True))
