"""Wrong ideas that give the right answers on these numbers, and the smallest change that would give them away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from cnn_tutor.errors import ShapeError
from cnn_tutor.language import plural
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.lesson.twin import as_exercise
from cnn_tutor.tutor.misconceptions import ALL, Misconception
from cnn_tutor.tutor.misconceptions.row import reaches_output
from cnn_tutor.tutor.search import structure_of

CHANGES = (1, -1, 2, -2, 3, -3)
"""How much one number may change."""

MOST_TRIES = 240
"""Other numbers that are tried out."""

Ideas = set[tuple[str, Misconception]]
"""Ideas by the output of the layer that they are about."""


def hidden_ideas(exercises: Mapping[int, Exercise]) -> Iterator[Note]:
    """A warning where no question shows an idea, in no exercise or twin, that one other number would show.

    ``exercises`` are those of a lesson that are sound, by their place in the file.
    """
    hidden: dict[int, Ideas] = {}
    shown: set[Misconception] = set()
    for number, exercise in exercises.items():
        forms = [exercise, *(as_exercise(exercise, twin) for twin in exercise.twin)] if exercise.layer else []
        for form in forms:
            applied, kept = _looked_at(form)
            shown |= {row for _, row in applied - kept}
            hidden[number] = hidden.get(number, kept) & kept
    for number, ideas in hidden.items():
        left = {one for one in ideas if one[1] not in shown}
        change = _smallest(exercises[number], left) if left and not exercises[number].vary.like else None
        if change is not None:
            yield Note(("exercise", number), _said(exercises[number], change), "warning")


def _said(exercise: Exercise, change: _Change) -> str:
    ordered = sorted(change.shows, key=lambda one: (one[0], one[1].id))
    names = ", ".join(dict.fromkeys(f"{row.id} ({row.name.lower()})" for _, row in ordered))
    tensors = _changed(exercise, change).tensors
    values = "; ".join(f"{name} = {tensors[name]}" for name in change.names)
    return plural(
        "these numbers hide {names}; a twin with {values} would show it",
        "these numbers hide {names}; a twin with {values} would show them",
        len(ordered),
        names=names,
        values=values,
    )


def _looked_at(exercise: Exercise, only: Ideas | None = None) -> tuple[Ideas, Ideas]:
    """The ideas that apply, of ``only`` those or of all; and those of them that no question shows."""
    applied: Ideas = set()
    hidden: Ideas = set()
    structure = structure_of(exercise)
    for number, source in enumerate(run(exercise)):
        layer = structure.layer(number, source)
        for row in ALL:
            idea = (source.output, row)
            if source.call.op not in row.on or not reaches_output(row) or (only is not None and idea not in only):
                continue
            if layer.output(row) is not None:
                applied.add(idea)
                if layer.is_hidden(row) and layer.are_untold(row, None):
                    hidden.add(idea)
    return applied, hidden


def _hidden(exercise: Exercise, only: Ideas | None = None) -> Ideas:
    return _looked_at(exercise, only)[1]


@dataclass(frozen=True, slots=True)
class _Change:
    """Other values for some cells, and the ideas that they bring to light."""

    cells: tuple[tuple[str, tuple[int, ...], Any], ...] = ()
    shows: Any = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _, _ in self.cells))


def _smallest(exercise: Exercise, hidden: Ideas) -> _Change | None:
    """The change of one number, or of two, that shows the most of ``hidden`` and hides nothing new."""
    budget = iter(range(MOST_TRIES))
    best = _Change()
    for _number in range(2):
        found = _step(exercise, hidden, best, budget)
        if found is None:
            break
        best = found
        if len(best.shows) == len(hidden):
            break
    return best if best.cells else None


def _step(exercise: Exercise, hidden: Ideas, start: _Change, budget: Iterator[int]) -> _Change | None:
    """The best change of one more number."""
    best: _Change | None = None
    known = _hidden(exercise)
    for cell in _cells(exercise, start):
        if next(budget, None) is None:
            break
        change = _Change((*start.cells, cell))
        other = _changed(exercise, change)
        try:
            shows = hidden - _hidden(other, hidden)
            is_better = len(shows) > len(start.shows if best is None else best.shows)
            if is_better and _hidden(other) <= known:
                best = _Change(change.cells, frozenset(shows))
        except ShapeError:
            continue
        if best is not None and len(best.shows) == len(hidden):
            break
    return best


def _cells(exercise: Exercise, start: _Change) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    """Every number with a value near its own, the smallest tensors and the smallest changes first."""
    taken = {(name, index) for name, index, _ in start.cells}
    tensors = {name: np.array(data) for name, data in exercise.tensors.items()}
    for step in CHANGES:
        for name in sorted(tensors, key=lambda one: tensors[one].size):
            for index in np.ndindex(tensors[name].shape):
                if (name, index) not in taken:
                    yield name, index, tensors[name][index].item() + step


def _changed(exercise: Exercise, change: _Change) -> Exercise:
    tensors = {name: np.array(data) for name, data in exercise.tensors.items()}
    for name, index, value in change.cells:
        tensors[name][index] = value
    return msgspec.structs.replace(exercise, tensors={name: one.tolist() for name, one in tensors.items()})
