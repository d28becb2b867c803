"""What is mastered and what is due: folds over the log, that a clock cannot confuse."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.mastery import mastery
from cnn_tutor.tutor.progress import Row
from cnn_tutor.tutor.review import DAY, DAYS, PAUSE, USUAL, due, schedule, seconds_each, seconds_spent

RIGHT = Attempt("conv1d", "conv1d/sheet/y", "d", "answer", verdict="Correct", skill="products")


def clean(number, **how):
    """The ``number``-th right answer at the first try, each on numbers of its own."""
    return replace(RIGHT, digest=str(number), **how)


def mastered(at=0.0):
    """The rows of a student who masters a skill at ``at``."""
    return [Row(at - 2, clean(1)), Row(at - 1, clean(2)), Row(at, clean(3, seed=7))]


def sitting(at, run, *answers):
    """A review of the skill: an answer for each verdict."""
    rows = [clean(f"{run}{i}", seed=i, mode="review", run=run) for i in range(len(answers))]
    return [Row(at, replace(row, verdict=verdict)) for row, verdict in zip(rows, answers, strict=True)]


class TestMastery:
    def test_words_and_bar_follow_the_clean_answers(self):
        attempts = [clean(1), clean(2), clean(3), clean(4, seed=1)]
        seen = [mastery(attempts[:count])["products"] for count in range(1, 5)]
        assert [one.word for one in seen] == ["under way", "nearly there", "nearly there", "mastered"]
        assert [one.bar for one in seen] == ["■□□", "■■□", "■■□", "■■■"]

    def test_a_twin_counts_as_fresh_numbers(self):
        assert mastery([clean(1), clean(2), clean(3, lesson="conv1d-twin")])["products"].mastered

    @pytest.mark.parametrize("action", ["given", "cover", "hint", "show", "skip", "begin", "end"])
    def test_only_answers_count(self, action):
        assert mastery([clean(n, seed=n, action=action) for n in range(5)]) == {}

    @given(st.lists(st.sampled_from(["Correct", "Not yet"]), max_size=8))
    def test_more_answers_never_make_a_skill_less_mastered(self, verdicts):
        rows = [clean(n, seed=n, verdict=verdict) for n, verdict in enumerate(verdicts)]
        steps = [mastery(rows[:count]).get("products") for count in range(len(rows) + 1)]
        counts = [one.clean if one else 0 for one in steps]
        assert counts == sorted(counts)


class TestReview:
    def test_a_skill_is_due_after_one_three_seven_and_twenty_one_days(self):
        rows, at = mastered(), 0.0
        for number, days in enumerate((*DAYS, DAYS[-1])):
            assert due(rows, at + days * DAY - 1) == []
            (one,) = due(rows, at + days * DAY)
            assert one.skill == "products"
            at += days * DAY
            rows += sitting(at, f"r{number}", "Correct", "Correct")

    def test_a_failed_review_goes_back_a_step(self):
        rows = mastered() + sitting(1 * DAY, "a", "Correct") + sitting(4 * DAY, "b", "Not yet", "Correct")
        assert schedule(rows)[0].at == 5 * DAY
        again = rows + sitting(5 * DAY, "c", "Correct")
        assert schedule(again)[0].at == 8 * DAY

    def test_however_often_it_went_well_one_failure_brings_it_back_sooner(self):
        rows, at = mastered(), 0.0
        for number in range(9):
            at += DAYS[-1] * DAY
            rows += sitting(at, f"r{number}", "Correct")
        for number, days in enumerate((DAYS[2], DAYS[1], DAYS[0], DAYS[0])):
            rows += sitting(at, f"f{number}", "Not yet")
            assert schedule(rows)[0].at == at + days * DAY

    def test_what_is_not_mastered_is_never_due(self):
        assert due([Row(0, clean(1)), Row(0, clean(2))], 1e12) == []

    @given(st.lists(st.floats(0, 1e9), min_size=3, max_size=6), st.floats(0, 1e9))
    def test_a_clock_that_jumps_back_makes_nothing_due_twice_and_nothing_earlier(self, times, now):
        rows = [Row(at, clean(n, seed=n)) for n, at in enumerate(times)]
        (one,) = schedule(rows)
        assert one.at >= max(times[:3]) + DAYS[0] * DAY
        assert len(due(rows, now)) <= 1


class TestTime:
    def test_pauses_and_jumps_back_are_not_counted(self):
        rows = [Row(at, RIGHT) for at in (0, 10, 10 + PAUSE + 1, 5, 10 + PAUSE + 21)]
        assert seconds_spent(rows) == 30
        assert seconds_spent([]) == 0

    def test_a_question_takes_what_it_usually_takes(self):
        assert seconds_each([]) == USUAL
        assert seconds_each([Row(at, RIGHT) for at in (0, 10, 30, 40)]) == 10
