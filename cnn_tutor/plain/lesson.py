"""A lesson as a conversation: one answer a line.

``?`` gives a hint, ``!`` shows the answer, ``>`` skips, ``<`` looks back, ``q`` pauses. A verdict line begins with the
verdict, a diagnosis line with ``Maybe:``.
"""

from __future__ import annotations

from collections.abc import Callable

from cnn_tutor.language import _
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.diagnosis import prepare
from cnn_tutor.tutor.feedback import Feedback, diagnosis_of, explain, verdict
from cnn_tutor.tutor.hint import shown
from cnn_tutor.tutor.log import Keep, log
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.scene import formula, scene
from cnn_tutor.tutor.session import Session, ask_hint, look_back, reveal, skip, submit
from cnn_tutor.tutor.used import used

KEYS = "? hint · ! answer · > skip · < back · q pause"


def run(session: Session, streams: Streams, keep: Keep, twin: Callable[[], Session | None] = lambda: None) -> Session:
    """Ask until everything is answered or the student pauses; ``keep`` stores each attempt before its verdict.

    When no question is left, the session that ``twin`` makes, if any, is offered; anything but yes declines it.
    """
    session = converse(session, streams, keep)
    other = twin() if session.finished else None
    if other is not None and not other.finished:
        streams.say()
        streams.say(_("There is a twin: the same tasks with numbers that tell more mistakes apart."))
        streams.say(_("Type y to go through it now, or Enter to leave it."))
        if (streams.ask() or "").strip().lower() in ("y", "yes", _("yes"), _("yes")[0]):
            other = converse(other, streams, keep)
            text = _("Twin: {done} of {count} questions.")
            streams.say(text.format(done=other.done, count=len(other.asked)))
    _close(session, streams)
    return session


def converse(session: Session, streams: Streams, keep: Keep, *, introduced: bool = False) -> Session:
    """Questions and answers until none is left or the student pauses."""
    if session.finished:
        return session
    if not introduced:
        introduce(session, streams)
    shown: Question | None = None
    while not session.finished:
        question = session.current
        if shown is None or question.exercise.id != shown.exercise.id:
            _introduce_exercise(question, streams)
        if question is not shown:
            _show(session, streams)
        shown = question
        if streams.prompt:
            prepare(question, upstream=session.fast)
        line = streams.ask()
        if line is None or line.strip().lower() == "q":
            break
        session = _respond(session, line, streams, keep)
    return session


def introduce(session: Session, streams: Streams) -> None:
    """What is read before a lesson, and the keys."""
    lesson = session.lesson
    streams.say(lesson.title)
    streams.read_out(lesson.intro)
    streams.say(_("Conventions:"))
    streams.read_out(lesson.conventions)
    streams.say(_("Keys: {keys}").format(keys=_(KEYS)))


def _introduce_exercise(question: Question, streams: Streams) -> None:
    streams.say()
    streams.say(_("Exercise: {title}").format(title=question.exercise.title))
    streams.read_out(question.exercise.prose)


def _show(session: Session, streams: Streams) -> None:
    """The question with its tensors, formula and options."""
    question = session.current
    number = session.asked.index(session.position) + 1 if session.position in session.asked else session.position + 1
    streams.say()
    streams.draw(scene(session))
    written = formula(session)
    if written:
        streams.say(written)
    asked = _("Question {number} of {count}").format(number=number, count=len(session.asked))
    streams.say(f"{asked}: {question.prompt}")
    if question.choice is not None:
        for place, option in enumerate(question.choice.options, 1):
            streams.say(f"  {place}. {option}")
    if session.record(question).done:
        streams.say(_("Answered: {answer}. Press Enter to go on.").format(answer=shown(question)))


def _respond(session: Session, line: str, streams: Streams, keep: Keep) -> Session:
    """One line typed: a command or an answer."""
    match line.strip():
        case "?":
            after, text = ask_hint(session)
            streams.keep(log(session, after, "hint"), keep)
            streams.say(_("Hint: {text}").format(text=text))
            return after
        case "!":
            after, text = reveal(session)
            streams.keep(log(session, after, "show"), keep)
            streams.say(text)
            return after
        case ">":
            after = skip(session)
            streams.keep(log(session, after, "skip"), keep)
            return after
        case "<":
            return look_back(session)
        case "" if session.record(session.current).done:
            return look_back(session, -1)
    after, feedback = submit(session, line)
    streams.keep(log(session, after, "answer", line, feedback), keep)
    _tell(feedback, session.current, streams)
    return after


def _tell(feedback: Feedback, question: Question, streams: Streams) -> None:
    text = explain(feedback)
    streams.say(f"{verdict(feedback)}: {text}" if text else f"{verdict(feedback)}.")
    diagnosis = diagnosis_of(feedback)
    if diagnosis is not None:
        streams.draw(used(question, diagnosis))
        streams.say(_("Maybe: ") + f"{diagnosis.text} [{diagnosis.id}]")


def _close(session: Session, streams: Streams) -> None:
    """The last line says whether the lesson is finished or paused, with counts."""
    streams.say()
    counts = {"done": session.done, "count": len(session.asked), "lesson": session.lesson.id}
    if session.finished:
        again = _("To go over it again with fresh numbers: cnn-tutor learn {lesson} --seed 1")
        streams.say(again.format(**counts))
        streams.say(_("What to take along:"))
        for idea in session.lesson.key_ideas:
            streams.say(f"- {idea}")
        streams.read_out(session.lesson.notes)
        streams.say(_("Finished: {done} of {count} questions.").format(**counts))
    else:
        text = _("Paused: {done} of {count} questions. Go on with: cnn-tutor learn {lesson}")
        streams.say(text.format(**counts))
