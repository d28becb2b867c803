"""A tracked network with other sizes, which still fit one another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec

from cnn_tutor.lesson.network import LayerTrace, run
from cnn_tutor.lesson.schema import Exercise, Track, TrackedLayer
from cnn_tutor.tutor.diagnostic import is_good, surely_faulty
from cnn_tutor.tutor.stream import Stream
from cnn_tutor.tutor.structure import Structure
from cnn_tutor.tutor.survey import View

SMALL_IMAGE = 16
COLOURS = 3
GROWTH = 3
"""If none of some draws is good, so many times as many are looked at together next."""

MOST_KNOWN = 4096
"""So many sizes are remembered."""

FILTERS = (2, 3, 4, 5, 6, 8, 10, 12, 16)


class Judge:
    """Which sizes of tracked networks of one ``structure`` hide nothing that others show. Each are judged once."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._known: dict[bytes, bool] = {}
        self._usual = 1.0

    def first_good(self, exercise: Exercise, stream: Stream, most: int) -> tuple[Exercise, bool]:
        """The first of so many draws of a network that hides nothing, else the last; and whether it is good."""
        drawn, some = 0, math.ceil(self._usual)
        while drawn < most:
            made = [(redrawn(exercise, stream), stream.place) for _ in range(min(some, most - drawn))]
            for (candidate, stream.place), good in zip(made, self.are_good([one for one, _ in made]), strict=True):
                drawn += 1
                if good:
                    self._usual = (3 * self._usual + drawn) / 4
                    return candidate, True
            some *= GROWTH
        return candidate, False

    def are_good(self, candidates: Sequence[Exercise]) -> Iterator[bool]:
        """Whether each of some networks hides nothing; they are looked at together where that is of use."""
        keys = [blake2b(msgspec.json.encode(one.track), digest_size=16).digest() for one in candidates]
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


def redrawn(exercise: Exercise, stream: Stream) -> Exercise:
    """Other numbers of filters and units, and another image size; kernels and padding stay."""
    assert exercise.track is not None
    if any(layer.op in ("add", "stack") for layer in exercise.track.layers):
        return _scaled(exercise, exercise.track, stream)
    channels, *spatial = exercise.track.input
    followers = [*exercise.track.layers[1:], None]
    layers = [
        _redrawn_layer(layer, after, stream) for layer, after in zip(exercise.track.layers, followers, strict=True)
    ]
    side = spatial[0] if spatial else 0
    side += 2 * stream.between(-4, 4) if side > SMALL_IMAGE else 0
    track = Track(input=[channels, *(side for _ in spatial)], layers=layers)
    return msgspec.structs.replace(exercise, track=track)


def _scaled(exercise: Exercise, track: Track, stream: Stream) -> Exercise:
    """A network whose layers must fit one another: with a quarter, a half … as many maps, other units, another image.

    Maps of one channel or three come from outside and stay.
    """
    sevenths = stream.choice((4, 5, 6, 7, 8))
    quarters = stream.choice((1, 2, 3, 5, 6, 8))

    def times(maps: int) -> int:
        return max(1, maps * quarters // 4) if maps > COLOURS else maps

    layers = []
    for layer in track.layers:
        changes: dict[str, int] = {}
        if layer.filters is not None:
            changes["filters"] = times(layer.filters)
        if layer.groups is not None and layer.groups > COLOURS:
            changes["groups"] = times(layer.groups)
        if layer.units is not None:
            changes["units"] = stream.between(2, 10)
        layers.append(msgspec.structs.replace(layer, **changes))
    inputs = [times(track.input[0]), *(_stretched(side, sevenths) for side in track.input[1:])]
    return msgspec.structs.replace(exercise, track=Track(input=inputs, layers=layers))


def _stretched(side: int, sevenths: int) -> int:
    """A side of an image that halves well, as 224 does, some sevenths as long; a small one stays."""
    return side * sevenths // 7 if side > SMALL_IMAGE and side % 7 == 0 else side


def _redrawn_layer(layer: TrackedLayer, after: TrackedLayer | None, stream: Stream) -> TrackedLayer:
    """The layer with other numbers of filters and units, such that groups still divide them."""
    if layer.filters is not None:
        if after is not None and (after.groups or 1) > 1:
            return layer
        groups = layer.groups or 1
        if groups == layer.filters > 1:
            return layer
        return msgspec.structs.replace(layer, filters=stream.choice(_multiples(groups, layer.filters)))
    if layer.units is not None:
        return msgspec.structs.replace(layer, units=stream.between(2, 10))
    return layer


def _multiples(groups: int, taken: int) -> tuple[int, ...]:
    """Numbers of filters that the groups divide; in groups, where there are few, others than the printed one."""
    return FILTERS if groups == 1 else tuple(one for one in FILTERS if one % groups == 0 and one != taken)
