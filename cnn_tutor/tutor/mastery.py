"""Which skills a student has mastered, as a fold over the log; shown as words and a bar, never as a score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cnn_tutor.language import _
from cnn_tutor.lesson.twin import SUFFIX
from cnn_tutor.tutor.attempt import Attempt, settled, under_way

CLEAN = 3
"""First-try, hint-free answers on different numbers that make a skill mastered; one of them on fresh numbers."""

_WORDS = ("begun", "under way", "nearly there")


@dataclass(frozen=True, slots=True)
class Mastery:
    """How far one skill is: ``clean`` answers on different numbers, up to those needed, and whether some were fresh."""

    clean: int
    fresh: bool

    @property
    def mastered(self) -> bool:
        """Whether it needs no more practice for now."""
        return self.clean >= CLEAN and self.fresh

    @property
    def word(self) -> str:
        """How far it is, in a word or two."""
        return _("mastered" if self.mastered else _WORDS[min(self.clean, CLEAN - 1)])

    @property
    def bar(self) -> str:
        """Full and empty squares."""
        full = CLEAN if self.mastered else min(self.clean, CLEAN - 1)
        return "■" * full + "□" * (CLEAN - full)


def is_fresh(attempt: Attempt) -> bool:
    """Whether an attempt was made on other numbers than the printed ones: drawn, or those of a twin."""
    return attempt.seed is not None or attempt.lesson.endswith(SUFFIX)


def is_clean(attempt: Attempt) -> bool:
    """Whether an answer was right at once and without a hint."""
    return attempt.action == "answer" and attempt.verdict == "Correct" and not attempt.misses and not attempt.hints


def mastery(attempts: Iterable[Attempt]) -> dict[str, Mastery]:
    """How far each skill is that was answered, in the order in which they were met; drills count once they end."""
    listed = list(attempts)
    running = under_way(listed)
    numbers: dict[str, dict[tuple[int | None, str], bool]] = {}
    for one in listed:
        if one.action == "answer" and one.skill and one.run not in running:
            clean = numbers.setdefault(one.skill, {})
            if is_clean(one):
                clean[one.seed, one.digest] = is_fresh(one)
    return {skill: Mastery(min(len(clean), CLEAN), any(clean.values())) for skill, clean in numbers.items()}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a student is in a lesson: guided questions settled, and whether its skills are mastered."""

    done: int
    mastered: bool


def standing(attempts: Iterable[Attempt], questions: int | None) -> Standing:
    """Where a student is in a lesson of so many guided ``questions``, from the attempts at it."""
    listed = list(attempts)
    done = len(settled(listed))
    done = done if questions is None else min(done, questions)
    skills = mastery(listed).values()
    return Standing(done, questions is not None and done == questions and bool(skills) and all_mastered(skills))


def all_mastered(skills: Iterable[Mastery]) -> bool:
    """Whether none needs more practice."""
    return all(one.mastered for one in skills)
