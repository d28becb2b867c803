"""A lesson read aloud: every question with its worked solution, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec
import numpy as np

from cnn_tutor.lesson.layer import Layer, op_name
from cnn_tutor.lesson.network import sizes
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.tutor.hint import worked
from cnn_tutor.tutor.question import Question, in_fast_mode, questions


def document(lesson: Lesson, *, fast: bool = False, seed: int | None = None) -> dict[str, Any]:
    """The worked lesson as plain data, in the order in which the questions are asked."""
    asked = _asked(lesson, fast=fast)
    grouped = {key: list(group) for key, group in groupby(asked, lambda question: question.exercise.id)}
    return {
        "lesson": lesson.id,
        "title": lesson.title,
        "seed": seed,
        "exercises": [_exercise(exercise, grouped.get(exercise.id, [])) for exercise in lesson.exercise],
    }


def _asked(lesson: Lesson, *, fast: bool) -> list[Question]:
    """The questions of a mode."""
    every = questions(lesson)
    kept = in_fast_mode(every)
    return [one for one in every if not fast or one.key in kept]


def _exercise(exercise: Exercise, asked: list[Question]) -> dict[str, Any]:
    layers = [_layer(layer) for layer in exercise.layer]
    if exercise.track is not None:
        layers = [sizes(layer) for layer in exercise.track.layers]
    return {
        "id": exercise.id,
        "title": exercise.title,
        "tensors": exercise.tensors,
        "layers": layers,
        "questions": [
            {
                "key": question.key,
                "kind": question.kind,
                "prompt": question.prompt,
                "answer": _value(question),
                "text": question.text,
            }
            for question in asked
        ],
    }


def _layer(layer: Layer) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(layer)
    return {"op": op_name(layer), **fields}


def _value(question: Question) -> Any:
    if question.wanted is None or question.kind == "shape":
        return question.text
    return question.wanted.exact.tolist()


def solution(lesson: Lesson, *, fast: bool = False) -> Iterator[str]:
    """The worked lesson as Markdown, line by line."""
    yield f"# {lesson.title}"
    asked = _asked(lesson, fast=fast)
    for _, group in groupby(asked, lambda question: question.exercise.id):
        of_exercise = list(group)
        yield from _given(of_exercise[0].exercise)
        for question in of_exercise:
            yield f"- {question.prompt}  "
            yield f"  {worked(question)}"
        yield ""


def _given(exercise: Exercise) -> Iterator[str]:
    yield f"\n## {exercise.title}\n"
    if exercise.prose:
        yield f"{exercise.prose.strip()}\n"
    for name, data in exercise.tensors.items():
        yield f"    {name} = {_written(np.array(data))}"
    for layer in exercise.layer:
        yield f"    {_call(_layer(layer))}"
    for tracked in exercise.track.layers if exercise.track is not None else ():
        yield f"    {_call(sizes(tracked))}"
    yield ""


def _call(layer: dict[str, Any]) -> str:
    output = layer.pop("output", None) or layer.pop("name", "")
    op = layer.pop("op")
    return f"{output} = {op}({', '.join(f'{key}={value}' for key, value in layer.items())})"


def _written(array: Any) -> str:
    return str(array.tolist())
