"""A worked example that plays: tensors, the rule in a sentence, the formula, and where the film stands."""

from __future__ import annotations

import asyncio

from textual import work
from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.timer import Timer

from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.board import Board
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.picture import Picture
from cnn_tutor.tui.widgets.words import Words
from cnn_tutor.tutor.film import film
from cnn_tutor.tutor.plotted import plot_of_step
from cnn_tutor.tutor.shot import shot
from cnn_tutor.tutor.told import tell
from cnn_tutor.tutor.watch import (
    PACES,
    Reel,
    Watch,
    faster,
    next_cell,
    other_exercise,
    other_numbers,
    play,
    step,
    to,
)

SHOWN = (keys.PLAY, keys.ON, keys.CELL_ON, keys.FASTER, keys.LOOK, keys.NUMBERS, keys.HELP, keys.DONE)
BAR = 16


class WatchScreen(Screen[None]):
    """One step at a time. ``now`` is all there is to know; a timer runs only while it plays."""

    BINDINGS = keys.bindings(*keys.WATCH)
    TOPIC = keys.WATCHING

    DEFAULT_CSS = """
    WatchScreen { overflow: hidden; }
    WatchScreen Board { height: 1fr; margin: 1 0 0 0; }
    WatchScreen #told { margin: 1 0 0 0; }
    """

    now: var[Watch | None] = var(None, init=False, always_update=True)

    class Explored(Message):
        """The student wants to try things out on these numbers."""

        def __init__(self, exercise: Exercise) -> None:
            super().__init__()
            self.exercise = exercise

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen
        self._reel: Reel | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Line(self._pen, "progress")
        yield Board(self._pen)
        yield Picture(self._pen)
        yield Words(self._pen, "told")
        yield KeyLine(self._pen, SHOWN)

    def begin(self, watch: Watch, reel: Reel | None = None) -> None:
        """Show another film; with a ``reel`` there are other exercises and other numbers."""
        self._reel = reel
        self.now = watch

    def on_screen_resume(self) -> None:
        if self.now is not None:
            self._redraw(self.now)

    def on_screen_suspend(self) -> None:
        self._stop()
        if self.now is not None:
            self.set_reactive(WatchScreen.now, _paused(self.now))

    def on_resize(self) -> None:
        if self.now is not None and self.is_current:
            self._redraw(self.now)

    def watch_now(self, watch: Watch) -> None:
        if self.is_current:
            self._keep_time(watch)
            self._redraw(watch)

    def _keep_time(self, watch: Watch) -> None:
        """A timer while it plays, at its pace; none otherwise."""
        interval = None if self._timer is None else self._timer._interval
        if not watch.playing:
            self._stop()
        elif interval != watch.seconds:
            self._stop()
            self._timer = self.set_interval(watch.seconds, self._tick)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _tick(self) -> None:
        if self.now is not None and self.now.playing:
            self.now = step(self.now, 1)

    def _redraw(self, watch: Watch) -> None:
        title, progress = self.query_one("#title", Line), self.query_one("#progress", Line)
        title.left, title.right = _(watch.film.exercise.title), self._whose()
        told = tell(watch.film, watch.position)
        count = _("step {number} of {count}, {layer}")
        progress.left = count.format(number=watch.position + 1, count=len(watch.film), layer=told.layer)
        progress.right = f"{self._bar(watch)} {_state(watch)}"
        board = self.query_one(Board)
        board.show(shot(watch.film, watch.position))
        words = self.query_one("#told", Words)
        words.say((told.formula, "formula"), (told.sentence, "bold"))
        room = self.size.height - 5 - board.lines(self.size.width) - words.lines
        self.query_one(Picture).plot(plot_of_step(watch.film, watch.position), room)

    def _whose(self) -> str:
        """Whether these are the numbers that the lesson asks about."""
        if self._reel is None:
            return _("watch")
        return _("watch: the lesson's numbers") if self._reel.own else _("watch: other numbers than the lesson's")

    def _bar(self, watch: Watch) -> str:
        """How far it is, as a bar."""
        full = BAR * (watch.position + 1) // max(1, len(watch.film))
        sign, rest = ("#", ".") if self._pen.ascii_only else ("━", "╌")
        return sign * full + rest * (BAR - full)

    def action_play(self) -> None:
        """Play, or pause."""
        self._take(play)

    def action_step(self, by: int) -> None:
        """Some steps on; it pauses."""
        self._take(lambda watch: step(_paused(watch), by))

    def action_cell(self, by: int) -> None:
        """Another output cell; it pauses."""
        self._take(lambda watch: next_cell(_paused(watch), by))

    def action_first(self) -> None:
        """The first step."""
        self._take(lambda watch: to(_paused(watch), 0))

    def action_last(self) -> None:
        """The last step."""
        self._take(lambda watch: to(_paused(watch), len(watch.film)))

    def action_pace(self, by: int) -> None:
        """Faster, or slower."""
        self._take(lambda watch: faster(watch, by))

    def _take(self, change: object) -> None:
        assert callable(change)
        if self.now is not None:
            self.now = change(self.now)

    def action_numbers(self) -> None:
        """Other numbers."""
        if self._reel is not None:
            self._load(other_numbers(self._reel))

    def action_exercise(self, by: int) -> None:
        """Another exercise of the lesson."""
        if self._reel is not None:
            self._load(other_exercise(self._reel, by))

    @work(exclusive=True)
    async def _load(self, reel: Reel) -> None:
        """Work the numbers out on a thread, then show them from the beginning."""
        try:
            shown = await asyncio.to_thread(lambda: film(reel.shown()))
        except ShapeError as error:
            self.query_one("#told", Words).say(str(error))
            return
        self.begin(Watch(shown), reel)

    def action_explore(self) -> None:
        """Try things out on these numbers."""
        if self.now is not None:
            self.post_message(self.Explored(self.now.film.exercise))

    def action_close(self) -> None:
        """Back."""
        self.app.pop_screen()


def _paused(watch: Watch) -> Watch:
    return play(watch) if watch.playing else watch


def _state(watch: Watch) -> str:
    pace = PACES[watch.pace]
    if not watch.playing:
        return _("paused")
    return _("{pace} a second").format(pace=pace)
