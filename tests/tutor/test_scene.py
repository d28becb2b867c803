"""What stands beside a question gives away nothing that is not known yet, and keeps back nothing that is."""

from dataclasses import replace

import pytest

from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.drill import begin as begin_drill
from cnn_tutor.tutor.panel import Mark
from cnn_tutor.tutor.scene import formula, scene
from cnn_tutor.tutor.session import go_to, skip, start, submit
from tests.course import IDS, LESSONS


def texts(session, title):
    """The cells of the panel with ``title``."""
    panel = next(one for one in scene(session) if one.title == title)
    return [cell.text for row in panel.rows for cell in row]


@pytest.mark.parametrize("lesson", IDS)
def test_who_answers_in_order_sees_every_number_of_the_formula(lesson):
    session = start(LESSONS[lesson])
    while not session.finished:
        if session.current.kind != "cells":
            assert formula(session) == session.current.formula, session.current.key
        session, _ = submit(session, session.current.text)


@pytest.mark.parametrize("lesson", IDS)
def test_an_asked_cell_is_never_shown(lesson):
    session = start(LESSONS[lesson])
    while not session.finished:
        for panel in scene(session):
            for row in panel.rows:
                assert all(cell.text == "?" for cell in row if cell.mark is Mark.ASKED)
                assert all(cell.text == "·" for cell in row if cell.mark is Mark.HIDDEN)
        session, _ = submit(session, session.current.text)


def test_a_skipped_answer_is_not_shown_by_the_next_question():
    session = skip(go_to(start(LESSONS["baseline"]), "baseline/sheet/h"))
    assert session.current.key == "baseline/sheet/z2.weighted_sum"
    assert texts(session, "h") == ["·", "·"]
    assert formula(session) == "W⁽²⁾ times h = ?"


def test_who_starts_in_the_middle_sees_what_came_before():
    session = go_to(start(LESSONS["batchnorm"]), "batchnorm/sheet/Y[1].mean")
    assert texts(session, "Z") == ["3", "−2", "1", "5"]
    assert formula(session) == "μ₁ = 4 / 2 = ?"


def test_a_drill_does_not_show_statistics_that_an_earlier_question_asked_for():
    session = begin_drill(Drill(("bn-inference",), 5, 1), LESSONS.__getitem__)
    for place in session.asked:
        last = scene(replace(session, position=place))
    assert [one.title for one in last] == ["Z", "N"]


@pytest.mark.parametrize("lesson", IDS)
def test_what_is_asked_has_its_place_on_the_board(lesson):
    session = start(LESSONS[lesson])
    for place, question in enumerate(session.questions):
        if question.kind == "matrix" and question.part.ask.kind == "output":
            panels = scene(replace(session, position=place))
            asked = sum(cell.mark is Mark.ASKED for panel in panels for row in panel.rows for cell in row)
            assert asked == question.wanted.exact.size, question.key
