"""A lesson at its beginning. Nothing is loaded before it is asked for: NumPy takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnn_tutor.lesson.schema import Lesson
    from cnn_tutor.tutor.session import Session


def begin(lesson: Lesson, fast: bool, seed: int | None) -> Session:
    """A lesson as a session, nothing answered, with fresh numbers if there is a ``seed``.

    What was worked out for the lesson before is let go. Raises ValueError for numbers that do not fit.
    """
    from cnn_tutor.tutor.remembered import forget
    from cnn_tutor.tutor.session import start

    forget()
    if seed is not None:
        from cnn_tutor.tutor.variant import variant

        lesson = variant(lesson, seed)
    return start(lesson, fast=fast, seed=seed)
