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
from cnn_tutor.tutor.drill import onward, take
from cnn_tutor.tutor.feedback import Unreadable
from cnn_tutor.tutor.log import Keep, log
from cnn_tutor.tutor.result import Desk, given_before, time_left
from cnn_tutor.tutor.scene import formula
from cnn_tutor.tutor.session import Session, look_back, skip

SHOWN = (keys.TAKE, keys.SKIP, keys.BACK, keys.END, keys.PAUSE, keys.HELP, keys.NOTES)
ALL_ANSWERED = "Every question has an answer. F8 or Ctrl+O ends the drill; Up looks back, to change one."


class DrillScreen(SilentScreen):
    """``session`` is where the student is; what was answered stays on the desk."""

    BINDINGS = keys.bindings(*keys.ON_DRILL)
    TOPIC = keys.IN_DRILL
    KEYS = keys.DRILL
    SHOWN = SHOWN

    class Ended(Message):
        """The student has ended the drill, or the time is over."""

    def __init__(self, desk: Desk, keep: Keep, pen: Pen, warning: str = "") -> None:
        super().__init__(pen)
        self._desk = desk
        self._keep = keep
        self._sure = False
        later = _("You only hand your answers in; what is right is told later. There are no hints.")
        at_end = _("You hear what is right at the end. There are no hints.")
        self.said = Said("", later if desk.show == "nothing" else at_end, trouble=warning)

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
            self.post_message(self.Ended())
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
            self.post_message(self.Ended())
            return
        if typed in ("?", "!"):
            self._show(session, Said("", _("A drill has no hints. Skip the question, or practise it afterwards.")))
            self.query_one(AnswerLine).clear()
            return
        whole = self.whole(typed)
        if whole is None:
            return
        typed = whole
        after, feedback = take(session, typed)
        if isinstance(feedback, Unreadable):
            self._show(session, words.judged(session.current, feedback))
            return
        self.query_one(AnswerLine).forget()
        said = Said(_("Noted"), _(ALL_ANSWERED) if after.finished else "")
        try:
            self._keep(log(session, after, "answer", typed, feedback))
        except ProgressError as error:
            said = replace(said, trouble=str(error))
        self._desk.answers[session.current.key] = typed
        self._show(after, said)

    def action_skip(self) -> None:
        """Leave an open question for later; from an answered one, go forward."""
        if self._now.record(self._now.current).done:
            self.action_forward()
        else:
            self._show(skip(self._now), Said("", _("Left for later.")))

    def action_back(self) -> None:
        """The question before."""
        self._show(look_back(self._now), Said())

    def action_forward(self) -> None:
        """The question after; after the last, the next that is open."""
        self._show(onward(self._now), Said())

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
