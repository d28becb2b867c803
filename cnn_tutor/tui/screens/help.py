"""Help: what can be typed, what the marks mean, and every key."""

from __future__ import annotations

from collections.abc import Sequence

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
    ("2 0 3   2, 0, 3   [2 0 3]", "a vector: blanks, commas or brackets"),
    ("1 0; 0 1   [[1, 0], [0, 1]]", "a matrix: rows end with ; or stand in brackets"),
    ("_", "in a whole answer: a cell that is already right"),
    ("3 Enter 5 Enter …", "a vector or matrix cell by cell; Tab and the arrow keys move"),
    ("1-2,2-3   1,1 2,1   row 2", "cells; or point: arrow keys move, Space marks a cell"),
    ("1   b   or the words", "an option of a choice"),
)
MARKS = (
    ("[ 2  0  3]", "what this step reads: the window"),
    ("?", "what is asked now"),
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


class HelpScreen(Screen[None]):
    """One page; Esc closes it."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, (keys.CLOSE, keys.NEXT, keys.QUIT))

    def on_mount(self) -> None:
        self.query_one("#title", Line).left = _("Help")
        key_rows = [(_(title), [(key.faces, key.help) for key in rows]) for title, rows in keys.SECTIONS]
        parts = [
            (_("What you can type"), TYPING),
            (_("What the marks mean"), MARKS),
            (_("What the tutor says"), VERDICTS),
        ]
        sections = [*parts, *key_rows]
        self.query_one(Reader).show(Group(*(self._section(title, rows) for title, rows in sections)))

    def _section(self, title: str, rows: Sequence[tuple[str, str]]) -> RenderableType:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=29)
        table.add_column()
        for left, right in rows:
            table.add_row(self._pen.text((_(left), "bold")), self._pen.text(_(right)))
        return Group(self._pen.text((title, "bold underline")), table, self._pen.text(""))

    def action_onward(self) -> None:
        """Close the page."""
        self.app.pop_screen()

    action_close = action_onward
