"""The course map has no circle, and placement finds where to start in a dozen questions."""

import io

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.lesson.network import run
from cnn_tutor.plain import place
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.course_map import CourseMap
from cnn_tutor.tutor.panel import UNKNOWN
from cnn_tutor.tutor.placement import MOST, Placement, answered, is_right, judged, read, task
from cnn_tutor.tutor.placement_page import layers, panels, way
from cnn_tutor.tutor.scene import scene
from cnn_tutor.tutor.symbols import symbol
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


@given(st.lists(st.booleans(), max_size=MOST))
def test_a_placement_that_was_written_down_goes_on(rights):
    placement = Placement(COURSE, 3)
    for right in rights:
        if placement.topic is not None:
            placement = answered(placement, right=right)
    again = read(COURSE, placement.text)
    assert (again == placement) if placement.asked else again is None


@pytest.mark.parametrize(
    "text", ["", "x", "3 conv1d+", "3 +", "٣ filters+", "3 filters", "--3", "3 " + "filters+ " * 20]
)
def test_what_is_no_placement_of_this_course_is_not_read(text):
    assert read(COURSE, text) is None


@pytest.mark.parametrize("lesson", IDS)
def test_the_question_stands_with_all_that_it_needs_and_nothing_that_is_worked_out(lesson):
    session = task(LESSONS[lesson], 5)
    question = session.current
    shown = panels(question, scene(session))
    titles = {one.title.partition("[")[0] for one in shown}
    assert not [one.title for one in shown if all(cell.mark in UNKNOWN for row in one.rows for cell in row)]
    assert len({one.title for one in shown}) == len(shown)
    if question.source is not None and question.source.layer is not None:
        known = {name: data for name, data in question.exercise.tensors.items() if symbol(name) in titles}
        alone = msgspec.structs.replace(question.exercise, tensors=known, layer=way(question))
        assert np.array_equal(run(alone)[-1].own.output, question.source.own.output)
        assert len(layers(question)) == len(way(question))


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
