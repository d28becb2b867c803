"""What ideas make of tracked networks: all of them worked out in one table, which counts of all layers share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.alike import Alike
from cnn_tutor.tutor.answered import Answers, Places
from cnn_tutor.tutor.counterfactual import Change, World
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.pattern import Pattern
from cnn_tutor.tutor.worlds import NOT_AT_ONCE, Work, Worlds

if TYPE_CHECKING:
    from cnn_tutor.tutor.ideas import Asked

Changes: TypeAlias = Mapping[Misconception, Mapping[str, Change]]
"""What ideas do otherwise."""


class Tracker:
    """Tracked networks with the same layers: ``pattern`` is that of one of them, whichever."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self._works: dict[object, Work] = {}
        self._places: dict[Asked, Places] = {}

    def follow(self, sources: Sequence[LayerTrace]) -> Iterator[tuple[Tracks, Sequence[int]]]:
        """What is known of some networks, and of which by their numbers: those in which ideas act in the same layers.

        Those of which nothing can be known at once are left out.
        """
        alike: dict[object, tuple[list[int], Changes]] = {}
        for number, source in enumerate(sources):
            own = {row: row.counterfactual.changes(source.call) for row in about("track")}
            alike.setdefault(_acts(own), ([], own))[0].append(number)
        for numbers, changes in alike.values():
            with suppress(*NOT_AT_ONCE):
                yield Tracks(self, [sources[number] for number in numbers], changes), numbers

    def work(self, changes: Changes) -> Work:
        """What is to be done in the worlds of some ideas: the same for any several networks."""
        key = _acts(changes)
        if key not in self._works:
            self._works[key] = Work(self.pattern, list(changes.values()))
        return self._works[key]

    def places(self, asked: Asked) -> Places:
        """Where the answers to everything that is asked stand."""
        if asked not in self._places:
            self._places[asked] = Places(self.pattern, asked)
        return self._places[asked]


class Tracks:
    """What is known of some networks, in which ideas make the same ``changes``.

    Raises what is in ``NOT_AT_ONCE`` where that cannot be worked out at once.
    """

    outputs: Mapping[Misconception, Array | None] = {}
    alike: Sequence[Alike] = ()
    """What is asked of tracked networks is asked of their layers; nobody is asked for one output."""

    def __init__(self, tracker: Tracker, sources: Sequence[LayerTrace], changes: Changes) -> None:
        acting = {row: change for row, change in changes.items() if change}
        self.count = len(sources)
        self._tracker = tracker
        self._rows = {row: place for place, row in enumerate(acting, start=1)}
        self._idle = changes.keys() - acting.keys()
        names = tracker.pattern.names
        rows = np.array([np.concatenate([one.own.tensors[name].ravel() for name in names]) for one in sources])
        self._worlds = Worlds(tracker.work(acting), [rows])
        reached = set[int]().union(*self._worlds.reached.values())
        self._reached = {row: place for row, place in self._rows.items() if place in reached - set(self._worlds.failed)}

    def follows(self, row: Misconception) -> bool:
        """Whether all that an idea about steps makes of the networks is known."""
        return row in self._idle or (row in self._rows and self._rows[row] not in self._worlds.failed)

    def world(self, row: Misconception, number: int, _trace: Trace) -> World | None:
        """What an idea makes of one of the networks."""
        return _World(self._worlds, self._reached[row], number) if row in self._reached else None

    def answers(self, asked: Asked) -> Answers:
        """Everybody's answers to what is asked."""
        return Answers(self._worlds, self._tracker.places(asked), self._reached, {})


def _acts(changes: Changes) -> tuple[object, ...]:
    """In which steps of which layers ideas act."""
    return tuple((row, kind, getattr(one, "layers", None)) for row, own in changes.items() for kind, one in own.items())


class _World(Mapping[str, Any]):
    """The tensors of one network in the world of one idea."""

    def __init__(self, worlds: Worlds, row: int, number: int) -> None:
        self._worlds, self._row, self._number = worlds, row, number

    def __getitem__(self, name: str) -> Array:
        return self._worlds.read(name, self._row, self._number)

    def __iter__(self) -> Iterator[str]:
        return iter(self._worlds.pattern.names)

    def __len__(self) -> int:
        return len(self._worlds.pattern.names)
