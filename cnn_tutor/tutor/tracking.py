"""What ideas make of a tracked network: all of them worked out in one table, which counts of all layers share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.counterfactual import World
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.pattern import Pattern
from cnn_tutor.tutor.worlds import NOT_AT_ONCE, Work, Worlds


class Tracking:
    """What is known of one tracked network; ``pattern`` is that of a network with the same layers.

    Raises what is in ``NOT_AT_ONCE`` where its counts cannot be worked out so.
    """

    def __init__(self, pattern: Pattern, source: LayerTrace) -> None:
        changes = {row: row.counterfactual.changes(source.call) for row in about("track")}
        acting = [row for row, change in changes.items() if change]
        self._rows: dict[Misconception, int] = {row: place for place, row in enumerate(acting, start=1)}
        given = [source.own.tensors[name][None] for name in pattern.names]
        self._worlds = Worlds(Work(pattern, [changes[row] for row in acting]), given)
        self._reached = set[int]().union(*self._worlds.reached.values())

    def shows(self, row: Misconception) -> bool:
        """Whether all that an idea makes of the network is known."""
        return row.counterfactual.steps is not None and self._rows.get(row) not in self._worlds.failed

    def world(self, row: Misconception, trace: Trace) -> World | None:
        """What an idea makes of the network."""
        place = self._rows.get(row)
        return _World(self._worlds, place) if place in self._reached and place is not None else None


class _World(Mapping[str, Any]):
    """The tensors in the world of one idea."""

    def __init__(self, worlds: Worlds, place: int) -> None:
        self._worlds, self._place = worlds, place

    def __getitem__(self, name: str) -> Array:
        return self._worlds.read(name, self._place, 0)

    def __iter__(self) -> Iterator[str]:
        return iter(self._worlds.pattern.names)

    def __len__(self) -> int:
        return len(self._worlds.pattern.names)


def tracking(pattern: Pattern, source: LayerTrace) -> Tracking | None:
    """What is known of a tracked network; None where it cannot be worked out so."""
    try:
        return Tracking(pattern, source)
    except NOT_AT_ONCE:
        return None
