"""The answer line: one compact input that never blinks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.cells import cell_len
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input

from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tutor.draft import Drafts

LONGEST = 4000


class AnswerLine(Input):
    """Where the student types. A sign in ``commands``, typed into an empty line, is a command and not text."""

    BINDINGS = keys.bindings(keys.SUBMIT, keys.CELL, keys.CELL_BACK)

    DEFAULT_CSS = """
    AnswerLine, AnswerLine:focus { border: none; height: 1; padding: 0; background: transparent; }
    AnswerLine > .input--cursor { text-style: reverse; background: transparent; color: $foreground; }
    AnswerLine > .input--selection { text-style: underline; background: transparent; color: $foreground; }
    AnswerLine > .input--placeholder { text-style: dim; color: $foreground; }
    """

    virtual_size = Reactive(Size(0, 0))
    """How long the text is; nothing around the line depends on it, so that typing lays out nothing anew."""

    class Command(Message):
        """A command was given by a single sign."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    class Steered(Message):
        """A key that moves on the board, with what stands in the line."""

        def __init__(self, key: str, value: str) -> None:
            super().__init__()
            self.key = key
            self.value = value

    def __init__(self, pen: Pen, commands: Mapping[str, str] | None = None) -> None:
        super().__init__(compact=True, max_length=LONGEST, select_on_focus=False, validate_on=())
        self.cursor_blink = False
        self._pen = pen
        self._commands = dict(commands or {})
        self._offered = ""
        self._key = ""
        self._handed_in = ""
        self.steering: tuple[str, ...] = ()
        """Keys that move a pointer or a cursor, as long as nothing is typed by hand."""
        self.moving: tuple[str, ...] = ()
        """Keys that always do."""
        self.ready = True
        """Whether an answer can be handed in; until then it can only be typed."""
        self.whole: Callable[[str], str] = self._as_typed
        """What is to be kept of an answer of which this much stands in the line."""

    def _as_typed(self, typed: str) -> str:
        return "" if typed == self._offered else typed

    def validate_value(self, value: str) -> str:
        """Nothing that is not text gets into the line."""
        return self._pen.write(value.replace("\n", "; ")) if value else value

    @property
    def untouched(self) -> bool:
        """Whether nothing is typed yet that counts: the line is empty, as offered, or selected as a whole."""
        return self.value in ("", self._offered) or set(self.selection) == {0, len(self.value)}

    def is_text(self, event: events.Key) -> bool:
        """Whether a key is a letter and nothing else, whatever stands in the line."""
        return event.is_printable and event.character not in self._commands and event.key not in self.steering

    def ask(self, key: str) -> None:
        """Another question, by its name among the drafts: the line is empty, or has what was typed there before."""
        self.keep_draft()
        self._key, self._offered, self._handed_in = key, "", ""
        self.whole = self._as_typed
        self.value = self._drafts.take(key) if self._drafts is not None else ""
        self.cursor_position = len(self.value)

    def on_unmount(self) -> None:
        self.keep_draft()

    def keep_draft(self) -> None:
        """Keep what is typed and not handed in."""
        if self._key and self._drafts is not None:
            typed = "" if self.value == self._handed_in else self.value
            self._drafts.keep(self._key, self.whole(typed))

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
        if self.ready:
            self._handed_in = self.value
            await super().action_submit()

    def offer(self, text: str) -> None:
        """Fill the line with what stands in the cell, or is pointed at; typing replaces it."""
        self._offered = self.value = text
        self._handed_in = ""
        self.select_all()

    def forget(self) -> None:
        """Keep no draft of what was handed in."""
        self.whole = lambda typed: ""

    def action_step(self, way: int) -> None:
        """Go to the next cell, or the one before."""
        if self.moving or self.steering:
            self.post_message(self.Steered("tab" if way > 0 else "shift+tab", self.value))

    def on_key(self, event: events.Key) -> None:
        command = self._commands.get(event.character or "")
        if event.key in self.moving or (event.key in self.steering and self.value in ("", self._offered)):
            event.stop()
            event.prevent_default()
            self.post_message(self.Steered(event.key, self.value))
        elif command is not None and self.untouched:
            event.stop()
            event.prevent_default()
            self.post_message(self.Command(command))

    def on_paste(self, event: events.Paste) -> None:
        """Several lines are the rows of a matrix."""
        rows = [row.strip() for row in event.text[:LONGEST].splitlines()]
        event.text = "; ".join(row for row in rows if row)
