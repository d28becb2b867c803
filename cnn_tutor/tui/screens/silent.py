"""What screens share that take answers without a word on them: a drill's, and the one that finds where to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen

from cnn_tutor.tui.entry import Entry, begun, entry, guide
from cnn_tutor.tui.keys import Key
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.parts import ASKS, parts
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.board import Board
from cnn_tutor.tui.widgets.feedback import Said
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tutor.panel import Panel
from cnn_tutor.tutor.session import Session


class SilentScreen(Screen[None]):
    """Asks the current question of ``session``; ``said`` is never whether an answer was right."""

    KEYS: Sequence[Key] = ()
    """All that can be done here; those with a sign can be typed."""
    SHOWN: Sequence[Key] = ()
    """What the key line says, the most important first."""

    session: var[Session | None] = var(None, init=False, always_update=True)

    class ReadNotes(Message):
        """The student wants to read the conventions."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    def __init__(self, pen: Pen) -> None:
        super().__init__(classes=ASKS)
        self._pen = pen
        self._entry: Entry | None = None
        self._asked = ""
        self.said = Said()

    def compose(self) -> ComposeResult:
        yield from parts(self._pen, self.KEYS, self.SHOWN)

    def expect(self, name: str) -> None:
        """Let an answer be typed, though not handed in, before its question is there."""
        self._entry, self._asked = None, ""
        line = self.query_one(AnswerLine)
        line.ask(name)
        line.ready, line.steering, line.moving, line.placeholder = False, (), (), ""

    def ask(self, session: Session, name: str) -> None:
        """Show the current question with an answer line for it; ``name`` is that of the question among the drafts."""
        if self._asked != name:
            self._asked = name
            line = self.query_one(AnswerLine)
            self._entry = begun(entry(session.current, frozenset()), line, name)
            guide(line, self._entry, replace(session, records={}))
            line.ready = True
        self._draw(session)
        assert self._entry is not None
        self.query_one(KeyLine).keys = (self.SHOWN[0], *self._entry.shown_keys, *self.SHOWN[1:])

    def panels(self, session: Session, now: Entry) -> tuple[Panel, ...]:
        """What stands on the board, with what is typed or pointed at so far."""
        return now.panels(session, is_open=True)

    def prose(self, session: Session) -> str:
        """What stands under it."""
        return session.current.exercise.prose

    def _draw(self, session: Session) -> None:
        assert self._entry is not None
        self.query_one(Board).show(self.panels(session, self._entry), self.prose(session))

    def whole(self, typed: str) -> str | None:
        """The answer to hand in, once ``typed`` makes it whole; until then it goes into its cells."""
        assert self._entry is not None
        now, text = self._entry.take(typed, replace(self._now, records={}))
        if text is None:
            self._move(now)
        self._entry = now
        return text

    def on_answer_line_steered(self, event: AnswerLine.Steered) -> None:
        if self._entry is not None:
            self._move(self._entry.steered(event.key, event.value))

    def _move(self, now: Entry) -> None:
        """Show the answer as it stands, with the cursor elsewhere."""
        self._entry = now
        self.query_one(AnswerLine).offer(now.offered)
        guide(self.query_one(AnswerLine), now, replace(self._now, records={}))
        self._draw(self._now)

    def on_answer_line_command(self, event: AnswerLine.Command) -> None:
        self.call_later(self.run_action, event.action)

    def action_notes(self) -> None:
        """Read the exercise and the conventions."""
        if self.session is not None:
            self.post_message(self.ReadNotes(self.session))

    def action_page(self, direction: int) -> None:
        """Scroll the tensors."""
        self.query_one(Board).page(direction)

    @property
    def _now(self) -> Session:
        assert self.session is not None
        return self.session
