"""The drill screen: one question at a time, answers taken without a word on them, the time that is left."""

from __future__ import annotations

from dataclasses import replace

from textual.message import Message
from textual.widgets import Input

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tui import keys, words
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.silent import SilentScreen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.ask import AskArea
from cnn_tutor.tui.widgets.feedback import Feedback, Said
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tutor.desk import NOT_TAKEN, SETTLED, TIME_OVER, TOO_LATE, Desk, given_before, time_left
from cnn_tutor.tutor.drill import take
from cnn_tutor.tutor.feedback import Unreadable
from cnn_tutor.tutor.log import Keep
from cnn_tutor.tutor.moves import STAYS, back, first_counts, left_out, onward, rows, skip, stays
from cnn_tutor.tutor.scene import formula
from cnn_tutor.tutor.session import Session

SHOWN = (keys.TAKE, keys.SKIP, keys.BACK, keys.END, keys.PAUSE, keys.HELP, keys.NOTES)
ALL_ANSWERED = "Every question has an answer. F8 or Ctrl+O ends the drill; Up looks back, to change one."


class DrillScreen(SilentScreen):
    """``session`` is where the student is; what was answered stays on the desk."""

    BINDINGS = keys.bindings(*keys.ON_DRILL)
    TOPIC = keys.IN_DRILL
    KEYS = keys.DRILL
    SHOWN = SHOWN

    class Ended(Message):
        """The student has ended the drill, or the time is over, or it was ``elsewhere``; ``why`` says which."""

        def __init__(self, why: str = "", *, elsewhere: bool = False) -> None:
            super().__init__()
            self.why, self.elsewhere = why, elsewhere

    def __init__(self, desk: Desk, keep: Keep, pen: Pen, warning: str = "") -> None:
        super().__init__(pen)
        self._desk = desk
        self._keep = keep
        self._sure = False
        later = _("You only hand your answers in; what is right is told later. There are no hints.")
        at_end = _("You hear what is right at the end. There are no hints.")
        rules = later if desk.show == "nothing" else at_end
        self.said = Said("", f"{desk.notice}\n{rules}".strip(), trouble=warning)

    def on_mount(self) -> None:
        self.session = self._desk.session
        self.query_one(AnswerLine).focus()
        self._tick()

    def _tick(self) -> None:
        """Show the time when what is shown of it changes, and no more often."""
        left = self._desk.left()
        if left is None:
            return
        self.query_one("#title", Line).right = time_left(left)
        if left <= 0:
            line = self.query_one(AnswerLine)
            self._time_out(line.whole(line.value))
        else:
            self.set_timer(left % 60 or 60 if left > 60 else min(left, left % 1 or 1), self._tick)

    def watch_session(self, session: Session) -> None:
        question, drill = session.current, self._desk.drill
        title, progress = self.query_one("#title", Line), self.query_one("#progress", Line)
        named = _("{title}, {name}") if drill.name else "{title}"
        called = self._desk.title or _("Drill {seed}").format(seed=drill.seed)
        title.left = named.format(title=called, name=drill.name)
        progress.left, progress.right = question.exercise.title, words.number(session)
        self.ask(session, f"{question.key} {drill.text}")
        self.query_one(AskArea).show(formula(session), question.prompt, ())
        given = self._desk.answers.get(question.key)
        hints = [
            *given_before(self._desk.answers, session),
            *([_("You gave: {answer}.").format(answer=given)] if given is not None else []),
            *([_(STAYS)] if stays(session) else first_counts(session)),
        ]
        self.query_one(Feedback).said = replace(self.said, text="\n".join([self.said.text, *hints]).strip())

    def prose(self, session: Session) -> str:
        return super().prose(session) if words.opens_exercise(session) else ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        typed, session = event.value.strip(), self._now
        if not typed and session.record(session.current).done:
            self.action_forward()
            return
        if self._desk.left() == 0:
            self._time_out(typed)
            return
        if typed in ("?", "!"):
            self._show(session, Said("", _("A drill has no hints. Skip the question, or practise it afterwards.")))
            self.query_one(AnswerLine).clear()
            return
        if typed and stays(session):
            self._show(session, Said())
            self.query_one(AnswerLine).clear()
            return
        whole = self.whole(typed)
        if whole is None:
            return
        typed = whole
        after, feedback = take(session, typed)
        if isinstance(feedback, Unreadable):
            self._show(session, words.judged(session.current, replace(feedback, diagnosis=None)))
            return
        self.query_one(AnswerLine).forget()
        trouble = ""
        try:
            self._keep(rows(session, after, typed, feedback))
        except ProgressError as error:
            trouble = str(error)
        fate = self._desk.fate(session.current.key, typed)
        if fate == "over":
            self.post_message(self.Ended(_(TOO_LATE), elsewhere=True))
            return
        noted, then = (_("Noted"), "") if fate == "counts" else ("", _(SETTLED))
        self._show(after, Said(noted, f"{then} {_(ALL_ANSWERED) if after.finished else ''}".strip(), trouble=trouble))

    def action_skip(self) -> None:
        """Leave an open question for later; from an answered one, go forward."""
        if self._now.record(self._now.current).done:
            self.action_forward()
        else:
            after = skip(self._now)
            self._show(after, Said("", left_out(self._now, after)))

    def action_back(self) -> None:
        """The question before."""
        self._show(back(self._now), Said())

    def action_forward(self) -> None:
        """The question after; after the last, the next that is open."""
        self._show(onward(self._now), Said())

    def _time_out(self, typed: str) -> None:
        """End the drill, and say of what is typed that it is not taken."""
        lines = [_(TIME_OVER), *([_(NOT_TAKEN).format(text=typed)] if typed else [])]
        self.post_message(self.Ended("\n".join(lines)))

    def action_end(self) -> None:
        """End the drill; where questions are open, only when asked twice."""
        still = len(self._now.asked) - self._now.done
        if not still or self._sure:
            self.post_message(self.Ended())
            return
        text = _("{count} still open. The same key again ends the drill; answering goes on.").format(count=still)
        self._show(self._now, Said("", text))
        self._sure = True

    def action_pause(self) -> None:
        """Leave; everything is kept."""
        self.app.exit()

    def _show(self, session: Session, said: Said) -> None:
        self.said, self._sure = said, False
        self.session = session
