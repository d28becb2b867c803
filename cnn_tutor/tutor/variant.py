"""The same lesson with fresh numbers: a pure function of the lesson and a seed, the same on every machine for ever."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.lesson.twin import as_exercise
from cnn_tutor.tutor.diagnostic import faults
from cnn_tutor.tutor.erroneous import lines, shows_mistake
from cnn_tutor.tutor.search import Drawn, Fresh, form_of, fresh, structure_of
from cnn_tutor.tutor.stream import Stream

LESSONS = 400
"""How often a lesson is drawn at most; the best is taken."""

FORMS = 20
"""How often hyper-parameters and shapes are chosen until they fit together."""

SEVERAL = 3
"""A form with fewer outputs is not chosen, unless the printed one has fewer."""


def variant(lesson: Lesson, seed: int) -> Lesson:
    """``lesson`` with other numbers.

    Equal tensors of different exercises stay equal; what is printed about the sheet's numbers (notes and errata) is
    left out. An exercise whose sizes hide ideas whatever the numbers is drawn in the form of its twin.
    """
    attempts: list[list[Fresh]] = []
    for attempt in range(LESSONS):
        stream = Stream(f"{lesson.id}/{seed}/{attempt}")
        drawn: Drawn = {}
        attempts.append([fresh(_chosen_form(exercise, stream), stream, drawn) for exercise in lesson.exercise])
        if all(one.is_good or not one.is_bound for one in attempts[-1]):
            break
    exercises = [_with_workings(one.exercise) for one in _best(attempts)]
    return msgspec.structs.replace(lesson, notes="", erratum=[], questions=None, exercise=exercises)


def _best(attempts: Sequence[list[Fresh]]) -> list[Fresh]:
    """The attempt without a fault, which is the last one, or the first of those with the fewest."""
    if all(one.is_good for one in attempts[-1]):
        return attempts[-1]
    return min(attempts, key=lambda found: sum(one.left for one in found))


def hidden(exercise: Exercise, layer: int) -> list[tuple[str, ...]]:
    """The ideas about a layer, and pairs of them, that its numbers hide though other numbers would show them."""
    return list(faults(run(exercise), [layer], structure_of(exercise)))


def _chosen_form(exercise: Exercise, stream: Stream) -> Exercise:
    """What is drawn: the exercise or its twin, with other hyper-parameters and sizes where it says which."""
    vary = exercise.vary
    form = as_exercise(exercise, exercise.twin[0]) if vary.like == "twin" and exercise.twin else exercise
    general = [spec for spec in exercise.erroneous if not spec.tensor]
    prose = vary.prose or (exercise.prose if vary.like != "twin" else form.prose)
    title = vary.title or exercise.title
    form = msgspec.structs.replace(form, title=title, prose=prose, choice=exercise.choice, erroneous=general)
    if not form.vary.options and not form.vary.shapes:
        return msgspec.structs.replace(form, twin=[])
    sizes = [source.own.output.size for source in form_of(exercise).network]
    for _ in range(FORMS):
        chosen = _chosen(form, stream)
        try:
            network = form_of(chosen).network
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


def _with_workings(exercise: Exercise) -> Exercise:
    """The exercise with those finished workings that show a mistake on its numbers too."""
    if not exercise.erroneous:
        return exercise
    network, structure = run(exercise), structure_of(exercise)
    parts = [structure.asked(number, source).parts for number, source in enumerate(network)]
    shown = lines(exercise, network, parts, {key for spec in exercise.erroneous for key in spec.steps})
    return msgspec.structs.replace(
        exercise, erroneous=[spec for spec in exercise.erroneous if shows_mistake(spec, network, shown)]
    )
