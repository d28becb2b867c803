"""Which sizes of a tracked network tell wrong ideas apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cnn_tutor.digest import sha256
from cnn_tutor.lesson.network import LayerTrace, run
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.diagnostic import is_good, surely_faulty
from cnn_tutor.tutor.experience import GROWTH, Experience
from cnn_tutor.tutor.resized import redrawn
from cnn_tutor.tutor.stream import Stream
from cnn_tutor.tutor.structure import Structure
from cnn_tutor.tutor.survey import View

MOST_KNOWN = 4096
"""So many sizes are remembered."""


class Sizing:
    """Sizes of tracked networks of one ``structure``, each looked at once: whether they hide what others show."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._known: dict[bytes, bool] = {}
        self._experience = Experience(unknown=1, room=1)

    def first_good(self, exercise: Exercise, stream: Stream, most: int) -> tuple[Exercise, bool]:
        """The first of so many draws of a network that hides nothing, else the last; and whether it is good."""
        drawn, some = 0, self._experience.usual(0)
        while drawn < most:
            made = [(redrawn(exercise, stream), stream.place) for _ in range(min(some, most - drawn))]
            for (candidate, stream.place), good in zip(made, self.are_good([one for one, _ in made]), strict=True):
                drawn += 1
                if good:
                    self._experience.remember(0, drawn)
                    return candidate, True
            some *= GROWTH
        return candidate, False

    def are_good(self, candidates: Sequence[Exercise]) -> Iterator[bool]:
        """Whether each of some networks hides nothing; they are looked at together where that is of use."""
        keys = [sha256(msgspec.json.encode(one.track)).digest() for one in candidates]
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        new = {key: one for key, one in zip(keys, candidates, strict=True) if key not in self._known}
        sources = {key: run(one)[0] for key, one in new.items()}
        views = self._sifted(list(sources), list(sources.values())) if len(sources) > 1 else {}
        for key in keys:
            if key not in self._known:
                self._known[key] = is_good((sources[key],), (0,), self._structure, views.get(key))
            yield self._known[key]

    def _sifted(self, keys: Sequence[bytes], sources: Sequence[LayerTrace]) -> Mapping[bytes, Mapping[int, View]]:
        """What is known of the networks that may be good."""
        views: dict[bytes, Mapping[int, View]] = {}
        for tracks, numbers in self._structure.tracks(sources):
            faulty = surely_faulty(tracks, 0, self._structure, sources[numbers[0]])
            for place, number in enumerate(numbers):
                if faulty[place]:
                    self._known[keys[number]] = False
                views[keys[number]] = {0: View(tracks, place)}
        return views
