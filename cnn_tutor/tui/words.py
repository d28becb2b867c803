"""What the lesson screen says about a session, in words and lines: no widgets, no state."""

from __future__ import annotations

from collections.abc import Sequence

from cnn_tutor.language import _, plural
from cnn_tutor.tui.widgets.feedback import Said
from cnn_tutor.tutor.feedback import Correct, Feedback, Unreadable, diagnosis_of, explain, said_verdict
from cnn_tutor.tutor.hint import LEVELS, shown, worked
from cnn_tutor.tutor.numeric import decimals_wanted
from cnn_tutor.tutor.place import example
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Session, hints_so_far
from cnn_tutor.tutor.used import used

SHORT = 4
"""A number with no more decimals than this is typed in full."""
LISTED = 6
"""Questions named one by one on the summary."""


def place(session: Session) -> str:
    """Where the student is: ``question 7 of 34, guided``."""
    asked = session.asked
    number = sum(one <= session.position for one in asked)
    text = _("question {number} of {count}, fast") if session.fast else _("question {number} of {count}, guided")
    return text.format(number=max(1, number), count=len(asked))


def number(session: Session) -> str:
    """The same without the mode: ``question 7 of 34``."""
    asked = session.asked
    place = sum(one <= session.position for one in asked)
    return _("question {number} of {count}").format(number=max(1, place), count=len(asked))


def expected(session: Session, question: Question) -> str:
    """What the answer line waits for, shown while it is empty."""
    if session.record(question).done:
        return _("Enter goes on")
    if question.choice is not None:
        return _("a number from 1 to {last}").format(last=len(question.choice.options))
    if question.kind == "shape":
        return _("sizes, such as 3 x 32 x 32")
    if question.kind == "cells":
        return _("cells, {example}; the arrow keys point").format(example=example(question.extent))
    wanted = decimals(question)
    match question.shape:
        case ():
            text = _("a number")
        case (length,):
            text = plural("{count} number", "{count} numbers, with blanks between", length)
        case (*_batch, rows, columns):
            text = _("{rows} rows of {columns}, with ; between rows").format(rows=rows, columns=columns)
    return _("{what}, {count} decimals or exact").format(what=text, count=wanted) if wanted else text


def decimals(question: Question) -> int:
    """How many decimals the answer needs; 0 where it can be typed in full."""
    if question.wanted is None or question.wanted.exact.dtype.kind != "f":
        return 0
    cells = map(question.wanted.values, range(question.wanted.exact.size))
    return max((decimals_wanted(cell) for cell in cells if any(one != round(one, SHORT) for one in cell)), default=0)


def answered(question: Question) -> str:
    """The right answer with its name: ``y₁ = −1``."""
    if question.choice is not None:
        return shown(question)
    value = shown(question) if question.kind == "cells" else shown(question).replace("-", "−")
    return f"{question.label} = {value}" if question.label else value


def options(question: Question) -> Sequence[tuple[str, str]]:
    """The numbered options of a choice."""
    return [] if question.choice is None else [(str(i), text) for i, text in enumerate(question.choice.options, 1)]


def judged(question: Question, feedback: Feedback) -> Said:
    """What is said about an answer to ``question``."""
    text, found = explain(feedback), diagnosis_of(feedback)
    if isinstance(feedback, Correct):
        text = text or f"{answered(question)}."
    elif isinstance(feedback, Unreadable):
        text = _("{reason} This does not count.").format(reason=text)
    if found is None:
        return Said(said_verdict(feedback), text)
    return Said(said_verdict(feedback), text, found.text, used=used(question, found))


def worked_before(given: Sequence[Question]) -> Said:
    """What is worked beforehand; of much, as many lines as are seen at once."""
    lines = [_worked(one) for one in given]
    if len(lines) > LISTED:
        more = len(lines) - LISTED + 1
        lines = [*lines[: LISTED - 1], plural("… {count} more: Up", "… {count} more, one by one: Up", more)]
    return Said(_("Worked for you"), "\n" + "\n".join(lines))


def worked_like(question: Question, given: Sequence[Question]) -> str:
    """The line of what is worked beforehand that shows how a question is done; empty for none."""
    alike = (one for one in given if one.skill == question.skill and one.part is not None)
    return next((_worked(one) for one in alike), "")


def _worked(question: Question) -> str:
    """A line of an example, with its name."""
    text = worked(question)
    return text if question.label in text else f"{question.label}: {text}"


def offer_to_fold(kind: str) -> str:
    """That a kind of step goes well and may be left out."""
    text = _("That kind of step goes well: F5 leaves out further “{kind}” until one goes wrong.")
    return text.format(kind=kind.replace("_", " "))


def folded(kind: str) -> Said:
    """What is said when a kind of step is left out."""
    text = _("“{kind}” is left out from now on; a wrong answer brings it back.")
    return Said(_("Folded"), text.format(kind=kind.replace("_", " ")))


def looking_back(session: Session, given: Sequence[Question] = ()) -> Said:
    """What stands beside a question that is shown again; those ``given`` were worked beforehand."""
    question = session.current
    if question in given:
        return Said(_("Worked for you"), _worked(question))
    record = session.record(question)
    if not record.done and not record.covered:
        return Said("", _("Left for later.") if record.skipped else "")
    why = _("Answered") if record.done else _("Covered by the whole result")
    return Said(why, f"{answered(question)}.")


def settled(session: Session) -> bool:
    """Whether the question on the screen is answered or covered."""
    record = session.record(session.current)
    return record.done or record.covered


def opens_exercise(session: Session) -> bool:
    """Whether the question on the screen is the first that is asked of its exercise."""
    exercise = session.current.exercise.id
    first = next((i for i in session.asked if session.questions[i].exercise.id == exercise), session.position)
    return session.position <= first


def welcome(session: Session) -> Said:
    """What is said when a lesson is opened."""
    if session.finished:
        return Said(_("All done"), _("Up and Down look through it, Enter goes to the end."))
    return Said("", _("You go on where you stopped.") if session.done else "")


def skipped(before: Session, after: Session) -> Said:
    """What is said when a question is left for later."""
    if before.position == after.position:
        return Said("", _("This is the only question that is still open."))
    return Said("", _("Left for later; it comes back after the last one."))


def switched(session: Session) -> Said:
    """What is said when the mode changes."""
    if session.fast:
        return Said(_("Fast"), _("Only whole results are asked; each covers the steps that lead to it."))
    return Said(_("Guided"), _("Every step is asked."))


def hints(session: Session) -> tuple[str, ...]:
    """The hints given for the current question; none once it is answered."""
    return () if session.record(session.current).done else tuple(hints_so_far(session))


def name(question: Question) -> str:
    """A question in a few words."""
    return f"“{question.choice.prompt}”" if question.choice is not None else question.label or question.prompt


def looked_up(session: Session) -> list[str]:
    """In words, which questions took help or a second try, and which are open."""
    records = [(one, session.record(one)) for one in session.questions]
    groups = (
        (_("With the answer shown"), [one for one, record in records if record.hints >= LEVELS]),
        (_("With a hint"), [one for one, record in records if 0 < record.hints < LEVELS]),
        (_("At the second look"), [one for one, record in records if record.misses and not record.hints]),
        (
            _("Left out by the fast way") if session.fast else _("Still open"),
            [one for one, record in records if not record.done and not record.covered],
        ),
    )
    return [f"{title}: {_listed(found)}." for title, found in groups if found]


def _listed(found: Sequence[Question]) -> str:
    names = list(dict.fromkeys(name(one) for one in found))
    more = len(names) - LISTED
    listed = ", ".join(names[:LISTED])
    return _("{names} and {count} more").format(names=listed, count=more) if more > 0 else listed
