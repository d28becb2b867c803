"""The course as a map: each lesson with what stands before it, and whether it is open."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table

from cnn_tutor.language import _
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.page import PageScreen
from cnn_tutor.tutor.course_map import CourseMap


class MapScreen(PageScreen):
    """Lessons by the numbers of the list."""

    def __init__(self, course: Course, pen: Pen) -> None:
        super().__init__(pen)
        self._course = course

    def on_screen_resume(self) -> None:
        about = _("A lesson is open when all that it comes after is done. You may do any lesson at any time.")
        self.show(_("Map of the lessons"), Group(self._pen.text(about + "\n"), self._table()))

    def _table(self) -> RenderableType:
        lessons = self._course.catalog.lessons
        course = CourseMap(lessons)
        done = {one.id for one in lessons if self._course.done(one)}
        ready = course.open(done)
        number = {one: str(place) for place, one in enumerate(course.lessons, 1)}
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(justify="right")
        table.add_column(ratio=1)
        table.add_column()
        table.add_column(min_width=12)
        for one, lesson in course.lessons.items():
            state = _("done") if one in done else _("open") if one in ready else ""
            needs = ", ".join(sorted((number[other] for other in course.needs[one]), key=int))
            after = _("after {lessons}").format(lessons=needs) if needs else ""
            style = "bold" if one in ready else ""
            cells = ((number[one], ""), (lesson.title, style), (state, style), (after, ""))
            table.add_row(*map(self._pen.text, cells))
        return table
