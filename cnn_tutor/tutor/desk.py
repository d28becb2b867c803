"""A drill in front of a student: what is asked, what was answered, the clock, and what the log says meanwhile."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cnn_tutor.language import _
from cnn_tutor.lesson.assignment import Show
from cnn_tutor.lesson.pack import pack_of
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.drill import Drill, marker
from cnn_tutor.tutor.progress import Row
from cnn_tutor.tutor.result import Result, answers, judge
from cnn_tutor.tutor.session import Session

Fate: TypeAlias = Literal["counts", "settled", "over"]
"""What becomes of an answer: it counts, another terminal had given the one that counts, or had ended the drill."""

TIME_OVER = "The time is over."
NOT_TAKEN = "{text} was not handed in before the end, so it does not count."
TOO_LATE = "This drill was ended in another terminal, so that answer does not count."
SETTLED = "Another terminal had answered this before, and a later question shows it. That answer counts."
SAID: dict[Fate, str] = {"counts": "Noted.", "settled": SETTLED, "over": TOO_LATE}


@dataclass(frozen=True)
class Desk:
    """A drill in front of a student: the session, the answers taken so far by question key, the clock.

    ``left`` gives the seconds left (None without a limit), ``best`` is the best (score, questions) of earlier ones,
    ``show`` what is shown at the end, ``title`` what the drill is called, ``kept`` gives the rows of the log as it is
    now. ``notice`` is what to say first, ``again`` whether what is right was shown before.
    """

    drill: Drill
    session: Session
    answers: dict[str, str]
    left: Callable[[], float | None]
    best: tuple[int, int] | None = None
    ended: bool = False
    show: Show = "answers"
    title: str = ""
    kept: Callable[[], Iterable[Row]] = tuple
    notice: str = ""
    again: bool = False

    @property
    def result(self) -> Result:
        """What comes of the answers in the log, from whatever terminal; of those taken here where there is none."""
        return judge(self.drill, self.session, answers(self.kept(), self.drill.run) or self.answers)

    @property
    def ending(self) -> Attempt:
        """The row that closes the drill, with the code of its result."""
        return marker(self.drill, "end", self.result.code, pack_of(self.session.lesson))

    def fate(self, key: str, text: str) -> Fate:
        """What the log says of an answer once it stands there; the one that counts is then on the desk."""
        rows = [row for row in self.kept() if row.attempt.run == self.drill.run]
        if any(row.attempt.action == "end" for row in rows):
            return "over"
        self.answers[key] = answers(rows, self.drill.run).get(key, text)
        return "counts" if self.answers[key] == text else "settled"


def time_left(seconds: float) -> str:
    """Whole hours while there are several, whole minutes until the last one, then seconds."""
    if seconds > 3 * 3600:
        return _("{count} h left").format(count=math.ceil(seconds / 3600))
    if seconds > 60:
        return _("{count} min left").format(count=math.ceil(seconds / 60))
    return _("{count} s left").format(count=math.ceil(seconds))


def given_before(answers: dict[str, str], session: Session) -> list[str]:
    """What the student answered to the questions of this problem before the current one."""
    earlier = (session.questions[place] for place in session.asked if place < session.position)
    own = [one for one in earlier if one.exercise.id == session.current.exercise.id and one.key in answers]
    given = "; ".join(f"{one.label} = {answers[one.key]}" for one in own)
    return [_("You gave: {answers}").format(answers=given)] if own else []
