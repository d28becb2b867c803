"""Everybody's answers to all that is asked of a layer, read off tables of many sets of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.worlds import Worlds

if TYPE_CHECKING:
    from cnn_tutor.tutor.ideas import Asked
    from cnn_tutor.tutor.pattern import Pattern


class Places:
    """Where the answers to what is ``asked`` stand in the tables of a pattern. Raises KeyError where some do not."""

    def __init__(self, pattern: Pattern, asked: Asked) -> None:
        parts = [pattern.slots(window.tensor)[window.index].ravel() for window in asked.windows]
        self.sizes = [part.size for part in parts]
        self.slots = np.concatenate(parts)
        self._parts = np.repeat(np.arange(len(parts)), self.sizes)
        self._asked = asked
        self._is_output = [window.tensor == "y" for window in asked.windows]
        self._shown: dict[tuple[Misconception, ...], Array] = {}

    @property
    def ask_output(self) -> bool:
        """Whether the output, or a part of it, is asked."""
        return any(self._is_output)

    def are_of_output(self, row: Misconception) -> bool:
        """Whether an idea can show in nothing but the output."""
        return all(self._is_output[number] for number in self._asked.showing(row))

    def of_output(self, output: Array) -> Array:
        """The answers of somebody who gets an ``output`` (sets, *shape), where they are of it; elsewhere anything."""
        every = np.arange(output[0].size).reshape(output[0].shape)
        parts = zip(self._asked.windows, self._is_output, self.sizes, strict=True)
        cells = [
            every[window.index].ravel() if is_output else np.zeros(size, dtype=int) for window, is_output, size in parts
        ]
        return output.reshape(len(output), -1)[:, np.concatenate(cells)]

    def shown(self, rows: tuple[Misconception, ...]) -> Array:
        """Which of the answers some ideas may change, the right way being the first of them: (1 + rows, cells)."""
        if rows not in self._shown:
            shows = np.zeros((len(rows) + 1, len(self.sizes)), dtype=bool)
            for row, shown in zip(rows, shows[1:], strict=True):
                shown[list(self._asked.showing(row))] = True
            self._shown[rows] = shows[:, self._parts]
        return self._shown[rows]


class Answers:
    """The answers in the worlds of some ``ideas``, by their rows there, that do something somewhere.

    ``idle`` are the sets in which some of them do nothing.
    """

    def __init__(
        self,
        worlds: Worlds,
        places: Places,
        ideas: Mapping[Misconception, int],
        idle: Mapping[Misconception, Array],
    ) -> None:
        self.ideas: tuple[Misconception | None, ...] = (None, *ideas)
        self.sizes: Sequence[int] = places.sizes
        every = worlds.table[[0, *ideas.values()]].take(places.slots, axis=2)
        self.values: Array = np.where(places.shown(tuple(ideas))[:, None], every, every[0])
        """(ideas, sets, cells): right where an idea does not show, not finite where it is not known to do anything."""
        for row, sets in idle.items():
            if row in ideas:
                self.values[self.ideas.index(row), sets] = np.nan

    def add(self, places: Places, outputs: Mapping[Misconception, Array]) -> None:
        """The answers of people with other ideas, who get these ``outputs`` and do nothing else that shows."""
        given = np.array([places.of_output(one) for one in outputs.values()])
        rows = np.where(places.shown(tuple(outputs))[1:, None], given, self.values[0])
        self.ideas, self.values = (*self.ideas, *outputs), np.concatenate([self.values, rows])

    def of(self, number: int) -> Answered:
        """The answers on one of the sets."""
        values = self.values[:, number]
        are_finite = np.isfinite(values).all(axis=1).ravel().tolist()
        known = zip(self.ideas, are_finite, values, strict=True)
        lines = {row: line for row, is_known, line in known if is_known and row is not None}
        return Answered(values[0], lines, self.sizes)


class Answered(NamedTuple):
    """The ``right`` answers on one set of numbers in a row, and those ``known`` of people with an idea.

    ``sizes`` are those of the parts.
    """

    right: Array
    known: Mapping[Misconception, Array]
    sizes: Sequence[int]

    def line(self, row: Misconception | None) -> Array | None:
        """The answers of somebody with an idea, if they are known; the right ones for None."""
        return self.right if row is None else self.known.get(row)
