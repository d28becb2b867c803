"""The end of a placement: what one seems to know, and the lesson to begin with."""

from __future__ import annotations

from textual.message import Message

from cnn_tutor.language import _, plural
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.page import PageScreen
from cnn_tutor.tutor.placement import Placement
from cnn_tutor.tutor.placement_page import known


class PlacedScreen(PageScreen):
    """Enter opens the lesson, Esc goes back to the list."""

    SHOWN = (keys.OPEN_IT, keys.CLOSE, keys.NEXT, keys.HELP, keys.QUIT)

    class Chosen(Message):
        """The student wants to begin with this lesson."""

        def __init__(self, lesson: Lesson) -> None:
            super().__init__()
            self.lesson = lesson

    def __init__(self, pen: Pen, placement: Placement) -> None:
        super().__init__(pen)
        self.placement = placement

    @property
    def _first(self) -> Lesson | None:
        """The lesson to begin with; none where nothing is left to learn."""
        start = self.placement.start
        return None if start is None else self.placement.course.lessons[start]

    def on_screen_resume(self) -> None:
        first, count = self._first, len(self.placement.asked)
        if first is None:
            text = _(
                "There is nothing left to learn here. Enter goes back to the list, where p practises and d drills."
            )
        else:
            text = _("**{title}**: Enter opens it, Esc goes back to the list.").format(title=first.title)
        titles = "\n".join(f"- {lesson.title}" for lesson in known(self.placement))
        rests = plural("This rests on {count} answer.", "This rests on {count} answers.", count)
        advice = _("It is advice, no more: any lesson can be opened at any time.")
        nothing = _("Nothing was asked, so the beginning is as good as any place.")
        sections = [
            (_("Where to begin"), text),
            (_("What you seem to know"), titles),
            (_("How sure that is"), f"{rests if count else nothing} {advice}"),
        ]
        self.show(_("Where to begin"), self._pen.article(sections))

    def action_onward(self) -> None:
        """Begin with the lesson; where there is none, back to the list."""
        if self._first is None:
            self.app.pop_screen()
        else:
            self.post_message(self.Chosen(self._first))
