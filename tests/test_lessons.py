"""Every shipped lesson: it loads, checks, and a student who knows the answers finishes it, whatever the numbers."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.lesson.layer import op_name, references
from cnn_tutor.lesson.layers import LAYERS
from cnn_tutor.lesson.load import load, parse
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.twin import twin
from cnn_tutor.tutor.explain import document, solution
from cnn_tutor.tutor.feedback import Correct
from cnn_tutor.tutor.hint import hint, worked
from cnn_tutor.tutor.lint import lint
from cnn_tutor.tutor.question import in_fast_mode
from cnn_tutor.tutor.scene import scene
from cnn_tutor.tutor.session import start, submit
from cnn_tutor.tutor.skill import KINDS, OPS
from cnn_tutor.tutor.variant import variant
from tests.course import DATA, FILES, IDS, LESSONS, asked, perfect

THE_WORKSHEET = (
    *("conv1d", "conv1d-padding", "conv2d", "channels", "pooling", "matrix", "mini-cnn"),
    *("baseline", "batchnorm", "layernorm", "groupnorm", "summary", "extra"),
)

BEYOND = (
    *("bias", "channels-in", "filters", "tracking", "same", "one-by-one", "receptive-field", "dilation", "head"),
    *("counting", "grouped", "bn-inference", "norm-maps", "folding", "transposed"),
    *("backward-pool", "backward-conv", "backward-norm", "classic-networks", "residual-networks", "whole-network"),
)


def test_the_lessons_are_those_of_the_worksheet_in_its_order_then_those_beyond_it():
    assert (*THE_WORKSHEET, *BEYOND) == IDS
    assert [file.name for file in FILES.values()] == [f"{n:02}-{one}.toml" for n, one in enumerate(IDS, 1)]


@pytest.mark.parametrize("lesson", IDS)
class TestEveryLesson:
    def test_it_checks_without_a_fault(self, lesson):
        assert lint(FILES[lesson]) == []

    def test_it_says_how_many_questions_it_asks(self, lesson):
        assert LESSONS[lesson].questions == len(asked(lesson))

    def test_what_it_needs_stands_before_it(self, lesson):
        assert set(LESSONS[lesson].needs) <= set(IDS[: IDS.index(lesson)])

    def test_its_keys_are_distinct_and_begin_with_its_id(self, lesson):
        keys = [question.key for question in asked(lesson)]
        assert len(set(keys)) == len(keys)
        assert all(key.startswith(f"{lesson}/") for key in keys)

    def test_its_skills_have_names(self, lesson):
        for skill in {question.skill for question in asked(lesson)}:
            op, result, _ = skill.partition(" output")
            assert op in (OPS if result else KINDS)

    @pytest.mark.parametrize("fast", [False, True])
    def test_a_perfect_student_finishes_it_and_hears_correct_each_time(self, lesson, fast):
        heard = list(perfect(start(LESSONS[lesson], fast=fast)))
        assert [feedback for _, feedback in heard] == [Correct()] * len(heard)
        kept = in_fast_mode(asked(lesson)) if fast else {question.key for question in asked(lesson)}
        assert [q.key for q, _ in heard] == [q.key for q in asked(lesson) if q.key in kept]

    @pytest.mark.parametrize("text", ["", "   ", "banana"])
    @pytest.mark.parametrize("fast", [False, True])
    def test_one_who_types_nothing_or_nonsense_answers_nothing(self, lesson, fast, text):
        session = start(LESSONS[lesson], fast=fast)
        for _ in session.asked:
            session, feedback = submit(session, text)
            assert not isinstance(feedback, Correct)
        assert session.done == 0
        assert session.position == session.asked[0]

    def test_it_can_be_written_and_read_again_unchanged(self, lesson, tmp_path):
        again = msgspec.convert(msgspec.to_builtins(LESSONS[lesson]), type(LESSONS[lesson]))
        assert again == LESSONS[lesson]

    @pytest.mark.parametrize("fast", [False, True])
    def test_a_perfect_student_finishes_its_twin(self, lesson, fast):
        other = twin(LESSONS[lesson])
        assert (other is None) is not any(exercise.twin for exercise in LESSONS[lesson].exercise)
        heard = [] if other is None else list(perfect(start(other, fast=fast)))
        assert [feedback for _, feedback in heard] == [Correct()] * len(heard)

    def test_every_tensor_of_the_file_is_work_for_a_layer(self, lesson):
        """A tensor that no layer reads could hold an answer."""
        for exercise in LESSONS[lesson].exercise:
            read = {name for source in run(exercise) for name in source.trace.inputs}
            read |= {name for layer in exercise.layer for name in references(layer).values()}
            assert set(exercise.tensors) <= read


@given(seed=st.integers(-(2**63), 2**63 - 1), lesson=st.sampled_from(IDS), fast=st.booleans())
@settings(max_examples=150)
def test_a_perfect_student_finishes_any_lesson_with_any_numbers(seed, lesson, fast):
    fresh = start(variant(LESSONS[lesson], seed), fast=fast, seed=seed)
    assert {type(feedback) for _, feedback in perfect(fresh)} == {Correct}


@given(seed=st.integers(0, 10**6), lesson=st.sampled_from(IDS), fast=st.booleans())
@settings(max_examples=80)
def test_the_worked_solution_holds_what_is_asked_in_that_order(seed, lesson, fast):
    fresh = variant(LESSONS[lesson], seed)
    worked = document(fresh, fast=fast, seed=seed)
    listed = [(q["key"], q["prompt"], q["text"]) for exercise in worked["exercises"] for q in exercise["questions"]]
    session = start(fresh, fast=fast, seed=seed)
    assert listed == [(q.key, q.prompt, q.text) for q in (session.questions[place] for place in session.asked)]


@pytest.mark.parametrize("key", ["answer", "answers", "value", "expected", "result", "solution", "output_value"])
def test_no_table_of_a_lesson_has_a_place_for_a_computed_answer(key):
    """Only a multiple-choice question names its right option."""
    from cnn_tutor.lesson import schema

    records = [
        schema.Lesson,
        schema.Exercise,
        schema.Erratum,
        schema.Vary,
        schema.Twin,
        schema.Track,
        schema.TrackedLayer,
    ]
    assert all(key not in record.__struct_fields__ for record in (*records, *LAYERS))
    assert all(record.__struct_config__.forbid_unknown_fields for record in (*records, *LAYERS))


def test_every_erratum_prints_something_else_than_the_engine_gives():
    errata = [(q, erratum) for lesson in IDS for q in asked(lesson) for erratum in q.errata]
    assert len(errata) == sum(len(lesson.erratum) for lesson in LESSONS.values())
    for q, erratum in errata:
        printed = np.array(erratum.printed)
        assert printed.shape == q.shape
        assert not np.allclose(printed, q.wanted.exact, rtol=1e-9, atol=1e-9)


def test_a_lesson_keeps_its_numbers_when_loaded_twice():
    assert [load(file) for file in FILES.values()] == list(LESSONS.values())


EVERY_OP = parse((DATA / "every-op.toml").read_text(encoding="utf-8"))


def test_the_lesson_of_every_operation_names_each_of_them():
    used = {op_name(layer) for exercise in EVERY_OP.exercise for layer in exercise.layer}
    assert used == {str(layer.__struct_config__.tag) for layer in LAYERS}


def test_every_operation_can_be_asked_hinted_drawn_and_explained():
    assert lint(DATA / "every-op.toml") == []
    session = start(EVERY_OP)
    while not session.finished:
        one = session.current
        assert scene(session)
        assert all(hint(one, level) for level in (1, 2, 3)), one.key
        assert "{" not in one.prompt + one.formula, one.key
        assert worked(one)
        session, feedback = submit(session, one.text)
        assert isinstance(feedback, Correct), one.key
    written = "\n".join(solution(EVERY_OP))
    assert all(one.prompt in written for one in session.questions)
