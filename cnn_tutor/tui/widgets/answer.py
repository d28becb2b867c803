"""The answer line: one compact input that never blinks, with kept cells already filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.widgets import Input

from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tutor.draft import Drafts

LONGEST = 4000
KEPT = "_"


class AnswerLine(Input):
    """Where the student types. A sign in ``commands``, typed into an empty line, is a command and not text."""

    BINDINGS = keys.bindings(keys.GAP)

    DEFAULT_CSS = """
    AnswerLine, AnswerLine:focus { border: none; height: 1; padding: 0; background: transparent; }
    AnswerLine > .input--cursor { text-style: reverse; background: transparent; color: $foreground; }
    .-own-cursor AnswerLine > .input--cursor { text-style: none; }
    AnswerLine > .input--selection { text-style: underline; background: transparent; color: $foreground; }
    AnswerLine > .input--placeholder { text-style: dim; color: $foreground; }
    """

    class Command(Message):
        """A command was given by a single sign."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    class Steered(Message):
        """A key that moves the pointer on the board, or marks a cell there."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, pen: Pen, commands: Mapping[str, str] | None = None) -> None:
        super().__init__(compact=True, max_length=LONGEST, select_on_focus=False, validate_on=())
        self.cursor_blink = False
        self._pen = pen
        self._commands = dict(commands or {})
        self._offered = ""
        self._key = ""
        self._handed_in = ""
        self.steering: tuple[str, ...] = ()
        """Keys that move a pointer, as long as nothing is typed by hand."""

    def validate_value(self, value: str) -> str:
        """Nothing that is not text gets into the line."""
        return self._pen.write(value.replace("\n", "; ")) if value else value

    @property
    def untouched(self) -> bool:
        """Whether nothing is typed yet that counts: the line is empty, as offered, or selected as a whole."""
        return self.value in ("", self._offered) or set(self.selection) == {0, len(self.value)}

    def offer(self, rows: Sequence[Sequence[bool]]) -> None:
        """Fill the line for a partly right answer: a kept cell is ``_``, a gap waits for each other cell."""
        self._offered = self.value = "; ".join(" ".join(KEPT if kept else "" for kept in row) for row in rows)
        self.cursor_position = 0
        if not self._is_gap(0):
            self.action_next_gap()

    def ask(self, key: str) -> None:
        """Another question, by its name among the drafts: the line is empty, or has what was typed there before."""
        self.keep_draft()
        self._key, self._offered, self._handed_in = key, "", ""
        self.value = self._drafts.take(key) if self._drafts is not None else ""
        self.cursor_position = len(self.value)

    def keep_draft(self) -> None:
        """Keep what is typed and not handed in."""
        if self._key and self._drafts is not None:
            typed = "" if self.value in (self._offered, self._handed_in) else self.value
            self._drafts.keep(self._key, typed)

    @property
    def _drafts(self) -> Drafts | None:
        return getattr(self.app, "drafts", None)

    @property
    def caret(self) -> tuple[int, int] | None:
        """Where the terminal's own cursor belongs, as (column, line); nowhere while the line is not to be seen."""
        region = self.scrollable_content_region
        column = cell_len(self.value[: self.cursor_position]) - int(self.scroll_offset.x)
        return (region.x + column, region.y) if region.height and 0 <= column <= region.width else None

    async def action_submit(self) -> None:
        self._handed_in = self.value
        await super().action_submit()

    def point(self, text: str) -> None:
        """Show what is pointed at; typing replaces it."""
        self._offered = self.value = text
        self.select_all()

    def action_next_gap(self) -> None:
        """Go to the next cell that is still empty, if there is one."""
        gap = self._next_gap()
        if gap is not None:
            self.cursor_position = gap

    def _next_gap(self) -> int | None:
        ahead = range(self.cursor_position + 1, len(self.value) + 1)
        return next((place for place in ahead if KEPT in self.value and self._is_gap(place)), None)

    def _is_gap(self, place: int) -> bool:
        before, after = self.value[:place][-1:], self.value[place : place + 1]
        return before in ("", " ") and after in ("", " ", ";")

    def on_key(self, event: events.Key) -> None:
        command = self._commands.get(event.character or "")
        if event.key in self.steering and self.value in ("", self._offered):
            event.stop()
            event.prevent_default()
            self.post_message(self.Steered(event.key))
        elif command is not None and self.untouched:
            event.stop()
            event.prevent_default()
            self.post_message(self.Command(command))
        elif event.key == "space" and self._next_gap() is not None:
            event.stop()
            event.prevent_default()
            self.action_next_gap()

    def on_paste(self, event: events.Paste) -> None:
        """Several lines are the rows of a matrix."""
        rows = [row.strip() for row in event.text[:LONGEST].splitlines()]
        event.text = "; ".join(row for row in rows if row)
