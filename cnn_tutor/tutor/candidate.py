"""What every idea gives at a question, and whether that is what was typed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.carry import all_carried, leading_to
from cnn_tutor.tutor.counterfactual import World, own_name, value_at
from cnn_tutor.tutor.elsewhere import elsewhere, read_by
from cnn_tutor.tutor.expression import Typed
from cnn_tutor.tutor.look import Ideas, first_wrong, is_output, may_show, of_steps, showing, step, takes_a_look, written
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.numeric import Verdict, judge
from cnn_tutor.tutor.outcome import all_outcomes, others, outcomes
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.remembered import remembered, remembered_with

DECIMALS = 2
"""A typed value must agree with an idea's value to at least so many decimals before the idea is named."""

CLOSE = 5e-4
"""A typed value this close to an idea's value is taken for it, however few its digits."""

FAR = 0.01
"""Values that differ by more than this share of them are not the same to two decimals, whatever the digits."""


@dataclass(frozen=True)
class Candidate:
    """An idea and the value it gives at a question."""

    row: Misconception
    value: Array


@remembered_with
def candidates(question: Question, *, upstream: bool = False) -> tuple[Candidate, ...]:
    """The ideas that may show at ``question`` with their values, right ones included.

    A single step is asked on right working, so only ideas that act at that step count. A whole object may come from any
    idea about its layer and, with ``upstream`` (working that was not asked), about the layers before it.
    """
    found = tuple(_candidates(question, None, upstream=upstream))
    _prepared(question, upstream).append(found)
    return found


@remembered_with
def _prepared(question: Question, upstream: bool) -> list[tuple[Candidate, ...]]:
    """The candidates of a question once they are known; before that nothing."""
    return []


def _candidates(question: Question, typed: Cells | None, *, upstream: bool) -> Iterator[Candidate]:
    """The same one after the other, without those that cannot be what was ``typed``."""
    if question.source is None or question.part is None:
        return
    if question.kind == "cells":
        yield from (Candidate(*one) for one in elsewhere(question))
        return
    if typed is None or not takes_a_look(question):
        found = alone(question, upstream=upstream, alike=typed is not None)
    else:
        rows = _passing(question, typed, list(showing(question, upstream=upstream)))
        found = outcomes(question.source, rows, question.part.target, alike=True)
    yield from itertools.starmap(Candidate, found.items())
    if upstream and is_output(question.part.ask):
        output_alone = own_name(question.source, question.part.target) == "y"
        carried = _carried(question.network, question.source, output_alone)
        for row, world in carried if typed is None else _near(question, typed, carried):
            yield from value_of(question, row, world)


def alone(question: Question, *, upstream: bool = False, alike: bool = False) -> Mapping[Misconception, Array]:
    """What each idea about its layer gives at a question; of outputs only those ``alike`` in shape, if that is set."""
    assert question.source is not None and question.part is not None
    rows = tuple(showing(question, upstream=upstream))
    return _of_rows(question, rows, alike)


@remembered(64)
def _of_rows(question: Question, rows: Ideas, alike: bool) -> Mapping[Misconception, Array]:
    assert question.source is not None and question.part is not None
    target = question.part.target
    found = dict(others(question.source, rows, target, alike=alike))
    found |= {idea[0]: value for idea, value in of_steps(question, rows, None).items() if len(idea) == 1}
    return {row: value for row in rows if (value := found.get(row)) is not None}


def _passing(question: Question, typed: Cells, rows: Sequence[Misconception]) -> Sequence[Misconception]:
    """The ideas that may give what was ``typed``, as one wrong cell shows: one step costs little, and rules out most.

    Ideas that change the call cost the same. All may where no wrong cell is written by a step alone.
    """
    position = first_wrong(question, typed)
    if position is None:
        return rows
    cells = written(question, position)[1]
    found = of_steps(question, rows, position)

    def may_be(row: Misconception) -> bool:
        value = found.get((row,))
        if value is None:
            return row.counterfactual.steps is None
        return value.size != len(cells) or agree(question, cells, typed, value.reshape(-1).tolist())

    return [row for row in rows if may_be(row)]


def value_of(question: Question, row: Misconception, world: World | None) -> Iterator[Candidate]:
    """The idea's value at the question, if it has one that a person could write down."""
    assert question.source is not None and question.part is not None
    value = None if world is None else value_at(question.source, question.part.target, world)
    if value is not None:
        yield Candidate(row, value)


def _near(
    question: Question, typed: Cells, carried: Sequence[tuple[Misconception, World]]
) -> Sequence[tuple[Misconception, World]]:
    """Those that may give what was ``typed``, where only outputs were worked out; all of them where that is not so."""
    assert question.part is not None
    if not carried or not all(len(world) == 1 for _, world in carried):
        return carried
    values = np.array([world["y"][question.part.target.index] for _, world in carried]).reshape(len(carried), -1)
    if values.shape[1] != len(typed):
        return carried
    return [carried[number] for number in np.flatnonzero(near(question, range(len(typed)), typed, values)).tolist()]


@remembered(16)
def _carried(
    network: tuple[LayerTrace, ...], until: LayerTrace, output_alone: bool
) -> tuple[tuple[Misconception, World], ...]:
    """What comes out at a layer of ideas about earlier ones, everything between done right."""
    kinds: dict[tuple[LayerTrace, tuple[int, ...], bytes], int] = {}
    found: list[tuple[Misconception, int]] = []
    mistakes: list[tuple[LayerTrace, Array]] = []
    for source in leading_to(network, until):
        for row, output in all_outcomes(source).items():
            key = source, output.shape, output.tobytes()
            if key not in kinds:
                kinds[key] = len(mistakes)
                mistakes.append((source, output))
            found.append((row, kinds[key]))
    changed = all_carried(network, until, mistakes, output_alone=output_alone)
    return tuple((row, one) for row, kind in found if (one := changed[kind]) is not None)


def values(question: Question, rows: Iterable[Misconception]) -> dict[Misconception, Array]:
    """What some ideas about its layer give at a question; those that cannot show there are left out."""
    if question.source is None or question.part is None:
        return {}
    rows = [row for row in rows if question.source.call.op in row.on]
    if question.kind == "cells":
        found = ((row, read_by(row, question.source, question.part.positions[0])) for row in rows)
        return {row: cells for row, cells in found if cells is not None}
    shown = [row for row in rows if may_show(question.part.ask, row)]
    return outcomes(question.source, shown, question.part.target, step(question))


def explaining(question: Question, typed: Cells, *, upstream: bool = False) -> list[Misconception]:
    """The ideas that give just what was typed, and not the right value."""
    known = _prepared(question, upstream)
    possible = known[0] if known else _candidates(question, typed, upstream=upstream)
    fitting = [one for one in possible if equals(question, typed, one.value)]
    return list(dict.fromkeys(one.row for one in fitting if not is_right(question, one.value)))


def is_right(question: Question, value: Array) -> bool:
    """Whether an idea gives the right value here, so that it cannot be seen."""
    assert question.wanted is not None
    if value.shape != question.shape:
        return False
    sources = (question.wanted.exact, question.wanted.without_eps)
    return any(bool((np.abs(value - source) <= 1e-3).all()) for source in sources if source is not None)


def hidden(question: Question) -> set[str]:
    """The ideas that give the right answer at ``question``, by id: its numbers hide them."""
    return {one.row.id for one in candidates(question) if is_right(question, one.value)}


def equals(question: Question, typed: Cells, value: Array) -> bool:
    """Whether ``typed`` is ``value``; a cell that was kept must be one that the idea gets right."""
    if value.shape != question.shape:
        return False
    return agree(question, range(len(typed)), typed, value.reshape(-1).tolist())


def near(question: Question, cells: Sequence[int], typed: Cells, values: Array) -> Array:
    """Which rows of ``values``, each for some ``cells`` of the answer, :func:`agree` might find to agree."""
    assert question.wanted is not None
    may_be = np.ones(len(values), dtype=bool)
    for numbers, cell in zip(values.T, cells, strict=True):
        entry = typed[cell]
        if entry is None:
            may_be &= np.any([np.abs(numbers - right) <= 2e-3 for right in question.wanted.values(cell)], axis=0)
        else:
            allowed = np.maximum(CLOSE, FAR * np.maximum(1, np.abs(numbers)))
            may_be &= np.abs(numbers - float(entry.value)) <= allowed
    return may_be


def agree(question: Question, cells: Sequence[int], typed: Cells, numbers: Sequence[float]) -> bool:
    """Whether what was ``typed`` in some ``cells`` of the answer are these ``numbers``."""
    assert question.wanted is not None
    for cell, number in zip(cells, numbers, strict=True):
        entry = typed[cell]
        if entry is None:
            if not any(math.isclose(number, right, abs_tol=1e-3) for right in question.wanted.values(cell)):
                return False
        elif not _agrees(entry, number):
            return False
    return True


def _agrees(entry: Typed, number: float) -> bool:
    """Whether a typed number is an idea's: to the digits typed, or so close that only ε or rounding lies between."""
    distance = abs(float(entry.value) - number)
    if distance <= CLOSE:
        return True
    if distance > FAR * max(1, abs(number)):
        return False
    return judge(entry, [number], DECIMALS) is Verdict.RIGHT
