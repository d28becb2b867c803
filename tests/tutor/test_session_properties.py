"""Whatever a student does: what was done stays done, no step changes the past, and the log tells the whole story."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.tutor.hint import LEVELS
from cnn_tutor.tutor.log import log, replay
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Session, ask_hint, look_back, reveal, skip, start, submit, switch, to_open
from cnn_tutor.tutor.variant import variant
from tests.course import IDS, LESSONS, perfect

ACTIONS = (*["right"] * 5, "wrong", "short", "banana", "blank", "hint", "show", "skip", "back", "forth", "switch")
actions = st.lists(st.sampled_from(ACTIONS), max_size=60)


def typed(question: Question, action: str) -> str:
    """What a student types who is right, wrong, or stops after the first decimal."""
    if action in ("banana", "blank"):
        return "" if action == "blank" else action
    if question.kind in ("choice", "shape"):
        return "1" if action == "wrong" else question.text
    if action == "short" and question.kind == "scalar":
        return f"{float(question.text):.1f}"
    return question.text.replace("1", "2") if action == "wrong" else question.text


def act(session: Session, action: str):
    """One step of a student, with the rows it leaves in the log."""
    question = session.current
    match action:
        case "right" | "wrong" | "short" | "banana" | "blank":
            text = typed(question, action)
            after, feedback = submit(session, text)
            return after, log(session, after, "answer", text, feedback)
        case "hint":
            after, _ = ask_hint(session)
            return after, log(session, after, "hint")
        case "show":
            after, _ = reveal(session)
            return after, log(session, after, "show")
        case "skip":
            after = skip(session)
            return after, log(session, after, "skip")
        case "back":
            return look_back(session), ()
        case "forth":
            return look_back(session, -1), ()
    return switch(session, not session.fast), ()


def begin(lesson, fast, seed):
    return start(LESSONS[lesson] if seed is None else variant(LESSONS[lesson], seed), fast=fast, seed=seed)


begun = st.tuples(st.sampled_from(IDS), st.booleans(), st.none() | st.integers(0, 3))


@given(begun, actions)
def test_whatever_a_student_does_the_session_stays_whole(how, done):
    session = begin(*how)
    for action in done:
        before = session
        kept = (before.records, before.position, before.fast)
        session, _ = act(session, action)
        assert (before.records, before.position, before.fast) == kept
        assert 0 <= session.position < len(session.questions)
        assert session.asked
        assert 0 <= session.done <= len(session.asked)
        assert session.finished == (session.done == len(session.asked))
        for key, record in before.records.items():
            now = session.records[key]
            assert now.misses >= record.misses
            assert LEVELS >= now.hints >= record.hints
            assert now.done or not record.done
            assert now.covered or not record.covered


@given(begun, actions)
@settings(max_examples=60)
def test_replaying_the_log_rebuilds_the_records(how, done):
    session = fresh = begin(*how)
    rows = []
    for action in done:
        session, more = act(session, action)
        rows += more
    again = replay(fresh, rows)
    assert again.records == session.records
    assert again.fast == fresh.fast
    assert again.finished or again.current.key not in {key for key, record in again.records.items() if record.done}


@given(begun, actions)
@settings(max_examples=60)
def test_any_session_can_still_be_finished(how, done):
    session = begin(*how)
    for action in done:
        session, _ = act(session, action)
    list(perfect(to_open(session)))


@given(begun, actions)
@settings(max_examples=40)
def test_the_log_of_other_numbers_or_of_a_changed_task_does_not_count(how, done):
    session = fresh = begin(*how)
    rows = []
    for action in done:
        session, more = act(session, action)
        rows += more
    assert replay(fresh, [replace(row, seed=99) for row in rows]).records == {}
    assert replay(fresh, [replace(row, digest="0" * 16) for row in rows]).records == {}
    assert replay(fresh, [replace(row, key=row.key + "x") for row in rows]).records == {}
