"""One row of the lesson list: number, title, a small bar and the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text

from cnn_tutor.language import _
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tutor.mastery import Standing

BAR = 8
WORDS = 12
ROOMY = 70
"""From this width on there is room for the bar; what it shows is said in words anyway."""


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson's title and standing; whether something in it is due for review, and whether it comes next."""

    pen: Pen
    number: int
    title: str
    standing: Standing
    questions: int | None
    due: bool = False
    next: bool = False

    def text(self, width: int) -> Text:
        """The row, ``width`` columns wide; its first column is left to the mark of the list."""
        end = f"  {self.bar()}  {self.words():<{WORDS}}" if width >= ROOMY else f"  {self.words():<{WORDS}}"
        title = self.pen.text(f"{self.number:>4}  {self.title}")
        title.truncate(max(8, width - len(end)), overflow="crop" if self.pen.ascii_only else "ellipsis", pad=True)
        return Text.assemble(title, self.pen.write(end), no_wrap=True)

    def words(self) -> str:
        """How far it is done, in words."""
        done = self.standing.done
        if self.due:
            return _("review due")
        if self.questions is not None and done >= self.questions:
            return _("done, sure") if self.standing.mastered else _("done")
        if not done:
            return _("next") if self.next else _("new")
        if self.questions is None:
            return _("{count} answered").format(count=done)
        return _("{done} of {count}").format(done=done, count=self.questions)

    def bar(self) -> str:
        """The same as a bar: thick is done, thin is to come."""
        share = self.standing.done / self.questions if self.questions else 0.0
        full = min(BAR, max(int(share * BAR), int(self.standing.done > 0)))
        sign, rest = ("#", ".") if self.pen.ascii_only else ("━", "╌")
        return sign * full + rest * (BAR - full)
