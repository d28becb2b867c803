"""A layer on many sets of numbers at once, and what every idea makes of all of them.

Ideas about steps share one table of worlds, and ideas that change the call one run for each form of call. What cannot
be done so is left to a look at one set after the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.alike import Alike, alike
from cnn_tutor.tutor.answered import Answered, Answers, Places
from cnn_tutor.tutor.counterfactual import Tensors, World
from cnn_tutor.tutor.many import outputs
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.overlay import Overlay
from cnn_tutor.tutor.stack import Stack
from cnn_tutor.tutor.terrain import Changes, Terrain, terrain_of
from cnn_tutor.tutor.worlds import NOT_FOLLOWED, Worlds

if TYPE_CHECKING:
    from cnn_tutor.tutor.ideas import Asked
    from cnn_tutor.tutor.tracking import Tracks

UNSTEADY = ("softmax", "cross_entropy")
"""Ops whose steps depend on how large their numbers are."""


class Survey:
    """One call on many sets of numbers: ``given`` are its tensors with one more axis in front."""

    def __init__(self, terrain: Terrain, given: Mapping[str, Array]) -> None:
        self.terrain = terrain
        self.op = terrain.call.op
        self._call = terrain.call
        self._given = given
        self._answers: dict[Asked, Answers | None] = {}
        self.count = len(next(iter(given.values())))

    @cached_property
    def right(self) -> Array:
        """The right output of each: (sets, *shape)."""
        found = outputs(self.op, self._given, self._call.options)
        if found is not None:
            return found.reshape(self.count, *self.terrain.trace.output.shape)
        try:
            pattern = self.terrain.pattern
            if pattern.laid_out is not None:
                return pattern.flat(self._numbers).take(pattern.laid_out, axis=1)
            return self.terrain.worlds(self._numbers, {}).read("y")
        except NOT_FOLLOWED:
            return np.array([self._one(number).run().output for number in range(self.count)])

    def take(self, which: Array) -> Survey:
        """Some of the sets."""
        taken = Survey(self.terrain, {name: each[which] for name, each in self._given.items()})
        taken.right = self.right[which]
        return taken

    @cached_property
    def outputs(self) -> Mapping[Misconception, Array | None]:
        """What each idea that can be followed so gives for each set: (sets, *shape); None if it does not reach so far.

        Numbers that nobody could write down are not finite.
        """
        with np.errstate(all="ignore"):
            return {**self._of_steps(), **self._of_calls(), **dict(self._of_wholes())}

    @cached_property
    def alike(self) -> Sequence[Alike]:
        """Those outputs, and the right ones, by their shapes."""
        return alike(self.right, {row: self.outputs.get(row) for row in self.terrain.ideas})

    def answers(self, asked: Asked) -> Answers | None:
        """Everybody's answers to what is ``asked``; None where steps cannot be done at once."""
        if asked not in self._answers:
            try:
                places = self.terrain.places(asked)
            except NOT_FOLLOWED:
                places = None
            if places is None or self._worlds is None:
                self._answers[asked] = None
            else:
                found = self._answers[asked] = Answers(self._worlds, places, self._reached, self._changes[1])
                others = self._in_output(places) if places.ask_output else {}
                if others:
                    found.add(places, others)
        return self._answers[asked]

    def _in_output(self, places: Places) -> Mapping[Misconception, Array]:
        """What comes out of ideas that are not about steps, and show in nothing else that is asked."""
        found = {
            row: each for row, each in self.outputs.items() if row.counterfactual.steps is None and each is not None
        }
        right = self.right.shape
        return {row: each for row, each in found.items() if each.shape == right and places.are_of_output(row)}

    @cached_property
    def _reached(self) -> Mapping[Misconception, int]:
        """Where the worlds of those are that change anything at all and can be followed."""
        if self._worlds is None:
            return {}
        reached = set[int]().union(*self._worlds.reached.values()) - set(self._worlds.failed)
        return {row: place for row, place in self._rows.items() if place in reached}

    def follows(self, row: Misconception) -> bool:
        """Whether all that an idea about steps makes of the sets is known."""
        worlds = self._worlds
        return worlds is not None and row in self._changes[0] and self._rows.get(row) not in worlds.failed

    def world(self, row: Misconception, number: int, trace: Trace) -> World | None:
        """What an idea about steps, which can be followed, makes of one set, whose own ``trace`` is known."""
        worlds, place = self._worlds, self._rows.get(row, 0)
        written = [name for name, rows in worlds.reached.items() if place in rows] if worlds is not None else []
        idle = self._changes[1].get(row)
        if worlds is None or not written or (idle is not None and idle[number]):
            return None
        return Overlay(trace, {name: worlds.read(name, place, number) for name in written})

    def _one(self, number: int) -> Call:
        """The call on one of the sets."""
        return Call(self._call.op, {name: each[number] for name, each in self._given.items()}, self._call.options)

    @property
    def _numbers(self) -> list[Array]:
        return list(self._given.values())

    @cached_property
    def _changes(self) -> tuple[Mapping[Misconception, Changes], Mapping[Misconception, Array]]:
        """What the ideas about steps do otherwise, and in which sets some do nothing."""
        return self.terrain.changes(self._given)

    @cached_property
    def _rows(self) -> Mapping[Misconception, int]:
        """Where the worlds of those that do something are."""
        return {row: place for place, row in enumerate([row for row, one in self._changes[0].items() if one], start=1)}

    @cached_property
    def _worlds(self) -> Worlds | None:
        """All numbers in the worlds of the ideas about steps; None where steps cannot be done at once."""
        try:
            return self.terrain.worlds(self._numbers, {row: self._changes[0][row] for row in self._rows})
        except NOT_FOLLOWED:
            return None

    def _of_steps(self) -> Mapping[Misconception, Array | None]:
        worlds = self._worlds
        if worlds is None:
            return {}
        reached = worlds.reached.get("y", ())
        every = worlds.everywhere("y") if reached else None
        changes, idle = self._changes
        found = {
            row: every[self._rows[row]] if every is not None and self._rows.get(row) in reached else None
            for row in changes
            if self._rows.get(row) not in worlds.failed
        }
        for row, sets in idle.items():
            if (value := found.get(row)) is not None:
                value[sets] = np.nan
        return found

    def _of_calls(self) -> Mapping[Misconception, Array | None]:
        terrain, numbers = self.terrain, self._numbers
        found = {} if terrain.relaid is None else terrain.relaid.outputs(numbers)
        calls = terrain.calls(self._given)
        found |= dict.fromkeys(calls.unmoved)
        for ideas, call, trace, given in calls.on(numbers):
            with suppress(*NOT_FOLLOWED):
                outputs = Survey(terrain_of(call, trace), given).right
                found |= zip(ideas, outputs.reshape(len(ideas), self.count, *outputs.shape[1:]), strict=True)
        return found

    def _of_wholes(self) -> Iterator[tuple[Misconception, Array | None]]:
        if not self.terrain.wholes:
            return
        tensors = Tensors(_Right(self), self.terrain.asked(self._given).call)
        for row in self.terrain.wholes:
            with suppress(*NOT_FOLLOWED):
                values = {name: change(tensors) for name, change in (row.counterfactual.wholes or {}).items()}
                value = values.get("y")
                yield row, None if value is None else _whole(value, self.count)

    def read(self, name: str) -> Array:
        """A right tensor of each set. Raises KeyError where it is not known for all."""
        if self._worlds is None:
            raise KeyError(name)
        return self._worlds.read(name)


class _Right(dict[str, Stack]):
    """The right tensors of many sets, each put together when it is first looked at."""

    def __init__(self, survey: Survey) -> None:
        super().__init__()
        self._survey = survey

    def __missing__(self, name: str) -> Stack:
        self[name] = found = Stack(self._survey.read(name))
        return found


@dataclass(frozen=True, slots=True)
class View:
    """One of the sets of numbers of a survey, and what ideas make of it."""

    survey: Survey | Tracks
    number: int

    def answers(self, asked: Asked) -> Answered | None:
        """Everybody's answers to what is ``asked``; None where steps cannot be done at once."""
        found = self.survey.answers(asked)
        return None if found is None else found.of(self.number)

    def knows(self, row: Misconception) -> bool:
        """Whether the output that an idea gives is known."""
        return row in self.survey.outputs

    def output(self, row: Misconception) -> Array | None:
        """The output that an idea gives; None where it does not reach so far, or nobody could write it down."""
        found = self.survey.outputs[row]
        if found is None or not np.isfinite(found[self.number]).all():
            return None
        value: Array = found[self.number]
        return value

    @property
    def alike(self) -> Iterator[Alike]:
        """Those outputs, and the right one, by their shapes."""
        return (Alike(rows, values[:, self.number : self.number + 1]) for rows, values in self.survey.alike)

    @property
    def speaking(self) -> Iterator[Misconception | None]:
        """The ideas that give an output here, as far as is known; None for the right way."""
        for rows, values in self.survey.alike:
            finite = np.isfinite(values[:, self.number]).all(axis=1)
            yield from itertools.compress(rows, finite.ravel().tolist())

    def shows(self, row: Misconception) -> bool:
        """Whether all that an idea makes of the layer is known: it is about steps, or does not apply."""
        idea = row.counterfactual
        if idea.steps is not None:
            return self.survey.follows(row)
        outputs = self.survey.outputs
        return row in outputs and outputs[row] is None and (idea.wholes or {}).keys() <= {"y"}

    def world(self, row: Misconception, trace: Trace) -> World | None:
        """What an idea makes of the layer, whose right ``trace`` is known."""
        return None if row.counterfactual.steps is None else self.survey.world(row, self.number, trace)


def _whole(value: Any, count: int) -> Array:
    """A stack as one array, or an array that is the same for all sets."""
    if isinstance(value, Stack):
        return value.array
    array = np.asarray(value)
    return np.broadcast_to(array, (count, *array.shape))
