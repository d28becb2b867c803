"""Finding out where to begin: one question a lesson, taken without a word, each worked out on a thread."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from textual.message import Message
from textual.reactive import var
from textual.widgets import Input

from cnn_tutor.language import _
from cnn_tutor.tui import keys
from cnn_tutor.tui.entry import Entry
from cnn_tutor.tui.screens.silent import SilentScreen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.ask import AskArea
from cnn_tutor.tui.widgets.feedback import Feedback, Said
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.words import judged as words_on
from cnn_tutor.tui.words import options
from cnn_tutor.tutor.panel import Panel
from cnn_tutor.tutor.placement import MOST, Placement, answered, is_right, judged, task
from cnn_tutor.tutor.placement_page import layers, panels
from cnn_tutor.tutor.session import Session

RULES = "A few questions to find out where to begin. Nothing counts, there are no hints; > says that you do not know."


class PlaceScreen(SilentScreen):
    """``placement`` is what the answers so far say; ``session`` is its question, there some moments later."""

    BINDINGS = keys.bindings(*keys.ON_PLACE)
    TOPIC = keys.IN_PLACEMENT
    KEYS = keys.PLACING
    SHOWN = (keys.GUESS, keys.UNKNOWN, keys.FOUND, keys.AWAY, keys.HELP, keys.NOTES)

    placement: var[Placement | None] = var(None, init=False)

    class Found(Message):
        """It is clear where to begin, or the student has ended it."""

        def __init__(self, placement: Placement) -> None:
            super().__init__()
            self.placement = placement

    class Answered(Message):
        """There is more to go by."""

        def __init__(self, placement: Placement) -> None:
            super().__init__()
            self.placement = placement

    def begin(self, placement: Placement) -> None:
        """Start with no answers, or go on with those that were given before."""
        self.said = Said("", _("You go on where you stopped.") if placement.asked else _(RULES))
        self.set_reactive(SilentScreen.session, None)
        self.set_reactive(PlaceScreen.placement, placement)

    def on_screen_resume(self) -> None:
        self.query_one("#title", Line).left = _("Where to begin")
        self.query_one(AnswerLine).focus()
        if self.session is not None:
            self.session = self.session
        elif self.placement is not None:
            self.watch_placement(self.placement)

    def watch_placement(self, placement: Placement) -> None:
        topic = placement.topic
        if topic is None:
            self.post_message(self.Found(placement))
            return
        progress = self.query_one("#progress", Line)
        progress.left = placement.course.lessons[topic].title
        number = _("question {number} of at most {most}")
        progress.right = number.format(number=len(placement.asked) + 1, most=MOST)
        self.set_reactive(SilentScreen.session, None)
        self.expect(_name(placement))
        self.query_one(AskArea).show("", _("The next question is being worked out."))
        self.query_one(Feedback).said = self.said
        self.run_worker(self._work_out(placement, topic), exclusive=True)

    async def _work_out(self, placement: Placement, topic: str) -> None:
        session = await asyncio.to_thread(task, placement.course.lessons[topic], placement.seed)
        self.session = session

    def watch_session(self, session: Session) -> None:
        assert self.placement is not None
        question = session.current
        self.ask(session, _name(self.placement))
        self.set_class(question.choice is not None, "-choice")
        self.query_one(AskArea).show(" → ".join(layers(question)), question.prompt, options(question))
        self.query_one(Feedback).said = self.said

    def panels(self, session: Session, now: Entry) -> tuple[Panel, ...]:
        return panels(session.current, super().panels(session, now))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed in ("", "?", "!"):
            self._say(Said("", _("Type an answer, or > if you do not know. There are no hints here.")))
            return
        whole = self.whole(typed)
        if whole is None:
            return
        feedback = judged(self._now, whole)
        right = is_right(feedback)
        if right is None:
            self._say(words_on(self._now.current, feedback))
        else:
            self._take(Said("", _("Noted.")), right=right)

    def action_unknown(self) -> None:
        """Say that one does not know."""
        if self.session is not None:
            self._take(Said("", _("Noted: you do not know.")), right=False)

    def _take(self, said: Said, *, right: bool) -> None:
        assert self.placement is not None
        self.said = said
        line = self.query_one(AnswerLine)
        line.forget()
        line.clear()
        placement = answered(self.placement, right=right)
        self.post_message(self.Answered(placement))
        self.placement = placement

    def action_end(self) -> None:
        """End here, with what the answers so far say."""
        if self.placement is not None:
            self.post_message(self.Found(self.placement))

    def action_pause(self) -> None:
        """Back to the list; what is typed stays."""
        self.query_one(AnswerLine).keep_draft()
        self.app.pop_screen()

    def _say(self, said: Said) -> None:
        self.said = said
        self.query_one(Feedback).said = replace(said)


def _name(placement: Placement) -> str:
    """The name among the drafts of the question that is asked next, before it is known."""
    return f"{placement.topic} place {placement.seed}"
