"""Questions: what a lesson asks, made from the steps of its traces and its multiple-choice questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from typing import Literal, TypeAlias

import numpy as np

from cnn_tutor.engine import Step, Trace, Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import QuestionError, ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson.limits import MOST_IN_DRILL, MOST_QUESTIONS
from cnn_tutor.lesson.network import LayerTrace, run
from cnn_tutor.lesson.schema import Choice, Erratum, Exercise, Lesson
from cnn_tutor.tutor import answer, numeric, place
from cnn_tutor.tutor.ask import Part
from cnn_tutor.tutor.erroneous import Line, working
from cnn_tutor.tutor.fields import fields_of
from cnn_tutor.tutor.parts import key_of, kind_of, op_of, parts_of, words_of
from cnn_tutor.tutor.symbols import operand, sentence_case
from cnn_tutor.tutor.words import Wording

Kind: TypeAlias = Literal["scalar", "vector", "matrix", "shape", "choice", "cells"]

_OF_A_SET = {"sum", "mean", "variance", "normalised"}
"""Kinds that are asked in the words for one set where there is only one."""
_REVEALING = {"window", "block", "set", "padded", "starts", "offsets", "size", "kernel_size", "set_size", "copies"}
"""Kinds whose formula with numbers filled in is the answer itself."""


@dataclass(frozen=True, eq=False)
class Question:
    """One or more steps asked at once.

    ``key`` names it for ever; ``skill`` is the kind of step, the unit of mastery; ``fast`` marks the questions about
    whole objects, which fast mode asks. ``wanted`` is the value to be typed (None for a choice).
    """

    key: str
    exercise: Exercise
    kind: Kind
    skill: str
    prompt: str
    fast: bool
    wanted: numeric.Wanted | None
    part: Part | None = None
    source: LayerTrace | None = None
    network: tuple[LayerTrace, ...] = ()
    choice: Choice | None = None
    errata: tuple[Erratum, ...] = ()
    hint: str = ""
    """For a choice, what to say when the student asks for more than a pointer."""
    label: str = ""
    words: Wording | None = None
    fields: dict[str, str] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value to be typed; a scalar has none."""
        return () if self.wanted is None else self.wanted.shape

    @property
    def text(self) -> str:
        """The right answer in a form that is accepted when typed."""
        if self.choice is not None:
            return self.choice.answer
        assert self.wanted is not None
        if self.kind == "shape":
            return "x".join(str(size) for size in self.wanted.exact.tolist())
        if self.kind == "cells":
            return place.write(place.places(self.wanted.exact))
        return answer.write(self.wanted.exact)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps asked, computed."""
        if self.part is None or self.source is None:
            return ()
        return tuple(self.source.trace.steps[position] for position in self.part.positions)

    @property
    def looked_at(self) -> Window:
        """What the first step asked reads first; where to look for the cells that are asked."""
        return self.steps[0].reads[0]

    @property
    def extent(self) -> tuple[int, ...]:
        """The shape of the tensor whose cells are asked."""
        assert self.source is not None
        return self.source.trace.tensors[self.looked_at.tensor].shape

    @property
    def formula(self) -> str:
        """``label = formula with numbers = ?``; without the numbers where they would be the answer."""
        if self.choice is not None or self.part is None or self.kind == "cells":
            return ""
        if len(self.part.positions) > 1 or self.part.ask.kind in _REVEALING:
            return f"{self.label} = ?"
        step = self.steps[0]
        if not step.reads:
            return f"{self.label} = ?"
        if len(step.operands) == 2 and step.op == "products":
            spelled = " ⊙ ".join(_bracketed(one) for one in step.operands)
        else:
            spelled = step.formula.spell(*([operand(v) for v in np.ravel(one)] for one in step.operands))
        return f"{self.label} = {spelled} = ?"


def _bracketed(value: Array) -> str:
    array = np.asarray(value)
    if array.ndim < 2:
        return "[" + " ".join(operand(v).strip("()") for v in np.ravel(array)) + "]"
    return "[" + "; ".join(_bracketed(row)[1:-1] for row in array) + "]"


def questions(lesson: Lesson) -> tuple[Question, ...]:
    """Everything the guided lesson asks, in order. Raises ShapeError or QuestionError where it does not fit."""
    too_many = _("lesson {id} asks more than {number} questions").format(id=lesson.id, number=MOST_QUESTIONS)
    return _questions(lesson, _of_exercise, MOST_QUESTIONS, too_many)


def wholes(lesson: Lesson) -> tuple[Question, ...]:
    """What a drill asks, which fast mode would ask of it. Raises as :func:`questions` does."""
    text = _("a drill of so many problems asks more than {number} questions; choose fewer with --count")
    return _questions(lesson, _wholes_of_exercise, MOST_IN_DRILL, text.format(number=MOST_IN_DRILL))


def steps_before(lesson: Lesson, question: Question) -> tuple[Question, ...]:
    """What the guided lesson asks in the exercise of ``question`` before it."""
    exercise = question.exercise
    asked = _of_parts(lesson, exercise, question.network, parts_of(exercise, question.network))
    return tuple(takewhile(lambda one: one.key != question.key, asked))


def _questions(
    lesson: Lesson, of_exercise: Callable[[Lesson, Exercise], Iterator[Question]], most: int, too_many: str
) -> tuple[Question, ...]:
    asked: list[Question] = []
    for exercise in lesson.exercise:
        try:
            asked += list(of_exercise(lesson, exercise))
        except ShapeError:
            raise
        except ValueError as error:
            raise QuestionError(
                _("lesson {id}, exercise {exercise}: {error}").format(id=lesson.id, exercise=exercise.id, error=error)
            ) from error
        if len(asked) > most:
            raise QuestionError(too_many)
    keys = [question.key for question in asked]
    doubled = {key for key in keys if keys.count(key) > 1} if len(set(keys)) < len(keys) else set()
    if doubled:
        raise QuestionError(_("two questions have the key {value}").format(value=repr(sorted(doubled)[0])))
    return tuple(asked)


def in_fast_mode(asked: Sequence[Question]) -> frozenset[str]:
    """The keys of what fast mode asks: whole objects, and the steps where an exercise asks about no whole."""
    with_wholes = {one.exercise.id for one in asked if one.fast and one.choice is None}
    stepwise = (one for one in asked if one.choice is None and one.exercise.id not in with_wholes)
    return frozenset(one.key for one in (*stepwise, *(one for one in asked if one.fast)))


def _of_exercise(lesson: Lesson, exercise: Exercise) -> Iterator[Question]:
    for choice in exercise.choice:
        if choice.place == "start":
            yield _choice(lesson, exercise, choice)
    network = run(exercise)
    asked = list(_of_parts(lesson, exercise, network, parts_of(exercise, network)))
    yield from asked
    for spec in exercise.erroneous:
        shown = [_line(question) for question in asked]
        yield replace(
            _choice(lesson, exercise, working(spec, network, shown)), skill="find the slip", fast=False, hint=spec.why
        )
    for choice in exercise.choice:
        if choice.place == "end":
            yield _choice(lesson, exercise, choice)


def _of_parts(
    lesson: Lesson, exercise: Exercise, network: tuple[LayerTrace, ...], parts: Iterable[list[Part]]
) -> Iterator[Question]:
    """The questions about the ``parts`` of each layer of the ``network`` that an exercise is."""
    ideals = run(exercise, without_eps=True)
    for exact, ideal, own in zip(network, ideals, parts, strict=True):
        for part in own:
            yield replace(_question(lesson, exercise, exact, ideal.trace, part), network=network)


def _wholes_of_exercise(lesson: Lesson, exercise: Exercise) -> Iterator[Question]:
    """The questions about whole objects; where there is none, about the steps."""
    network = run(exercise)
    every = list(parts_of(exercise, network))
    kept = [[part for part in own if part.ask.is_whole] for own in every]
    return _of_parts(lesson, exercise, network, kept if any(kept) else every)


def _line(question: Question) -> Line:
    """A question as a line of a finished working."""
    assert question.part is not None
    assert question.source is not None
    assert question.wanted is not None
    right = np.asarray(question.wanted.exact, dtype=np.float64)
    return Line(key_of(question.part), question.source, question.part.target, right, lambda: question.label)


def _choice(lesson: Lesson, exercise: Exercise, choice: Choice) -> Question:
    return Question(
        key=f"{lesson.id}/{exercise.id}/{choice.id}",
        exercise=exercise,
        kind="choice",
        skill="choice",
        prompt=choice.prompt,
        fast=True,
        wanted=None,
        choice=choice,
    )


def _question(lesson: Lesson, exercise: Exercise, source: LayerTrace, ideal: Trace, part: Part) -> Question:
    op, kind, words = op_of(source), kind_of(part), words_of(source, part)
    key = f"{lesson.id}/{exercise.id}/{key_of(part)}"
    fields = fields_of(exercise, source, op, part)
    fields["label"] = label = _(words.label).format(**fields)
    wanted = _cells(source, part) if part.ask.whole == "cells" else _value(source, ideal, part)
    return Question(
        key=key,
        exercise=exercise,
        kind=_kind(op, part, wanted.shape),
        skill=f"{op} {kind}" if part.ask.kind == "output" else kind,
        prompt=_prompt(words, part, wanted.shape, fields),
        fast=part.ask.is_whole,
        wanted=wanted,
        part=part,
        source=source,
        errata=tuple(one for one in lesson.erratum if f"{lesson.id}/{one.question}" == key),
        label=label,
        words=words,
        fields=fields,
    )


def _value(source: LayerTrace, ideal: Trace, part: Part) -> numeric.Wanted:
    """What the steps write, with ε and without."""
    exact, without = source.trace.tensors.read(part.target), ideal.tensors.read(part.target)
    return numeric.Wanted(np.asarray(exact), None if np.array_equal(exact, without) else np.asarray(without))


def _cells(source: LayerTrace, part: Part) -> numeric.Wanted:
    """Which cells the step reads first. Raises ValueError for a step that reads no tensor with axes."""
    reads = source.trace.steps[part.positions[0]].reads
    shape = source.trace.tensors[reads[0].tensor].shape if reads else ()
    if not shape:
        raise ValueError(_("{kind} reads no cells that could be asked").format(kind=repr(part.ask.kind)))
    return numeric.Wanted(place.cells(reads[0].index, shape))


def _kind(op: str, part: Part, shape: tuple[int, ...]) -> Kind:
    if part.ask.whole == "cells":
        return "cells"
    if op == "track" and part.ask.kind == "shape":
        return "shape"
    return "scalar" if not shape else "vector" if len(shape) == 1 else "matrix"


def _prompt(words: Wording, part: Part, shape: tuple[int, ...], fields: dict[str, str]) -> str:
    """The question in one sentence; a row of a matrix is asked as the whole is, with the row named."""
    by_row = part.ask.whole == "rows"
    of_a_set = part.ask.kind in _OF_A_SET and len(part.positions) == 1
    as_whole = part.ask.is_whole and not of_a_set and not (by_row and not shape)
    text = _(words.whole if as_whole else words.one).format(**fields)
    text = sentence_case(text)
    if not (by_row and shape):
        return text
    if text.endswith(" = ?"):
        return _("{asked}, row {row} = ?").format(asked=text.removesuffix(" = ?"), row=fields["at"])
    if len(shape) > 1:
        return _("{asked} Map {row} only.").format(asked=text, row=fields["at"])
    return _("{asked} Row {row} only.").format(asked=text, row=fields["at"])
