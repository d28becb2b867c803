"""What ideas make of a tracked network: all of them worked out in one table, which counts of all layers share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.answers import Answers
from cnn_tutor.tutor.counterfactual import Change, World
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.pattern import Pattern
from cnn_tutor.tutor.worlds import NOT_AT_ONCE, Work, Worlds

if TYPE_CHECKING:
    from cnn_tutor.tutor.ideas import Asked


class Tracker:
    """Tracked networks with the same layers: ``pattern`` is that of one of them, whichever."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._works: dict[object, Work] = {}
        self._answers: dict[Asked, Answers] = {}

    def work(self, changes: Mapping[Misconception, Mapping[str, Change]]) -> Work:
        """What is to be done in the worlds of some ideas: the same where they act in the same layers."""
        key = tuple(
            (row, kind, getattr(one, "layers", None)) for row, own in changes.items() for kind, one in own.items()
        )
        if key not in self._works:
            self._works[key] = Work(self._pattern, list(changes.values()))
        return self._works[key]

    def tracking(self, source: LayerTrace) -> Tracking | None:
        """What is known of one of the networks; None where it cannot be worked out so."""
        try:
            return Tracking(self, source)
        except NOT_AT_ONCE:
            return None

    def answers(self, asked: Asked) -> Answers:
        """Where everything that is asked stands."""
        if asked not in self._answers:
            self._answers[asked] = Answers(self._pattern, asked)
        return self._answers[asked]


class Tracking:
    """What is known of one tracked network. Raises what is in ``NOT_AT_ONCE`` where that cannot be worked out so."""

    def __init__(self, tracker: Tracker, source: LayerTrace) -> None:
        changes = {row: row.counterfactual.changes(source.call) for row in about("track")}
        self._tracker = tracker
        work = tracker.work({row: change for row, change in changes.items() if change})
        self._rows = {row: place for place, row in enumerate([row for row in changes if changes[row]], start=1)}
        tensors = source.own.tensors
        self._worlds = Worlds(work, [tensors[name][None] for name in work.pattern.names])
        self._reached = set[int]().union(*self._worlds.reached.values())

    def shows(self, row: Misconception) -> bool:
        """Whether all that an idea makes of the network is known."""
        return row.counterfactual.steps is not None and self._rows.get(row) not in self._worlds.failed

    def answers(self, rows: Sequence[Misconception], asked: Asked) -> Array | None:
        """The right answers in one row, then those of each idea; None where some are unknown."""
        if not all(map(self.shows, rows)):
            return None
        table = self._worlds.table[[0, *(self._rows[row] for row in rows)]]
        return self._tracker.answers(asked).of(table, rows)[:, 0]

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
