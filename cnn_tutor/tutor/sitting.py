"""One sitting of practice or review: which problem comes next, from the log and what was done since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cnn_tutor.tutor.attempt import Attempt, Mode
from cnn_tutor.tutor.mastery import mastery
from cnn_tutor.tutor.practice import NOTHING, Problem, Task, choose, level, name_of, problem, seed_of


@dataclass
class Sitting:
    """The tasks and skills wanted, the attempts so far, and how many problems there were.

    In a review each of ``skills`` is asked in one problem, and then there is none left.
    """

    tasks: Sequence[Task]
    skills: frozenset[str]
    seed: int
    attempts: list[Attempt]
    mode: Mode = "practice"
    count: int = 0
    reviewed: set[str] = field(default_factory=set)
    run: str = ""
    """The name of this sitting in the log."""

    def __post_init__(self) -> None:
        self.run = f"{self.mode}-{self.seed}-{len(self.attempts)}"

    def following(self) -> Problem | None:
        """The next problem; None when a review has asked everything."""
        skills = self.skills - self.reviewed
        if self.mode == "review" and not skills:
            return None
        fitting = [one for one in self.tasks if not skills or one.skills & skills]
        task = choose(fitting, skills, self.attempts)
        self.count += 1
        self.reviewed |= task.skills
        shown = NOTHING if self.mode == "review" else level(task, self.attempts)
        seed = seed_of(self.seed, self.count)
        return problem(task, seed, shown, skills=skills & task.skills, mode=self.mode, run=self.run)

    def ending(self) -> Iterator[str]:
        """How far the skills are that were practised."""
        practised = {one.skill for one in self.attempts if one.run == self.run and one.action == "answer"}
        known = mastery(self.attempts)
        for skill in sorted(practised & set(known)):
            yield f"{name_of(skill):<20} {known[skill].bar}  {known[skill].word}"
