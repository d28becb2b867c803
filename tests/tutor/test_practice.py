"""Practice: the weakest first, less and less shown, everything from the log; review: what is due and nothing else."""

import io
import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.errors import UsageError
from cnn_tutor.plain import practice as plain
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.log import log
from cnn_tutor.tutor.mastery import mastery
from cnn_tutor.tutor.practice import (
    HALF,
    NOTHING,
    SHOWN,
    choose,
    familiar,
    level,
    name_of,
    problem,
    seed_of,
    tasks,
    wanted,
)
from cnn_tutor.tutor.session import reveal, submit
from cnn_tutor.tutor.sitting import Sitting
from tests.course import LESSONS, Typist

TASKS = tasks(LESSONS.values())
SKILLS = sorted({skill for one in TASKS for skill in one.skills})
CONV = next(one for one in TASKS if one.key == "conv1d/sheet")


def work(now, how):
    """Do a problem: the rows of a student who answers every question ``how``."""
    session, rows = now.session, list(now.rows)
    while not session.finished:
        before, question = session, session.current
        if how == "wrong first" and not session.record(question).misses and not question.shape:
            session, feedback = submit(session, "7777")
            rows += log(before, session, "answer", "7777", feedback)
            before = session
        if how == "shown":
            session, _ = reveal(session)
            rows += log(before, session, "show")
            before = session
        session, feedback = submit(session, question.text)
        rows += log(before, session, "answer", question.text, feedback)
    return [*rows, now.ended(session)]


class TestTasks:
    def test_every_exercise_that_computes_something_can_be_practised(self):
        keys = {f"{lesson.id}/{one.id}" for lesson in LESSONS.values() for one in lesson.exercise}
        assert {one.key for one in TASKS} == keys - {"summary/table"}

    @pytest.mark.parametrize("skill", SKILLS)
    def test_every_skill_has_a_name_that_finds_it(self, skill):
        found, meant = wanted([name_of(skill)], TASKS)
        assert meant == {skill}
        assert all(skill in one.skills for one in found) and found

    def test_lessons_and_skills_may_be_mixed(self):
        found, meant = wanted(["pooling", "products"], TASKS)
        assert {"pooling/max", "pooling/average", "conv1d/sheet"} <= {one.key for one in found}
        assert "products" in meant

    @pytest.mark.parametrize(
        ("name", "near"),
        [("prodcts", "'products'"), ("conv1", "'conv1d'"), ("zzz", "skills are:"), ("CONV1D", "'conv1d'")],
    )
    def test_an_unknown_name_is_a_usage_error_with_what_comes_near(self, name, near):
        with pytest.raises(UsageError, match=near):
            wanted([name], TASKS)


class TestFading:
    def test_the_first_window_then_half_of_it_then_nothing(self):
        given_ = [[one.key.rpartition("/")[2] for one in problem(CONV, 5, shown).given] for shown in (0, 1, 2)]
        assert given_ == [["y[1].windows", "y[1].products", "y[1]"], ["y[1].windows", "y[1].products"], []]

    def test_a_problem_without_a_miss_shows_less_and_one_with_two_shows_more(self):
        rows, seen = [], []
        for number, how in enumerate(["right", "right", "right", "wrong first", "right", "shown", "shown", "shown"]):
            shown = level(CONV, rows)
            seen.append(shown)
            rows += work(problem(CONV, seed_of(1, number), shown, run="r"), how)
        assert seen == [SHOWN, HALF, NOTHING, NOTHING, HALF, NOTHING, HALF, SHOWN]

    @given(st.sampled_from(TASKS), st.integers(0, 50), st.sampled_from([SHOWN, HALF, NOTHING]))
    @settings(max_examples=40)
    def test_nothing_is_asked_that_is_shown_and_something_is_asked(self, task, seed, shown):
        now = problem(task, seed, shown)
        assert not any(now.session.record(one).covered for one in now.session.questions if one not in now.given)
        assert now.session.current not in now.given
        assert not now.session.finished

    @given(st.sampled_from(SKILLS), st.integers(0, 50))
    @settings(max_examples=40)
    def test_of_a_skill_just_its_questions_are_asked_and_nothing_gives_them_away(self, skill, seed):
        task = next(one for one in TASKS if skill in one.skills)
        now = problem(task, seed, NOTHING, skills=frozenset({skill}))
        open_ = [one for one in now.session.questions if one not in now.given]
        assert open_
        assert {one.skill for one in open_} == {skill}
        tensors = {one.part.target.tensor for one in open_}
        for one in now.given:
            assert not any(read.tensor in tensors for step in one.steps for read in step.reads)

    def test_what_is_shown_counts_for_nothing(self):
        now = problem(CONV, 5, SHOWN)
        assert mastery(now.rows) == {}
        assert {one.action for one in now.rows} == {"given"}


class TestChoice:
    def test_the_weakest_skill_comes_first_and_never_the_same_exercise_twice(self):
        pool, _ = wanted(["baseline", "pooling"], TASKS)
        rows, seen = [], []
        for number in range(8):
            task = choose(pool, frozenset(), rows)
            seen.append(task.key)
            rows += work(problem(task, seed_of(2, number), NOTHING), "right")
        assert all(one != other for one, other in itertools.pairwise(seen))
        assert len(set(seen)) == len(pool)

    def test_a_skill_is_practised_where_it_was_met(self):
        rows = work(problem(CONV, 1, NOTHING), "right")
        met, _ = wanted(["products"], TASKS, rows)
        assert {one.lesson.id for one in met} == {"conv1d"}
        assert {one.key for one in wanted(["products"], TASKS)[0]} > {one.key for one in met}
        mixed, _ = wanted(["conv2d", "products"], TASKS, rows)
        assert {one.lesson.id for one in mixed} == {"conv2d", "conv1d"}

    def test_of_several_skills_each_is_asked_where_it_was_met_and_elsewhere_if_nowhere(self):
        rows = work(problem(CONV, 1, NOTHING), "right")
        found = familiar(TASKS, ["products", "variance"], rows)
        assert {one.lesson.id for one in found if "products" in one.skills} == {"conv1d"}
        assert [one for one in found if "variance" in one.skills] == [one for one in TASKS if "variance" in one.skills]

    def test_with_one_exercise_it_is_that_one_again(self):
        rows = work(problem(CONV, 1, NOTHING), "right")
        assert choose([CONV], frozenset(), rows) is CONV

    def test_the_same_log_and_seed_give_the_same_problem_and_other_seeds_others(self):
        numbers = [problem(CONV, seed, NOTHING).session.lesson.exercise[0].tensors for seed in (1, 1, 2)]
        assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize("key", [one.key for one in TASKS])
def test_three_clean_problems_master_every_skill_of_an_exercise(key):
    task = next(one for one in TASKS if one.key == key)
    rows = [row for number in range(3) for row in work(problem(task, seed_of(3, number), NOTHING), "right")]
    assert all(one.mastered for one in mastery(rows).values())
    assert set(mastery(rows)) == task.skills


class TestReview:
    def sitting(self, *skills):
        fitting = [one for one in TASKS if one.skills & set(skills)]
        return Sitting(fitting, frozenset(skills), 4, [], mode="review")

    def test_each_skill_is_asked_once_and_then_it_ends(self):
        now, asked = self.sitting("products", "variance"), set()
        while (one := now.following()) is not None:
            asked |= {question.skill for question in one.session.questions if question not in one.given}
            now.attempts += work(one, "right")
        assert asked == {"products", "variance"}
        assert now.count == 2
        assert {row.mode for row in now.attempts} == {"review"}

    def test_nothing_due_is_no_problem(self):
        assert Sitting([], frozenset(), 4, [], mode="review").following() is None


class TestPlain:
    def talk(self, *lines):
        out, rows = io.StringIO(), []
        sitting = Sitting([CONV], frozenset(), 4, [])
        console = Console(file=out, width=80, markup=False, highlight=False, emoji=False, color_system=None)

        def keep(attempts):
            rows.extend(attempts)
            sitting.attempts.extend(attempts)

        plain.run(sitting.following, Streams(Typist(lines), console), keep, sitting.ending)
        return out.getvalue(), rows

    def test_the_example_stands_before_the_first_question(self):
        out, _ = self.talk("q")
        assert out.index("Worked for you:") < out.index("Question 1 of")
        assert out.rstrip().endswith("Paused: 0 problems.")

    def test_two_problems_and_a_stop(self):
        first = problem(CONV, seed_of(4, 1), SHOWN).session
        texts = [one.text for one in first.questions if not first.record(one).covered]
        out, rows = self.talk(*texts, "", "?", "!", "q")
        assert "right at the first try" in out
        assert out.count("Worked for you:") == 2
        assert [row.action for row in rows].count("end") == 1
        assert out.rstrip().endswith("Paused: 1 problem.")


def test_the_end_row_of_a_problem_disturbs_no_lesson():
    """It stands in the log under the lesson's own id."""
    row = replace(Attempt("conv1d", "conv1d/sheet", "", "end", 5), mode="practice")
    assert mastery([row]) == {}
