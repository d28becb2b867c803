"""The app: it leads from one screen to the next. Screens are made when first needed, once, and reused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui import keys, patches
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.lessons import LessonsScreen
from cnn_tutor.tui.screens.small import SmallScreen, fits
from cnn_tutor.tutor.progress import Progress

if TYPE_CHECKING:
    from cnn_tutor.tui.screens.lesson import LessonScreen
    from cnn_tutor.tui.screens.opening import OpeningScreen
    from cnn_tutor.tui.screens.summary import SummaryScreen
    from cnn_tutor.tutor.session import Session

AnyScreen = TypeVar("AnyScreen", bound=Screen[None])

INTERRUPTED = 130


class TutorApp(App[None]):
    """The tutor on a full screen."""

    CSS_PATH = "app.tcss"
    BINDINGS = keys.bindings(*keys.APP)
    ENABLE_COMMAND_PALETTE = False
    TITLE = "cnn-tutor"

    def __init__(
        self, course: Course, *, lesson: Lesson | None = None, start_key: str | None = None, pen: Pen = Pen()
    ) -> None:
        patches.apply()
        super().__init__()
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self._course = course
        self._pen = pen
        self._lesson = lesson
        self._start_key = start_key
        self._made: dict[str, Screen[None]] = {}

    def get_default_screen(self) -> Screen[None]:
        return LessonsScreen(self._course, self._pen)

    def on_mount(self) -> None:
        if self._lesson is not None:
            self._open(self._lesson, self._start_key)

    def on_resize(self, event: events.Resize) -> None:
        if isinstance(self.screen, SmallScreen):
            if fits(event.size):
                self.pop_screen()
        elif not fits(event.size):
            self._screen("small", lambda: SmallScreen(self._pen))
            self.push_screen("small")

    def on_lessons_screen_chosen(self, event: LessonsScreen.Chosen) -> None:
        self._open(event.lesson)

    def on_opening_screen_ready(self, event: OpeningScreen.Ready) -> None:
        self._learn(event.session)

    def on_lesson_screen_read_notes(self, event: LessonScreen.ReadNotes) -> None:
        from cnn_tutor.tui.screens.notes import NotesScreen

        notes = self._screen("notes", lambda: NotesScreen(self._pen))
        notes.show(event.session.lesson, event.session.current.exercise)
        self.push_screen("notes")

    def on_lesson_screen_finished(self, event: LessonScreen.Finished) -> None:
        from cnn_tutor.tui.screens.summary import SummaryScreen

        summary = self._screen("summary", lambda: SummaryScreen(self._course, self._pen))
        summary.session, summary.said = event.session, event.said
        self.switch_screen("summary")

    def on_summary_screen_next(self, event: SummaryScreen.Next) -> None:
        self._open(event.lesson)

    def on_summary_screen_twin(self, event: SummaryScreen.Twin) -> None:
        self._learn(event.session)

    def action_help(self) -> None:
        """Show help above whatever is there."""
        from cnn_tutor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen | SmallScreen):
            self._screen("help", lambda: HelpScreen(self._pen))
            self.push_screen("help")

    def action_stop(self) -> None:
        """Leave as an interrupted program does."""
        self.exit(return_code=INTERRUPTED)

    def _open(self, lesson: Lesson, key: str | None = None) -> None:
        """Show the way into ``lesson``, above the list."""
        from cnn_tutor.tui.screens.opening import OpeningScreen

        self._screen("opening", lambda: OpeningScreen(self._course, self._pen)).choose(lesson, key)
        if len(self.screen_stack) > 1:
            self.switch_screen("opening")
        else:
            self.push_screen("opening")

    def _learn(self, session: Session) -> None:
        """Show the questions of ``session``."""
        from cnn_tutor.tui.screens.lesson import LessonScreen

        self._screen("lesson", lambda: LessonScreen(self._course, self._pen)).begin(session)
        self.switch_screen("lesson")

    def _screen(self, name: str, make: Callable[[], AnyScreen]) -> AnyScreen:
        """The screen of that name, made and installed if this is the first time."""
        if name not in self._made:
            self._made[name] = make()
            self.install_screen(self._made[name], name)
        return self._made[name]  # type: ignore[return-value]


def run(
    catalog: Catalog,
    progress: Progress | None,
    *,
    clock: Callable[[], float],
    lesson: str | None = None,
    start_key: str | None = None,
    fast: bool = False,
    seed: int | None = None,
    ascii_only: bool = False,
) -> int:
    """Run the tutor until the student leaves; at the lesson with id ``lesson`` if given, else at the list.

    The exit code is 0 for a pause or the end, 130 for Ctrl+C. Raises UsageError for an unknown lesson.
    """
    chosen = None if lesson is None else catalog.get(lesson)
    course = Course(catalog, progress, clock, fast=fast, seed=seed)
    app = TutorApp(course, lesson=chosen, start_key=start_key, pen=Pen(ascii_only))
    app.run()
    return app.return_code or 0
