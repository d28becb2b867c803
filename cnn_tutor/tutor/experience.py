"""How many draws it takes, as far as drawing has shown. It changes no result, only how many are looked at together."""

from __future__ import annotations

import math

GROWTH = 3
"""If none of some draws is taken, so many times as many are looked at together next."""

USUAL = 8.0
"""After how many draws of a stage one is taken, before anybody knows."""


class Experience:
    """What drawing the stages of an exercise, told by their first layers, has shown so far.

    ``unknown`` is after how many draws one is taken, before anybody knows; ``room`` times as many as usual are made.
    """

    def __init__(self, unknown: float = USUAL, room: float = 2.0) -> None:
        self._unknown, self._room = unknown, room
        self._usual: dict[int, float] = {}
        self._nice: dict[int, tuple[int, int]] = {}

    def usual(self, stage: int) -> int:
        """How many draws of a stage are worth a look together, by how many have been made for one lately."""
        return math.ceil(self._room * self._usual.get(stage, self._unknown))

    def remember(self, stage: int, drawn: float) -> None:
        """A draw of a stage is taken, after so many."""
        self._usual[stage] = (3 * self._usual.get(stage, self._unknown) + drawn) / 4

    def enough(self, stage: int) -> int:
        """How many draws are worth a look together where the first that is good for work by hand is taken."""
        looked_at, nice = self._nice.get(stage, (0, 0))
        return math.ceil(2 * (looked_at + 1) / (nice + 1)) if looked_at else math.ceil(USUAL)

    def seen(self, stage: int, looked_at: int, nice: int) -> None:
        """So many draws of a stage have been looked at, of which some may be good for work by hand."""
        before, found = self._nice.get(stage, (0, 0))
        self._nice[stage] = before + looked_at, found + nice
