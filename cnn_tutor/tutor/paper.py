"""The paper twin of a lesson: the same problems with blanks to write in, or with the worked key. It has no layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from cnn_tutor.language import _
from cnn_tutor.lesson.layer import Layer, op_name, references
from cnn_tutor.lesson.network import sizes
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.tutor.hint import shown, worked
from cnn_tutor.tutor.question import Question, questions
from cnn_tutor.tutor.settings import settings
from cnn_tutor.tutor.symbols import number, symbol

Table = tuple[tuple[str, ...], ...]
"""Rows of cells, each written as text."""


@dataclass(frozen=True, slots=True)
class Given:
    """A tensor of a problem; a vector is one row, a number one cell."""

    name: str
    rows: Table


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its number on the sheet.

    ``rows`` and ``columns`` are those of the blank, 0 where a line is enough; ``answer`` has as many cells. ``working``
    is the formula with its numbers, where there is one.
    """

    number: int
    prompt: str
    options: tuple[str, ...]
    rows: int
    columns: int
    answer: Table
    working: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An exercise: what is given, what is computed, what is asked."""

    title: str
    prose: str
    givens: tuple[Given, ...]
    layers: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A lesson on paper. ``key`` says whether the answers are to be shown."""

    title: str
    lesson: str
    seed: int | None
    intro: str
    conventions: str
    problems: tuple[Problem, ...]
    key: bool

    @property
    def check(self) -> str:
        """How to work through the same sheet on a screen."""
        return f"cnn-tutor learn {self.lesson}{'' if self.seed is None else f' --seed {self.seed}'}"


def paper(lesson: Lesson, *, seed: int | None, key: bool) -> Paper:
    """The sheet of ``lesson``, whose numbers are already those of ``seed``."""
    problems = []
    items = iter(range(1, 10_000))
    for _exercise_id, group in groupby(questions(lesson), lambda question: question.exercise.id):
        asked = list(group)
        exercise = asked[0].exercise
        problems.append(
            Problem(
                exercise.title,
                exercise.prose.strip(),
                tuple(_givens(exercise)),
                tuple(layers_in_words(exercise)),
                tuple(_item(next(items), one) for one in asked),
            )
        )
    return Paper(lesson.title, lesson.id, seed, lesson.intro, lesson.conventions, tuple(problems), key)


def _givens(exercise: Exercise) -> Iterator[Given]:
    for name, data in exercise.tensors.items():
        array = np.array(data)
        title = symbol(name)
        if array.ndim < 3:
            yield Given(title, _table(array))
            continue
        for lead in np.ndindex(array.shape[:-2]):
            yield Given(f"{title}[{','.join(str(at + 1) for at in lead)}]", _table(array[lead]))


def _table(array: Any) -> Table:
    rows = np.atleast_2d(array)
    return tuple(tuple(number(value, 4) for value in row.tolist()) for row in rows)


def layers_in_words(exercise: Exercise) -> Iterator[str]:
    """What is computed, one line a layer: the op, what it takes, its hyper-parameters."""
    for layer in exercise.layer:
        takes = [symbol(name) for name in ([layer.input] if layer.input else []) + list(references(layer).values())]
        own = settings(layer)
        with_words = _(" with {tensors}").format(tensors=", ".join(takes)) if takes else ""
        yield f"{symbol(layer.output)}: {_op(layer)}{with_words}" + (f"; {', '.join(own)}" if own else "")
    if exercise.track is not None:
        yield f"in: {'×'.join(map(str, exercise.track.input))}"
        for tracked in exercise.track.layers:
            known = sizes(tracked)
            own = [f"{key.replace('_', ' ')} {value}" for key, value in known.items() if key not in ("name", "op")]
            yield f"{tracked.name}: {tracked.op.replace('_', ' ')}" + (f"; {', '.join(own)}" if own else "")


def _op(layer: Layer) -> str:
    return op_name(layer).replace("_", " ")


def _item(place: int, question: Question) -> Item:
    options = () if question.choice is None else tuple(question.choice.options)
    shape = question.shape if question.kind in ("scalar", "vector", "matrix") else ()
    if question.kind in ("choice", "shape", "cells"):
        return Item(place, question.prompt, options, 0, 0, ((shown(question),),), "")
    rows, columns = _size(shape)
    cells = shown(question).replace(";", " ").split()
    answer = tuple(tuple(cells[row * columns : (row + 1) * columns]) for row in range(rows))
    working = worked(question) if question.formula.count("=") > 1 else ""
    return Item(place, question.prompt, options, rows, columns, answer, working)


def _size(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a blank; leading axes stand below each other."""
    if not shape:
        return 1, 1
    columns = shape[-1]
    rows = 1
    for size in shape[:-1]:
        rows *= size
    return rows, columns
