"""The result of a drill in lines: problem by problem, then what went wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator

from cnn_tutor.language import _
from cnn_tutor.lesson.assignment import Show
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.feedback import (
    Correct,
    Feedback,
    FollowsThrough,
    Incorrect,
    TooFewDigits,
    diagnosis_of,
    said_verdict,
)
from cnn_tutor.tutor.hint import shown
from cnn_tutor.tutor.misconceptions import BY_ID, Misconception
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.result import Outcome, Result


def page(
    result: Result, earlier: tuple[int, int] | None, show: Show = "answers", *, kept: bool = True, again: bool = False
) -> Iterator[str]:
    """The result in lines: problem by problem, then what went wrong and what to do about it.

    ``earlier`` is the best (score, questions) so far in drills of this kind. ``show`` says whether the right answers
    are shown, or the result alone, or nothing but that the drill is handed in. ``kept`` says whether the log has it,
    ``again`` whether these numbers were drilled before, so that this cannot be the best.
    """
    if show == "nothing":
        given = sum(one.text is not None for one in result.outcomes)
        text = _("You answered {given} of {total} questions, but that is not handed in: your log could not be written.")
        if kept:
            text = _("Your answers are handed in: {given} of {total} questions. You hear later what is right.")
        yield text.format(given=given, total=len(result.outcomes))
        return
    title = ""
    for one in result.outcomes:
        if one.question.exercise.title != title:
            title = one.question.exercise.title
            yield f"\n{title}"
        yield from _outcome(one) if show == "answers" else _bare(one)
    total = len(result.outcomes)
    score = _("{score} of {total} count.").format(score=result.score, total=total)
    yield f"\n{score} {_counts(result)}"
    for idea, count in result.ideas.items():
        yield _idea(BY_ID[idea], count) if idea in BY_ID else idea
    weak = list(dict.fromkeys(lesson_of(one.question, result.drill) for one in result.outcomes if not one.credit))
    if weak:
        yield _("To practise this: {command}").format(command=f"cnn-tutor practice {' '.join(weak)}")
    if again:
        yield _("You had drilled these numbers before, so this is no personal best.")
    elif earlier is not None:
        better = result.score * earlier[1] > earlier[0] * total
        surpassed = _("That is your best so far; before, it was {score} of {total}.")
        held = _("Your best so far is {score} of {total}.")
        yield (surpassed if better else held).format(score=earlier[0], total=earlier[1])
    yield _("Result code: {code}").format(code=result.code)
    if not kept:
        yield _("This result is not kept: it is not in your log, so nobody can check the code.")


def _idea(row: Misconception, count: int) -> str:
    """A misconception that alone explains so many wrong answers."""
    times = _(", {count} times").format(count=count) if count > 1 else ""
    text = _("Looks like: {name}{times} ({believes})").format(name=_(row.name), times=times, believes=_(row.believes))
    return f"{text} [{row.id}]"


def _counts(result: Result) -> str:
    """How many answers there are of each sort, those first that count."""
    feedback = [one.feedback for one in result.outcomes]
    follow = sum(isinstance(one, FollowsThrough) for one in feedback)
    sorts = {
        _("{count} right"): result.score - follow,
        _("{count} right for an earlier answer"): follow,
        _("{count} not yet"): sum(isinstance(one, Incorrect) for one in feedback),
        _("{count} open"): feedback.count(None),
    }
    return ", ".join(sort.format(count=count) for sort, count in sorts.items() if count) + "."


def lesson_of(question: Question, drill: Drill) -> str:
    """The lesson that a question of a drill comes from."""
    return max((one for one in drill.lessons if question.exercise.id.startswith(f"{one}-")), key=len)


def _outcome(one: Outcome) -> Iterator[str]:
    name, right = one.question.label or one.question.prompt, shown(one.question)
    if one.feedback is None:
        yield _("Open: {name}; right is {right}").format(name=name, right=right)
        return
    word = said_verdict(one.feedback)
    match one.feedback:
        case Correct():
            said = "{name} = {right}"
        case TooFewDigits():
            said = _("{name}; you gave {text}, with all decimals it is {right}")
        case FollowsThrough():
            said = _("{name}; you gave {text}, which follows from an earlier answer; right is {right}")
        case _:
            said = _("{name}; you gave {text}, right is {right}")
    yield f"{word}: {said.format(name=name, text=one.text, right=right)}"
    yield from _maybe(one.feedback)


def _bare(one: Outcome) -> Iterator[str]:
    """A question and what was answered, without what is right."""
    name = one.question.label or one.question.prompt
    if one.feedback is None:
        yield _("Open: {name}").format(name=name)
        return
    yield f"{said_verdict(one.feedback)}: {_('{name}; you gave {text}').format(name=name, text=one.text)}"
    yield from _maybe(one.feedback)


def _maybe(feedback: Feedback) -> Iterator[str]:
    diagnosis = diagnosis_of(feedback)
    if diagnosis is not None:
        yield _("Maybe: ") + f"{diagnosis.text} [{diagnosis.id}]"
