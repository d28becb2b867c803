"""What becomes of many draws of a stage, as far as it shows when all are looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.diagnostic import Network
from cnn_tutor.tutor.draw import Stage, Tensors, draw_many, draw_stage
from cnn_tutor.tutor.nice import may_be_nice
from cnn_tutor.tutor.numbers import Role
from cnn_tutor.tutor.stream import Stream
from cnn_tutor.tutor.structure import Structure
from cnn_tutor.tutor.survey import UNSTEADY, Survey

FEW = 3
"""So many draws are sooner looked at one by one."""


class Ahead:
    """Draws of a stage one after the other, with the ``places`` in the stream behind each of them.

    ``given`` are the tensors that may be drawn, with one more axis in front.
    """

    def __init__(
        self, exercise: Exercise, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream, count: int
    ) -> None:
        first = stream.place
        self._tensors, self._stage = tensors, stage
        self._entries = draw_many(stage, free, stream, count) if free and count >= FEW else None
        if self._entries is not None:
            each = (stream.place - first) // count
            self.places = [first + each * number for number in range(1, count + 1)]
            return
        drawn = [(draw_stage(exercise, tensors, stage, free, stream), stream.place) for _ in range(count)]
        self._made = [candidate for candidate, _ in drawn if candidate is not None]
        self.places = [place for candidate, place in drawn if candidate is not None]

    def tensors(self, number: int) -> Tensors:
        """All tensors of one of the draws."""
        if self._entries is None:
            return self._made[number]
        drawn = self._entries.items()
        blanks = self._stage.blanks
        return {**self._tensors, **{name: blanks[name].filled(each[number].tolist()) for name, each in drawn}}

    def all(self, name: str) -> Array:
        """A tensor in all draws."""
        if self._entries is None:
            return np.array([one[name] for one in self._made])
        if name in self._entries:
            return self._stage.blanks[name].of_many(self._entries[name])
        one = np.array(self._tensors[name])
        return np.broadcast_to(one, (len(self.places), *one.shape))


class Outlook(NamedTuple):
    """For each draw, whether it may be good for work by hand, and whether it surely has a fault."""

    nice: Array
    faulty: Array


def outlook(
    model: Network, following: Sequence[str], stage: Stage, draws: Ahead, before: Network, known: Structure
) -> Outlook:
    """What becomes of ``draws``; ``model`` are the layers on other numbers, ``following`` the op after each of them.

    Where a layer cannot be followed so, nothing is said of those after it.
    """
    count = len(draws.places)
    nice, faulty = np.ones(count, dtype=bool), np.zeros(count, dtype=bool)
    done = {one.output: np.broadcast_to(one.own.output, (count, *one.own.output.shape)) for one in before}
    surveys: dict[int, Survey] = {}
    for number in range(stage.first, stage.last + 1):
        source = model[number]
        if source.call.op in UNSTEADY or nice.sum() < FEW:
            break
        given = {argument: done[name] if name in done else draws.all(name) for argument, name in source.names.items()}
        survey = surveys[number] = Survey(source.call, source.own, given)
        done[source.output] = survey.right
        own = source.names.get("x") not in {one.output for one in model[:number]}
        found = survey.right.reshape(count, -1)
        nice &= may_be_nice(source.call.op, given, source.call.options, found, following[number], own=own)
    for number in known.in_order(list(surveys)):
        for collision in known.collisions(number, int((nice & ~faulty).sum())):
            left = np.flatnonzero(nice & ~faulty)
            if len(left) < FEW:
                return Outlook(nice, faulty)
            what, rows = collision
            found = surveys[number].holds(what, *rows)
            known.count(number, 0, collision, int(found[left].sum()))
            faulty |= found
        known.count(number, int(nice.sum()))
    return Outlook(nice, faulty)
