"""Why a wrong answer is wrong: which ideas, each run on these very numbers, give exactly what was typed.

A false accusation is worse than silence. So one wrong cell among several is a slip first; several ideas with the same
value lead to the step that tells them apart; and where nothing fits, nothing is said.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.ask import Ask
from cnn_tutor.tutor.counterfactual import World, both, carried, value_at
from cnn_tutor.tutor.elsewhere import elsewhere
from cnn_tutor.tutor.expression import Typed
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import ALL, Misconception
from cnn_tutor.tutor.numeric import Verdict, judge
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.slip import SLIP, term_slip

DECIMALS = 2
"""A typed value must agree with an idea's value to at least so many decimals before the idea is named."""

CLOSE = 5e-4
"""A typed value this close to an idea's value is taken for it, however few its digits."""

PAIRS_FROM = 6
"""Two ideas at once are only tried on vectors of so many cells."""

_LENGTH = {"size", "kernel_size", "extent", "padded_size", "numerator", "moves", "out_size"}
_NUMBERS = {"padded", "starts", "shape", "offsets", "slots", "gap", "set_size", "set", "copies", "length"}
"""Objects on the way to a layer's output; only ideas that act at them can show there."""


@dataclass(frozen=True)
class Candidate:
    """An idea and the value it gives at a question."""

    row: Misconception
    value: Array


def candidates(question: Question, *, upstream: bool = False) -> tuple[Candidate, ...]:
    """The ideas that may show at ``question`` with their values, right ones included.

    A single step is asked on right working, so only ideas that act at that step count. A whole object may come from any
    idea about its layer and, with ``upstream`` (working that was not asked), about the layers before it.
    """
    if question.source is None or question.part is None:
        return ()
    if question.kind == "cells":
        return tuple(Candidate(*one) for one in elsewhere(question))
    found: list[Candidate] = []
    for row in ALL:
        if question.source.call.op in row.on and may_show(question.part.ask, row, upstream=upstream):
            world = _world(question.source, row)
            found += [] if world is None else _at(question, row, world)
    is_output = bool(question.part.ask.whole) and question.part.ask.kind not in _LENGTH | _NUMBERS
    if is_output and upstream:
        for source in question.network[: question.network.index(question.source)]:
            for row in ALL:
                world = _world(source, row)
                changed = None if world is None else carried(question.network, source, question.source, world)
                found += [] if changed is None else _at(question, row, changed)
    return tuple(found)


def may_show(ask: Ask, row: Misconception, *, upstream: bool = False) -> bool:
    """Whether an idea about a layer can show at what is asked of it."""
    if upstream and ask.kind in _LENGTH:
        return set(row.at) <= _LENGTH
    return ask.kind in row.at or (bool(ask.whole) and ask.kind not in _LENGTH | _NUMBERS)


def reaches_output(row: Misconception) -> bool:
    """Whether an idea can show in a layer's output, and not only in a number or an object on the way."""
    return not set(row.at) <= _LENGTH


@lru_cache(maxsize=4096)
def _world(source: LayerTrace, row: Misconception) -> World | None:
    """What an idea makes of one layer on right inputs."""
    return row.world(source.call, source.own)


def _worlds(source: LayerTrace) -> Mapping[Misconception, World]:
    """What every idea makes of one layer."""
    worlds = ((row, _world(source, row)) for row in ALL)
    return {row: world for row, world in worlds if world is not None}


def prepare(question: Question, *, upstream: bool = False) -> None:
    """Work out beforehand, while the student thinks, what every idea would give here."""
    candidates(question, upstream=upstream)
    if (
        question.kind != "cells"
        and len(question.shape)
        and math.prod(question.shape) >= PAIRS_FROM
        and question.source is not None
    ):
        _pairs(question.source)


def _at(question: Question, row: Misconception, world: World) -> Iterator[Candidate]:
    """The idea's value at the question, if it has one that a person could write down."""
    assert question.part is not None
    assert question.source is not None
    value = value_at(question.source, question.part.target, world)
    if value is not None:
        yield Candidate(row, value)


def diagnose(
    question: Question, typed: Cells, wrong: Sequence[int], earlier: Sequence[Question] = (), *, upstream: bool = False
) -> Diagnosis | None:
    """What to say about ``typed``, whose cells ``wrong`` are wrong; None when nothing is known.

    ``earlier`` are the questions before this one, among which is the step that tells several ideas apart.
    """
    if is_slip_first(typed, wrong):
        return None
    fitting = explaining(question, typed, upstream=upstream)
    slip = term_slip(question, typed) if len(typed) == 1 else None
    if fitting and (slip is not None or (len(wrong) == 1 and len(typed) == 2)):
        return _slip_or_idea(fitting, slip)
    if slip is not None:
        return slip
    if fitting:
        return _named(question, fitting, earlier)
    return _pair(question, typed) if len(typed) >= PAIRS_FROM and len(wrong) > 1 else None


def is_slip_first(typed: Cells, wrong: Sequence[int]) -> bool:
    """Whether a single wrong cell among right ones is to be taken for a slip before anything else."""
    return len(wrong) == 1 and len(typed) >= 3


def explaining(question: Question, typed: Cells, *, upstream: bool = False) -> list[Misconception]:
    """The ideas that give just what was typed, and not the right value."""
    shown = [one for one in candidates(question, upstream=upstream) if not is_right(question, one.value)]
    return _distinct(one.row for one in shown if equals(question, typed, one.value))


def _slip_or_idea(rows: Sequence[Misconception], slip: Diagnosis | None) -> Diagnosis:
    """A single wrong number is poor evidence: it may be a slip as well as an idea, so both are said."""
    ids = (*(row.id for row in rows), SLIP)
    if slip is None:
        text = _("This may be just a slip; or is it “{idea}”? Check that number once more.")
        return Diagnosis(ids, text.format(idea=_(rows[0].name)))
    text = _("This could be a slip, or “{idea}”.").format(idea=_(rows[0].name))
    return Diagnosis(ids, f"{text} {slip.text}", term=slip.term)


def diagnose_shape(
    question: Question, rows: Sequence[Sequence[float]], earlier: Sequence[Question] = (), *, upstream: bool = False
) -> Diagnosis | None:
    """What to say about an answer of another shape: the idea that gives just these numbers in that shape."""
    assert question.wanted is not None
    fitting = []
    for one in candidates(question, upstream=upstream):
        value = one.value.reshape(-1, one.value.shape[-1]) if one.value.ndim else one.value.reshape(1, 1)
        differs = one.value.shape != question.shape
        same_rows = value.shape[0] == len(rows) and all(len(row) == value.shape[1] for row in rows)
        if differs and same_rows and np.allclose(value, np.array(rows, dtype=float), rtol=0, atol=5e-3):
            fitting.append(one.row)
    return _named(question, _distinct(fitting), earlier)


def diagnose_cells(question: Question, cells: Array, earlier: Sequence[Question] = ()) -> Diagnosis | None:
    """What to say about wrong ``cells``: the ideas that read exactly those at this step."""
    fitting = [one.row for one in candidates(question) if np.array_equal(one.value, cells)]
    return _named(question, _distinct(fitting), earlier)


def _named(question: Question, rows: Sequence[Misconception], earlier: Sequence[Question]) -> Diagnosis | None:
    """The one idea that fits, or what is said of several; nothing for none."""
    if len(rows) == 1:
        return Diagnosis((rows[0].id,), _(rows[0].says), convention=rows[0].convention)
    return _several(question, rows, earlier) if rows else None


def _distinct(rows: Iterable[Misconception]) -> list[Misconception]:
    return list(dict.fromkeys(rows))


def is_right(question: Question, value: Array) -> bool:
    """Whether an idea gives the right value here, so that it cannot be seen."""
    assert question.wanted is not None
    if value.shape != question.shape:
        return False
    sources = (question.wanted.exact, question.wanted.without_eps)
    return any(np.allclose(value, source, rtol=0, atol=1e-3) for source in sources if source is not None)


def hidden(question: Question) -> set[str]:
    """The ideas that give the right answer at ``question``, by id: its numbers hide them."""
    return {one.row.id for one in candidates(question) if is_right(question, one.value)}


def equals(question: Question, typed: Cells, value: Array) -> bool:
    """Whether ``typed`` is ``value``; a cell that was kept must be one that the idea gets right."""
    assert question.wanted is not None
    if value.shape != question.shape:
        return False
    for cell, (entry, number) in enumerate(zip(typed, value.reshape(-1).tolist(), strict=True)):
        if entry is None:
            if not any(math.isclose(number, right, abs_tol=1e-3) for right in question.wanted.values(cell)):
                return False
        elif not _agrees(entry, number):
            return False
    return True


def _agrees(entry: Typed, number: float) -> bool:
    """Whether a typed number is an idea's: to the digits typed, or so close that only ε or rounding lies between."""
    if math.isclose(float(entry.value), number, rel_tol=0, abs_tol=CLOSE):
        return True
    return judge(entry, [number], DECIMALS) is Verdict.RIGHT


def _several(question: Question, rows: Sequence[Misconception], earlier: Sequence[Question]) -> Diagnosis:
    """Several ideas give this value: name the step that tells them apart."""
    ids = tuple(row.id for row in rows)
    step = separating_step(question, rows, earlier)
    convention = all(row.convention for row in rows)
    if step is None:
        names = _(" or ").join(f"“{_(row.name)}”" for row in rows[:3])
        text = _("More than one thing leads here, {ideas}. Which of your steps could it be?")
        return Diagnosis(ids, text.format(ideas=names), convention=convention)
    text = _("More than one thing leads here, and an earlier step tells them apart.")
    return Diagnosis(ids, f"{text} {step.prompt}", leads_to=step.key, convention=convention)


def separating_step(question: Question, rows: Sequence[Misconception], earlier: Sequence[Question]) -> Question | None:
    """The first of the ``earlier`` questions about the same layer at which all ``rows`` give different values."""
    for other in earlier:
        if other.source is not question.source or other.key == question.key or other.wanted is None:
            continue
        right = np.asarray(other.wanted.exact, dtype=np.float64)
        values = dict.fromkeys(rows, right) | {one.row: one.value for one in candidates(other) if one.row in rows}
        if all(not _same(a, b) for a, b in itertools.combinations(values.values(), 2)):
            return other
    return None


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=1e-3))


def _pair(question: Question, typed: Cells) -> Diagnosis | None:
    """Two ideas at once, as a guess; only if a single pair fits."""
    assert question.source is not None
    given = np.array([np.nan if one is None else float(one.value) for one in typed])
    fitting = []
    for pair, world in _pairs(question.source).items():
        for one in _at(question, pair[0], world):
            if _near(given, one.value) and not is_right(question, one.value) and equals(question, typed, one.value):
                fitting.append(pair)
    if len(fitting) != 1:
        return None
    first, second = fitting[0]
    text = _("This may be two things at once, “{first}” and “{second}”. Could it be both?")
    return Diagnosis((first.id, second.id), text.format(first=_(first.name), second=_(second.name)))


def _near(given: Array, value: Array) -> bool:
    """Whether what was typed could be ``value``, rounded however coarsely; a first look that costs little."""
    if value.size != given.size:
        return False
    with np.errstate(invalid="ignore"):
        return not np.any(np.abs(value.reshape(-1) - given) > 1)


@lru_cache(maxsize=64)
def _pairs(source: LayerTrace) -> Mapping[tuple[Misconception, Misconception], World]:
    """What every two ideas make of one layer together."""
    worlds: dict[tuple[Misconception, Misconception], Any] = {}
    for first, second in itertools.combinations(_worlds(source), 2):
        joined = both(first.counterfactual, second.counterfactual)
        world = None if joined is None else joined.world(source.call, source.own)
        if world is not None:
            worlds[first, second] = world
    return worlds
