"""A lesson as a conversation: one answer a line.

``?`` gives a hint, ``!`` shows the answer, ``>`` skips, ``<`` looks back, ``q`` pauses, ``help`` lists the rest. A
verdict line begins with the verdict, a diagnosis line with ``Maybe:``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from cnn_tutor.language import _
from cnn_tutor.plain.manual import KEYS, WORDS, manual
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.attempt import NO_IDEA
from cnn_tutor.tutor.diagnosis import prepare
from cnn_tutor.tutor.feedback import Feedback, diagnosis_of, explain, said_verdict
from cnn_tutor.tutor.folding import foldable
from cnn_tutor.tutor.hint import shown
from cnn_tutor.tutor.judgement import option
from cnn_tutor.tutor.keeper import all_kept
from cnn_tutor.tutor.log import Keep, log
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.scene import formula, scene
from cnn_tutor.tutor.session import Session, ask_hint, fold, look_back, reveal, skip, submit, switch
from cnn_tutor.tutor.used import used


def run(
    session: Session,
    streams: Streams,
    keep: Keep,
    twin: Callable[[], Session | None] = lambda: None,
    ending: Callable[[], Iterable[str]] = tuple,
    again: str = "",
) -> Session:
    """Ask until everything is answered or the student pauses; ``keep`` stores each attempt before its verdict.

    When no question is left, the session that ``twin`` makes, if any, is offered; anything but yes declines it. What
    ``ending`` says comes last, but for the counts. ``again`` is what the command line calls this lesson and its mode,
    if that is more than its id.
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
    _close(session, streams, ending, again or session.lesson.id, kept=all_kept(keep))
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
            _offer_to_fold(session, shown, streams)
        shown = question
        if streams.prompt:
            prepare(question, upstream=session.fast)
        line = streams.ask()
        if line is None or line.strip().lower() == "q":
            break
        if _is_word(question, line):
            session = _obey(session, line.strip().lower(), streams, keep)
            continue
        session = _respond(session, line, streams, keep)
    return session


def _is_word(question: Question, line: str) -> bool:
    """Whether a command is meant, and not an option of a choice."""
    word = line.strip().lower()
    return word in WORDS and (question.choice is None or option(word, question.choice.options) is None)


def _obey(session: Session, word: str, streams: Streams, keep: Keep) -> Session:
    """Do what a word asks for; no answer is given by it."""
    match word:
        case "help" | "h":
            for text in manual():
                streams.say(text)
        case "again":
            _show(session, streams)
        case "words":
            streams.in_words = not streams.in_words
            streams.say(_("Tables are read out in words.") if streams.in_words else _("Tables are drawn."))
            _show(session, streams)
        case "notes":
            _notes(session, streams)
        case "fast" | "guided":
            after = switch(session if word == "fast" else replace(session, position=0), word == "fast")
            streams.say(_("Fast: only whole results are asked.") if after.fast else _("Guided: every step is asked."))
            return after
        case "fold":
            return _fold(session, streams, keep)
    return session


def _notes(session: Session, streams: Streams) -> None:
    """What may be read again at any time."""
    streams.say(_("Exercise: {title}").format(title=session.current.exercise.title))
    streams.read_out(session.current.exercise.prose)
    streams.say(_("Conventions:"))
    streams.read_out(session.lesson.conventions)
    streams.say(_("Key ideas:"))
    for idea in session.lesson.key_ideas:
        streams.say(f"- {idea}")
    streams.read_out(session.lesson.notes)


def _offer_to_fold(session: Session, before: Question | None, streams: Streams) -> None:
    """Tell a person, never a script, that a kind of step may be left out."""
    kind = foldable(session) if streams.prompt and before is not None else ""
    if kind:
        text = _("That kind of step goes well: fold leaves out further “{kind}” until one goes wrong.")
        streams.say(text.format(kind=kind.replace("_", " ")))


def _fold(session: Session, streams: Streams, keep: Keep) -> Session:
    kind = foldable(session)
    if not kind:
        streams.say(_("A kind of step can be folded after two of it were right at once; none can now."))
        return session
    after = fold(session, kind)
    streams.keep(log(session, after, "fold", kind), keep)
    streams.say(
        _("“{kind}” is left out from now on; a wrong answer brings it back.").format(kind=kind.replace("_", " "))
    )
    return after


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
    streams.say(f"{said_verdict(feedback)}: {text}" if text else f"{said_verdict(feedback)}.")
    diagnosis = diagnosis_of(feedback)
    if diagnosis is not None:
        streams.draw(used(question, diagnosis))
        ids = sorted(diagnosis.ids, key=lambda one: one not in NO_IDEA)
        streams.say(_("Maybe: ") + " ".join([diagnosis.text, *(f"[{one}]" for one in ids)]))


def _close(session: Session, streams: Streams, ending: Callable[[], Iterable[str]], again: str, *, kept: bool) -> None:
    """The last line says whether the lesson is finished or paused, with counts."""
    streams.say()
    counts = {"done": session.done, "count": len(session.asked)}
    if session.finished:
        fresh = _("To go over it again with fresh numbers: cnn-tutor learn {lesson} --seed {seed}")
        streams.say(fresh.format(lesson=again.partition(" --")[0], seed=(session.seed or 0) + 1))
        streams.say(_("What to take along:"))
        for idea in session.lesson.key_ideas:
            streams.say(f"- {idea}")
        streams.read_out(session.lesson.notes)
        for text in ending():
            streams.say(text)
        streams.say(_("Finished: {done} of {count} questions.").format(**counts))
    else:
        text = _("Paused: {done} of {count} questions.")
        if kept:
            text = _("Paused: {done} of {count} questions. Go on with: cnn-tutor learn {lesson}")
        streams.say(text.format(lesson=again, **counts))
