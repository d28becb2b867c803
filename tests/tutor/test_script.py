"""The steps that an idea is followed along: the same on any numbers, and enough to know what it gives."""

import msgspec
import numpy as np
import pytest

from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.network import run
from cnn_tutor.tutor.answer import read, write
from cnn_tutor.tutor.candidate import candidates, explaining, is_right
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.remembered import forget
from cnn_tutor.tutor.script import outline
from cnn_tutor.tutor.variant import variant
from tests.course import DATA, LESSONS

TESTS = [parse((DATA / f"{name}.toml").read_text(encoding="utf-8")) for name in ("each-op", "every-op", "beyond")]


def plans(trace):
    return [plan for block in trace.blocks for item in range(block.count) for plan in block.plans(item)]


def test_steps_are_the_same_on_any_numbers_of_the_same_shapes():
    known = {}
    alone = [msgspec.structs.replace(TESTS[0], exercise=[one]) for one in TESTS[0].exercise]
    others = [
        LESSONS[one] for one in ("head", "bn-inference", "folding", "transposed", "backward-pool", "backward-norm")
    ]
    for lesson in (*alone, *others):
        for seed in (1, 2):
            for exercise in variant(lesson, seed).exercise:
                for source in run(exercise):
                    trace = source.own
                    form = (source.call.form, outline(trace), *trace.tensors)
                    other = known.setdefault(form, plans(trace))
                    for one, same in zip(plans(trace), other, strict=True):
                        assert (one.op, one.reads, one.target) == (same.op, same.reads, same.target)
                        operands = [trace.tensors.read(window) for window in one.reads]
                        assert np.array_equal(one.formula.compute(*operands), same.formula.compute(*operands))


def test_the_steps_of_an_item_are_those_of_its_parts():
    for lesson in TESTS:
        for exercise in lesson.exercise:
            for source in run(exercise):
                for block in (*source.own.blocks, *source.trace.blocks):
                    for item in range(block.count):
                        parts = [block.plan(item, part) for part in range(block.width)]
                        described = [(one.op, one.reads, one.target) for one in block.plans(item)]
                        assert described == [(one.op, one.reads, one.target) for one in parts]


@pytest.mark.parametrize("lesson", ["conv1d", "pooling", "batchnorm", "mini-cnn"])
def test_what_one_wrong_cell_leaves_is_what_all_cells_leave(lesson):
    """An answer is explained by the same ideas, whether every idea was worked out before or is only looked at now."""
    for question in questions(LESSONS[lesson]):
        if question.wanted is None or question.kind in ("shape", "cells"):
            continue
        for upstream in (False, True):
            known = candidates(question, upstream=upstream)
            wrong = [
                one.value for one in known if one.value.shape == question.shape and not is_right(question, one.value)
            ]
            typed = [read(write(np.round(value, 8)), question.shape) for value in wrong[:6]]
            prepared = [explaining(question, one, upstream=upstream) for one in typed]
            forget()
            assert [explaining(question, one, upstream=upstream) for one in typed] == prepared
