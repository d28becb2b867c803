"""Two ideas at once, as a guess: on long answers that no single idea explains, if just one pair does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import agree, candidates, equals, first_wrong, is_right, showing, step, value_of, written
from cnn_tutor.tutor.counterfactual import both, tried
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.outcome import by_calls, by_steps, outcomes
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.remembered import remembered

LEAST, MOST = 6, 64
"""Cells of an answer on which two ideas are tried: fewer are poor evidence, and of more there are no two by hand."""


@dataclass(frozen=True)
class Pair:
    """Two ideas and what both give in some ``cells`` of the answer: enough to see that most pairs do not fit."""

    first: Misconception
    second: Misconception
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
    """Whether a pair gives just what was typed, and not the right value, though each of the two changes the answer."""
    assert question.source is not None
    if not agree(question, pair.cells, typed, pair.value.reshape(-1).tolist()):
        return False
    if not {pair.first, pair.second} <= _changing(question):
        return False
    joined = both(pair.first.counterfactual, pair.second.counterfactual)
    world = None if joined is None else joined.world(question.source.call, question.source.own, step(question))
    values = [one.value for one in value_of(question, pair.first, world)]
    return any(equals(question, typed, value) and not is_right(question, value) for value in values)


@remembered(64)
def _changing(question: Question) -> frozenset[Misconception]:
    """The ideas that change the answer and leave it its shape."""
    known = candidates(question, upstream=False)
    return frozenset(
        one.row for one in known if one.value.shape == question.shape and not is_right(question, one.value)
    )


@remembered(256)
def _pairs(question: Question, position: int) -> tuple[Pair, ...]:
    """All pairs of ideas about the layer that can be held at once, with a look at the step at a position."""
    assert question.source is not None
    source, (window, cells) = question.source, written(question, position)
    rows = list(showing(question))
    return tuple(
        Pair(first, second, cells, value)
        for first, second, value in (*_of_steps(source, rows, window, position), *_of_calls(question, rows, window))
        if value is not None and value.size == len(cells)
    )


Found: TypeAlias = tuple[Misconception, Misconception, Array | None]


def _of_steps(source: LayerTrace, rows: Sequence[Misconception], window: Window, position: int) -> Iterator[Found]:
    """Two ideas about steps at once; where one hides the other there are no two."""
    changes = [(row, row.counterfactual.changes(source.call)) for row in rows]
    pairs = [
        (first, second, {**one, **other})
        for (first, one), (second, other) in itertools.combinations([found for found in changes if found[1]], 2)
        if not other.keys() >= one.keys()
    ]
    values = by_steps(source, [both for _first, _second, both in pairs], window, position)
    for (first, second, _both), value in zip(pairs, values, strict=True):
        yield first, second, value


def _of_calls(question: Question, rows: Sequence[Misconception], window: Window) -> Iterator[Found]:
    """Two ideas about the call at once, each of which changes the answer and leaves it its shape."""
    source, part = question.source, question.part
    assert source is not None and part is not None
    alone = outcomes(source, [row for row in rows if row.counterfactual.call is not None], part.target)
    changing = [row for row, value in alone.items() if value.shape == question.shape and not is_right(question, value)]
    pairs: list[tuple[Misconception, Misconception]] = []
    calls: list[Call] = []
    for first, second in itertools.combinations(changing, 2):
        joined = both(first.counterfactual, second.counterfactual)
        call = None if joined is None else tried(joined.changed_call, source.call)
        if call is not None:
            pairs.append((first, second))
            calls.append(call)
    for (first, second), value in zip(pairs, by_calls(source, calls, window), strict=True):
        yield first, second, value
