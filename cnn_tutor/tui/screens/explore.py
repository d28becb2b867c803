"""Trying things out: every number can be changed, and the cursor shows what hangs together with its cell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Input, Static

from cnn_tutor.language import _
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.board import Board
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.picture import Picture
from cnn_tutor.tui.widgets.words import Words
from cnn_tutor.tutor.explore import Explore, about, calls, enter, jump, links, move, panels, reset, settings, undo
from cnn_tutor.tutor.film import Film
from cnn_tutor.tutor.linked import Linked, is_quick, name
from cnn_tutor.tutor.plotted import plot_of_cell
from cnn_tutor.tutor.shading import shadings
from cnn_tutor.tutor.symbols import symbol

SHOWN = (keys.SET, keys.ROAM, keys.JUMP, keys.UNDO, keys.REPLAY, keys.SHADED, keys.HELP, keys.STOPPED)
LOW = 24
"""A screen of fewer lines has no empty ones."""

LEAST = 4
"""Lines of numbers that are kept beside a picture."""

STEERING = ("left", "right", "up", "down", "pageup", "pagedown")


class ExploreScreen(Screen[None]):
    """``explore`` is all there is to know."""

    BINDINGS = keys.bindings(*keys.ON_EXPLORE)
    TOPIC = keys.EXPLORING

    DEFAULT_CSS = """
    ExploreScreen { overflow: hidden; }
    ExploreScreen #settings { max-height: 3; text-style: dim; }
    ExploreScreen Board { height: 1fr; min-height: 3; margin: 1 0 0 0; }
    ExploreScreen #about { max-height: 6; margin: 1 0 0 0; }
    ExploreScreen #said { max-height: 5; }
    ExploreScreen #line { height: 1; margin: 0 1; }
    ExploreScreen #sign { width: 2; text-style: bold; }
    ExploreScreen AnswerLine { width: 1fr; }
    ExploreScreen.-low Picture, ExploreScreen.-low Board, ExploreScreen.-low #about { margin: 0; }
    ExploreScreen.-low #settings, ExploreScreen.-low #said { max-height: 1; }
    ExploreScreen.-low #about { max-height: 4; }
    """

    explore: var[Explore | None] = var(None, init=False, always_update=True)

    class Watched(Message):
        """The student wants to see these numbers worked out."""

        def __init__(self, film: Film) -> None:
            super().__init__()
            self.film = film

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen
        self._shaded = True

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Words(self._pen, "settings")
        yield Picture(self._pen)
        yield Board(self._pen)
        yield Words(self._pen, "about")
        yield Words(self._pen, "said")
        with Horizontal(id="line"):
            yield Static("> ", id="sign")
            yield AnswerLine(self._pen, {key.typed: key.action for key in keys.ON_EXPLORE if key.typed})
        yield KeyLine(self._pen, SHOWN)

    def begin(self, explore: Explore) -> None:
        """Show another exercise."""
        self._shaded = True
        self.explore = explore

    def on_mount(self) -> None:
        self.query_one(AnswerLine).steering = STEERING

    def on_screen_resume(self) -> None:
        if self.explore is not None:
            self._redraw(self.explore)
        self.query_one(AnswerLine).focus()

    def on_resize(self) -> None:
        if self.explore is not None and self.is_current:
            self._redraw(self.explore)

    def watch_explore(self, explore: Explore) -> None:
        if self.is_current:
            self._redraw(explore)

    def _redraw(self, explore: Explore) -> None:
        """Everything, at once; what hangs together in a large film follows from a thread."""
        if is_quick(explore.film):
            self._draw(explore, links(explore))
        else:
            self._draw(explore, None)
            self._link(explore)

    @work(exclusive=True, group="links")
    async def _link(self, explore: Explore) -> None:
        found = await asyncio.to_thread(links, explore)
        if self.explore is explore and self.is_current:
            self._draw(explore, found)

    def _draw(self, explore: Explore, found: Linked | None) -> None:
        self.set_class(self.size.height < LOW, "-low")
        title = self.query_one("#title", Line)
        title.left, title.right = _(explore.film.exercise.title), _("explore: nothing here counts")
        self.query_one("#settings", Words).say("   ".join(one.replace(" = ", "=") for one in settings(explore)))
        board, width = self.query_one(Board), self.size.width
        board.show(panels(explore, found))
        words, formula = about(explore, found)
        below, said = self.query_one("#about", Words), self.query_one("#said", Words)
        below.say((words, "bold"), (formula, "formula"))
        said.say(explore.said, f"# {'; '.join(calls(explore))}" if calls(explore) else "")
        self._draw_picture(explore, found, self.size.height - 5 - below.lines - said.lines, board.lines(width))
        self.query_one(AnswerLine).placeholder = self._pen.write(_placeholder(explore))

    def _draw_picture(self, explore: Explore, found: Linked | None, room: int, board: int) -> None:
        """Maps as pictures, where there are any and they are wanted; else the plot of the cell under the cursor."""
        picture = self.query_one(Picture)
        maps = shadings(explore, found) if self._shaded else ()
        if maps:
            at = next((place for place, one in enumerate(maps) if one.cursor is not None), 0)
            picture.shade(maps, at, room - LEAST)
        else:
            cell = explore.field is None and explore.at
            plotted = plot_of_cell(explore.film, explore.at, explore.cell) if cell else None
            picture.plot(plotted, room - board)

    def on_answer_line_steered(self, event: AnswerLine.Steered) -> None:
        if event.key in ("tab", "shift+tab"):
            self.query_one(AnswerLine).value = ""
            self._take(lambda explore: jump(explore, 1 if event.key == "tab" else -1))
        else:
            self._take(lambda explore: move(explore, event.key))

    def on_answer_line_command(self, event: AnswerLine.Command) -> None:
        self.call_later(self.run_action, event.action)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        before = self.explore
        if typed:
            self._take(lambda explore: enter(explore, typed))
            if before is not None and self.explore is not None and self.explore.film is not before.film:
                event.input.value = ""

    def action_undo(self) -> None:
        """Take back the last change."""
        self._take(undo)

    def action_reset(self) -> None:
        """As it was at first."""
        self._take(reset)

    def action_shaded(self) -> None:
        """Pictures, or numbers alone."""
        self._shaded = not self._shaded
        self._take(lambda explore: explore)

    def action_watch(self) -> None:
        """See these numbers worked out."""
        if self.explore is not None and len(self.explore.film):
            self.post_message(self.Watched(self.explore.film))

    def action_close(self) -> None:
        """Back."""
        self.app.pop_screen()

    def _take(self, change: Callable[[Explore], Explore]) -> None:
        if self.explore is not None:
            self.explore = change(self.explore)


def _placeholder(explore: Explore) -> str:
    """What a number typed now would change."""
    if explore.field is not None:
        return _("another {name}, or name = value").format(name=explore.field.label)
    if explore.at in explore.film.exercise.tensors:
        return _("another {cell}, or name = value").format(cell=name(explore.at, explore.cell))
    return _("{name} follows from the rest; name = value changes that").format(name=symbol(explore.at))
