"""What becomes of many draws of a stage, as far as it shows when all are looked at together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.diagnostic import Network, surely_faulty
from cnn_tutor.tutor.draw import Stage, Start, Tensors, draw_many, draw_stage
from cnn_tutor.tutor.nice import may_be_nice
from cnn_tutor.tutor.numbers import Role
from cnn_tutor.tutor.structure import Structure
from cnn_tutor.tutor.survey import UNSTEADY, Survey, View
from cnn_tutor.tutor.terrain import terrain_of


class Ahead:
    """So many draws of a stage from each of some starts, with the ``places`` in the stream behind each of them."""

    def __init__(
        self, exercise: Exercise, starts: Sequence[Start], stage: Stage, free: dict[str, Role], count: int
    ) -> None:
        self.count = count
        self._starts = tuple(starts)
        self._drawn = draw_many(exercise, starts, stage, free, count)
        if self._drawn is not None:
            self.places, self._of = self._drawn.places, self._drawn.of
            return
        every = [(number, start) for number, start in enumerate(starts) for _ in range(count)]
        drawn = [
            (draw_stage(exercise, start.tensors, stage, free, start.stream), start.stream.place, number)
            for number, start in every
        ]
        self._made = [candidate for candidate, _, _ in drawn if candidate is not None]
        self.places = [place for candidate, place, _ in drawn if candidate is not None]
        self._of = [number for candidate, _, number in drawn if candidate is not None]

    def start(self, number: int) -> Start:
        """From where one of the draws was made."""
        return self._starts[self._of[number]]

    def tensors(self, number: int) -> Tensors:
        """All tensors of one of the draws."""
        if self._drawn is None:
            return self._made[number]
        entries, blanks = self._drawn.entries, self._drawn.blanks
        fresh = {name: blanks[name].filled(each[number].tolist()) for name, each in entries.items()}
        return {**self.start(number).tensors, **fresh}

    def all(self, name: str) -> Array:
        """A tensor in all draws."""
        if self._drawn is None:
            return np.array([one[name] for one in self._made])
        if name in self._drawn.entries:
            return self._drawn.blanks[name].of_many(self._drawn.entries[name])
        given: Array = np.array([start.tensors[name] for start in self._starts])[self._of]
        return given

    def before(self) -> dict[str, Array]:
        """What the layers before the stage give in all draws, by its name."""
        layers = zip(*(start.before for start in self._starts), strict=True)
        return {each[0].output: np.array([one.own.output for one in each])[self._of] for each in layers}


@dataclass(frozen=True, slots=True)
class Chance:
    """A draw that may be good for work by hand: its ``number``, whether it surely has a fault, what is known of it.

    ``views`` are those of the layers that have been looked at in all draws together.
    """

    number: int
    is_faulty: bool
    views: Mapping[int, View]


class Outlook:
    """What becomes of ``draws`` of a stage; ``model`` are the layers on other numbers.

    ``following`` are the ops that take their outputs next. ``nice`` are the numbers of the draws that may be good for
    work by hand; in the layers that are ``sure`` they are. Where a layer cannot be followed for all draws, nothing is
    said of those after it.
    """

    def __init__(self, model: Network, following: Sequence[str], stage: Stage, draws: Ahead) -> None:
        count = len(draws.places)
        nice = np.ones(count, dtype=bool)
        done = draws.before()
        self._model = model
        self.sure: set[int] = set()
        self._surveys: dict[int, Survey] = {}
        for number in range(stage.first, stage.last + 1):
            source = model[number]
            if source.call.op in UNSTEADY or not nice.any():
                break
            given = {field: done[name] if name in done else draws.all(name) for field, name in source.names.items()}
            survey = Survey(terrain_of(source.call, source.own), given)
            try:
                done[source.output] = survey.right
            except ShapeError:
                break
            self._surveys[number] = survey
            own = source.names.get("x") not in {one.output for one in model[:number]}
            call = source.call
            promising, sure = may_be_nice(call.op, given, call.options, survey.right, following[number], own=own)
            nice &= promising
            self.sure |= {number} if sure else set()
        self.nice: Sequence[int] = np.flatnonzero(nice).tolist()

    @cached_property
    def _surveys_of_nice(self) -> Mapping[int, Survey]:
        """The layers of all draws that may be good for work by hand."""
        return {number: survey.take(np.array(self.nice)) for number, survey in self._surveys.items()}

    def views(self, number: int) -> Mapping[int, View]:
        """What is known of one of the draws that may be good for work by hand."""
        place = self.nice.index(number)
        return {layer: View(survey, place) for layer, survey in self._surveys_of_nice.items()}

    def sifted(self, structure: Structure) -> Iterator[Chance]:
        """The draws that may be good for work by hand, one after the other."""
        every = np.array(self.nice, dtype=int)
        left, looks = every, dict[int, tuple[Survey, Array]]()
        for number in structure.in_order(tuple(self._surveys)):
            if left.size:
                survey = self._surveys[number].take(left)
                faulty = surely_faulty(survey, number, structure, self._model[number])
                structure.count(number, len(left), int(faulty.sum()))
                looks[number] = survey, left
                left = left[~faulty]
        rest = set(left.tolist())
        for number in every.tolist():
            is_faulty = number not in rest
            seen = {} if is_faulty else looks
            views = {layer: View(survey, int(np.searchsorted(of, number))) for layer, (survey, of) in seen.items()}
            yield Chance(number, is_faulty, views)
