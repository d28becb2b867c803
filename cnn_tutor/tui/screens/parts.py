"""The widgets of a screen that asks a question, from the title down to the key line."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from cnn_tutor.tui.keys import Key
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.ask import AskArea
from cnn_tutor.tui.widgets.board import Board
from cnn_tutor.tui.widgets.feedback import Feedback
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.picture import Picture

ASKS = "asks"
"""The style class of a screen made of these."""


def parts(pen: Pen, commands: Sequence[Key], shown: Sequence[Key]) -> ComposeResult:
    """Title, progress, tensors, question, answer line, feedback and keys; ``commands`` may be typed as signs."""
    yield Line(pen, "title")
    yield Line(pen, "progress")
    yield Board(pen)
    yield Picture(pen)
    yield AskArea(pen)
    with Horizontal(id="line"):
        yield Static("> ", id="sign")
        yield AnswerLine(pen, {key.typed: key.action for key in commands if key.typed})
    yield Feedback(pen)
    yield KeyLine(pen, shown)
