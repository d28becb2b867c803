"""A tracked network with other sizes, which still fit one another."""

from __future__ import annotations

import msgspec

from cnn_tutor.lesson.schema import Exercise, Track, TrackedLayer
from cnn_tutor.tutor.stream import Stream

SMALL_IMAGE = 16
COLOURS = 3
FILTERS = (2, 3, 4, 5, 6, 8, 10, 12, 16)


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
