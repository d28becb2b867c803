"""How the numbers of an exercise are drawn, stage by stage; whether they are good is looked at elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.layer import Layer, arguments, op_name, references
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.lesson.schema import Data, Exercise
from cnn_tutor.tutor.numbers import Blank, Role, draw, entries_of_many, roles
from cnn_tutor.tutor.stream import Stream
from cnn_tutor.tutor.whole import (
    LARGEST_INPUT,
    nice_sets,
    places_of_sets,
    sets_at,
    solve_sample,
    solved_batches,
    unimodular,
)

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


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """From where a stage is drawn: all ``tensors``, a stream of random numbers, and the layers ``before`` it."""

    tensors: Tensors
    stream: Stream
    before: tuple[LayerTrace, ...] = ()


class Drawn(NamedTuple):
    """Many draws of a stage: the ``entries`` of each tensor, a draw a row, and the ``blanks`` that they fill.

    ``places`` are those in the stream behind each draw, and ``of`` the numbers of the starts that they were drawn from.
    """

    entries: dict[str, Array]
    blanks: Mapping[str, Blank]
    places: list[int]
    of: list[int]


def draw_many(
    exercise: Exercise, starts: Sequence[Start], stage: Stage, free: dict[str, Role], count: int
) -> Drawn | None:
    """``count`` draws from each start of the tensors that are ``free`` in a stage, but for those with too large sets.

    None where they have to be made one by one, by :func:`draw_stage`.
    """
    if stage.solved and stage.solved <= free.keys():
        return _solved_batches(exercise, starts, stage, free, count)
    if stage.places is not None or any(one.shuffled for one in free.values()):
        return None
    size = sum(stage.blanks[name].count for name in free)
    if stage.own is None or stage.own[0] not in free:
        taken = _taken(starts, size, count)
        return Drawn(_entries(stage, free, taken.numbers, taken.begin), stage.blanks, taken.places, taken.of)
    name, own = stage.own
    sets_each, size_each = own.shape
    eps = arguments(exercise.layer[stage.first])["eps"]
    taken = _taken(starts, size, count, lambda stream: places_of_sets(sets_each, size_each, eps, stream))
    entries = _entries(stage, free, taken.numbers, taken.begin)
    normed = np.empty_like(entries[name], dtype=int if stage.blanks[name].is_whole is None else float)
    normed[:, own] = sets_at(np.array(taken.between) + taken.shift[:, None], size_each, eps, taken.numbers)
    blanks = {**stage.blanks, name: stage.blanks[name].whole}
    return Drawn({**entries, name: normed}, blanks, taken.places, taken.of)


class _Taken(NamedTuple):
    """The random ``numbers`` that draws take from the streams of some starts, in a row, and where they ``begin`` there.

    ``shift`` leads from a place in its stream to that in the row, for each draw; ``between`` is what each of them found
    in its stream after the first numbers that it takes.
    """

    numbers: Array
    begin: Array
    shift: Array
    between: list[Any]
    places: list[int]
    of: list[int]


def _taken(starts: Sequence[Start], size: int, count: int, between: Callable[[Stream], Any] | None = None) -> _Taken:
    """Take ``size`` numbers for each of ``count`` draws from each start, and after these what ``between`` takes."""
    numbers: list[Array] = []
    begin, shift, found, places, passed = list[int](), list[int](), [], list[int](), 0
    for start in starts:
        stream, first = start.stream, start.stream.place
        if between is None:
            stream.skip(count * size)
            begin += [first + number * size for number in range(count)]
            places += [first + number * size for number in range(1, count + 1)]
        else:
            for _ in range(count):
                begin.append(stream.skip(size))
                found.append(between(stream))
                places.append(stream.place)
        numbers.append(stream.used(first))
        shift += [passed - first] * count
        passed += stream.place - first
    of = np.arange(len(starts)).repeat(count).tolist()
    return _Taken(np.concatenate(numbers), np.add(begin, shift), np.array(shift), found, places, of)


def _entries(
    stage: Stage, free: dict[str, Role], numbers: Array, starts: Array, wanted: Collection[str] | None = None
) -> dict[str, Array]:
    """What is drawn for each tensor, or for those ``wanted``, from the places on where draws start in some numbers."""
    found, before = {}, 0
    for name, role in free.items():
        count = stage.blanks[name].count
        if wanted is None or name in wanted:
            found[name] = entries_of_many(role, numbers[starts[:, None] + np.arange(before, before + count)])
        before += count
    return found


def _solved_batches(
    exercise: Exercise, starts: Sequence[Start], stage: Stage, free: dict[str, Role], count: int
) -> Drawn:
    """Draws where the input of a batch and its weights follow from nice sets, which are drawn after all else.

    What is drawn before the sets is put together afterwards, because most sets come out too large.
    """
    assert stage.places is not None
    others = {name: role for name, role in free.items() if name not in stage.solved}
    linear, norm = exercise.layer[stage.first : stage.first + 2]
    names = references(linear) | {"x": linear.input or next(iter(exercise.tensors))}
    x, weight, bias = names["x"], names["weight"], names.get("bias")
    units, eps = stage.blanks[weight].shape[0], arguments(norm)["eps"]
    sets_each, size = stage.places.shape

    def between(stream: Stream) -> tuple[list[int], Any]:
        return places_of_sets(sets_each, size, eps, stream), unimodular(units, stream)

    taken = _taken(starts, sum(stage.blanks[name].count for name in others), count, between)
    sets, matrices = zip(*taken.between, strict=True)
    drawn = len(taken.of)
    rest: Array = np.empty((drawn, stage.places.size), dtype=int)
    rest[:, stage.places] = sets_at(np.array(sets) + taken.shift[:, None], size, eps, taken.numbers)
    rest = rest.reshape(drawn, -1, units)
    if bias in free:
        biases = _entries(stage, others, taken.numbers, taken.begin, (bias,))[bias]
        rest = rest - stage.blanks[bias].of_many(biases)[:, None]
    elif bias is not None:
        rest = rest - np.array([start.tensors[bias] for start in starts])[taken.of, None]
    weights, inverses = np.array(matrices).transpose(1, 0, 2, 3)
    inputs = solved_batches(rest, inverses)
    small = np.flatnonzero(np.abs(inputs).max(axis=(1, 2)) <= LARGEST_INPUT)
    entries = _entries(stage, others, taken.numbers, taken.begin[small])
    entries |= {name: each.reshape(drawn, -1)[small] for name, each in ((x, inputs), (weight, weights))}
    blanks = {**stage.blanks, x: stage.blanks[x].whole, weight: stage.blanks[weight].whole}
    kept = small.tolist()
    return Drawn(entries, blanks, [taken.places[one] for one in kept], [taken.of[one] for one in kept])


def draw_stage(
    exercise: Exercise, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream
) -> Tensors | None:
    """``tensors`` with those that are ``free`` in a stage drawn anew; None where the sets come out too large.

    Where a linear layer leads one sample to a normalisation, its numbers follow from nice sets.
    """
    fresh = dict(tensors)
    for name, role in free.items():
        fresh[name] = draw(tensors[name], role, stream, stage.blanks[name])
    if stage.places is None:
        return fresh
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
    return {**fresh, names["x"]: solved[0], names["weight"]: solved[1]}


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


def _follows_linear(layers: Sequence[Layer], number: int) -> bool:
    """Whether layer ``number`` normalises what a linear layer just before it gives."""
    if not 0 < number < len(layers) or op_name(layers[number]) not in NORMS:
        return False
    return op_name(layers[number - 1]) == "linear" and layers[number].input in (None, layers[number - 1].output)
