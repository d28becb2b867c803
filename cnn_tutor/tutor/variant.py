"""The same lesson with fresh numbers: a pure function of the lesson and a seed, the same on every machine for ever.

Numbers are drawn stage by stage: the tensors that a layer is the first to use, and the layers after it that bring none
of their own. A stage is drawn again until its numbers are good for work by hand and tell wrong ideas apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import msgspec
import numpy as np

from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.layer import op_name
from cnn_tutor.lesson.network import LayerTrace, run, running
from cnn_tutor.lesson.schema import Data, Exercise, Lesson
from cnn_tutor.lesson.twin import as_exercise
from cnn_tutor.tutor.diagnostic import Structure, faults
from cnn_tutor.tutor.draw import Stage, Tensors, draw_stage, redrawn, stages
from cnn_tutor.tutor.nice import is_nice
from cnn_tutor.tutor.numbers import Role
from cnn_tutor.tutor.question import asks_for, questions
from cnn_tutor.tutor.stream import Stream

LESSONS, EXERCISES, DRAWS = 40, 16, 100
"""How often a lesson, an exercise and a stage of one are drawn at most; the best is taken."""

FORMS = 20
"""How often hyper-parameters and shapes are chosen until they fit together."""

SEVERAL = 3
"""A form with fewer outputs is not chosen, unless the printed one has fewer."""

CONTENDERS = 10
"""Of so many draws with faults the best is taken."""

MANY = 1000
"""Faults of numbers that do not fit at all."""


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
        left = sum(one.left for one in fresh)
        if best is None or left < best[0]:
            best = left, [one.exercise for one in fresh]
        if not any(one.left and one.bound for one in fresh):
            break
    assert best is not None
    other = msgspec.structs.replace(lesson, notes="", erratum=[], questions=None)
    exercises = [_with_workings(other, exercise) for exercise in best[1]]
    return msgspec.structs.replace(other, exercise=exercises)


def hidden(exercise: Exercise, layer: int) -> list[tuple[str, ...]]:
    """The ideas about a layer, and pairs of them, that its numbers hide though other numbers would show them."""
    return list(faults(run(exercise), [layer], _structure(exercise)))


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


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An exercise drawn, the faults that are ``left``, and whether it was ``bound`` by numbers of another one."""

    exercise: Exercise
    left: int
    bound: bool = False


def _fresh(exercise: Exercise, stream: Stream, drawn: Drawn) -> _Fresh:
    """The exercise with other numbers."""
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
    return _Fresh(msgspec.structs.replace(exercise, tensors=best[0]), best[1], bound=bool(shared))


def _fresh_tensors(exercise: Exercise, tensors: Tensors, fixed: set[str], stream: Stream) -> tuple[Tensors, int]:
    """``tensors`` drawn anew stage by stage, but for those that are ``fixed``, and the faults that are left."""
    total = 0
    for stage in stages(exercise):
        free = {name: role for name, role in stage.roles.items() if name not in fixed}
        tensors, left = _best(exercise, tensors, stage, free, stream)
        total += left
        if left == MANY:
            break
    return tensors, total


def _best(
    exercise: Exercise, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream
) -> tuple[Tensors, int]:
    """The first of so many draws of a stage without a fault, or the best of some, and the faults that are left."""
    before = run(_with(exercise, tensors, stage.first))
    structure, numbers = _structure(exercise), range(stage.first, stage.last + 1)
    tried: list[tuple[Tensors, Network]] = []
    for _ in range(DRAWS if free else 1):
        candidate = draw_stage(exercise, tensors, stage, free, stream)
        network = _network(exercise, candidate, stage, before)
        if candidate is not None and network is not None:
            if next(faults(network, numbers, structure), None) is None:
                return candidate, 0
            tried.append((candidate, network))
    left = [sum(1 for _ in faults(network, numbers, structure)) for _, network in tried[:CONTENDERS]]
    return (tried[left.index(min(left))][0], min(left)) if left else (tensors, MANY)


def _network(exercise: Exercise, tensors: Tensors | None, stage: Stage, before: Network) -> Network | None:
    """The layers up to the end of a stage; None where they do not fit together or are not good for work by hand."""
    if tensors is None:
        return None
    layers = exercise.layer
    network = list(before)
    try:
        for source in running(_with(exercise, tensors, stage.last + 1), after=before):
            following = op_name(layers[len(network) + 1]) if len(network) + 1 < len(layers) else ""
            if not is_nice(source, network, following):
                return None
            network.append(source)
    except ShapeError:
        return None
    return tuple(network)


def _with(exercise: Exercise, tensors: Tensors, layers: int) -> Exercise:
    """The exercise with other tensors and its first ``layers`` alone."""
    return msgspec.structs.replace(exercise, tensors=tensors, layer=exercise.layer[:layers])


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
        return run(redrawn(exercise, stream))
    tensors: Tensors = exercise.tensors
    for stage in stages(exercise):
        free = {name: role for name, role in stage.roles.items() if name not in exercise.vary.keep}
        before = run(_with(exercise, tensors, stage.first))
        draws = (draw_stage(exercise, tensors, stage, free, stream) for _ in range(DRAWS))
        tensors = next((one for one in draws if one and _network(exercise, one, stage, before)), tensors)
    return run(_with(exercise, tensors, len(exercise.layer)))


def _fresh_track(exercise: Exercise, stream: Stream) -> _Fresh:
    """A tracked network with other sizes: the first of so many draws without a fault, else the last."""
    structure, left = _structure(exercise), MANY
    for _ in range(DRAWS):
        candidate = redrawn(exercise, stream)
        left = sum(1 for _ in faults(run(candidate), (0,), structure))
        if not left:
            break
    return _Fresh(candidate, left)
