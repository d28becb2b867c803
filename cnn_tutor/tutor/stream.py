"""Numbers that look random and depend on a name alone: the same on every machine, for ever."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Sequence
from typing import TypeVar

from cnn_tutor.digest import sha256

Item = TypeVar("Item")

_EIGHT = struct.Struct(">8I")


class Stream:
    """Draws from SHA-256 of ``name``; two streams of one name give the same draws."""

    def __init__(self, name: str) -> None:
        self._numbers = _words(name)

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + next(self._numbers) % (high - low + 1)

    def choice(self, items: Sequence[Item]) -> Item:
        """One of ``items``."""
        return items[next(self._numbers) % len(items)]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """``items`` in another order."""
        rest = list(items)
        return [rest.pop(next(self._numbers) % len(rest)) for _ in items]


def _words(name: str) -> Iterator[int]:
    """Endless 32-bit numbers."""
    for block in itertools.count():
        digest = sha256(f"{name}/{block}".encode()).digest()
        yield from _EIGHT.unpack(digest)
