"""Everything that can be done on the screen below, by name: type a part of it, Enter does it."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input, OptionList

from cnn_tutor.language import _
from cnn_tutor.tui import keys
from cnn_tutor.tui.keys import Key
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.rows import Rows

SHOWN = (keys.DO_IT, keys.LIST_DOWN, keys.CLOSE)


class CommandsScreen(Screen[None]):
    """A line to type in and the commands that fit what is typed."""

    BINDINGS = keys.bindings(keys.CLOSE)

    DEFAULT_CSS = "CommandsScreen AnswerLine { margin: 1 1 0 1; }"

    def __init__(self, pen: Pen, below: Screen[Any]) -> None:
        """``below`` is the screen whose commands these are."""
        super().__init__()
        self._pen = pen
        self._below = below
        self._found: list[Key] = []

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield AnswerLine(self._pen)
        yield Rows()
        yield KeyLine(self._pen, SHOWN)

    def on_screen_resume(self) -> None:
        self.query_one("#title", Line).left = _("What would you like to do?")
        line = self.query_one(AnswerLine)
        line.placeholder = _("type a part of it, or choose with the arrow keys")
        line.moving = ("up", "down")
        line.clear()
        line.focus()
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, typed: str) -> None:
        parts = typed.casefold().split()
        known = [one for one in self._known() if all(part in _described(one).casefold() for part in parts)]
        self._found = known
        self.query_one(Rows).show((self._pen.text(f" {one.face:<10} ", _described(one)), True) for one in known)

    def _known(self) -> list[Key]:
        """What the screen below or the app can do, with the keys that the student has given it."""
        here = self._below
        keymap = getattr(self.app, "keymap", {})
        offered = dict(keys.SECTIONS)[getattr(here, "TOPIC", keys.PAGES)]
        own = [one for one in offered if hasattr(here, f"action_{one.action.partition('(')[0]}") and not one.fixed]
        return [one.under(keymap) for one in (*own, *(one for one in keys.APP if one is not keys.COMMANDS))]

    def on_answer_line_steered(self, event: AnswerLine.Steered) -> None:
        rows = self.query_one(Rows)
        rows.action_cursor_up() if event.key == "up" else rows.action_cursor_down()

    async def on_input_submitted(self) -> None:
        await self._do(self.query_one(Rows).highlighted)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        await self._do(event.option_index)

    async def _do(self, place: int | None) -> None:
        if place is None:
            return
        chosen = self._found[place]
        owner = self.app if chosen.id.startswith("app.") else self._below
        self.app.pop_screen()
        await self.app.run_action(chosen.action, default_namespace=owner)

    def action_close(self) -> None:
        """Back to where one was."""
        self.app.pop_screen()


def _described(key: Key) -> str:
    return f"{_(key.label)}: {_(key.help)}"
