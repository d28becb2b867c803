"""The rows a session leaves: they name the task, and a task that has changed since is asked again."""

import msgspec
import pytest

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.attempt import settled
from cnn_tutor.tutor.log import digest, log, replay
from cnn_tutor.tutor.overview import overview
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.session import start, submit
from cnn_tutor.tutor.variant import variant
from tests.course import IDS, LESSONS


def changed(lesson: Lesson, **fields) -> Lesson:
    """The lesson with other fields in its first exercise."""
    first, *rest = lesson.exercise
    return msgspec.structs.replace(lesson, exercise=[msgspec.structs.replace(first, **fields), *rest])


def rows_of_a_perfect_run(lesson: Lesson, fast=False, seed=None):
    session, rows = start(lesson, fast=fast, seed=seed), []
    while not session.finished:
        text = session.current.text
        after, feedback = submit(session, text)
        rows += log(session, after, "answer", text, feedback)
        session = after
    return rows


@pytest.mark.parametrize("lesson", IDS)
@pytest.mark.parametrize("fast", [False, True])
def test_a_finished_lesson_is_finished_again_from_its_log(lesson, fast):
    rows = rows_of_a_perfect_run(LESSONS[lesson], fast)
    assert replay(start(LESSONS[lesson], fast=fast), rows).finished


@pytest.mark.parametrize("lesson", IDS)
def test_progress_says_done_for_every_guided_question_after_the_whole_lesson(lesson, tmp_path):
    progress = Progress(tmp_path)
    progress.add(rows_of_a_perfect_run(LESSONS[lesson]), 1.0)
    (entry,) = overview([LESSONS[lesson]], progress)
    progress.close()
    assert (entry.done, entry.questions) == (LESSONS[lesson].questions,) * 2


def test_fresh_numbers_do_not_count_for_the_printed_lesson():
    fresh = variant(LESSONS["conv1d"], 4)
    rows = rows_of_a_perfect_run(fresh, seed=4)
    assert settled(rows) == set()
    assert replay(start(LESSONS["conv1d"]), rows).done == 0
    assert replay(start(fresh, seed=4), rows).finished


class TestDigest:
    def test_every_question_of_the_course_has_its_own(self):
        digests = [digest(question) for lesson in LESSONS.values() for question in questions(lesson)]
        assert len(set(digests)) == len(digests)

    @pytest.mark.parametrize("fields", [{"title": "New"}, {"prose": "New words."}, {"added": True}])
    def test_other_prose_keeps_progress(self, fields):
        lesson = changed(LESSONS["conv1d"], **fields)
        assert replay(start(lesson), rows_of_a_perfect_run(LESSONS["conv1d"])).finished

    def test_other_numbers_make_old_answers_not_count(self):
        lesson = changed(LESSONS["conv1d"], tensors={"x": [2, 0, 3, 1, -1], "w": [1, 0, -2]})
        session = replay(start(lesson), rows_of_a_perfect_run(LESSONS["conv1d"]))
        assert session.done == 0
        assert session.position == 0

    def test_another_layer_makes_old_answers_not_count(self):
        layer = msgspec.structs.replace(LESSONS["conv1d"].exercise[0].layer[0], stride=2)
        lesson = changed(LESSONS["conv1d"], layer=[layer])
        assert replay(start(lesson), rows_of_a_perfect_run(LESSONS["conv1d"])).done == 0

    def test_another_right_option_makes_old_answers_not_count(self):
        first, *rest = LESSONS["summary"].exercise[0].choice
        other = msgspec.structs.replace(first, answer=next(one for one in first.options if one != first.answer))
        lesson = changed(LESSONS["summary"], choice=[other, *rest])
        session = replay(start(lesson), rows_of_a_perfect_run(LESSONS["summary"]))
        assert session.done == len(session.questions) - 1
        assert session.position == 0


def test_a_row_says_what_was_typed_what_came_of_it_and_what_it_had_cost_so_far():
    session = start(LESSONS["conv1d"])
    after, feedback = submit(session, "99")
    (miss,) = log(session, after, "answer", "99", feedback)
    assert (miss.text, miss.verdict, miss.charged, miss.misses) == ("99", "Not yet", True, 0)
    right, feedback = submit(after, after.current.text)
    (hit,) = log(after, right, "answer", after.current.text, feedback)
    assert (hit.verdict, hit.charged, hit.misses, hit.key) == ("Correct", False, 1, miss.key)
