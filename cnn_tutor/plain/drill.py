"""A drill as a conversation: an answer a line, taken without a word on it; the result comes at the end."""

from __future__ import annotations

from typing import Literal, TypeAlias

from cnn_tutor.language import _, plural
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.desk import NOT_TAKEN, SAID, TIME_OVER, Desk, given_before, time_left
from cnn_tutor.tutor.drill import take
from cnn_tutor.tutor.feedback import Unreadable, said_verdict
from cnn_tutor.tutor.keeper import all_kept
from cnn_tutor.tutor.log import Keep
from cnn_tutor.tutor.moves import STAYS, back, first_counts, left_out, onward, rows, skip, stays
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.result_page import page
from cnn_tutor.tutor.scene import formula, scene
from cnn_tutor.tutor.session import Session

RULES = """You hear what is right at the end. There are no hints.
> leaves a question for later; < looks back, and another answer replaces the first, unless the question says that it
stays; . ends the drill; q pauses, and the clock runs on. help says this again, again shows the question once more,
words reads tables out in words."""

RULES_UNTOLD = RULES.replace(
    "You hear what is right at the end.", "You hand your answers in; what is right is told later."
)

Place: TypeAlias = Literal["here", "past", "over"]
"""At a question, past the last one, or in a drill that was ended elsewhere."""

ALL_ANSWERED = "Every question has an answer. Enter ends the drill; < goes back to change one."


def run(desk: Desk, streams: Streams, keep: Keep) -> None:
    """Take answers until the student ends the drill, pauses, or the time is over; then say the result."""
    if desk.ended:
        tell(desk, streams, keep)
        return
    _introduce(desk, streams)
    way = _converse(desk, streams, keep)
    if way == "ended":
        streams.keep((desk.ending,), keep)
    if way != "paused":
        tell(desk, streams, keep)
    else:
        text = _("Paused: {done} of {count} questions.")
        if all_kept(keep):
            text = _("Paused: {done} of {count} questions. The same command goes on.")
        streams.say("\n" + text.format(done=len(desk.answers), count=len(desk.session.asked)))


def tell(desk: Desk, streams: Streams, keep: Keep) -> None:
    """The result page."""
    kept = all_kept(keep)
    if desk.notice and desk.ended:
        streams.say(desk.notice)
    for line in page(desk.result, desk.best, desk.show, kept=kept, again=desk.again):
        streams.say(line)
    if kept and not desk.drill.assignment:
        streams.say(_("This drill is over. A new one begins without --seed, or with another."))
    text = _("Finished: {done} of {count} questions.")
    streams.say(text.format(done=len(desk.answers), count=len(desk.session.asked)))


def _introduce(desk: Desk, streams: Streams) -> None:
    drill = desk.drill
    if desk.title:
        streams.say(desk.title)
    text = _("Drill: {lessons}; seed {seed}, for {name}") if drill.name else _("Drill: {lessons}; seed {seed}")
    streams.say(text.format(lessons=", ".join(drill.lessons), seed=drill.seed, name=drill.name))
    if desk.notice:
        streams.say(desk.notice)
    streams.say(_("Conventions:"))
    streams.read_out(desk.session.lesson.conventions)
    streams.say(_(RULES_UNTOLD if desk.show == "nothing" else RULES))


def _converse(desk: Desk, streams: Streams, keep: Keep) -> Literal["ended", "paused", "over"]:
    """How it went out: ended here, paused, or over because it was ended elsewhere.

    The student is ``past`` the last question once all have an answer.
    """
    session, shown, sure = desk.session, None, False
    place: Place = "past" if session.finished else "here"
    while True:
        left = desk.left()
        if left == 0:
            streams.say("\n" + _(TIME_OVER))
            return "ended"
        if place == "past":
            streams.say("\n" + _(ALL_ANSWERED))
        elif session.current is not shown:
            _show(desk, session, shown, left, streams)
        shown = None if place == "past" else session.current
        line = streams.ask()
        typed = "" if line is None else line.strip()
        if desk.left() == 0:
            if typed and place == "here":
                streams.say("\n" + _(NOT_TAKEN).format(text=typed))
            continue
        if line is None or typed.lower() == "q":
            return "paused"
        if typed == "." or (place == "past" and not typed):
            if session.finished or sure:
                return "ended"
            still = len(session.asked) - session.done
            streams.say(
                plural("{count} is open.", "{count} are open.", still)
                + " "
                + _("Type . again to end the drill, or go on.")
            )
            sure = True
            continue
        sure = False
        if typed.lower() in ("help", "h", "again", "words"):
            shown = _obey(desk, typed.lower(), shown, streams)
        elif place == "past":
            place = "here" if typed == "<" else "past"
        else:
            session, place = _respond(desk, session, typed, streams, keep)
            if place == "over":
                return "over"


def _obey(desk: Desk, word: str, shown: Question | None, streams: Streams) -> Question | None:
    """Do what a word asks for; the question that counts as shown after it."""
    if word in ("help", "h"):
        streams.say(_(RULES_UNTOLD if desk.show == "nothing" else RULES))
        return shown
    if word == "words":
        streams.in_words = not streams.in_words
        streams.say(_("Tables are read out in words.") if streams.in_words else _("Tables are drawn."))
    return None


def _respond(desk: Desk, session: Session, typed: str, streams: Streams, keep: Keep) -> tuple[Session, Place]:
    """One line typed, a command or an answer: the session after it, and where in the drill that is."""
    is_answered = session.record(session.current).done
    if typed in ("?", "!"):
        streams.say(_("A drill has no hints. Leave the question for later with >, or practise it afterwards."))
        return session, "here"
    if typed == "<":
        after = back(session)
        if after.current is session.current:
            streams.say(_("This is the first question."))
        return after, "here"
    if typed in ("", ">") and is_answered:
        return onward(session), "past" if session.finished and session.position == session.asked[-1] else "here"
    if typed == ">":
        after = skip(session)
        streams.say(left_out(session, after))
        return after, "here"
    if stays(session):
        streams.say(_("You gave: {answer}.").format(answer=desk.answers[session.current.key]) + " " + _(STAYS))
        return session, "here"
    after, feedback = take(session, typed)
    if isinstance(feedback, Unreadable):
        streams.say(f"{said_verdict(feedback)}: {feedback.reason}")
        return session, "here"
    streams.keep(rows(session, after, typed, feedback), keep)
    fate = desk.fate(session.current.key, typed)
    streams.say(_(SAID[fate]))
    return after, "over" if fate == "over" else "past" if after.finished else "here"


def _show(desk: Desk, session: Session, before: Question | None, left: float | None, streams: Streams) -> None:
    """The question with its tensors, the answers given to what leads to it, and the time."""
    question = session.current
    if before is None or before.exercise.id != question.exercise.id:
        streams.say(f"\n{question.exercise.title}")
        streams.read_out(question.exercise.prose)
    streams.say()
    streams.draw(scene(session))
    for line in given_before(desk.answers, session):
        streams.say(line)
    if formula(session):
        streams.say(formula(session))
    number = session.asked.index(session.position) + 1
    asked = _("Question {number} of {count}") if left is None else _("Question {number} of {count} ({time})")
    clock = "" if left is None else time_left(left)
    streams.say(f"{asked.format(number=number, count=len(session.asked), time=clock)}: {question.prompt}")
    for line in first_counts(session):
        streams.say(line)
    if stays(session):
        streams.say(_("You gave: {answer}.").format(answer=desk.answers[question.key]) + " " + _(STAYS))
    elif question.key in desk.answers:
        streams.say(_("You gave: {answer}. Enter keeps it.").format(answer=desk.answers[question.key]))
