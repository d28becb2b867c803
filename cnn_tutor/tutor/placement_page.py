"""What a placement shows: all that its one question needs at once, and at the end where to start."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from cnn_tutor.lesson.layer import Layer, references
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.tutor.panel import UNKNOWN, Mark, Panel, matrices
from cnn_tutor.tutor.paper import layers_in_words
from cnn_tutor.tutor.placement import Placement
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.symbols import symbol


def panels(question: Question, scene: Sequence[Panel]) -> tuple[Panel, ...]:
    """The data that the question needs, then its ``scene`` without what stays unknown."""
    needed = {name for layer in way(question) for name in _takes(layer)}
    shown = [one for one in scene if any(cell.mark not in UNKNOWN for row in one.rows for cell in row)]
    titles = {one.title for one in shown}
    data: list[Panel] = []
    for name, values in question.exercise.tensors.items():
        array = np.atleast_1d(np.array(values))
        if name in needed or question.source is None:
            data += matrices(symbol(name), array, np.full(array.shape, Mark.PLAIN))
    return (*(one for one in data if one.title not in titles), *shown)


def layers(question: Question) -> list[str]:
    """What is computed on the way to the answer, a layer each; a tracked network stands on the board."""
    if question.exercise.track is not None:
        return []
    return list(layers_in_words(msgspec.structs.replace(question.exercise, layer=way(question))))


def known(placement: Placement) -> list[Lesson]:
    """The lessons that the student seems to know, in course order."""
    return [lesson for name, lesson in placement.course.lessons.items() if name in placement.known]


def way(question: Question) -> list[Layer]:
    """The layers of the exercise up to the one that is asked about, without those that it does not need."""
    if question.source is None or question.source.layer is None:
        return []
    needed = {question.source.layer.output}
    found: list[Layer] = []
    for layer in reversed(_explicit(question.exercise)):
        if layer.output in needed:
            found.append(layer)
            needed.update(_takes(layer))
    return found[::-1]


def _explicit(exercise: Exercise) -> list[Layer]:
    """The layers, each with its input named."""
    found: list[Layer] = []
    before = next(iter(exercise.tensors), None)
    for layer in exercise.layer:
        found.append(msgspec.structs.replace(layer, input=layer.input or before) if layer.takes_input else layer)
        before = layer.output
    return found


def _takes(layer: Layer) -> set[str]:
    return {*([layer.input] if layer.input else []), *references(layer).values()}
