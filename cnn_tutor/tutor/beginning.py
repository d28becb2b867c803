"""A lesson at its beginning. Nothing is loaded before it is asked for: NumPy takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnn_tutor.lesson.schema import Lesson
    from cnn_tutor.tutor.session import Session


def renumbered(lesson: Lesson, seed: int | None) -> Lesson:
    """The lesson with the fresh numbers of a ``seed``; as it is without one."""
    if seed is None:
        return lesson
    from cnn_tutor.tutor.variant import variant

    return variant(lesson, seed)


def begin(lesson: Lesson, fast: bool, seed: int | None) -> Session:
    """A lesson as a session, nothing answered, with fresh numbers if there is a ``seed``.

    What was worked out for the lesson before is let go. Raises ValueError for numbers that do not fit.
    """
    from cnn_tutor.tutor.remembered import forget
    from cnn_tutor.tutor.session import start

    forget()
    return start(renumbered(lesson, seed), fast=fast, seed=seed)
