"""Help: the keys of the screen one comes from, what can be typed there, what the marks mean, and every other key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from textual.app import ComposeResult
from textual.screen import Screen

from cnn_tutor.language import _
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.reader import Reader

TYPING = (
    ("7   −1   -1   .5   1.75   1e-3", "a number; a decimal comma is understood where it is clear"),
    ("7/4   2*1 + 0*0 + 3*(-1)", "fractions and sums: the tutor works them out"),
    ("sqrt(2)/2   e^(-2)   σ(2)", "roots, powers of e, the sigmoid (also sigmoid(2))"),
    ("3 Enter 5 Enter …", "a vector or matrix cell by cell; Tab and the arrow keys move"),
    ("2 0 3   2, 0, 3   [2 0 3]", "a vector at once: blanks, commas or brackets"),
    ("1 0; 0 1   [[1, 0], [0, 1]]", "a matrix at once, typed or pasted; a row fills its row"),
    ("_", "in a whole answer: a cell that is already right"),
    ("1-2,2-3   1,1 2,1   row 2", "cells; or point: arrow keys move, Space marks a cell"),
    ("1   b   or the words", "an option of a choice"),
)
MARKS = (
    ("[ 2  0  3]", "what this step reads: the window"),
    ("?", "what is asked now"),
    ("<?>", "the cell that you type now, or point at"),
    ("·", "not known yet: you will work it out"),
    ("(0)", "padding: it counts as 0 but is not part of the data"),
    ("{ 2  0  3}", "what you seem to have used instead; when exploring: what the cell at the cursor feeds"),
    ("<2>", "the cursor; when watching: what this step writes"),
    ("*2", "when exploring: what the last change has changed"),
)
VERDICTS = (
    ("Correct", "right; the next question follows"),
    ("Not yet", "not right yet; cells that are right stay"),
    ("Consistent", "follows from an earlier answer that is not right yet"),
    ("More digits", "right so far; type more decimals. It does not count"),
    ("Unreadable", "could not be read as what is asked. It does not count"),
)
ON_LIST = (
    ("Enter", "begins a lesson, or goes on where you stopped"),
    ("b", "is for those who know some of this: a few questions say which lesson to begin with"),
    ("12   or   /norm", "goes to lesson 12; shows the lessons with norm in their title"),
    ("p, d, r", "practise with hints, be drilled without, review what is due"),
)

Rows = Sequence[tuple[str, str]]


class HelpScreen(Screen[None]):
    """One page; Esc closes it."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)

    def __init__(self, pen: Pen, topic: str) -> None:
        """``topic`` is the section of the screen that help was asked on."""
        super().__init__()
        self._pen = pen
        self.topic = topic

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, (keys.CLOSE, keys.NEXT, keys.QUIT))

    def on_screen_resume(self) -> None:
        line, topic = self.query_one("#title", Line), self.topic
        line.left, line.right = _("Help"), _(topic)
        self.query_one(Reader).show(Group(*(self._section(name, rows) for name, rows in self._sections())))

    def _sections(self) -> Iterator[tuple[str, Rows]]:
        """What matters here first."""
        keymap = getattr(self.app, "keymap", {})
        listed = {name: [(key.under(keymap).faces, key.help) for key in section] for name, section in keys.SECTIONS}
        typing = [
            (_("What you can type"), TYPING),
            (_("What the marks mean"), MARKS),
            (_("What the tutor says"), VERDICTS),
        ]
        asks = self.topic in (keys.QUESTION, keys.IN_DRILL, keys.IN_PLACEMENT)
        if self.topic == keys.LIST_TOPIC:
            yield _("How to begin"), ON_LIST
        yield from typing if asks else ()
        topic = self.topic
        yield _(topic), listed.pop(topic)
        yield from ((_(title), rows) for title, rows in listed.items())
        yield from () if asks else typing

    def _section(self, title: str, rows: Rows) -> RenderableType:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=min(29, self.app.size.width // 3))
        table.add_column()
        for left, right in rows:
            table.add_row(self._pen.text((_(left), "bold")), self._pen.text(_(right)))
        return Group(self._pen.text((title, "bold underline")), table, self._pen.text(""))

    def action_onward(self) -> None:
        """Close the page."""
        self.app.pop_screen()

    action_close = action_onward
