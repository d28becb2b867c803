"""A page to read within a lesson: the exercise, and everything about the lesson once more."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.opening import introduction
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.reader import Reader


class NotesScreen(Screen[None]):
    """Prose; Enter goes on to the question behind it."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)

    def __init__(self, pen: Pen, lesson: Lesson, exercise: Exercise) -> None:
        """The exercise comes first, then all about the lesson."""
        super().__init__()
        self._pen = pen
        added = "\n\n" + _("This exercise is not on the printed worksheet.") if exercise.added else ""
        self._title = (exercise.title, lesson.title)
        self._sections = [(_("This exercise"), exercise.prose + added), *introduction(lesson)[1:]]
        self._sections += [(_("Notes"), lesson.notes), (_("About this lesson"), lesson.intro)]

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, (keys.ONWARD, keys.NEXT, keys.HELP, keys.QUIT))

    def on_screen_resume(self) -> None:
        title = self.query_one("#title", Line)
        title.left, title.right = self._title
        self.query_one(Reader).show(self._pen.article(self._sections))

    def action_onward(self) -> None:
        """Back to the question."""
        self.app.pop_screen()

    action_close = action_onward
