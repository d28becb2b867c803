"""Before a drill: how many problems, how much time, which seed. Every line may stay empty."""

from __future__ import annotations

from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.notice import Notice


class Field(NamedTuple):
    """One line: the option it stands for, its name, what it is when left empty, and the largest number it takes."""

    option: str
    name: str
    help: str
    most: int


FIELDS = (
    Field("--count", "Problems", "one for each exercise", 200),
    Field("--minutes", "Minutes", "no limit", 1440),
    Field("--seed", "Seed", "a new one; the same seed gives the same sheet to everybody", 10**18),
)


class DrillFormScreen(Screen[None]):
    """Three lines to fill in; Enter begins."""

    BINDINGS = keys.bindings(keys.CLOSE, keys.NEXT_LINE, keys.LINE_BEFORE)

    DEFAULT_CSS = """
    DrillFormScreen .field { height: 1; margin: 0 1; }
    DrillFormScreen .name { width: 12; text-style: bold; }
    DrillFormScreen #about { margin: 1 0; }
    DrillFormScreen #notice { margin: 1 0; text-style: italic; }
    """

    class Wanted(Message):
        """The student wants this drill: a command of the command line with its arguments."""

        def __init__(self, *words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, pen: Pen, lesson: Lesson) -> None:
        super().__init__()
        self._pen = pen
        self._lesson = lesson

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Notice(self._pen, "about")
        for field in FIELDS:
            with Horizontal(classes="field"):
                yield Static(self._pen.text(f"{_(field.name)}:"), classes="name")
                yield AnswerLine(self._pen)
        yield Notice(self._pen, "notice")
        yield KeyLine(self._pen, (keys.START, keys.NEXT_LINE, keys.CLOSE, keys.HELP))

    def on_screen_resume(self) -> None:
        self.query_one("#title", Line).left = _("Drill: {title}").format(title=self._lesson.title)
        self.query_one("#about", Notice).text = _(
            "Fresh numbers, no hints; you hear at the end what is right. Leave a line empty for what it says."
        )
        self.query_one("#notice", Notice).text = ""
        for line, field in zip(self._lines, FIELDS, strict=True):
            line.placeholder = _(field.help)
            line.clear()
        self._lines[0].focus()

    @property
    def _lines(self) -> list[AnswerLine]:
        return list(self.query(AnswerLine))

    def action_move(self, way: int) -> None:
        """Go to another line, before the next key is looked at."""
        lines: list[Widget] = [*self._lines]
        place = lines.index(self.focused) if self.focused in lines else -1
        self.set_focus(lines[(place + way) % len(lines)])

    def on_input_submitted(self) -> None:
        words = []
        for line, field in zip(self._lines, FIELDS, strict=True):
            typed = line.value.strip()
            lowest = 1 if field.option != "--seed" else 0
            if typed and not (typed.isdecimal() and len(typed) < 20 and lowest <= int(typed) <= field.most):
                text = _("{name}: a whole number from {lowest} to {most}, or nothing.")
                self.query_one("#notice", Notice).text = text.format(name=_(field.name), lowest=lowest, most=field.most)
                line.focus()
                return
            words += [field.option, typed] if typed else []
        self.post_message(self.Wanted("drill", self._lesson.id, *words))

    def action_close(self) -> None:
        """Back to the list."""
        self.app.pop_screen()
