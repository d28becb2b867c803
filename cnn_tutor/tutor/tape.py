"""What is done to arrays, written down while it is done once, and done again on others without asking anybody.

Formulas and ideas ask for the shapes of what they are handed, and never for its numbers. So what they did to one table
they do to every other, and finding out what that is takes far longer than doing it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

from numpy.lib.mixins import NDArrayOperatorsMixin

from cnn_tutor.engine.trace import Array


class Mark(NamedTuple):
    """Where on a tape an array comes from: its number there."""

    tape: Tape
    place: int


class Tape:
    """Lines of work, each a function of what others gave; the arrays to start from come first."""

    def __init__(self, given: int) -> None:
        self._known: list[Any] = [None] * given
        self._lines: list[tuple[Callable[..., Any], tuple[int, ...], int]] = []

    def start(self, number: int) -> Mark:
        """One of the arrays to start from."""
        return Mark(self, number)

    def write(self, function: Callable[..., Any], inputs: Sequence[Any]) -> Mark:
        """One more line. An input that has no mark is the same every time."""
        known, places = self._known, []
        for one in inputs:
            if type(one) is Mark:
                places.append(one.place)
            else:
                places.append(len(known))
                known.append(one)
        self._lines.append((function, tuple(places), len(known)))
        known.append(None)
        return Mark(self, len(known) - 1)

    def play(self, *given: Array) -> list[Any]:
        """Everything that comes out for other arrays to start from, by its place.

        Nearly all lines take one array or two; to put those into a list would take as long as some of the work.
        """
        found = self._known.copy()
        found[: len(given)] = given
        for function, places, place in self._lines:
            if len(places) == 1:
                found[place] = function(found[places[0]])
            elif len(places) == 2:
                found[place] = function(found[places[0]], found[places[1]])
            else:
                found[place] = function(*[found[one] for one in places])
        return found


class Taped(NDArrayOperatorsMixin):
    """An ``array`` that stands for many; with a ``mark`` it comes from a tape, where what is made of it is written."""

    __slots__ = ("array", "mark")

    def __init__(self, array: Array, mark: Mark | None = None) -> None:
        self.array = array
        self.mark = mark

    @classmethod
    def made(cls, function: Callable[..., Array], *inputs: Any) -> Self:
        """What a function of arrays makes of some, and of numbers that are always the same."""
        tape, arrays, marks = None, [], []
        for one in inputs:
            if isinstance(one, Taped):
                arrays.append(one.array)
                marks.append(one.array if one.mark is None else one.mark)
                tape = tape if one.mark is None else one.mark.tape
            else:
                arrays.append(one)
                marks.append(one)
        return cls(function(*arrays), None if tape is None else tape.write(function, marks))
