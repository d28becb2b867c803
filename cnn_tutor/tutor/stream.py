"""Numbers that look random and depend on a name alone: the same on every machine, for ever."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from cnn_tutor.digest import sha256
from cnn_tutor.engine.trace import Array

Item = TypeVar("Item")

_EIGHT = struct.Struct(">8I")
EACH = 8
"""Numbers in one digest."""

AHEAD = 6
"""Digests that are made before they are needed."""


class Stream:
    """Draws from SHA-256 of ``name``; two streams of one name give the same draws.

    ``place`` is how many numbers have been used; it may be set back to have some of them again.
    """

    def __init__(self, name: str) -> None:
        self.place = 0
        self._name = name.encode()
        self._numbers: list[int] = []

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self._next() % (high - low + 1)

    def choice(self, items: Sequence[Item]) -> Item:
        """One of ``items``."""
        return items[self._next() % len(items)]

    def choices(self, items: Sequence[Item], count: int) -> list[Item]:
        """``count`` of ``items``, each drawn anew."""
        size = len(items)
        return [items[number % size] for number in self.numbers(count)]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """``items`` in another order."""
        rest = list(items)
        return [rest.pop(number % len(rest)) for number in self.numbers(len(rest))]

    def _next(self) -> int:
        """The next of them."""
        self.place += 1
        if self.place > len(self._numbers):
            self._require(self.place)
        return self._numbers[self.place - 1]

    def numbers(self, count: int) -> list[int]:
        """The next ``count`` of endless 32-bit numbers."""
        first = self.place
        self.place = end = first + count
        if end > len(self._numbers):
            self._require(end)
        return self._numbers[first:end]

    def skip(self, count: int) -> int:
        """Leave the next ``count`` numbers out; where they stand."""
        self.place += count
        return self.place - count

    def at(self, place: int) -> int:
        """The number at a place."""
        if place >= len(self._numbers):
            self._require(place + 1)
        return self._numbers[place]

    def used(self, first: int) -> Array:
        """All numbers from a place to this one, whether they were looked at or left out."""
        self._require(self.place)
        return np.array(self._numbers[first : self.place])

    def _require(self, count: int) -> None:
        """Have the first ``count`` numbers at hand, and some more, since a call costs more than a digest."""
        missing = range(len(self._numbers) // EACH, -(-count // EACH) + AHEAD)
        for number in missing if len(self._numbers) < count else ():
            self._numbers += _EIGHT.unpack(sha256(b"%b/%d" % (self._name, number)).digest())


def picked(rows: Array, drawn: Array) -> Array:
    """Of each row of items one after the other, as :meth:`Stream.shuffled` picks them, by ``drawn`` numbers."""
    every, found = np.arange(len(rows)), np.empty_like(rows, shape=drawn.shape)
    for place, numbers in enumerate(drawn.T):
        chosen = numbers % rows.shape[1]
        found[:, place] = rows[every, chosen]
        stays = np.ones(rows.shape, dtype=bool)
        stays[every, chosen] = False
        rows = rows[stays].reshape(len(rows), rows.shape[1] - 1)
    return found
