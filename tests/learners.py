"""Simulated learners: one who holds a single wrong idea throughout, and one who only slips now and then."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.answer import write
from cnn_tutor.tutor.candidate import candidates, is_right
from cnn_tutor.tutor.feedback import Feedback, Incorrect, diagnosis_of
from cnn_tutor.tutor.judgement import Context, check
from cnn_tutor.tutor.place import places
from cnn_tutor.tutor.place import write as write_cells
from cnn_tutor.tutor.question import Question, questions


@dataclass(frozen=True)
class Heard:
    """What a learner with idea ``idea`` heard after typing its value at ``question``."""

    idea: str
    question: Question
    feedback: Feedback

    @property
    def ids(self) -> tuple[str, ...]:
        """The ideas that were named."""
        diagnosis = diagnosis_of(self.feedback)
        return () if diagnosis is None else diagnosis.ids


def believers(lesson: Lesson) -> Iterator[Heard]:
    """For every idea that gives a wrong value at a question of ``lesson``: what its holder hears there."""
    asked = questions(lesson)
    slips: set[str] = set()
    for place, question in enumerate(asked):
        for one in candidates(question):
            if not is_right(question, one.value) and (question.shape or not one.value.shape):
                suspected = frozenset({one.row.id} & slips)
                context = Context(earlier=asked[:place], suspected=suspected)
                feedback = check(question, _write(question, one.value), context)
                if isinstance(feedback, Incorrect) and one.row.id in feedback.suspects:
                    slips.add(one.row.id)
                yield Heard(one.row.id, question, feedback)


def _write(question: Question, value: np.ndarray) -> str:
    if question.kind == "shape":
        return "x".join(str(int(size)) for size in value)
    if question.kind == "cells":
        return write_cells(places(value))
    return write(np.round(value, 8))


def slippers(lesson: Lesson, seed: int, tries: int = 4) -> Iterator[tuple[Question, Feedback]]:
    """Whole outputs with one slip: a product's sign (40 %), a sum off by 1 or 2 (40 %), a product left out (20 %)."""
    chance = random.Random(f"{lesson.id}/{seed}")
    asked = questions(lesson)
    for place, question in enumerate(asked):
        for products in _products(question) if _is_output(question) else ():
            for _ in range(tries):
                slip = _slip(chance, products[1])
                if slip:
                    value = np.array(question.wanted.exact, dtype=float)
                    value.reshape(-1)[products[0]] += slip
                    yield question, check(question, write(value), Context(earlier=asked[:place], fast=True))


def _is_output(question: Question) -> bool:
    part = question.part
    return part is not None and part.ask.kind == "output" and part.ask.whole == "all" and len(question.shape) > 0


def _products(question: Question) -> Iterator[tuple[int, list[float]]]:
    """The products behind each cell of a convolution or a dense layer, in the order of its cells."""
    steps = [step for step in question.source.own.steps if step.op in ("products", "weighted_sum", "output")]
    op = question.source.call.op
    if op.startswith("conv"):
        found = [np.ravel(step.value).tolist() for step in steps if step.op == "products"]
    elif op == "linear":
        dots = [step for step in steps if len(step.operands) == 2 and np.ndim(step.operands[0]) == 1]
        found = [(np.asarray(step.operands[0]) * step.operands[1]).tolist() for step in dots]
    else:
        return
    yield from enumerate(found)


def _slip(chance: random.Random, products: list[float]) -> float:
    kind, product = chance.random(), chance.choice(products)
    if kind < 0.4:
        return -2 * product
    return chance.choice((-2, -1, 1, 2)) if kind < 0.8 else -product
