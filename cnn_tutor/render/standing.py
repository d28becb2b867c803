"""How far a student is, in lines: what was answered, the skills, what is due and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnn_tutor.language import _, plural
from cnn_tutor.tutor.clock import said
from cnn_tutor.tutor.skill import skill_name

if TYPE_CHECKING:
    from cnn_tutor.tutor.overview import Entry


DONE = """
**{title}: all of it is done.** Every number in it you have worked out by hand. What a library does in a microsecond
you can now check with a pencil. Close the lid and sleep well: these sums are yours.
"""
"""Said once, when the last lesson of a course is finished."""


def farewell(title: str) -> str:
    """What is said at the end of a course, as Markdown."""
    return _(DONE).format(title=title)


def lines(entries: Sequence[Entry], known: Mapping[str, Any]) -> Iterator[str]:
    """What was done, skill by skill, and what comes next. ``known`` is what the overview reports."""
    from cnn_tutor.tutor.overview import next_lesson

    done, questions = sum(entry.done for entry in entries), sum(entry.questions for entry in entries)
    yield _in_time(known["seconds"]).format(done=done, count=questions)
    for entry in entries:
        if entry.done:
            state = _("finished") if entry.done == entry.questions else _("{done} of {count}")
            state = state.format(done=entry.done, count=entry.questions)
            state = _("{state}, mastered").format(state=state) if entry.mastered else state
            yield f"  {entry.lesson.title}: {state}"
    if known["skills"]:
        yield _("Skills:")
    width = max((len(skill_name(one["skill"])) for one in known["skills"]), default=0)
    for one in sorted(known["skills"], key=lambda one: str(one["bar"])):
        yield f"  {skill_name(one['skill']):<{width}}  {one['bar']}  {one['word']}"
    yield from _recurring(known["misconceptions"])
    if known["ahead"]:
        yield said(known["ahead"])
    if known["drills_under_way"]:
        yield plural(
            "A drill is not ended yet; it counts here once it is.",
            "{count} drills are not ended yet; they count here once they are.",
            known["drills_under_way"],
        )
    if known["due"]:
        due = ", ".join(map(skill_name, known["due"]))
        yield _("Due for review: {skills}. Start with: cnn-tutor review").format(skills=due)
    following = next_lesson(entries)
    if following is None:
        yield _("The worksheet is done.")
    else:
        yield _("Next: cnn-tutor learn {lesson}").format(lesson=following.lesson.id)


def _in_time(seconds: int) -> str:
    """How much was answered and in which time; ``done`` and ``count`` are still to be filled in."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        text = _("{done} of {count} questions answered in {hours} h {minutes} min.")
    else:
        text = (
            _("{done} of {count} questions answered in {minutes} min.")
            if minutes
            else _("{done} of {count} questions answered.")
        )
    return text.format(done="{done}", count="{count}", hours=hours, minutes=minutes)


def _recurring(ideas: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The misconceptions on record; without any, their table is not loaded, and neither is NumPy."""
    if ideas:
        from cnn_tutor.tutor.misconceptions import BY_ID

        for row in (BY_ID[idea["id"]] for idea in ideas if idea["id"] in BY_ID):
            yield _("More than once: {name} ({idea})").format(name=_(row.name), idea=_(row.believes))
