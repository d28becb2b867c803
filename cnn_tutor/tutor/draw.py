"""How the numbers of an exercise are drawn, stage by stage; whether they are good is looked at elsewhere."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.layer import Layer, arguments, op_name, references
from cnn_tutor.lesson.network import Call
from cnn_tutor.lesson.schema import Data, Exercise, Track, TrackedLayer
from cnn_tutor.tutor.numbers import Blank, Role, draw, entries_of_many, roles
from cnn_tutor.tutor.stream import Stream
from cnn_tutor.tutor.whole import nice_sets, solve_batch, solve_sample

SMALL_IMAGE = 16
COLOURS = 3
FILTERS = (2, 3, 4, 5, 6, 8, 10, 12, 16)
NORMS = ("batch_norm", "layer_norm", "group_norm")
ALL_NORMS = (*NORMS, "instance_norm")

Tensors: TypeAlias = dict[str, Data]


@dataclass(frozen=True, slots=True)
class Stage:
    """The tensors that the layer at ``first`` is the first to use, and the ``roles`` they have there.

    ``last`` is the last layer before another that brings tensors of its own. A linear layer and the normalisation after
    it are one stage, because the sets to be normalised decide the numbers of both.
    """

    first: int
    last: int
    roles: dict[str, Role]
    blanks: dict[str, Blank]
    places: Array | None
    """Where the numbers that share a mean stand in the output of that linear layer, a row a set."""
    solved: frozenset[str]
    """The tensors that follow from these sets alone, if both are free."""
    own: tuple[str, Array] | None
    """The tensor that the layer at ``first`` normalises itself, and where in it numbers share a mean."""


def stages(exercise: Exercise) -> Iterator[Stage]:
    """The stages of an exercise, in the order of its layers."""
    known = roles(exercise)
    used: set[str] = set()
    starts: list[tuple[int, dict[str, Role]]] = []
    previous = next(iter(exercise.tensors), "")
    for number, layer in enumerate(exercise.layer):
        names = {*references(layer).values(), *([layer.input or previous] if layer.takes_input else [])}
        new = {name: known[name] for name in exercise.tensors if name in names and name not in used}
        if not starts or (new and not _follows_linear(exercise.layer, number)):
            starts.append((number, new))
        else:
            starts[-1][1].update(new)
        used |= names
        previous = layer.output
    ends = [number for number, _ in starts[1:]] + [len(exercise.layer)]
    for (first, new), end in zip(starts, ends, strict=False):
        blanks = {name: Blank.of(exercise.tensors[name]) for name in new}
        places = _places(exercise, first)
        solved = frozenset() if places is None else _solved(exercise, first)
        yield Stage(first, end - 1, new, blanks, places, solved, _own_places(exercise, first, new))


def _places(exercise: Exercise, number: int) -> Array | None:
    """The sets that are normalised after a linear layer with an input of the exercise's own; else None.

    They are read off the normalisation of a tensor of labels.
    """
    if not _follows_linear(exercise.layer, number + 1):
        return None
    linear, norm = exercise.layer[number : number + 2]
    x = exercise.tensors.get(linear.input or next(iter(exercise.tensors)))
    if x is None:
        return None
    shape = (*np.shape(x)[:-1], np.shape(exercise.tensors[references(linear)["weight"]])[0])
    labels = np.arange(math.prod(shape)).reshape(shape)
    sets = Call(op_name(norm), {"x": labels}, arguments(norm)).run().tensors["sets"]
    return np.asarray(sets.reshape(-1, sets.shape[-1]).astype(int))


def _solved(exercise: Exercise, number: int) -> frozenset[str]:
    """The input and the weights of a linear layer that are solved for, whatever they were; those of a batch."""
    linear = exercise.layer[number]
    x, weight = linear.input or next(iter(exercise.tensors)), references(linear)["weight"]
    shapes = [np.shape(exercise.tensors[name]) for name in (x, weight)]
    is_batch = len(shapes[0]) == 2 and shapes[1][0] == shapes[1][1]
    return frozenset((x, weight)) if is_batch else frozenset()


def draw_stage(
    exercise: Exercise, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream
) -> Tensors | None:
    """``tensors`` with those that are ``free`` in a stage drawn anew; None where the sets come out too large.

    Where a linear layer leads to a normalisation, its numbers follow from nice sets.
    """
    if stage.solved and stage.solved <= free.keys():
        return _solved_batch(exercise, tensors, stage, free, stream)
    fresh = dict(tensors)
    for name, role in free.items():
        fresh[name] = draw(tensors[name], role, stream, stage.blanks[name])
    if stage.places is None:
        return _with_nice_maps(exercise, fresh, stage, free, stream)
    linear, norm = exercise.layer[stage.first : stage.first + 2]
    names = references(linear) | {"x": linear.input or next(iter(tensors))}
    arrays = {argument: np.array(fresh[name]) for argument, name in names.items()}
    x, weight = arrays["x"], arrays["weight"]
    if x.ndim != 1 or names["weight"] not in free:
        return fresh
    target = np.zeros(stage.places.size, dtype=int)
    count, size = stage.places.shape
    target[stage.places] = nice_sets(count, size, arguments(norm)["eps"], stream)
    solved = solve_sample(target - arrays.get("bias", 0), x, weight, stream, x_is_free=names["x"] in free)
    if solved is None:
        return None
    return {**fresh, names["x"]: solved[0].tolist(), names["weight"]: solved[1].tolist()}


def _solved_batch(
    exercise: Exercise, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream
) -> Tensors | None:
    """The same where the input of a batch and its weights follow from nice sets: they are not drawn.

    What else is drawn before the sets is put together afterwards, because most sets come out too large.
    """
    assert stage.places is not None
    linear, norm = exercise.layer[stage.first : stage.first + 2]
    names = references(linear) | {"x": linear.input or next(iter(tensors))}
    fresh, waiting = dict(tensors), dict[str, int]()
    for name, role in free.items():
        if name == names.get("bias"):
            fresh[name] = draw(tensors[name], role, stream, stage.blanks[name])
        else:
            waiting[name] = stream.place
            stream.place += stage.blanks[name].count
    count, size = stage.places.shape
    wanted = [0] * stage.places.size
    sets = nice_sets(count, size, arguments(norm)["eps"], stream)
    for places, one in zip(stage.places.tolist(), sets, strict=True):
        for place, number in zip(places, one, strict=True):
            wanted[place] = number
    bias: Any = fresh[names["bias"]] if "bias" in names else [0] * stage.blanks[names["weight"]].shape[0]
    rows = [wanted[first : first + len(bias)] for first in range(0, len(wanted), len(bias))]
    solved = solve_batch([[number - more for number, more in zip(row, bias, strict=True)] for row in rows], stream)
    if solved is None:
        return None
    after = stream.place
    for name in waiting.keys() - stage.solved:
        stream.place = waiting[name]
        fresh[name] = draw(tensors[name], free[name], stream, stage.blanks[name])
    stream.place = after
    return {**fresh, names["x"]: solved[0], names["weight"]: solved[1]}


def sizes_drawn(stage: Stage, free: dict[str, Role]) -> list[int] | None:
    """How many random numbers :func:`draw_stage` takes for each tensor.

    None where numbers have to be solved for, or those that are there change places.
    """
    if stage.places is not None or (stage.own and stage.own[0] in free) or any(one.shuffled for one in free.values()):
        return None
    return [stage.blanks[name].count for name in free]


def draw_many(stage: Stage, free: dict[str, Role], stream: Stream, count: int) -> dict[str, Array] | None:
    """The entries that :func:`draw_stage` draws ``count`` times for each tensor, row by row; None where it solves."""
    sizes = sizes_drawn(stage, free)
    if sizes is None:
        return None
    numbers = np.array(stream.numbers(sum(sizes) * count)).reshape(count, -1)
    parts = np.split(numbers, np.cumsum(sizes)[:-1], axis=1)
    return {name: entries_of_many(role, part) for (name, role), part in zip(free.items(), parts, strict=True)}


def _multiples(groups: int, taken: int) -> tuple[int, ...]:
    """Numbers of filters that the groups divide; in groups, where there are few, others than the printed one."""
    return FILTERS if groups == 1 else tuple(one for one in FILTERS if one % groups == 0 and one != taken)


def _own_places(exercise: Exercise, number: int, new: Collection[str]) -> tuple[str, Array] | None:
    """Of ``new`` tensors the one that layer ``number`` normalises with its own statistics or backward, and its sets."""
    layer = exercise.layer[number]
    name = layer.input or next(iter(exercise.tensors), "")
    if name not in new:
        return None
    shape = np.shape(exercise.tensors[name])
    is_backward = op_name(layer).removesuffix("_backward") in ALL_NORMS and op_name(layer).endswith("_backward")
    takes_own = op_name(layer) in ALL_NORMS and "running_mean" not in references(layer)
    if not is_backward and not takes_own and not (op_name(layer) in ALL_NORMS and len(shape) >= 3):
        return None
    options = {field: value for field, value in arguments(layer).items() if field in ("axes", "num_groups")}
    labels = np.arange(math.prod(shape)).reshape(shape)
    sets = Call(op_name(layer).removesuffix("_backward"), {"x": labels}, options).run().tensors["sets"]
    return name, sets.reshape(-1, sets.shape[-1]).astype(int)


def _with_nice_maps(
    exercise: Exercise, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream
) -> Tensors:
    """``tensors`` with nice sets in the one that the first layer normalises itself."""
    if stage.own is None or stage.own[0] not in free:
        return tensors
    name, places = stage.own
    x = np.array(tensors[name])
    count, size = places.shape
    x.reshape(-1)[places] = nice_sets(count, size, arguments(exercise.layer[stage.first])["eps"], stream)
    return {**tensors, name: x.tolist()}


def _follows_linear(layers: Sequence[Layer], number: int) -> bool:
    """Whether layer ``number`` normalises what a linear layer just before it gives."""
    if not 0 < number < len(layers) or op_name(layers[number]) not in NORMS:
        return False
    return op_name(layers[number - 1]) == "linear" and layers[number].input in (None, layers[number - 1].output)


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
