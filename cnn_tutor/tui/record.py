"""What a screen that asks needs of those who keep the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.attempt import Attempt


class Record(Protocol):
    """Where attempts are kept, and what to say of a lesson's place."""

    def keep(self, rows: Sequence[Attempt]) -> None: ...

    def place(self, lesson: Lesson) -> str: ...
