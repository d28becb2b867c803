"""Two ideas at once, as a guess: on long answers that no single idea explains, if just one pair does."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import equals, is_right, near, values
from cnn_tutor.tutor.counterfactual import both, tried
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.look import first_wrong, is_long, of_steps, showing, takes_a_look, written
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.outcome import by_calls, by_steps, changes_of, others
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.remembered import remembered_with

Two: TypeAlias = tuple[Misconception, Misconception]


@dataclass(frozen=True)
class Pairs:
    """Pairs of ideas and what both give in some ``cells`` of the answer: enough to see that most pairs do not fit."""

    rows: tuple[Two, ...]
    cells: Sequence[int]
    values: Array
    """A row for each pair."""


def prepare_pairs(question: Question) -> None:
    """Take beforehand the first look that most answers need."""
    if is_long(question):
        _pairs(question, _looked_at(question, None))


def two_at_once(question: Question, typed: Cells) -> Diagnosis | None:
    """The one pair of ideas that gives what was typed; None for no pair, or several."""
    if not is_long(question):
        return None
    position = _looked_at(question, typed)
    pairs = _pairs(question, position)
    looking = np.flatnonzero(near(question, pairs.cells, typed, pairs.values)).tolist()
    if position is None:
        found: dict[Two, Array | None] = {}
        found |= {pairs.rows[number]: pairs.values[number].reshape(question.shape) for number in looking}
    else:
        found = _wholes(question, [pairs.rows[number] for number in looking])
    fitting = _fitting(question, found, typed)
    if len(fitting) != 1:
        return None
    first, second = fitting[0]
    text = _("This may be two things at once, “{first}” and “{second}”. Could it be both?")
    return Diagnosis((first.id, second.id), text.format(first=_(first.name), second=_(second.name)))


def _looked_at(question: Question, typed: Cells | None) -> int | None:
    """The position of the step at which pairs are held against an answer first; None where all of it is at once."""
    assert question.part is not None
    if not takes_a_look(question):
        return None
    position = None if typed is None else first_wrong(question, typed)
    return question.part.positions[0] if position is None else position


def _wholes(question: Question, pairs: Iterable[Two]) -> dict[Two, Array | None]:
    """What some pairs give in the whole answer."""
    assert question.source is not None and question.part is not None
    source, window = question.source, question.part.target
    of_calls = [pair for pair in pairs if pair[0].counterfactual.call is not None]
    of_steps = [pair for pair in pairs if pair not in of_calls]
    known = changes_of(source)
    merged = [{**known[first], **known[second]} for first, second in of_steps]
    calls = [_call(question, *pair) for pair in of_calls]
    found = dict(zip(of_steps, by_steps(source, merged, window, None), strict=True))
    return found | dict(zip(of_calls, by_calls(source, calls, window), strict=True))


def _fitting(question: Question, pairs: Mapping[Two, Array | None], typed: Cells) -> list[Two]:
    """The pairs that give just what was typed, and not the right value, though each of the two changes the answer."""
    fitting = [
        pair
        for pair, value in pairs.items()
        if value is not None and equals(question, typed, value) and not is_right(question, value)
    ]
    known = values(question, dict.fromkeys(itertools.chain.from_iterable(fitting))) if fitting else {}
    changing = {row for row, value in known.items() if _changes(question, value)}
    return [pair for pair in fitting if changing.issuperset(pair)]


def _changes(question: Question, value: Array) -> bool:
    """Whether a value is another one in the shape of the answer."""
    return value.shape == question.shape and not is_right(question, value)


@remembered_with
def _pairs(question: Question, position: int | None) -> Pairs:
    """All pairs of ideas about the layer that can be held at once, with a look at the step at a position.

    Without one, all cells are looked at. Of ideas about the call each must change the answer and leave it its shape.
    """
    assert question.source is not None and question.part is not None
    source, rows, target = question.source, list(showing(question)), question.part.target
    window, cells = (target, range(math.prod(question.shape))) if position is None else written(question, position)
    of_calls = others(source, (row for row in rows if row.counterfactual.call is not None), target, alike=True)
    changing = [row for row, value in of_calls if value is not None and _changes(question, value)]
    calls = {(first, second): _call(question, first, second) for first, second in itertools.combinations(changing, 2)}
    found = {(idea[0], idea[1]): value for idea, value in of_steps(question, rows, position).items() if len(idea) == 2}
    found |= zip(calls, by_calls(source, list(calls.values()), window), strict=True)
    known = {pair: value for pair, value in found.items() if value is not None and value.size == len(cells)}
    return Pairs(tuple(known), cells, np.array([value.reshape(-1) for value in known.values()]).reshape(-1, len(cells)))


def _call(question: Question, first: Misconception, second: Misconception) -> Call | None:
    """The call of someone who has two ideas about it; None where they make no sense together."""
    assert question.source is not None
    joined = both(first.counterfactual, second.counterfactual)
    return None if joined is None else tried(joined.changed_call, question.source.call)
