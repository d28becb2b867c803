"""The end of a lesson: what was learned, what to look at again, what comes next."""

from __future__ import annotations

import asyncio

from rich.console import Group, RenderableType
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.lesson.outline import group_of
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.render.standing import farewell
from cnn_tutor.tui import keys, words
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.feedback import Said
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.reader import Reader
from cnn_tutor.tutor.session import Session

KEYS = (keys.ONWARD, keys.NEXT, keys.CLOSE, keys.HELP, keys.QUIT)

TWIN = """
The same tasks with numbers that tell more mistakes apart: **t** opens it. Enter and Esc leave it for another time.
"""


class SummaryScreen(Screen[None]):
    """Words about a finished session. Its ``twin`` is there some moments later, if it has one that is open."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.TWIN, keys.CLOSE)

    twin: var[Session | None] = var(None, init=False, always_update=True)

    class Next(Message):
        """The student wants to go on with this lesson."""

        def __init__(self, lesson: Lesson) -> None:
            super().__init__()
            self.lesson = lesson

    class Twin(Message):
        """The student wants to go through the twin."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    def __init__(self, course: Course, pen: Pen, session: Session, said: Said) -> None:
        super().__init__()
        self._course = course
        self._pen = pen
        self._session = session
        self._said = said

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, KEYS)

    def on_screen_resume(self) -> None:
        self.set_reactive(SummaryScreen.twin, None)
        self._redraw(self._session)
        self.run_worker(self._look_for_twin(self._session), exclusive=True)

    async def _look_for_twin(self, session: Session) -> None:
        """Work the twin out on a thread; without one, or one that cannot be resumed, nothing is offered."""
        try:
            self.twin = await asyncio.to_thread(self._course.twin, session)
        except (ProgressError, ValueError):
            self.twin = None

    def watch_twin(self) -> None:
        if self.is_current:
            self._redraw(self._session)

    def _redraw(self, session: Session) -> None:
        title = self.query_one("#title", Line)
        title.left, title.right = session.lesson.title, _("fast way done") if session.fast else _("done")
        ideas = "\n".join(f"- {idea}" for idea in session.lesson.key_ideas)
        looked = [(self._pen.text(line)) for line in words.looked_up(session)]
        page: list[RenderableType] = []
        if self._said != Said():
            page.append(self._said.lines(self._pen))
        page.append(self._pen.article([(_("What you have learned"), ideas)]))
        if looked:
            page.append(Group(self._pen.text(""), self._pen.text((_("Worth another look"), "bold underline")), *looked))
        offer = [] if self.twin is None else [(_("There is a twin"), _(TWIN))]
        ending = [*offer, (_("What comes next"), self._next(session.lesson)), (_("Notes"), session.lesson.notes)]
        page.append(self._pen.article(ending))
        self.query_one(Reader).show(Group(*page))
        self.query_one(KeyLine).keys = KEYS if self.twin is None else (keys.TWIN, *KEYS)

    def _next(self, lesson: Lesson) -> str:
        """A farewell when the course is just done, and where Enter leads."""
        course, following = self._course, self._following(lesson)
        title, group = group_of(course.printed(lesson), course.catalog.lessons)
        is_done = len(group) > 1 and all(map(course.done, group))
        parts = [farewell(title)] if is_done and self._said != Said() else []
        if following is not None:
            text = _("**{title}**: Enter opens it, Esc goes back to the list.")
            parts.append(text.format(title=following.title))
        else:
            parts.append(_("Every lesson is done. Enter goes back to the list, where p practises and d drills."))
        return "\n\n".join(parts)

    def _following(self, lesson: Lesson) -> Lesson | None:
        """The first open lesson after this one, else the first open one there is."""
        lessons = self._course.catalog.lessons
        place = next((i for i, one in enumerate(lessons) if one is self._course.printed(lesson)), -1)
        return next((one for one in (*lessons[place + 1 :], *lessons[: place + 1]) if not self._course.done(one)), None)

    def action_onward(self) -> None:
        """The next lesson; after the last, the list."""
        following = self._following(self._session.lesson)
        if following is None:
            self.app.pop_screen()
        else:
            self.post_message(self.Next(following))

    def action_twin(self) -> None:
        """Go through the twin, where one is offered."""
        if self.twin is not None:
            self.post_message(self.Twin(self.twin))

    def action_close(self) -> None:
        """Back to the list."""
        self.app.pop_screen()
