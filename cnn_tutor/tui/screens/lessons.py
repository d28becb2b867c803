"""The list of lessons: where the student is in each, and the way in."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui import keys
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.lesson_row import LessonRow
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.notice import Notice

MARGIN = 2
"""Columns kept free, for a scroll bar."""


class LessonList(OptionList):
    """The list itself, with vi keys beside the arrows."""

    BINDINGS = keys.bindings(keys.LIST_UP, keys.LIST_DOWN)


class LessonsScreen(Screen[None]):
    """All lessons in course order."""

    BINDINGS = keys.bindings(keys.LIST_WATCH, keys.LIST_EXPLORE, keys.LIST_OFFER)

    class Chosen(Message):
        """The student wants to do this lesson."""

        def __init__(self, lesson: Lesson) -> None:
            super().__init__()
            self.lesson = lesson

    class Played(Message):
        """The student wants to watch the exercises of this lesson, or to try things out on them."""

        def __init__(self, lesson: Lesson, explored: bool) -> None:
            super().__init__()
            self.lesson = lesson
            self.explored = explored

    class Offered(Message):
        """The student wants to try things out without a lesson."""

    def __init__(self, course: Course, pen: Pen) -> None:
        super().__init__()
        self._course = course
        self._pen = pen
        self._rows: list[LessonRow] = []
        self._chosen: int | None = None

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield LessonList(markup=False, compact=True)
        yield Notice(self._pen, "about")
        yield Notice(self._pen, "notice")
        yield KeyLine(
            self._pen,
            (keys.OPEN, keys.LIST_DOWN, keys.LIST_WATCH, keys.LIST_EXPLORE, keys.LIST_OFFER, keys.HELP, keys.QUIT),
        )

    def on_screen_resume(self) -> None:
        self.redraw()

    def on_resize(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        """Show every lesson as the log has it now."""
        self.query_one("#title", Line).left = _("cnn-tutor: convolutional networks by hand")
        lessons = self.query_one(LessonList)
        place = lessons.highlighted if lessons.option_count else self._first_open()
        self._rows = [self._row(number, one) for number, one in enumerate(self._course.catalog.lessons, 1)]
        self._chosen = None
        lessons.set_options(Option(self._drawn(number)) for number in range(len(self._rows)))
        lessons.highlighted = place
        self.query_one("#notice", Notice).text = "\n".join([*self._course.catalog.faults, self._course.notice]).strip()

    def _row(self, number: int, lesson: Lesson) -> LessonRow:
        return LessonRow(self._pen, number, lesson.title, self._course.standing(lesson), lesson.questions)

    def _drawn(self, number: int) -> Text:
        return self._rows[number].text(self.app.size.width - MARGIN, chosen=number == self._chosen)

    def _first_open(self) -> int:
        lessons = self._course.catalog.lessons
        return next((i for i, one in enumerate(lessons) if not self._course.done(one)), 0)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        lesson = self._course.catalog.lessons[event.option_index]
        before, self._chosen = self._chosen, event.option_index
        for number in [one for one in (before, self._chosen) if one is not None]:
            event.option_list.replace_option_prompt_at_index(number, self._drawn(number))
        self.query_one("#about", Notice).text = (
            _("Worksheet: {section}").format(section=lesson.section) + f"\n{_first_sentence(lesson.intro)}"
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.post_message(self.Chosen(self._course.catalog.lessons[event.option_index]))

    def action_watch(self) -> None:
        """Watch the exercises of the lesson chosen."""
        self._play(explored=False)

    def action_explore(self) -> None:
        """Try things out on the exercises of the lesson chosen."""
        self._play(explored=True)

    def action_offer(self) -> None:
        """Try things out on any operation."""
        self.post_message(self.Offered())

    def _play(self, *, explored: bool) -> None:
        place = self.query_one(LessonList).highlighted
        if place is not None:
            self.post_message(self.Played(self._course.catalog.lessons[place], explored))


def _first_sentence(text: str) -> str:
    """What a lesson is about, on a line or two."""
    return " ".join(text.split()).partition(". ")[0].removesuffix(".") + "."
