"""The lesson screen while its file is being written: a change is read at once, and the same question shown anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.screen import Screen

from cnn_tutor.errors import LessonError
from cnn_tutor.language import _
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.tui.app import TutorApp
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.screens.lesson import LessonScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.widgets.feedback import Said
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.edited import Edited
from cnn_tutor.tutor.session import Session

EVERY = 0.3
"""Seconds between two looks at the file."""


class _Tried(Course):
    """A course of the one lesson, whose attempts last until the author leaves."""

    def __init__(self, edited: Edited, session: Session) -> None:
        super().__init__(Catalog((session.lesson,)), None, lambda: 0.0)
        self._edited = edited

    def keep(self, rows: Sequence[Attempt]) -> None:
        self._edited.keep(rows)
        super().keep(rows)


class LiveApp(TutorApp):
    """One lesson, from its file; nothing is kept."""

    def __init__(self, edited: Edited, session: Session, seat: Seat) -> None:
        super().__init__(_Tried(edited, session), seat)
        self._edited = edited
        self._latest = session

    def get_default_screen(self) -> Screen[None]:
        return self._lesson_screen(self._latest)

    def on_mount(self) -> None:
        self.set_interval(EVERY, self._look)

    def on_lesson_screen_left(self, event: LessonScreen.Left) -> None:
        self._latest = event.session

    def _look(self) -> None:
        if self._edited.has_changed():
            self.run_worker(self._again(), exclusive=True, group="live")

    async def _again(self) -> None:
        """Show what the file says now, at the question that was shown; a fault stands under it until it is mended."""
        screen = self.shown(LessonScreen)
        before = self._latest if screen is None or screen.session is None else screen.session
        try:
            self._latest = await asyncio.to_thread(self._edited.session, before.current.key)
        except LessonError as error:
            said = Said(_("Not readable now"), str(error))
        else:
            said = Said("", _("Read anew."))
            if screen is None:
                screen = self._lesson_screen(self._latest)
                screen.said = said
                self._lead_to(screen)
                return
            screen.begin(self._latest)
        if screen is not None:
            screen.said = said
            screen.session = screen.session


def run(edited: Edited, key: str | None, seat: Seat) -> int:
    """Show the lesson until the author leaves. Raises LessonError where the file has a fault from the start."""
    return LiveApp(edited, edited.session(key), seat).go()
