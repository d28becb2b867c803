"""Two ideas at once, as a guess: on long answers that no single idea explains, if just one pair does."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import agree, candidates, equals, first_wrong, is_right, showing, step, value_of, written
from cnn_tutor.tutor.counterfactual import Ran, World, both, own_name, rewritten, tried, value_at
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.many import all_outputs
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
    found = []
    with np.errstate(all="ignore"):
        for first, second, world in (*_of_steps(source, rows, position), *_of_calls(source, rows, window)):
            value = None if world is None else value_at(source, window, world)
            if value is not None and value.size == len(cells):
                found.append(Pair(first, second, cells, value))
    return tuple(found)


Found: TypeAlias = tuple[Misconception, Misconception, World | None]


def _of_steps(source: LayerTrace, rows: Sequence[Misconception], position: int) -> Iterator[Found]:
    """Two ideas about steps at once; where one hides the other there are no two."""
    changes = [(row, row.counterfactual.changes(source.call)) for row in rows]
    for (first, one), (second, other) in itertools.combinations([found for found in changes if found[1]], 2):
        if not other.keys() >= one.keys():
            yield first, second, tried(rewritten, source.call, source.own, {**one, **other}, position)


def _of_calls(source: LayerTrace, rows: Sequence[Misconception], window: Window) -> Iterator[Found]:
    """Two ideas about the call at once; calls of one form are run together where only the output is looked at."""
    pairs: list[tuple[Misconception, Misconception]] = []
    calls: list[Call] = []
    changing = [row for row in rows if row.counterfactual.call is not None]
    changed = [tried(row.counterfactual.changed_call, source.call) for row in changing]
    for (first, one), (second, _other) in itertools.combinations(zip(changing, changed, strict=True), 2):
        call = None if one is None else tried(second.counterfactual.changed_call, one)
        if call is not None:
            pairs.append((first, second))
            calls.append(call)
    worlds: Iterable[World | None] = (tried(_ran, call) for call in calls)
    if own_name(source, window) == "y":
        worlds = (None if output is None else {"y": output} for output in all_outputs(calls))
    for (first, second), world in zip(pairs, worlds, strict=True):
        yield first, second, world


def _ran(call: Call) -> World:
    return Ran(call.run())
