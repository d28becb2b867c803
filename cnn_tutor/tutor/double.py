"""Two ideas at once, as a guess: on long answers that no single idea explains, if just one pair does."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import (
    alone,
    candidates,
    equals,
    first_wrong,
    is_right,
    near,
    showing,
    takes_a_look,
    written,
)
from cnn_tutor.tutor.counterfactual import both, tried
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.outcome import by_calls, by_steps, changes_of, outcomes
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.remembered import remembered_with

LEAST, MOST = 6, 64
"""Cells of an answer on which two ideas are tried: fewer are poor evidence, and of more there are no two by hand."""


Two: TypeAlias = tuple[Misconception, Misconception]


@dataclass(frozen=True)
class Pairs:
    """Pairs of ideas and what both give in some ``cells`` of the answer: enough to see that most pairs do not fit."""

    rows: tuple[Two, ...]
    cells: tuple[int, ...]
    values: Array
    """A row for each pair."""


def prepare_pairs(question: Question) -> None:
    """Take beforehand the first look that most answers need."""
    if _is_long(question):
        _pairs(question, _looked_at(question, None))


def two_at_once(question: Question, typed: Cells) -> Diagnosis | None:
    """The one pair of ideas that gives what was typed; None for no pair, or several."""
    if not _is_long(question):
        return None
    pairs = _pairs(question, _looked_at(question, typed))
    looking = np.flatnonzero(near(question, pairs.cells, typed, pairs.values)).tolist()
    fitting = _fitting(question, [pairs.rows[number] for number in looking], typed)
    if len(fitting) != 1:
        return None
    first, second = fitting[0]
    text = _("This may be two things at once, “{first}” and “{second}”. Could it be both?")
    return Diagnosis((first.id, second.id), text.format(first=_(first.name), second=_(second.name)))


def _is_long(question: Question) -> bool:
    is_typed = question.kind in ("vector", "matrix") and question.source is not None and question.part is not None
    return is_typed and question.wanted is not None and LEAST <= question.wanted.exact.size <= MOST


def _looked_at(question: Question, typed: Cells | None) -> int | None:
    """The position of the step at which pairs are held against an answer first; None where all of it is at once."""
    assert question.part is not None
    if not takes_a_look(question):
        return None
    position = None if typed is None else first_wrong(question, typed)
    return question.part.positions[0] if position is None else position


def _fitting(question: Question, pairs: Sequence[Two], typed: Cells) -> list[Two]:
    """The pairs that give just what was typed, and not the right value, though each of the two changes the answer."""
    assert question.source is not None and question.part is not None
    source, window = question.source, question.part.target
    of_steps = [pair for pair in pairs if pair[0].counterfactual.steps is not None]
    of_calls = [pair for pair in pairs if pair[0].counterfactual.call is not None]
    known = changes_of(source)
    merged = [{**known[first], **known[second]} for first, second in of_steps]
    values = dict(zip(of_steps, by_steps(source, merged, window, None), strict=True))
    values |= zip(of_calls, by_calls(source, [_call(question, *pair) for pair in of_calls], window), strict=True)
    fitting = [
        pair
        for pair in pairs
        if (value := values[pair]) is not None and equals(question, typed, value) and not is_right(question, value)
    ]
    return [pair for pair in fitting if set(pair) <= _changing(question)]


@remembered_with
def _changing(question: Question) -> frozenset[Misconception]:
    """The ideas that change the answer and leave it its shape."""
    return frozenset(one.row for one in candidates(question, upstream=False) if _changes(question, one.value))


def _changes(question: Question, value: Array) -> bool:
    """Whether a value is another one in the shape of the answer."""
    return value.shape == question.shape and not is_right(question, value)


@remembered_with
def _pairs(question: Question, position: int | None) -> Pairs:
    """All pairs of ideas about the layer that can be held at once, with a look at the step at a position.

    Without one, all cells are looked at, of pairs of ideas of which each changes the answer.
    """
    assert question.part is not None
    if position is None:
        window, cells = question.part.target, tuple(range(math.prod(question.shape)))
        rows = [row for row, value in alone(question, alike=True).items() if _changes(question, value)]
    else:
        window, cells = written(question, position)
        rows = list(showing(question))
    found = dict(_of_steps(question, rows, window, position)) | dict(_of_calls(question, rows, window))
    known = {pair: value for pair, value in found.items() if value is not None and value.size == len(cells)}
    return Pairs(tuple(known), cells, np.array([value.reshape(-1) for value in known.values()]).reshape(-1, len(cells)))


def _of_steps(
    question: Question, rows: Sequence[Misconception], window: Window, position: int | None
) -> Iterable[tuple[Two, Array | None]]:
    """Two ideas about steps at once; where one hides the other there are no two."""
    assert question.source is not None
    known = changes_of(question.source)
    changes = [(row, known[row]) for row in rows if row in known]
    pairs = {
        (first, second): {**one, **other}
        for (first, one), (second, other) in itertools.combinations(changes, 2)
        if not other.keys() >= one.keys()
    }
    return zip(pairs, by_steps(question.source, list(pairs.values()), window, position), strict=True)


def _of_calls(question: Question, rows: Sequence[Misconception], window: Window) -> Iterable[tuple[Two, Array | None]]:
    """Two ideas about the call at once, each of which changes the answer and leaves it its shape."""
    assert question.source is not None and question.part is not None
    target, about_calls = question.part.target, [row for row in rows if row.counterfactual.call is not None]
    known = outcomes(question.source, about_calls, target, alike=True)
    changing = [row for row, value in known.items() if _changes(question, value)]
    calls = {(first, second): _call(question, first, second) for first, second in itertools.combinations(changing, 2)}
    return zip(calls, by_calls(question.source, list(calls.values()), window), strict=True)


def _call(question: Question, first: Misconception, second: Misconception) -> Call | None:
    """The call of someone who has two ideas about it; None where they make no sense together."""
    assert question.source is not None
    joined = both(first.counterfactual, second.counterfactual)
    return None if joined is None else tried(joined.changed_call, question.source.call)
