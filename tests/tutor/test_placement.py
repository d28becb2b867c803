"""The course map has no circle, and placement finds where to start in a dozen questions."""

import io

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.plain import place
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.course_map import CourseMap
from cnn_tutor.tutor.placement import MOST, Placement, answered, is_right, judged, task
from tests.course import IDS, LESSONS, Typist

COURSE = CourseMap(LESSONS.values())


def test_the_course_has_no_circle_and_every_need_is_there():
    assert COURSE.circle == ()
    assert all(list(COURSE.needs[one]) == LESSONS[one].needs for one in IDS)
    assert all(set(LESSONS[one].needs) <= set(IDS[: IDS.index(one)]) for one in IDS)


def test_lessons_that_need_one_another_are_found():
    first, second = (msgspec.structs.replace(LESSONS["conv1d"], id=name, needs=[other]) for name, other in ("ab", "ba"))
    assert CourseMap([first, second]).circle == ("a", "b")
    assert CourseMap([first, second]).open(()) == ()
    assert Placement(CourseMap([first, second]), 1).start == "a"


def test_what_is_open_grows_with_what_is_done():
    assert COURSE.open(()) == ("conv1d", "baseline")
    done: set[str] = set()
    while following := COURSE.open(done):
        done.add(following[0])
    assert done == set(IDS)


def through(knows):
    """A placement of somebody who knows the lessons ``knows``."""
    placement = Placement(COURSE, 3)
    while (topic := placement.topic) is not None:
        placement = answered(placement, right=topic in knows)
    return placement


@given(st.sets(st.sampled_from(IDS)))
def test_whatever_somebody_knows_it_ends_in_time_and_starts_at_something_unknown(targets):
    knows = {before for one in targets for before in (one, *COURSE.before[one])}
    placement = through(knows)
    assert len(placement.asked) <= MOST
    assert len(set(placement.asked)) == len(placement.asked)
    assert placement.known <= knows
    assert not placement.known & placement.unknown
    start = placement.start
    assert (start is None) == (placement.known == set(IDS))
    assert start is None or set(COURSE.needs[start]) <= placement.known


def test_who_knows_nothing_starts_at_the_beginning_after_a_few_questions():
    placement = through(set())
    assert placement.start == IDS[0]
    assert len(placement.asked) <= MOST


def test_who_knows_the_worksheet_is_not_sent_back_to_its_beginning():
    worksheet = set(IDS[:13])
    placement = through(worksheet)
    assert len(placement.known) >= 6
    assert placement.start not in {"conv1d", "conv2d", "baseline"}


@pytest.mark.parametrize("lesson", IDS)
def test_each_lesson_has_a_question_that_a_right_answer_settles(lesson):
    session = task(LESSONS[lesson], 5)
    assert is_right(judged(session, session.current.text)) is True
    assert is_right(judged(session, "banana")) is None


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_a_conversation_says_where_to_start(seed):
    out = io.StringIO()
    console = Console(file=out, width=80, color_system=None)
    end = place.run(Placement(COURSE, seed), Streams(Typist(["banana", "", "", "q"]), console))
    assert len(end.asked) == 2
    assert f"cnn-tutor learn {end.start}" in out.getvalue()
    assert "Unreadable" in out.getvalue() or "banana" not in out.getvalue()
