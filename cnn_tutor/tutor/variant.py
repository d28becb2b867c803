"""The same lesson with fresh numbers: a pure function of the lesson and a seed, the same on every machine for ever.

Numbers are drawn stage by stage: the tensors that a layer is the first to use, and the layers after it that bring none
of their own. A stage is drawn again until its numbers are good for work by hand and tell wrong ideas apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import msgspec
import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.layers import Layer, arguments, op_name, references
from cnn_tutor.lesson.network import Call, LayerTrace, run
from cnn_tutor.lesson.schema import Data, Exercise, Lesson, Track, TrackedLayer
from cnn_tutor.lesson.twin import as_exercise
from cnn_tutor.tutor.diagnostic import Structure, faults
from cnn_tutor.tutor.nice import is_nice
from cnn_tutor.tutor.numbers import Role, can_solve, draw, nice_sets, roles, solve
from cnn_tutor.tutor.question import asks_for, questions
from cnn_tutor.tutor.stream import Stream

LESSONS, EXERCISES, DRAWS = 40, 8, 100
"""How often a lesson, an exercise and a stage of one are drawn at most; the best is taken."""

FORMS = 20
"""How often hyper-parameters and shapes are chosen until they fit together."""

SEVERAL = 3
"""A form with fewer outputs is not chosen, unless the printed one has fewer."""

CONTENDERS = 10
"""Of so many draws with faults the best is taken."""

MANY = 1000
"""Faults of numbers that do not fit at all."""

SMALL_IMAGE = 16
FILTERS = (2, 3, 4, 5, 6, 8, 10, 12, 16)
NORMS = ("batch_norm", "layer_norm", "group_norm")

Tensors: TypeAlias = dict[str, Data]
Network: TypeAlias = tuple[LayerTrace, ...]
Drawn: TypeAlias = dict[tuple[str, str], Data]


def variant(lesson: Lesson, seed: int) -> Lesson:
    """``lesson`` with other numbers.

    Equal tensors of different exercises stay equal; what is printed about the sheet's numbers (notes and errata) is
    left out. An exercise whose sizes hide ideas whatever the numbers is drawn in the form of its twin.
    """
    best: tuple[int, list[Exercise]] | None = None
    for attempt in range(LESSONS):
        stream = Stream(f"{lesson.id}/{seed}/{attempt}")
        drawn: Drawn = {}
        fresh = [_fresh(_form(exercise, stream), stream, drawn) for exercise in lesson.exercise]
        left = sum(count for _, count in fresh)
        if best is None or left < best[0]:
            best = left, [exercise for exercise, _ in fresh]
        if not left:
            break
    assert best is not None
    other = msgspec.structs.replace(lesson, notes="", erratum=[], questions=None)
    exercises = [_with_workings(other, exercise) for exercise in best[1]]
    return msgspec.structs.replace(other, exercise=exercises)


def hidden(exercise: Exercise) -> list[tuple[str, ...]]:
    """The ideas, and pairs of them, that the numbers of an exercise hide though other numbers would show them."""
    network = run(exercise)
    return list(faults(network, range(len(network)), _structure(exercise)))


def _form(exercise: Exercise, stream: Stream) -> Exercise:
    """What is drawn: the exercise or its twin, with other hyper-parameters and sizes where it says which."""
    vary = exercise.vary
    form = as_exercise(exercise, exercise.twin[0]) if vary.like == "twin" and exercise.twin else exercise
    general = [spec for spec in exercise.erroneous if not spec.tensor]
    prose = vary.prose or (exercise.prose if vary.like != "twin" else form.prose)
    title = vary.title or exercise.title
    form = msgspec.structs.replace(form, title=title, prose=prose, choice=exercise.choice, erroneous=general)
    sizes = [source.own.output.size for source in run(exercise)]
    for _ in range(FORMS):
        chosen = _chosen(form, stream)
        try:
            network = run(chosen)
        except ShapeError:
            continue
        if all(one.own.output.size >= min(size, SEVERAL) for one, size in zip(network, sizes, strict=True)):
            return chosen
    return form


def _chosen(form: Exercise, stream: Stream) -> Exercise:
    """The exercise with some of the hyper-parameters and shapes that it may have, and no twin."""
    layers, tensors = list(form.layer), dict(form.tensors)
    for number, layer in enumerate(layers):
        chosen = {field: stream.choice(values) for field, values in form.vary.options.get(layer.output, {}).items()}
        layers[number] = msgspec.structs.replace(layer, **chosen)
    for name, shapes in form.vary.shapes.items():
        tensors[name] = np.zeros(stream.choice(shapes), dtype=int).tolist()
    return msgspec.structs.replace(form, layer=layers, tensors=tensors, twin=[])


def _with_workings(lesson: Lesson, exercise: Exercise) -> Exercise:
    """The exercise with those finished workings that show a mistake on its numbers too."""
    kept = []
    for spec in exercise.erroneous:
        alone = msgspec.structs.replace(exercise, erroneous=[spec])
        try:
            questions(msgspec.structs.replace(lesson, exercise=[alone]))
        except ValueError:
            continue
        kept.append(spec)
    return msgspec.structs.replace(exercise, erroneous=kept)


def _fresh(exercise: Exercise, stream: Stream, drawn: Drawn) -> tuple[Exercise, int]:
    """The exercise with other numbers, and how many faults they have."""
    if exercise.track is not None:
        return _fresh_track(exercise, stream)
    keys = {name: (name, repr(data)) for name, data in exercise.tensors.items()}
    shared = {name: drawn[key] for name, key in keys.items() if key in drawn}
    kept = {name for name in exercise.vary.keep if name in exercise.tensors}
    fixed = {*shared, *kept}
    best: tuple[Tensors, int] = exercise.tensors, MANY
    for _ in range(EXERCISES if set(keys) - fixed else 1):
        tried = _fresh_tensors(exercise, {**exercise.tensors, **shared}, fixed, stream)
        best = min(best, tried, key=lambda one: one[1])
        if not best[1]:
            break
    drawn.update({keys[name]: data for name, data in best[0].items()})
    return msgspec.structs.replace(exercise, tensors=best[0]), best[1]


def _fresh_tensors(exercise: Exercise, tensors: Tensors, fixed: set[str], stream: Stream) -> tuple[Tensors, int]:
    """``tensors`` drawn anew stage by stage, but for those that are ``fixed``, and the faults that are left."""
    total = 0
    for stage in _stages(exercise):
        free = {name: role for name, role in stage.roles.items() if name not in fixed}
        tensors, left = _best(exercise, tensors, stage, free, stream)
        total += left
        if left == MANY:
            break
    return tensors, total


@dataclass(frozen=True, slots=True)
class _Stage:
    """The tensors that the layer at ``first`` is the first to use, and the ``roles`` they have there.

    ``last`` is the last layer before another that brings tensors of its own. A linear layer and the normalisation after
    it are one stage, because the sets to be normalised decide the numbers of both.
    """

    first: int
    last: int
    roles: dict[str, Role]
    places: Array | None
    """Where the numbers that share a mean stand in the output of that linear layer, a row a set."""


def _stages(exercise: Exercise) -> Iterator[_Stage]:
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
        yield _Stage(first, end - 1, new, _places(exercise, first))


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


def _best(
    exercise: Exercise, tensors: Tensors, stage: _Stage, free: dict[str, Role], stream: Stream
) -> tuple[Tensors, int]:
    """The first of so many draws of a stage without a fault, or the best of some, and the faults that are left."""
    before = run(_with(exercise, tensors, stage.first))
    structure, numbers = _structure(exercise), range(stage.first, stage.last + 1)
    tried: list[tuple[Tensors, Network]] = []
    for _ in range(DRAWS if free else 1):
        candidate = _draw_stage(exercise, tensors, stage, free, stream)
        network = _network(exercise, candidate, stage, before)
        if candidate is not None and network is not None:
            if next(faults(network, numbers, structure), None) is None:
                return candidate, 0
            tried.append((candidate, network))
    left = [sum(1 for _ in faults(network, numbers, structure)) for _, network in tried[:CONTENDERS]]
    return (tried[left.index(min(left))][0], min(left)) if left else (tensors, MANY)


def _network(exercise: Exercise, tensors: Tensors | None, stage: _Stage, before: Network) -> Network | None:
    """The layers up to the end of a stage; None where they do not fit together or are not good for work by hand."""
    if tensors is None:
        return None
    try:
        network = run(_with(exercise, tensors, stage.last + 1), after=before)
    except ShapeError:
        return None
    is_good = all(is_nice(network, number) for number in range(stage.first, stage.last + 1))
    return network if is_good else None


def _with(exercise: Exercise, tensors: Tensors, layers: int) -> Exercise:
    """The exercise with other tensors and its first ``layers`` alone."""
    return msgspec.structs.replace(exercise, tensors=tensors, layer=exercise.layer[:layers])


def _draw_stage(
    exercise: Exercise, tensors: Tensors, stage: _Stage, free: dict[str, Role], stream: Stream
) -> Tensors | None:
    """``tensors`` with those that are ``free`` in a stage drawn anew; None where the sets come out too large.

    Where a linear layer leads to a normalisation, its numbers follow from nice sets.
    """
    fresh = {**tensors, **{name: draw(tensors[name], role, stream) for name, role in free.items()}}
    if stage.places is None:
        return fresh
    linear, norm = exercise.layer[stage.first : stage.first + 2]
    names = references(linear) | {"x": linear.input or next(iter(tensors))}
    arrays = {argument: np.array(fresh[name]) for argument, name in names.items()}
    may_change = {argument for argument, name in names.items() if name in free}
    x, weight = arrays["x"], arrays["weight"]
    if not can_solve(x, weight, may_change):
        return fresh
    target = np.zeros(stage.places.size, dtype=int)
    count, size = stage.places.shape
    target[stage.places] = nice_sets(count, size, arguments(norm)["eps"], stream)
    wanted = target.reshape(*x.shape[:-1], len(weight))
    solved = solve(wanted, x, weight, arrays.get("bias"), may_change, stream)
    if solved is None:
        return None
    return {**fresh, names["x"]: solved[0].tolist(), names["weight"]: solved[1].tolist()}


def _follows_linear(layers: Sequence[Layer], number: int) -> bool:
    """Whether layer ``number`` normalises what a linear layer just before it gives."""
    if not 0 < number < len(layers) or op_name(layers[number]) not in NORMS:
        return False
    return op_name(layers[number - 1]) == "linear" and layers[number].input in (None, layers[number - 1].output)


_STRUCTURES: dict[bytes, Structure] = {}


def _structure(exercise: Exercise) -> Structure:
    """What no numbers can tell apart in an exercise of this form; worked out once."""
    shapes = {name: np.shape(data) for name, data in exercise.tensors.items()}
    kept = {name: exercise.tensors[name] for name in exercise.vary.keep if name in exercise.tensors}
    key = msgspec.json.encode((exercise.layer, exercise.track, shapes, kept, exercise.ask))
    if key not in _STRUCTURES:
        _STRUCTURES[key] = Structure(partial(_sample, exercise), partial(asks_for, exercise))
    return _STRUCTURES[key]


def _sample(exercise: Exercise, index: int) -> Network:
    """The network on some nice numbers, whatever they tell apart."""
    stream = Stream(f"sample/{index}")
    if exercise.track is not None:
        return run(_redrawn(exercise, stream))
    tensors: Tensors = exercise.tensors
    for stage in _stages(exercise):
        free = {name: role for name, role in stage.roles.items() if name not in exercise.vary.keep}
        before = run(_with(exercise, tensors, stage.first))
        draws = (_draw_stage(exercise, tensors, stage, free, stream) for _ in range(DRAWS))
        tensors = next((one for one in draws if one and _network(exercise, one, stage, before)), tensors)
    return run(_with(exercise, tensors, len(exercise.layer)))


def _fresh_track(exercise: Exercise, stream: Stream) -> tuple[Exercise, int]:
    """A tracked network with other sizes: the first of so many draws without a fault, else the last."""
    structure, left = _structure(exercise), MANY
    for _ in range(DRAWS):
        candidate = _redrawn(exercise, stream)
        left = sum(1 for _ in faults(run(candidate), (0,), structure))
        if not left:
            break
    return candidate, left


def _redrawn(exercise: Exercise, stream: Stream) -> Exercise:
    """Other numbers of filters and units, and another image size; kernels and padding stay."""
    assert exercise.track is not None
    channels, *spatial = exercise.track.input
    layers = [_redrawn_layer(layer, stream) for layer in exercise.track.layers]
    side = spatial[0] if spatial else 0
    side += 2 * stream.between(-4, 4) if side > SMALL_IMAGE else 0
    track = Track(input=[channels, *(side for _ in spatial)], layers=layers)
    return msgspec.structs.replace(exercise, track=track)


def _redrawn_layer(layer: TrackedLayer, stream: Stream) -> TrackedLayer:
    if layer.filters is not None:
        return msgspec.structs.replace(layer, filters=stream.choice(FILTERS))
    if layer.units is not None:
        return msgspec.structs.replace(layer, units=stream.between(2, 10))
    return layer
