"""What an assignment file asks of one student: the drill, and whether it may be begun now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson.assignment import Assignment
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.clock import spell_wait
from cnn_tutor.tutor.drill import Drill, plain_name
from cnn_tutor.tutor.result import Sitting

State: TypeAlias = Literal["early", "open", "closed"]

SOON = 24 * 3600.0
"""Seconds before the closing time from which on it is shown as time that is left."""


def drill_of(assignment: Assignment, name: str, get: Callable[[str], Lesson]) -> Drill:
    """The drill that ``name`` is set. Raises UsageError for a lesson, a name or a seed that is not there.

    The limits of time are not part of it, so that an instructor can extend them while the class works.
    """
    file, plain = assignment.file, plain_name(name)
    seeds = {plain_name(one): seed for one, seed in file.seeds.items()}
    if not plain and (file.numbers == "own" or file.seed is None):
        raise UsageError(_("{title} gives each name numbers of its own; add --name").format(title=file.title))
    seed = seeds.get(plain, file.seed)
    if seed is None:
        raise UsageError(_("{title} has no seed for {name}").format(title=file.title, name=repr(plain)))
    drill = Drill.of([get(one) for one in file.lessons], seed, count=file.count, minutes=None, name=name)
    return replace(drill, shared=bool(plain) and file.numbers == "same", assignment=file.id)


def state(assignment: Assignment, now: float) -> State:
    """Where ``now`` lies in the window of time."""
    if assignment.opens is not None and now < assignment.opens:
        return "early"
    return "closed" if assignment.closes is not None and now >= assignment.closes else "open"


def seconds_left(assignment: Assignment, sitting: Sitting, drill: Drill, now: float) -> float | None:
    """What the minutes and the closing time leave of the drill; None where that is not to be shown yet."""
    limits = [sitting.left(replace(drill, minutes=assignment.file.minutes or 0), now)]
    if assignment.closes is not None and assignment.closes - now <= SOON:
        limits.append(max(0.0, assignment.closes - max(now, sitting.latest)))
    return min((one for one in limits if one is not None), default=None)


def announce(assignment: Assignment, now: float) -> str:
    """Why there is nothing to do: it opens later, or has closed."""
    title = assignment.file.title
    if assignment.opens is not None and now < assignment.opens:
        opens, wait = assignment.spell(assignment.opens), spell_wait(assignment.opens - now)
        return _("{title} opens at {time}, in {wait}.").format(title=title, time=opens, wait=wait)
    assert assignment.closes is not None
    return _("{title} closed at {time}. No answers are taken any more.").format(
        title=title, time=assignment.spell(assignment.closes)
    )
