"""The list of lessons: where the student is in each, what is due, what comes next, and the way to everything."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList

from cnn_tutor.language import _, plural
from cnn_tutor.lesson.outline import outline
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui import keys
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.lesson_row import LessonRow
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.notice import Notice
from cnn_tutor.tui.widgets.rows import Rows, room

SHOWN = (
    *(keys.OPEN, keys.FIND, keys.HELP, keys.PRACTICE, keys.DRILL_IT, keys.LIST_WATCH, keys.LIST_EXPLORE, keys.QUIT),
    *(keys.REVIEW, keys.LIST_OFFER, keys.STANDING, keys.COMMANDS, keys.LIST_MAP, keys.LIST_PLACE, keys.THEME),
    keys.LIST_DOWN,
)


class LessonsScreen(Screen[None]):
    """All lessons in course order, under headings where there are several kinds."""

    BINDINGS = keys.bindings(*keys.ON_LIST, keys.CLOSE)
    TOPIC = keys.LIST_TOPIC
    AUTO_FOCUS = "Rows"

    DEFAULT_CSS = """
    LessonsScreen #about { height: auto; min-height: 3; max-height: 4; }
    LessonsScreen #notice { text-style: italic; }
    LessonsScreen AnswerLine { display: none; margin: 1 1 0 1; }
    LessonsScreen AnswerLine.-finding { display: block; }
    """

    class Chosen(Message):
        """The student wants to do this lesson."""

        def __init__(self, lesson: Lesson) -> None:
            super().__init__()
            self.lesson = lesson

    class Wanted(Message):
        """The student wants something else: a command of the command line with its arguments."""

        def __init__(self, lesson: Lesson | None, *words: str) -> None:
            super().__init__()
            self.lesson = lesson
            self.words = words

    class Drill(Message):
        """The student wants to be drilled on this lesson."""

        def __init__(self, lesson: Lesson) -> None:
            super().__init__()
            self.lesson = lesson

    class Standing(Message):
        """The student wants to read how far everything is."""

    class Map(Message):
        """The student wants to read which lessons stand before which."""

    class Placement(Message):
        """The student wants to find out where to begin."""

    class Played(Message):
        """The student wants to watch the exercises of this lesson, or to try things out on them."""

        def __init__(self, lesson: Lesson, explored: bool) -> None:
            super().__init__()
            self.lesson = lesson
            self.explored = explored

    class Offered(Message):
        """The student wants to try things out without a lesson."""

    def __init__(self, course: Course, pen: Pen, place: Lesson | None = None) -> None:
        super().__init__()
        self._course = course
        self._pen = pen
        self._place = place
        self._digits = ""
        self._width = 0
        self._listed: list[Lesson | None] = []
        """What stands on each row; a heading is no lesson."""

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Line(self._pen, "progress")
        yield AnswerLine(self._pen)
        yield Rows()
        yield Notice(self._pen, "about")
        yield Notice(self._pen, "notice")
        yield KeyLine(self._pen, SHOWN)

    def on_mount(self) -> None:
        line = self.query_one(AnswerLine)
        line.moving = ("up", "down")
        line.placeholder = _("type a part of a title; Enter opens, Esc shows all lessons")

    def on_screen_resume(self) -> None:
        self.redraw()
        self.call_after_refresh(self._see_what_is_due)

    def on_resize(self) -> None:
        if self.is_current and self._width != self.app.size.width:
            self.redraw()

    def _see_what_is_due(self) -> None:
        """Read the whole log, after the first frame, for what is due today."""
        if self.is_current and self._course.look_for_due():
            self.redraw()

    def redraw(self) -> None:
        """Show every lesson that fits what is searched for, as the log has it now."""
        self._width = self.app.size.width
        typed = self.query_one(AnswerLine).value.casefold().split()
        lessons = self._course.catalog.lessons
        number = {lesson.id: place for place, lesson in enumerate(lessons, 1)}
        following = self._course.next
        chosen = self._chosen or self._place or following
        rows: list[tuple[Text, bool]] = []
        self._listed = []
        for heading, group in outline(lessons):
            fitting = [one for one in group if _fits(one, typed)]
            if heading and fitting:
                rows.append((self._pen.text(f" {heading}"), False))
                self._listed.append(None)
            rows += [(self._row(number[one.id], one, following), True) for one in fitting]
            self._listed += fitting
        places = [place for place, one in enumerate(self._listed) if one is not None]
        marked = next((place for place in places if self._listed[place] is chosen), places[0] if places else None)
        self.query_one(Rows).show(rows, marked)
        self._tell(found=bool(places))
        self._tell_of(self._chosen)

    def _row(self, number: int, lesson: Lesson, following: Lesson | None) -> Text:
        course = self._course
        due, is_next = course.is_due(lesson), following is lesson
        row = LessonRow(self._pen, number, lesson.title, course.standing(lesson), lesson.questions, due, is_next)
        return row.text(room(self.app.size.width))

    def _tell(self, *, found: bool) -> None:
        course, lessons = self._course, self._course.catalog.lessons
        title, progress = self.query_one("#title", Line), self.query_one("#progress", Line)
        title.left = _("cnn-tutor: convolutional networks by hand")
        done = sum(course.done(one) for one in lessons)
        title.right = _("{done} of {count} lessons done").format(done=done, count=len(lessons))
        if not found:
            progress.left = _("No lesson fits. Esc shows all of them.")
        elif course.due:
            progress.left = plural(
                "{count} skill is due for review today: r",
                "{count} skills are due for review today: r",
                len(course.due),
            )
        elif done == len(lessons):
            progress.left = _("Every lesson is done. p practises, d drills.")
        elif done:
            progress.left = _("Nothing is due for review today.")
        elif any(course.standing(one).done for one in lessons):
            progress.left = _("Enter begins; F1 is help, anywhere.")
        else:
            progress.left = _("Enter begins here; b finds out where to begin. F1: help.")
        notices = (*course.catalog.faults, *getattr(self.app, "faults", ()), course.notice)
        self.query_one("#notice", Notice).text = "\n".join(one for one in notices if one)

    @property
    def _chosen(self) -> Lesson | None:
        """The lesson that is marked."""
        place = self.query_one(Rows).highlighted
        return None if place is None or place >= len(self._listed) else self._listed[place]

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._tell_of(self._chosen)

    def _tell_of(self, lesson: Lesson | None) -> None:
        about = self.query_one("#about", Notice)
        about.text = "" if lesson is None else "\n".join(self._about(lesson))

    def _about(self, lesson: Lesson) -> list[str]:
        """Where it belongs, what it is about, and what had better be done before."""
        before = [one for one in self._course.catalog.lessons if one.id in lesson.needs and not self._course.done(one)]
        lines = [_("Section: {section}").format(section=lesson.section), _first_sentence(lesson.intro)]
        if before:
            lines.append(_("Better after: {titles}").format(titles=", ".join(one.title for one in before)))
        return lines

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._open()

    def on_input_submitted(self) -> None:
        self._open()

    def on_input_changed(self) -> None:
        self.redraw()

    def on_answer_line_steered(self, event: AnswerLine.Steered) -> None:
        rows = self.query_one(Rows)
        rows.action_cursor_up() if event.key == "up" else rows.action_cursor_down()

    def on_key(self, event: events.Key) -> None:
        """Digits lead to the lesson with that number."""
        if not (event.character or "").isdecimal() or self.query_one(AnswerLine).has_focus:
            self._digits = ""
            return
        lessons = self._course.catalog.lessons
        self._digits += event.character or ""
        if not 0 < int(self._digits) <= len(lessons):
            self._digits = event.character or ""
        if 0 < int(self._digits) <= len(lessons) and lessons[int(self._digits) - 1] in self._listed:
            self.query_one(Rows).highlighted = self._listed.index(lessons[int(self._digits) - 1])

    def _open(self) -> None:
        if self._chosen is not None:
            self.post_message(self.Chosen(self._chosen))

    def action_find(self) -> None:
        """Type a part of a title."""
        line = self.query_one(AnswerLine)
        line.add_class("-finding")
        line.focus()

    def action_close(self) -> None:
        """Show all lessons again."""
        line = self.query_one(AnswerLine)
        line.remove_class("-finding")
        self._place = self._chosen
        line.clear()
        self.query_one(Rows).focus()

    def action_practice(self) -> None:
        """Practise the lesson that is marked."""
        if self._chosen is not None:
            self.post_message(self.Wanted(self._chosen, "practice", self._chosen.id))

    def action_drill(self) -> None:
        """Choose how to be drilled on it."""
        if self._chosen is not None:
            self.post_message(self.Drill(self._chosen))

    def action_review(self) -> None:
        """Review what is due."""
        if self._course.due:
            self.post_message(self.Wanted(self._chosen, "review"))
        else:
            self.query_one("#progress", Line).left = _("Nothing is due for review today.")

    def action_standing(self) -> None:
        """Read how far everything is."""
        self.post_message(self.Standing())

    def action_map(self) -> None:
        """Read which lessons stand before which."""
        self.post_message(self.Map())

    def action_place(self) -> None:
        """Find out where to begin."""
        self.post_message(self.Placement())

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
        if self._chosen is not None:
            self.post_message(self.Played(self._chosen, explored))


def _fits(lesson: Lesson, typed: Sequence[str]) -> bool:
    """Whether every part of what is searched for occurs in what names the lesson."""
    named = f"{lesson.id} {lesson.title} {lesson.section}".casefold()
    return all(part in named for part in typed)


def _first_sentence(text: str) -> str:
    """What a lesson is about, on a line or two."""
    return " ".join(text.split()).partition(". ")[0].removesuffix(".") + "."
