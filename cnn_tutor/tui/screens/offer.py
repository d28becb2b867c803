"""What can be explored without a lesson: an operation, or a picture."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList

from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.rows import Rows
from cnn_tutor.tutor import examples, pictures


class OfferScreen(Screen[None]):
    """A list; Enter opens what is chosen."""

    BINDINGS = keys.bindings(keys.CLOSE)

    class Chosen(Message):
        """The student wants to try things out on this."""

        def __init__(self, exercise: Exercise) -> None:
            super().__init__()
            self.exercise = exercise

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen
        self._names: list[str] = []

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Rows()
        yield KeyLine(self._pen, (keys.OPEN, keys.LIST_DOWN, keys.HELP, keys.CLOSE))

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = _("Explore: choose an operation or a picture")
        rows = [(name, _(examples.title(name))) for name in examples.NAMES]
        rows += [(name, _(shown)) for name, shown in pictures.NAMES.items()]
        self._names = [name for name, _words in rows]
        self.query_one(Rows).show((self._pen.text(f"  {name:<18}{words}"), True) for name, words in rows)

    def on_screen_resume(self) -> None:
        self.query_one(Rows).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        name = self._names[event.option_index]
        self.post_message(self.Chosen(pictures.picture(name) if name in pictures.NAMES else examples.example(name)))

    def action_close(self) -> None:
        """Back; where this was the first screen, leave."""
        self.app.pop_screen() if len(self.app.screen_stack) > 1 else self.app.exit()
