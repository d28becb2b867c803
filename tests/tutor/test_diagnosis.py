"""It says why a wrong answer is wrong, and says nothing where it does not know."""

import os
from collections import defaultdict
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.twin import pairs, twin
from cnn_tutor.tutor.attempt import Attempt, recurring
from cnn_tutor.tutor.candidate import candidates
from cnn_tutor.tutor.feedback import Correct, Diagnosis, FollowsThrough, Incorrect, Unreadable, diagnosis_of
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.misconceptions import ALL, BY_ID
from cnn_tutor.tutor.probe import probe, table
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.session import go_to, skip, start, start_twin, submit
from cnn_tutor.tutor.used import used
from cnn_tutor.tutor.variant import variant
from tests.course import DATA, IDS, LESSONS, asked, question
from tests.learners import believers, slippers


def heard(key: str, text: str) -> tuple[str, ...]:
    """The ideas named when ``text`` is typed at a shipped question, with the questions before it done."""
    session = go_to(start(LESSONS[key.partition("/")[0]]), key)
    _, feedback = submit(session, text)
    diagnosis = diagnosis_of(feedback)
    return () if diagnosis is None else diagnosis.ids


class TestRows:
    def test_ids_are_unique_and_every_row_says_a_sentence_and_asks_a_question(self):
        assert len(BY_ID) == len(ALL)
        for row in ALL:
            assert row.name, row.id
            assert row.believes, row.id
            assert row.says.endswith("?"), row.id
            assert row.says.count("?") == 1, row.id

    def test_what_a_row_says_holds_no_number_but_those_of_its_idea(self):
        allowed = {"CONV.STRIDE1", "LEN.NO_STRIDE", "RELU.STEP", "RELU.ABS", "POOL.ABSMAX", "SIG.TANH", "SIG.EXP_SIGN"}
        for row in ALL:
            if row.id not in allowed:
                digits = [one for one in row.says.replace("180°", "") if one.isdecimal()]
                assert set(digits) <= {"0", "1", "2", "3"}, row.id


# How many ideas are unique, colliding and invisible at the sheet's own questions, as computed for the worksheet.
SHEET = {
    "conv1d/sheet/y[1].out_size": (3, 0, 0),
    "conv1d/sheet/y": (9, 4, 0),
    "conv1d-padding/sheet/y.padded": (5, 0, 0),
    "conv1d-padding/sheet/y[1].out_size": (1, 6, 2),
    "conv1d-padding/sheet/y": (8, 11, 1),
    "conv2d/sheet/Y[1].out_size": (3, 0, 0),
    "conv2d/sheet/Y": (12, 4, 1),
    "pooling/max/P.out_size": (1, 2, 1),
    "pooling/max/P": (9, 0, 0),
    "pooling/average/P": (10, 0, 0),
    "matrix/toeplitz/vecX": (1, 0, 0),
    "channels/sheet/conv.parameters": (6, 2, 0),
}


@pytest.mark.parametrize(("key", "counts"), SHEET.items())
def test_the_probe_table_of_the_sheet_is_the_one_known_for_it(key, counts):
    found = probe(question(key), upstream=True)
    assert (len(found.unique), sum(map(len, found.colliding)), len(found.invisible)) == counts


def test_the_probe_tables_of_all_lessons_are_those_that_were_read():
    """What ``check --diagnose`` prints of the printed numbers. Read the diff: does an idea still show where it did?

    ``CNN_TUTOR_GOLDEN=write`` writes the file anew.
    """
    file = DATA / "probe.txt"
    now = "\n".join(line for lesson in IDS for line in (f"# {lesson}", *table(asked(lesson)))) + "\n"
    if os.environ.get("CNN_TUTOR_GOLDEN") == "write":
        file.write_text(now, encoding="utf-8")
        pytest.fail(f"{file.name} is written anew: read its diff")
    assert now == file.read_text(encoding="utf-8")


class TestSheet:
    def test_one_idea_is_named(self):
        assert heard("conv1d/sheet/y", "0 0 4") == ("CONV.RELU_EARLY",)
        assert heard("pooling/average/P", "3.5 5.5; 3 2.5") == ("POOL.DIV_K",)
        assert heard("batchnorm/sheet/Y[1].mean", "4") == ("NORM.SUM_FOR_MEAN",)
        assert heard("mini-cnn/track/conv2.parameters", "1152") == ("PAR.NO_BIAS",)

    def test_several_lead_to_the_step_that_tells_them_apart(self):
        session = go_to(start(LESSONS["conv1d"]), "conv1d/sheet/y")
        _, feedback = submit(session, "1 1 -4")
        assert feedback.diagnosis.ids == ("CONV.FLIP", "CONV.NEG_TOTAL")
        assert feedback.diagnosis.leads_to == "conv1d/sheet/y[1].products"

    def test_another_convention_is_named_and_not_counted(self):
        session = go_to(start(LESSONS["matrix"]), "matrix/toeplitz/vecX")
        after, feedback = submit(session, "1 0 2 2 -1 1 1 0 1")
        assert feedback.diagnosis.ids == ("VEC.COLMAJOR",)
        assert not feedback.charged
        assert after.record(session.current).misses == 0

    def test_a_shape_alone_can_tell(self):
        session = go_to(start(LESSONS["conv1d"]), "conv1d/sheet/y")
        after, feedback = submit(session, "2 0 -3; 0 0 -1; 3 0 1")
        assert isinstance(feedback, Unreadable)
        assert feedback.diagnosis.ids == ("CONV.NO_SUM",)
        assert after.record(session.current).misses == 0

    def test_one_wrong_cell_of_three_is_a_slip_first(self):
        assert heard("conv1d/sheet/y", "-1 -1 5") == ()

    def test_where_nothing_fits_nothing_is_said(self):
        assert heard("conv1d/sheet/y", "9 9 9") == ()
        assert heard("conv2d/sheet/Y", "17 19; 23 29") == ()


class TestWorking:
    def test_the_term_that_is_off_is_named_without_its_value(self):
        session = go_to(start(LESSONS["conv1d"]), "conv1d/sheet/y[1]")
        for text, term in (
            ("1*2 + 0*0 + 3*1", 2),
            ("2*1 + 1*0 + 3*(-1) + 1", None),
            ("3*1 + 0*0 + 3*(-1)", 0),
            ("2+0+3", 2),
        ):
            _, feedback = submit(session, text)
            assert isinstance(feedback, Incorrect), text
            assert feedback.diagnosis.term == term
            assert "−3" not in feedback.diagnosis.text

    def test_right_working_in_any_order_of_factors_is_right(self):
        session = go_to(start(LESSONS["conv1d"]), "conv1d/sheet/y[1]")
        for text in ("2*1 + 0*0 + 3*(-1)", "1*2 + 0*0 - 3*1", "2 + 0 - 3"):
            assert isinstance(submit(session, text)[1], Correct)

    @given(st.text(alphabet="0123456789+-*/() .^eσ√", max_size=60))
    def test_any_working_is_survived(self, text):
        check(question("conv1d/sheet/y[1]"), text)

    def test_a_product_left_out_taken_twice_or_turned_round_is_named(self):
        one = question("conv1d/sheet/y[2]")  # products 0, 0, −1
        two = question("baseline/student/z2.weighted_sum")  # products 1, 10
        assert diagnosis_of(check(two, "1")).term == 1
        assert diagnosis_of(check(two, "21")).term == 1
        assert diagnosis_of(check(two, "9")).term == 0
        assert diagnosis_of(check(one, "0")).term == 2


class TestFollowThrough:
    def test_a_later_value_that_is_right_for_an_earlier_wrong_one_is_consistent(self):
        session = go_to(start(LESSONS["baseline"], fast=True), "baseline/student/z1")
        session, feedback = submit(session, "2 4")
        assert isinstance(feedback, Incorrect)
        session = skip(session)
        session, feedback = submit(session, "2 4")
        assert isinstance(feedback, Incorrect)  # h is a copy of z: nothing was carried
        session = go_to(session, "baseline/student/z2")
        before = session.record(session.current)
        session, feedback = submit(session, "9")
        assert isinstance(feedback, FollowsThrough)
        assert feedback.step == "baseline/student/z1"
        assert session.record(session.current) == before

    def test_guided_working_is_never_followed_through(self):
        session = go_to(start(LESSONS["baseline"]), "baseline/student/z1")
        session, _ = submit(session, "2 4")
        session, feedback = submit(go_to(skip(session), "baseline/student/z2"), "9")
        assert not isinstance(feedback, FollowsThrough)


class TestLearners:
    @pytest.mark.parametrize("lesson", IDS)
    def test_who_holds_one_idea_is_told_it_wherever_it_can_be_told_apart(self, lesson):
        for seed in (None, 1, 2):
            own = LESSONS[lesson] if seed is None else variant(LESSONS[lesson], seed)
            for one in believers(own):
                found = probe(one.question)
                wrong = one.feedback.cells if isinstance(one.feedback, Incorrect) else ()
                if one.idea in found.unique and not (len(wrong) == 1 and np.prod(one.question.shape) >= 3):
                    assert {one.idea, "SHEET.TYPO"} & set(one.ids), (seed, one.question.key)

    def test_whoever_holds_an_idea_throughout_a_lesson_is_told_it(self):
        """Every idea there is, in the shipped lessons or in those for the tests, on fresh numbers."""
        files = (DATA / "every-op.toml", DATA / "beyond.toml")
        lessons = [*LESSONS.values(), *(parse(file.read_text(encoding="utf-8")) for file in files)]
        ideas = set()
        for lesson in lessons:
            for seed in (7, 8):
                told: dict[str, bool] = defaultdict(bool)
                for one in believers(variant(lesson, seed)):
                    told[one.idea] |= one.idea in one.ids
                assert [idea for idea, heard in told.items() if not heard] == [], (lesson.id, seed)
                ideas |= set(told)
        assert ideas == set(BY_ID)

    def test_a_slip_in_a_whole_output_is_not_called_a_misconception(self):
        accused = total = 0
        for lesson in IDS:
            for seed in range(8):
                for _, feedback in slippers(variant(LESSONS[lesson], seed), seed):
                    diagnosis = diagnosis_of(feedback)
                    total += 1
                    accused += diagnosis is not None and "SLIP" not in diagnosis.ids
        assert total > 500
        assert accused <= 0.02 * total


def shown_by(asked_now):
    """The ideas that give a wrong value at one of some questions."""
    found = [probe(one) for one in asked_now]
    return {idea for one in found for idea in (*one.unique, *(idea for group in one.colliding for idea in group))}


class TestTwins:
    HIDDEN_ON_PURPOSE: ClassVar = ("extra/bn-alone", "extra/gn-four-groups")
    """A set of one number normalises to 0 whatever one does: no twin could show more."""

    NOT_IN_A_TWIN: ClassVar = {"mini-cnn/numbers": {"FLAT.NO_CHANNELS", "POOL.OUT_T"}}
    """Shown by the tracked network of the same lesson; and by the shape of the twin's pooled map, 2×3 for 3×2."""

    @pytest.mark.parametrize("lesson", IDS)
    def test_every_exercise_hides_no_idea_or_has_a_twin_that_shows_it(self, lesson):
        other = twin(LESSONS[lesson])
        owners = pairs(LESSONS[lesson], other) if other is not None else {}
        for exercise in LESSONS[lesson].exercise:
            key = f"{lesson}/{exercise.id}"
            own = [one for one in asked(lesson) if one.exercise.id == exercise.id]
            hidden_here = {idea for one in own for idea in probe(one).invisible} - shown_by(own)
            twins = [one for one in questions(other) if owners[one.exercise.id] == exercise.id] if owners else []
            if key not in self.HIDDEN_ON_PURPOSE:
                assert hidden_here - shown_by(twins) == self.NOT_IN_A_TWIN.get(key, set()), key

    def test_an_idea_that_fails_the_twin_hears_that_the_sheet_had_hidden_it(self):
        session = start_twin(LESSONS["conv2d"])
        session = go_to(session, "conv2d-twin/sheet/Y")
        transposed = next(one for one in candidates(session.current) if one.row.id == "C2D.KT")
        _, feedback = submit(session, "; ".join(" ".join(f"{int(v)}" for v in row) for row in transposed.value))
        assert feedback.diagnosis.ids == ("C2D.KT",)
        assert "by luck" in feedback.diagnosis.text

    def test_a_lesson_without_twins_has_none(self):
        assert start_twin(LESSONS["summary"]) is None


class TestFinishedWorkings:
    def test_the_misprint_is_the_first_of_them(self):
        slip = question("baseline/student/find-slip")
        assert slip.choice.answer == "z⁽¹⁾ = 1 7"
        assert "h = 1 7" in slip.choice.options

    def test_only_the_first_wrong_line_is_right(self):
        for lesson in IDS:
            for slip in (one for one in asked(lesson) if one.skill == "find the slip"):
                for option in slip.choice.options:
                    right = isinstance(check(slip, option), Correct)
                    assert right is (option == slip.choice.answer)
                    assert right or slip.choice.why[option]


class TestShown:
    def test_the_window_or_kernel_of_the_idea_is_drawn(self):
        for key, text, cells in (
            ("conv1d/sheet/y[1].products", "-2 0 3", "−1 0 1"),
            ("batchnorm/sheet/Y[1].mean", "0.5", "3 −2 1 5"),
            ("conv1d-padding/sheet/y.padded", "0 2 0 3 1 -1", "0 2 0 3 1 −1"),
        ):
            session = go_to(start(LESSONS[key.partition("/")[0]]), key)
            _, feedback = submit(session, text)
            (panel,) = used(session.current, feedback.diagnosis)
            assert "as you seem to" in panel.title
            assert " ".join(cell.text for row in panel.rows for cell in row) == cells

    def test_every_idea_about_a_place_is_drawn_where_it_shows(self):
        """A window that begins elsewhere, an axis, a group, a kernel turned round."""
        places = (
            "CONV.START1",
            "CONV.STRIDE_K",
            "PAD.LEFT",
            "PAD.RIGHT",
            "GN.INTERLEAVED",
            "NORM.AXIS_SWAP",
            "CONV.FLIP",
            "IM2COL.NONOVERLAP",
        )
        drawn = dict.fromkeys(places, 0)
        for lesson in ("conv1d", "conv1d-padding", "batchnorm", "groupnorm", "matrix"):
            for one in questions(twin(LESSONS[lesson]) or LESSONS[lesson]):
                for candidate in candidates(one):
                    if candidate.row.id in drawn and one.kind in ("scalar", "vector", "matrix"):
                        drawn[candidate.row.id] += bool(used(one, Diagnosis((candidate.row.id,), "")))
        assert all(drawn.values()), drawn


class TestRecord:
    def row(self, key: str, diagnosis: str, seed: int | None = None) -> Attempt:
        return Attempt("conv1d", key, "0", "answer", seed, diagnosis=diagnosis)

    def test_an_idea_is_on_record_once_it_alone_explains_two_different_questions(self):
        once = self.row("conv1d/sheet/y", "CONV.FLIP")
        assert recurring([once, once]) == {}
        assert recurring([once, self.row("conv1d/sheet/y[1].products", "CONV.FLIP")]) == {"CONV.FLIP": 2}
        assert recurring([once, self.row("conv1d/sheet/y", "CONV.FLIP", seed=3)]) == {"CONV.FLIP": 2}

    def test_what_may_be_something_else_is_not_recorded(self):
        for several in ("CONV.FLIP, CONV.NEG_TOTAL", "CONV.ADD, SLIP", "SLIP", "SHEET.TYPO", ""):
            assert recurring([self.row(f"conv1d/sheet/y[{i}]", several) for i in range(1, 5)]) == {}
