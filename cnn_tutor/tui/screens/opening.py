"""The way into a lesson: its introduction is read while its numbers are computed on a thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui import keys
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.notice import Notice
from cnn_tutor.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from cnn_tutor.tutor.session import Session

WAITING = "One moment: the numbers of this lesson are being worked out."


def introduction(lesson: Lesson) -> list[tuple[str, str]]:
    """What is read before a lesson."""
    ideas = "\n".join(f"- {idea}" for idea in lesson.key_ideas)
    return [("", lesson.intro), (_("Conventions"), lesson.conventions), (_("Key ideas"), ideas)]


class OpeningScreen(Screen[None]):
    """Introduction, conventions and key ideas of a lesson; ``session`` is ready some moments later."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)

    session: var[Session | None] = var(None, init=False, always_update=True)

    class Ready(Message):
        """The student has read enough, and the session is there."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    def __init__(self, course: Course, pen: Pen, lesson: Lesson, key: str | None = None) -> None:
        """``key`` is the question to begin at."""
        super().__init__()
        self._course = course
        self._pen = pen
        self._lesson = lesson
        self._key = key
        self._eager = False
        self._fails = False

    @property
    def leads_on(self) -> bool:
        """Whether the student has gone on, and what is typed now is for the question that is being worked out."""
        return self._eager and not self._fails

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield Notice(self._pen, "notice")
        yield KeyLine(self._pen, (keys.BEGIN, keys.NEXT, keys.CLOSE, keys.HELP, keys.QUIT))

    def on_screen_resume(self) -> None:
        if self.session is not None:
            return
        title = self.query_one("#title", Line)
        title.left, title.right = self._lesson.title, self._course.place(self._lesson)
        self.query_one(Reader).show(self._pen.article(introduction(self._lesson)))
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Compute only when the introduction is there to be read: loading NumPy would hold it up."""
        if self.session is None:
            self.run_worker(self._load(), exclusive=True)

    async def _load(self) -> None:
        lesson, key, notice = self._lesson, self._key, self.query_one("#notice", Notice)
        try:
            attempts = self._course.attempts(lesson)
        except ProgressError as error:
            notice.text, attempts = _("What you did before cannot be read: {error}").format(error=error), []
        try:
            self.session = await asyncio.to_thread(self._course.begin, lesson, attempts, key)
        except KeyError:
            text = _("There is no question {key} in this lesson; it opens at the first open one.")
            notice.text = text.format(key=repr(key))
            self.session = await asyncio.to_thread(self._course.begin, lesson, attempts)
        except ValueError as error:
            self._fails = True
            notice.text = _("This lesson cannot be opened: {error}").format(error=error)

    def watch_session(self) -> None:
        if self._eager:
            self.action_onward()

    def action_onward(self) -> None:
        """Begin; if the numbers are not there yet, as soon as they are."""
        self._eager = True
        if self.session is not None:
            self.post_message(self.Ready(self.session))
        elif not self.query_one("#notice", Notice).text:
            self.query_one("#notice", Notice).text = _(WAITING)

    def action_close(self) -> None:
        """Back to the list."""
        self.workers.cancel_node(self)
        self.app.pop_screen()
