"""The score of a drill: from the verdicts in the log, and where that is asked for or in doubt, judged anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.report.student import Sat, label

Check: TypeAlias = Literal["agrees", "differs", "open"]

_CODE = re.compile(r"CT1-(?P<seed>-?\d{1,19})-(?P<score>\d{1,9})of(?P<total>\d{1,9})-(?P<seal>[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Score:
    """A student's result in a drill. ``total`` is None for one that was not ended; ``code`` is what it ended with.

    ``check`` says whether the code agrees with the log; ``sitting`` is 2 for the second drill with the same numbers.
    """

    drill: str
    student: str
    score: int
    total: int | None
    answered: int
    code: str
    check: Check
    seed: int | None = None
    minutes: int | None = None
    sitting: int = 1


class Judge:
    """Scores drills. ``get`` finds lessons; with ``anew`` the engine judges every drill, else only those in doubt."""

    def __init__(self, get: Callable[[str], Lesson], *, anew: bool = False) -> None:
        self._get = get
        self._anew = anew

    def __call__(self, student: str, sat: Sat) -> Score:
        """The score, and whether the code that the drill ended with agrees with it."""
        code = _CODE.fullmatch(sat.code)
        so_far = Score(label(sat.drill), student, sat.score, None, len(sat.answers), sat.code, "open")
        so_far = replace(so_far, seed=sat.drill.seed, minutes=sat.drill.minutes or None, sitting=sat.sitting)
        if not sat.ended:
            return so_far
        total = None if code is None else int(code["total"])
        agrees = code is not None and (int(code["score"]), int(code["seed"])) == (sat.score, sat.drill.seed)
        if agrees and not self._anew:
            return replace(so_far, total=total, check="agrees")
        return self._judged(so_far, sat) or replace(so_far, total=total, check="agrees" if agrees else "differs")

    def _judged(self, so_far: Score, sat: Sat) -> Score | None:
        """The score as the engine has it; None where the lessons are not here."""
        from cnn_tutor.errors import UsageError
        from cnn_tutor.tutor.drill import begin
        from cnn_tutor.tutor.result import judge

        try:
            session = begin(sat.drill, self._get)
        except (UsageError, ValueError):
            return None
        result = judge(sat.drill, session, {key: text for key, (text, _verdict) in sat.answers.items()})
        check: Check = "agrees" if result.code == sat.code else "differs"
        return replace(so_far, score=result.score, total=len(result.outcomes), check=check)
