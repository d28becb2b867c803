"""The app of a drill: its questions, then its result."""

from __future__ import annotations

from contextlib import suppress

from textual.screen import Screen

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tui.frame import Frame
from cnn_tutor.tui.screens.drill import DrillScreen
from cnn_tutor.tui.screens.result import ResultScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tutor.desk import Desk
from cnn_tutor.tutor.keeper import all_kept
from cnn_tutor.tutor.log import Keep
from cnn_tutor.tutor.result_page import page


class DrillApp(Frame):
    """A drill on a full screen."""

    def __init__(self, desk: Desk, keep: Keep, seat: Seat, warning: str = "") -> None:
        super().__init__(seat)
        self._warning = warning
        self._desk = desk
        self._keep = keep
        self._ended = desk.ended

    def get_default_screen(self) -> Screen[None]:
        if self._desk.ended:
            return self._result(self._desk.notice)
        return DrillScreen(self._desk, self._keep, self.pen, self._warning)

    async def on_drill_screen_ended(self, event: DrillScreen.Ended) -> None:
        if self._ended:
            return
        self._ended = True
        if not event.elsewhere:
            # What cannot be kept is held, and the result says so.
            with suppress(ProgressError):
                self._keep((self._desk.ending,))
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await self.push_screen(self._result(event.why))

    def _result(self, why: str) -> ResultScreen:
        """The result, after a word on why it is over."""
        desk, result = self._desk, self._desk.result
        score = _("{score} of {count}").format(score=result.score, count=len(result.outcomes))
        title = desk.title or _("Drill {seed}: the result").format(seed=desk.drill.seed)
        told = page(result, desk.best, desk.show, kept=all_kept(self._keep), again=desk.again)
        lines = [*([why] if why else []), *told]
        return ResultScreen(title, "" if desk.show == "nothing" else score, lines, self.pen)


def run(desk: Desk, keep: Keep, seat: Seat, warning: str = "") -> int:
    """Run the drill until the student ends it or leaves; the exit code is 0, or 130 for Ctrl+C.

    ``warning`` is said beside the first question.
    """
    return DrillApp(desk, keep, seat, warning).go()
