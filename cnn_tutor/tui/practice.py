"""The app of practice and review: problem after problem, and a card between them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from textual.screen import Screen

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _, plural
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui.screens.card import CardScreen
from cnn_tutor.tui.screens.lesson import LessonScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.stage import Stage
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.keeper import all_kept
from cnn_tutor.tutor.log import Keep
from cnn_tutor.tutor.practice import Problem, said
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Session
from cnn_tutor.tutor.sitting import Sitting


class Record:
    """What the lesson screen needs of a course: where to keep attempts, and what to say of the place."""

    def __init__(self, sitting: Sitting, keep: Keep) -> None:
        self._sitting = sitting
        self._keep = keep

    def keep(self, rows: Sequence[Attempt]) -> None:
        """Write ``rows`` to the log. Raises ProgressError."""
        self._keep(tuple(rows))

    def place(self, lesson: Lesson) -> str:
        """``problem 3``."""
        return _("problem {number}").format(number=self._sitting.count)


class PracticeApp(Stage):
    """A sitting on a full screen."""

    def __init__(self, sitting: Sitting, keep: Keep, title: str, seat: Seat, about: Sequence[str] = ()) -> None:
        super().__init__(seat)
        self._sitting = sitting
        self._record = Record(sitting, keep)
        self._title = title
        self._about = about
        self._problem: Problem | None = None
        self._left: Session | None = None
        """Where the student was in the problem, if they left it."""

    def get_default_screen(self) -> Screen[None]:
        begins = _("There is no clock, and there are hints. Enter begins.")
        return CardScreen(self._title, (*self._about, begins), self.pen)

    async def on_card_screen_onward(self) -> None:
        if self._left is not None:
            await self._ask(self._left)
            return
        self._problem = await asyncio.to_thread(self._sitting.following)
        if self._problem is None:
            self.exit()
            return
        # What cannot be kept now is held, and the next answer says so.
        with suppress(ProgressError):
            self._record.keep(self._problem.rows)
        await self._ask(self._problem.session, self._problem.given)

    async def _ask(self, session: Session, given: Sequence[Question] = ()) -> None:
        """A problem, from where the student is in it; ``given`` is worked beforehand."""
        screen = LessonScreen(self._record, self.pen)
        screen.begin(session)
        screen.show_example(given)
        await self.push_screen(screen)

    async def on_lesson_screen_finished(self, event: LessonScreen.Finished) -> None:
        assert self._problem is not None
        trouble = ""
        try:
            self._record.keep((self._problem.ended(event.session),))
        except ProgressError as error:
            trouble = _("Not kept: ") + str(error)
        self._left = None
        skills, keys = "\n".join(self._sitting.ending()), _("Enter: another problem. Esc: stop.")
        self._card.say(said(event.session), trouble, skills, keys)
        await self.pop_screen()

    def on_lesson_screen_left(self, event: LessonScreen.Left) -> None:
        self._left = event.session
        still = len(event.session.asked) - event.session.done
        open_ = plural(
            "{count} question of this problem is open.", "{count} questions of this problem are open.", still
        )
        kept = _("What you answered is kept.") if all_kept(self._record.keep) else ""
        self._card.say(f"{open_} {kept}".rstrip(), _("Enter: go on with it. Esc: stop."))

    @property
    def _card(self) -> CardScreen:
        card = self.screen_stack[0]
        assert isinstance(card, CardScreen)
        return card


def run(sitting: Sitting, keep: Keep, title: str, seat: Seat, about: Sequence[str] = ()) -> int:
    """Run the sitting until the student stops; the exit code is 0, or 130 for Ctrl+C. ``about`` stands on its card."""
    return PracticeApp(sitting, keep, title, seat, about).go()
