"""Outputs of one shape side by side, and which of them nobody could tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.misconceptions import Misconception

APART = 1e-3
"""Values closer than this cannot be told apart."""

SEVERAL = 3
"""Of so many cells an idea must change two: a single wrong one passes for a slip."""


class Alike(NamedTuple):
    """Outputs of one shape on many sets of numbers: ``values`` (rows, sets, cells), a row for each idea.

    The first row may be the right output: its idea is None. Numbers that are not finite are like nothing.
    """

    rows: tuple[Misconception | None, ...]
    values: Array

    @np.errstate(all="ignore")
    def equal(self, later: Array, earlier: Array) -> tuple[Array, Array]:
        """Of some pairs of rows those that are equal in some set, by their numbers, and in which."""
        values = self.values
        if not later.size:
            return later, earlier
        pairs, sets = np.nonzero(np.abs(values[later, :, 0] - values[earlier, :, 0]) <= APART)
        are_equal = (np.abs(values[later[pairs], sets] - values[earlier[pairs], sets]) <= APART).all(axis=1)
        return pairs[are_equal], sets[are_equal]

    @np.errstate(all="ignore")
    def slips(self, which: Array | slice) -> Array:
        """Whether some rows differ from the right one in no more than a single cell of several: (rows, sets)."""
        values = self.values[which]
        if not values.size or self.rows[0] is not None or values.shape[2] < SEVERAL:
            return np.zeros(values.shape[:2], dtype=bool)
        differ = ~(np.abs(values - self.values[0]) <= APART)
        slips: Array = (differ.sum(axis=2) <= 1) & np.isfinite(values).all(axis=2)
        return slips


def alike(right: Array, outputs: Mapping[Misconception, Array | None]) -> Sequence[Alike]:
    """The outputs of ideas, and the ``right`` one, by their shapes; they are (sets, *shape)."""
    found: dict[tuple[int, ...], list[tuple[Misconception | None, Array]]] = {right.shape: [(None, right)]}
    for row, value in outputs.items():
        if value is not None:
            found.setdefault(value.shape, []).append((row, value))
    return [
        Alike(tuple([row for row, _ in group]), np.array([each for _, each in group]).reshape(len(group), shape[0], -1))
        for shape, group in found.items()
    ]


@lru_cache(maxsize=64)
def every_pair(count: int) -> tuple[Array, Array]:
    """The numbers of all pairs of so many, the later one first."""
    return np.tril_indices(count, -1)


def same(a: Array, b: Array) -> bool:
    """Whether two values cannot be told apart."""
    if a is b:
        return True
    if a.shape != b.shape or (a.size and abs(a.item(0) - b.item(0)) > APART):
        return False
    return bool((np.abs(a - b) <= APART).all())
