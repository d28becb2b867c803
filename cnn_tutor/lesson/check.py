"""Does a lesson mean something? The second pass over a file that is well formed: every name, shape and key must fit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.layer import arguments, op_name
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.lesson.twin import as_exercise


def faults(lesson: Lesson) -> Iterator[tuple[Path, str]]:
    """What is wrong in ``lesson``, each with the path of the value to mend."""
    seen: set[str] = set()
    for number, exercise in enumerate(lesson.exercise):
        path: Path = ("exercise", number)
        if exercise.id in seen:
            yield (*path, "id"), f"another exercise has the id {exercise.id!r}"
        seen.add(exercise.id)
        yield from _exercise_faults(exercise, path)


def _exercise_faults(exercise: Exercise, path: Path) -> Iterator[tuple[Path, str]]:
    if exercise.layer and exercise.track is not None:
        yield (*path, "track"), "an exercise has layers or a track, not both"
        return
    for name, data in exercise.tensors.items():
        problem = _data_fault(data)
        if problem:
            yield (*path, "tensors", name), problem
            return
    try:
        traces = run(exercise)
    except ShapeError as error:
        yield (*path, "track") if exercise.track is not None else (*path, "layer", _misfit(exercise)), str(error)
        return
    known = {trace.output for trace in traces}
    if exercise.track is not None:
        known = {"in", "total", *(layer.name for layer in exercise.track.layers)}
    for name in exercise.ask:
        if name not in known:
            yield (*path, "ask", name), f"no layer has the output {name!r}; there are {', '.join(sorted(known))}"
    yield from _vary_faults(exercise, (*path, "vary"))
    for number, twin in enumerate(exercise.twin):
        try:
            run(as_exercise(exercise, twin))
        except ShapeError as error:
            yield (*path, "twin", number), str(error)
    for number, choice in enumerate(exercise.choice):
        at = (*path, "choice", number)
        if choice.answer not in choice.options:
            yield (*at, "answer"), f"{choice.answer!r} is not one of the options"
        for option in choice.options:
            if option != choice.answer and option not in choice.why:
                yield (*at, "why"), f"there is no reason for the wrong option {option!r}"


def _vary_faults(exercise: Exercise, path: Path) -> Iterator[tuple[Path, str]]:
    """What names a tensor, a layer or a hyper-parameter that is not there."""
    vary, layers = exercise.vary, {layer.output: layer for layer in exercise.layer}
    if vary.like and not exercise.twin:
        yield (*path, "like"), "this exercise has no twin"
    for key, names in (("keep", vary.keep), ("shapes", vary.shapes)):
        for name in names:
            if name not in exercise.tensors:
                yield (*path, key), f"there is no tensor {name!r}"
    for output, fields in vary.options.items():
        for field in fields:
            if output not in layers:
                yield (*path, "options", output), f"no layer has the output {output!r}"
            elif field not in arguments(layers[output]):
                yield (*path, "options", output), f"{op_name(layers[output])} has no hyper-parameter {field!r}"


def _misfit(exercise: Exercise) -> int:
    """Which layer is the first that does not fit."""
    for number in range(len(exercise.layer)):
        try:
            run(replace(exercise, layer=exercise.layer[: number + 1]))
        except ShapeError:
            return number
    return 0


def _data_fault(data: object) -> str:
    try:
        array = np.array(data)
    except ValueError:
        return "the rows must all have the same length"
    if array.dtype.kind not in "if" or array.size == 0:
        return "a tensor holds numbers, as in [1, 2] or [[1, 2], [3, 4]]"
    return "" if np.all(np.isfinite(array)) else "a tensor holds finite numbers only"
