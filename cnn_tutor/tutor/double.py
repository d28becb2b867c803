"""Two ideas at once, as a guess: on long answers that no single idea explains, if just one pair does."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import agree, candidates, equals, first_wrong, is_right, step, value_of, written
from cnn_tutor.tutor.counterfactual import Counterfactual, both, value_at
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.remembered import remembered

LEAST, MOST = 6, 64
"""Cells of an answer on which two ideas are tried: fewer are poor evidence, and of more there are no two by hand."""


@dataclass(frozen=True)
class Pair:
    """Two ideas and what both give in some ``cells`` of the answer: enough to see that most pairs do not fit."""

    first: Misconception
    second: Misconception
    joined: Counterfactual
    cells: tuple[int, ...]
    value: Array


def prepare_pairs(question: Question) -> None:
    """Take beforehand the first look that most answers need."""
    if _is_long(question):
        assert question.part is not None
        _pairs(question, question.part.positions[0])


def two_at_once(question: Question, typed: Cells) -> Diagnosis | None:
    """The one pair of ideas that gives what was typed; None for no pair, or several."""
    if not _is_long(question):
        return None
    assert question.part is not None
    position = first_wrong(question, typed)
    pairs = _pairs(question, question.part.positions[0] if position is None else position)
    fitting = [pair for pair in pairs if _fits(question, pair, typed)]
    if len(fitting) != 1:
        return None
    first, second = fitting[0].first, fitting[0].second
    text = _("This may be two things at once, “{first}” and “{second}”. Could it be both?")
    return Diagnosis((first.id, second.id), text.format(first=_(first.name), second=_(second.name)))


def _is_long(question: Question) -> bool:
    is_typed = question.kind in ("vector", "matrix") and question.source is not None and question.part is not None
    return is_typed and question.wanted is not None and LEAST <= question.wanted.exact.size <= MOST


def _fits(question: Question, pair: Pair, typed: Cells) -> bool:
    """Whether a pair gives just what was typed, and not the right value."""
    assert question.source is not None
    if not agree(question, pair.cells, typed, pair.value.reshape(-1).tolist()):
        return False
    world = pair.joined.world(question.source.call, question.source.own, step(question))
    values = [one.value for one in value_of(question, pair.first, world)]
    return any(equals(question, typed, value) and not is_right(question, value) for value in values)


@remembered(256)
def _pairs(question: Question, position: int) -> tuple[Pair, ...]:
    """All pairs of ideas that change the answer and leave it its shape, with a look at the step at a position."""
    assert question.source is not None
    window, cells = written(question, position)
    rows = [
        one.row
        for one in candidates(question, upstream=False)
        if one.value.shape == question.shape and not is_right(question, one.value)
    ]
    found = []
    for first, second in itertools.combinations(rows, 2):
        joined = both(first.counterfactual, second.counterfactual)
        world = None if joined is None else joined.world(question.source.call, question.source.own, position)
        value = None if world is None else value_at(question.source, window, world)
        if joined is not None and value is not None and value.size == len(cells):
            found.append(Pair(first, second, joined, cells, value))
    return tuple(found)
