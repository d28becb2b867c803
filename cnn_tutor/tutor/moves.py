"""Ways through a drill: forth, back, and past a question that is left for later."""

from __future__ import annotations

from dataclasses import replace

from cnn_tutor.language import _
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.feedback import Feedback
from cnn_tutor.tutor.final import is_final, waiting
from cnn_tutor.tutor.log import log
from cnn_tutor.tutor.session import Session, look_back, settle, to_open

FIRST_COUNTS = "A later question shows what is asked here, so your first answer is the one that counts."
STAYS = "It stays, because a later question shows what is asked here."
WAITING = "What else is open would show this answer, so it comes after it. A guess will do."
LEFT = "Left for later, and with it what would show the answer."


def skip(session: Session) -> Session:
    """Leave the current question for later, and with it what would tell its answer."""
    record = replace(session.record(session.current), skipped=True)
    after = settle(session, session.current, record)
    return to_open(after, after=True, but=waiting(after))


def back(session: Session) -> Session:
    """The question before the current one, of those that do not wait for an answer; itself where there is none."""
    return _moved(session, 1, waiting(session))


def onward(session: Session) -> Session:
    """The question after the current one, of those that do not wait; after the last, the next that is open."""
    but = waiting(session)
    after = _moved(session, -1, but)
    return to_open(session, after=True, but=but) if after is session else after


def _moved(session: Session, way: int, but: frozenset[int]) -> Session:
    """The session at the nearest question that way that is not among ``but``; itself where there is none."""
    here = session
    while (there := look_back(here, way)).position != here.position:
        if there.position not in but:
            return there
        here = there
    return session


def stays(session: Session) -> bool:
    """Whether the current question has its answer for good."""
    return session.record(session.current).done and is_final(session, session.current)


def first_counts(session: Session) -> list[str]:
    """What to say beforehand of a question that is answered for good."""
    open_ = not session.record(session.current).done
    return [_(FIRST_COUNTS)] if open_ and is_final(session, session.current) else []


def rows(before: Session, after: Session, text: str, feedback: Feedback) -> tuple[Attempt, ...]:
    """What the log keeps of an answer: the answer, and that it is the one that counts, if it is."""
    own = log(before, after, "answer", text, feedback)
    if not is_final(before, before.current):
        return own
    return (*own, replace(own[0], action="given", text="", verdict="", charged=False, diagnosis=""))


def left_out(before: Session, after: Session) -> str:
    """What is said when a question is left for later."""
    if before.position != after.position:
        return _(LEFT) if is_final(before, before.current) else _("Left for later.")
    return _(WAITING) if before.done < len(before.asked) - 1 else _("This is the only one still open.")
