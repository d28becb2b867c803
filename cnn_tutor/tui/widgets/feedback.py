"""The feedback area: what came of the last answer, and the hints given for this question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.reactive import reactive

from cnn_tutor.language import _
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from cnn_tutor.tutor.panel import Panel


@dataclass(frozen=True, slots=True)
class Said:
    """What the tutor says: a verdict with its sentence, a diagnosis, an example, hints so far, trouble with the log."""

    verdict: str = ""
    text: str = ""
    diagnosis: str = ""
    example: str = ""
    hints: tuple[str, ...] = ()
    trouble: str = ""
    used: tuple[Panel, ...] = ()
    """What the student seems to have used; it is drawn on the board."""

    def is_brief(self, columns: int) -> bool:
        """Whether it is at most one line of so many columns."""
        more = self.diagnosis or self.example or self.hints or self.trouble or self.used
        return not more and cell_len(f"{self.verdict}. {self.text}") <= columns

    def lines(self, pen: Pen) -> Text:
        """All of it, a paragraph each."""
        parts = []
        if self.verdict or self.text:
            parts.append(pen.text((f"{self.verdict}. " if self.verdict else "", "bold"), self.text))
        if self.diagnosis:
            parts.append(pen.text((_("Maybe: "), "bold"), self.diagnosis))
        if self.example:
            parts.append(pen.text((_("As before: "), "bold"), self.example))
        parts += [
            pen.text((_("Hint {number}: ").format(number=i), "bold"), hint) for i, hint in enumerate(self.hints, 1)
        ]
        if self.trouble:
            parts.append(pen.text((_("Not kept: "), "bold"), self.trouble))
        return Text("\n").join(parts)


class Feedback(VerticalScroll, can_focus=False):
    """Shows ``said``; what is long scrolls to its newest line."""

    DEFAULT_CSS = """
    Feedback { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    Feedback > Sheet { width: 1fr; height: auto; }
    """

    said: reactive[Said] = reactive(Said(), init=False)

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def compose(self) -> ComposeResult:
        yield Sheet(markup=False)

    def watch_said(self, said: Said) -> None:
        self.query_one(Sheet).draw(said.lines(self._pen))
        self.call_after_refresh(self.scroll_end, animate=False)
