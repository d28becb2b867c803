"""Numbers that look random and depend on a name alone: the same on every machine, for ever."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import TypeVar

from cnn_tutor.digest import sha256

Item = TypeVar("Item")

_EIGHT = struct.Struct(">8I")
EACH = 8
"""Numbers in one digest."""


class Stream:
    """Draws from SHA-256 of ``name``; two streams of one name give the same draws.

    ``place`` is how many numbers have been used; it may be set back to have some of them again.
    """

    def __init__(self, name: str) -> None:
        self.place = 0
        self._name = name
        self._numbers: list[int] = []

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self._next() % (high - low + 1)

    def choice(self, items: Sequence[Item]) -> Item:
        """One of ``items``."""
        return items[self._next() % len(items)]

    def choices(self, items: Sequence[Item], count: int) -> list[Item]:
        """``count`` of ``items``, each drawn anew."""
        self._require(count)
        size, first = len(items), self.place
        self.place += count
        return [items[number % size] for number in self._numbers[first : self.place]]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """``items`` in another order."""
        rest = list(items)
        return [rest.pop(self._next() % len(rest)) for _ in items]

    def _next(self) -> int:
        """The next of endless 32-bit numbers."""
        self._require(1)
        self.place += 1
        return self._numbers[self.place - 1]

    def _require(self, count: int) -> None:
        """Have so many numbers at hand."""
        while len(self._numbers) < self.place + count:
            digest = sha256(f"{self._name}/{len(self._numbers) // EACH}".encode()).digest()
            self._numbers += _EIGHT.unpack(digest)
