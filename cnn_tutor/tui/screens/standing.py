"""How far everything is: a page to read, worked out on a thread."""

from __future__ import annotations

import asyncio

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import Screen

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tui import keys
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.reader import Reader


class StandingScreen(Screen[None]):
    """What was done, skill by skill, and what comes next."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)

    def __init__(self, course: Course, pen: Pen) -> None:
        super().__init__()
        self._course = course
        self._pen = pen

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, (keys.CLOSE, keys.NEXT, keys.HELP, keys.QUIT))

    def on_screen_resume(self) -> None:
        self.query_one("#title", Line).left = _("How far you are")
        self.query_one(Reader).show(self._pen.text(_("One moment: your log is being read.")))
        self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        try:
            lines = await asyncio.to_thread(self._course.report)
        except ProgressError as error:
            lines = [str(error)]
        self.query_one(Reader).show(Text("\n").join(self._pen.text(one) for one in lines))

    def action_onward(self) -> None:
        """Back to the list."""
        self.app.pop_screen()

    action_close = action_onward
