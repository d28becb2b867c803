"""A kind of step that goes well may be left out; a miss brings it back, and the log remembers."""

import pytest

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.tutor.folding import foldable
from cnn_tutor.tutor.log import log, replay
from cnn_tutor.tutor.scene import formula
from cnn_tutor.tutor.session import Session, ask_hint, fold, start, submit


def lesson(name: str = "conv1d"):
    return catalog().get(name)


def until(session: Session, key: str) -> Session:
    """Everything answered rightly until the question whose key ends so is asked."""
    while not session.current.key.endswith(key):
        session, _ = submit(session, session.current.text)
    return session


def test_nothing_is_offered_before_two_clean_firsts() -> None:
    session = start(lesson())
    seen = []
    while not session.finished:
        session, _ = submit(session, session.current.text)
        if foldable(session):
            seen.append((foldable(session), session.current.key))
    assert seen[0] == ("window", "conv1d/sheet/y[2].products")


def test_a_hint_or_a_miss_is_no_clean_first() -> None:
    session = until(start(lesson()), "y[2].windows")
    session, _ = ask_hint(session)
    session, _ = submit(session, session.current.text)
    assert not foldable(session)
    session = until(start(lesson()), "y[2].windows")
    session, _ = submit(session, "9 9 9")
    session, _ = submit(session, session.current.text)
    assert not foldable(session)


def test_what_is_folded_is_not_asked_not_shown_and_covered_by_what_follows_from_it() -> None:
    session = until(start(lesson()), "y[2]")
    assert foldable(session) == "products"
    before = len(session.asked)
    session = fold(session, "products")
    assert len(session.asked) == before - 1
    session = until(session, "y[3]")
    assert formula(session) == "y₃ = ?"
    left_out = next(one for one in session.questions if one.key.endswith("y[3].products"))
    assert not session.record(left_out).covered
    session, _ = submit(session, session.current.text)
    assert session.record(left_out).covered


def test_a_miss_brings_it_back_from_its_first_open_step() -> None:
    session = fold(until(start(lesson()), "y[2]"), "products")
    session = until(session, "y[3]")
    session, feedback = submit(session, "77")
    assert session.current.key.endswith("y[3].products")
    assert not session.folded
    assert "step by step" in feedback.note


@pytest.mark.parametrize("name", ["conv1d", "conv2d", "batchnorm", "groupnorm", "matrix"])
def test_one_who_folds_whatever_is_offered_finishes_with_everything_settled(name: str) -> None:
    session = start(lesson(name))
    while not session.finished:
        kind = foldable(session)
        if kind:
            session = fold(session, kind)
        session, _ = submit(session, session.current.text)
    assert session.folded or name == "batchnorm"
    assert all(session.is_settled(place) for place in range(len(session.questions)))


def test_the_log_rebuilds_a_folded_session() -> None:
    session = first = start(lesson())
    rows = []
    while not session.current.key.endswith("y[3]"):
        kind = foldable(session)
        if kind:
            after = fold(session, kind)
            rows += log(session, after, "fold", kind)
        else:
            after, feedback = submit(session, session.current.text)
            rows += log(session, after, "answer", session.current.text, feedback)
        session = after
    again = replay(first, rows)
    assert (again.folded, again.position, again.records) == (session.folded, session.position, session.records)


def test_nothing_folds_in_fast_mode_or_in_a_drill() -> None:
    session = until(start(lesson()), "y[2].products")
    assert foldable(session)
    from dataclasses import replace

    assert not foldable(replace(session, fast=True))
    assert not foldable(replace(session, mode="drill"))
