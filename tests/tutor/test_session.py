"""A session: what costs and what does not, hints, moving about, and fast mode."""

from dataclasses import replace

import pytest

from cnn_tutor.tutor.feedback import Correct, Incorrect, TooFewDigits, Unreadable
from cnn_tutor.tutor.hint import LEVELS
from cnn_tutor.tutor.log import log, replay
from cnn_tutor.tutor.session import (
    Record,
    ask_hint,
    go_to,
    hints_so_far,
    look_back,
    reveal,
    skip,
    start,
    submit,
    switch,
)
from tests.course import IDS, LESSONS, at, perfect, question


def test_an_answer_taken_once_stays_right_even_if_it_would_be_judged_otherwise_now():
    session = start(LESSONS["conv1d"])
    after, feedback = submit(session, session.current.text)
    (row,) = log(session, after, "answer", session.current.text, feedback)
    again = replay(session, [replace(row, text="not what is wanted today", misses=2, hints=1)])
    assert again.records[row.key] == Record(2, 1, done=True)


class TestCosts:
    @pytest.mark.parametrize("text", ["", "banana", "1 2 3 4 5 6 7", "1/0"])
    def test_what_cannot_be_read_costs_nothing(self, text):
        session = start(LESSONS["conv1d"])
        after, feedback = submit(session, text)
        assert isinstance(feedback, Unreadable)
        assert after == session

    def test_too_few_digits_cost_nothing(self):
        session = at("baseline/sheet/yhat")
        after, feedback = submit(session, f"{float(session.current.wanted.exact):.2f}")
        assert isinstance(feedback, TooFewDigits)
        assert after == session

    def test_a_miss_counts_and_the_question_stays(self):
        session = start(LESSONS["conv1d"])
        after, feedback = submit(session, "4")
        assert isinstance(feedback, Incorrect)
        assert after.record(session.current) == Record(misses=1, given=(4.0,))
        assert after.current is session.current
        after, feedback = submit(after, session.current.text)
        assert isinstance(feedback, Correct)
        assert feedback.note
        assert not after.record(session.current).first_try

    def test_answering_again_changes_nothing(self):
        session = start(LESSONS["conv1d"])
        after, _ = submit(session, session.current.text)
        back = look_back(after)
        assert back.current is session.current
        for text in (session.current.text, "99", "banana"):
            assert submit(back, text)[0] == back


class TestKeptCells:
    def test_right_cells_stay_and_an_underscore_stands_for_them(self):
        session = at("conv1d/sheet/y[1].products")
        first, *rest = session.current.text.split()
        session, feedback = submit(session, " ".join([first, *["77"] * len(rest)]))
        assert isinstance(feedback, Incorrect)
        assert session.record(session.current).kept == {0}
        after, feedback = submit(session, " ".join(["_", *rest]))
        assert isinstance(feedback, Correct)
        assert after.record(session.current).done

    def test_an_underscore_for_a_cell_that_is_not_right_yet_is_unreadable(self):
        session = at("conv1d/sheet/y[1].products")
        cells = session.current.text.split()
        after, feedback = submit(session, " ".join(["_", *cells[1:]]))
        assert isinstance(feedback, Unreadable)
        assert after == session

    def test_keeping_cells_does_not_make_the_others_right(self):
        session = at("conv1d/sheet/y[1].products")
        first, *rest = session.current.text.split()
        session, _ = submit(session, " ".join([first, *["77"] * len(rest)]))
        _, feedback = submit(session, " ".join(["_", *["78"] * len(rest)]))
        assert isinstance(feedback, Incorrect)
        assert feedback.cells == tuple(range(1, len(rest) + 1))


class TestHints:
    @pytest.mark.parametrize("lesson", IDS)
    def test_there_are_three_of_them_and_only_the_last_gives_the_value(self, lesson):
        session = start(LESSONS[lesson])
        for one in session.questions:
            session = go_to(session, one.key)
            session, point = ask_hint(session)
            session, teach = ask_hint(session)
            session, value = ask_hint(session)
            assert len({point, teach, value}) == LEVELS == 3
            assert hints_so_far(session) == [point, teach, value]
            assert ask_hint(session) == (session, value)
            assert "no credit" in value
            assert "{" not in point + teach

    def test_the_last_hint_is_an_answer_that_is_taken_but_earns_no_first_try(self):
        for key in ("conv1d/sheet/y[1].products", "baseline/sheet/yhat", "batchnorm/sheet/Y.variance"):
            session = at(key)
            session, told = reveal(session)
            value = told.removeprefix("It is ").partition(". Type it")[0]
            after, feedback = submit(session, value)
            assert isinstance(feedback, Correct)
            assert not after.record(session.current).first_try

    def test_a_hint_after_the_answer_costs_nothing(self):
        session = start(LESSONS["conv1d"])
        after, _ = submit(session, session.current.text)
        back = look_back(after)
        assert ask_hint(back)[0] == back
        assert reveal(back)[0] == back


class TestMoving:
    def test_a_skipped_question_comes_back_after_the_last(self):
        session = start(LESSONS["conv1d"])
        skipped = session.current
        session = skip(session)
        order = [one.key for one, _ in perfect(session)]
        assert order[-1] == skipped.key
        assert len(order) == len(session.questions)

    def test_skipping_everything_goes_round(self):
        session = start(LESSONS["conv1d"])
        first = session.current
        for _ in session.questions:
            session = skip(session)
        assert session.current is first
        assert session.done == 0

    def test_looking_back_and_forth_stays_within_the_lesson(self):
        session = start(LESSONS["conv1d"])
        assert look_back(session, 99).position == session.asked[0]
        assert look_back(session, -99).position == session.asked[-1]
        assert look_back(look_back(session, -2)).position == session.asked[1]

    def test_any_question_can_be_gone_to_with_or_without_the_lesson_in_its_key(self):
        session = start(LESSONS["pooling"])
        for one in session.questions:
            assert go_to(session, one.key).current is one
            assert go_to(session, one.key.partition("/")[2]).current is one

    @pytest.mark.parametrize("key", ["", "pooling", "pooling/max/nothing", "conv1d/sheet/y[1]", "max"])
    def test_an_unknown_key_is_a_key_error(self, key):
        with pytest.raises(KeyError):
            go_to(start(LESSONS["pooling"]), key)

    def test_going_to_a_guided_question_leaves_fast_mode(self):
        session = start(LESSONS["conv1d"], fast=True)
        assert go_to(session, "conv1d/sheet/y[1].products").fast is False
        assert go_to(session, "conv1d/sheet/y").fast is True


class TestFast:
    @pytest.mark.parametrize("lesson", IDS)
    def test_a_whole_object_covers_what_leads_to_it_within_its_exercise(self, lesson):
        session = start(LESSONS[lesson], fast=True)
        for one, _ in perfect(session):
            session, _ = submit(session, one.text)
            place = session.questions.index(one)
            for before in session.questions[:place]:
                record = session.record(before)
                assert record.done or record.covered or before.exercise.id != one.exercise.id
            assert all(not session.record(after).covered for after in session.questions[place:])

    def test_covered_questions_are_settled_but_not_first_tries(self):
        session = start(LESSONS["conv1d"], fast=True)
        session, _ = submit(session, session.current.text)
        covered = [one for one in session.questions if session.record(one).covered]
        assert covered
        assert not any(session.record(one).first_try for one in covered)

    def test_switching_to_guided_asks_what_is_not_covered(self):
        session = start(LESSONS["conv1d"], fast=True)
        session, _ = submit(session, session.current.text)
        guided = switch(session, False)
        assert not guided.record(guided.current).covered
        assert guided.done == sum(guided.record(one).done or guided.record(one).covered for one in guided.questions)
        assert switch(guided, True).records == session.records

    def test_switching_to_the_mode_one_is_in_changes_nothing(self):
        session = start(LESSONS["conv1d"])
        assert switch(session, False) is session

    def test_missing_an_object_leads_to_its_first_open_step_and_back(self):
        session = start(LESSONS["conv1d"], fast=True)
        session, _ = submit(session, session.current.text)
        whole = session.current
        down, feedback = submit(session, "9 9 9")
        assert "step by step" in feedback.note
        steps = [down.questions[place] for place in down.steps_to(down.questions.index(whole))]
        asked = []
        while down.current is not whole:
            asked.append(down.current)
            down, _ = submit(down, down.current.text)
        assert asked == steps
        assert down.fast
        after, _ = submit(down, whole.text)
        assert after.current.fast

    def test_the_step_is_the_first_that_the_answer_does_otherwise(self):
        """Where an idea shows, or several part; else where the first wrong cell is worked out. A slip stays once."""
        for key, texts, step in (
            ("conv1d/sheet/y", ("1 1 -4",), "conv1d/sheet/y[1].products"),
            ("conv1d/sheet/y", ("0 0 4",), "conv1d/sheet/y[1]"),
            ("conv1d/sheet/y", ("-1 7 9",), "conv1d/sheet/y[2].windows"),
            ("conv1d/sheet/y", ("-1 -1 9", "-1 -1 9"), "conv1d/sheet/y[3].windows"),
            ("conv2d/sheet/Y", ("0 2; 3 0",), "conv2d/sheet/Y[1,1].windows"),
        ):
            session = go_to(start(LESSONS[key.partition("/")[0]], fast=True), key)
            for text in texts:
                assert session.current.key == key
                session, _ = submit(session, text)
            assert session.current.key == step, texts

    def test_leaving_a_step_leaves_the_object_it_leads_to(self):
        session = go_to(start(LESSONS["baseline"], fast=True), "baseline/student/z1")
        session, _ = submit(session, "7 9")
        assert not session.current.fast
        after = skip(session)
        assert after.current.key == "baseline/student/h"
        while after.current.key != "baseline/student/yhat":
            after, _ = submit(after, after.current.text)
        after, _ = submit(after, after.current.text)
        assert after.record(after.questions[session.position]).skipped

    def test_a_choice_has_no_steps(self):
        for lesson in LESSONS.values():
            session = start(lesson, fast=True)
            for one in (one for one in session.questions if one.choice is not None and one.fast):
                wrong = next(option for option in one.choice.options if option != one.choice.answer)
                after, _ = submit(go_to(session, one.key), wrong)
                assert after.current is one

    def test_an_object_without_steps_stays_where_it_is(self):
        session = start(LESSONS["baseline"], fast=True)
        session = go_to(session, "baseline/sheet/h")
        for _ in range(3):
            session, feedback = submit(session, "9 9")
        assert session.current.key == "baseline/sheet/h"
        assert "step by step" not in feedback.note

    def test_what_costs_nothing_unfolds_nothing(self):
        session = start(LESSONS["conv1d"], fast=True)
        whole = session.current
        for text in ("", "banana", "1 2 3", "?!"):
            session, _ = submit(session, text)
        assert session.current is whole

    def test_in_guided_mode_a_whole_covers_nothing(self):
        session = go_to(start(LESSONS["conv1d"]), "conv1d/sheet/y")
        after, _ = submit(session, session.current.text)
        assert after.done == 1


def test_questions_are_the_same_objects_for_the_whole_session():
    session = start(LESSONS["conv1d"])
    after, _ = submit(session, session.current.text)
    assert after.questions is session.questions
    assert question(session.questions[0].key).text == session.questions[0].text
