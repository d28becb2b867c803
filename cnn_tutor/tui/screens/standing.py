"""How far everything is: a page to read, worked out on a thread."""

from __future__ import annotations

import asyncio

from rich.text import Text

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.page import PageScreen


class StandingScreen(PageScreen):
    """What was done, skill by skill, and what comes next."""

    def __init__(self, course: Course, pen: Pen) -> None:
        super().__init__(pen)
        self._course = course

    def on_screen_resume(self) -> None:
        self._tell(_("One moment: your log is being read."))
        self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        try:
            lines = await asyncio.to_thread(self._course.report)
        except ProgressError as error:
            lines = [str(error)]
        self._tell(*lines)

    def _tell(self, *lines: str) -> None:
        self.show(_("How far you are"), Text("\n").join(self._pen.text(one) for one in lines))
