"""The lesson screen: the tensors, the formula, the prompt, the answer line and what came of the last answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Input

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tui import keys, words
from cnn_tutor.tui.ahead import Ahead
from cnn_tutor.tui.entry import Entry, begun, entry, guide
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.record import Record
from cnn_tutor.tui.screens.parts import ASKS, parts
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.ask import AskArea
from cnn_tutor.tui.widgets.board import Board
from cnn_tutor.tui.widgets.feedback import Feedback, Said
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.picture import Picture
from cnn_tutor.tutor.attempt import Action
from cnn_tutor.tutor.feedback import Correct, Incorrect
from cnn_tutor.tutor.feedback import Feedback as Judgement
from cnn_tutor.tutor.folding import foldable
from cnn_tutor.tutor.log import log
from cnn_tutor.tutor.plotted import plot_of_question
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.scene import formula
from cnn_tutor.tutor.session import Session, ask_hint, fold, look_back, reveal, skip, submit, switch, to_open

SHOWN = (keys.SUBMIT, keys.HINT, keys.HELP, keys.SHOW, keys.SKIP, keys.LEAVE, keys.NOTES, keys.SEE, keys.BACK)

TALL = 24
"""Lines that are kept for everything but a plot."""


class LessonScreen(Screen[None]):
    """One question at a time. ``session`` is all there is to know; ``said`` is what the tutor said last."""

    BINDINGS = keys.bindings(*keys.ON_SCREEN)
    TOPIC = keys.QUESTION

    session: var[Session | None] = var(None, init=False, always_update=True)

    class Finished(Message):
        """Nothing is open any more in this mode."""

        def __init__(self, session: Session, said: Said) -> None:
            super().__init__()
            self.session = session
            self.said = said

    class Left(Message):
        """The student has left, with questions still open."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class ReadNotes(Message):
        """The student wants to read about the lesson."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Played(Message):
        """The student wants to watch an exercise like this one worked out, or to try things out on it."""

        def __init__(self, session: Session, explored: bool) -> None:
            super().__init__()
            self.session = session
            self.explored = explored

    def __init__(self, course: Record, pen: Pen) -> None:
        super().__init__(classes=ASKS)
        self._course = course
        self._pen = pen
        self.said = Said()
        self._key = ""
        self._kept: frozenset[int] = frozenset()
        self._given: tuple[Question, ...] = ()
        """What was worked beforehand."""
        self._entry: Entry | None = None
        self._ahead = Ahead(self)

    def compose(self) -> ComposeResult:
        yield from parts(self._pen, keys.LESSON, SHOWN)

    def begin(self, session: Session) -> None:
        """Show another lesson, from where the student is in it."""
        self._key = ""
        self._given = ()
        self.said = words.welcome(session)
        self.session = look_back(session, len(session.questions)) if session.finished else session

    def show_example(self, given: Sequence[Question]) -> None:
        """Say what is worked beforehand."""
        self._given = tuple(given)
        if given:
            self.said = words.worked_before(given)

    def on_screen_resume(self) -> None:
        if self.session is not None:
            self._redraw(self.session)
        self.query_one(AnswerLine).focus()

    def watch_session(self, session: Session) -> None:
        if self.is_current:
            self._redraw(session)

    def _redraw(self, session: Session) -> None:
        question = session.current
        title, progress = self.query_one("#title", Line), self.query_one("#progress", Line)
        title.left, title.right = session.lesson.title, self._course.place(session.lesson)
        progress.left, progress.right = question.exercise.title, words.place(session)
        self._take_entry(session)
        self._draw(session)
        self.query_one(AskArea).show(formula(session), question.prompt, words.options(question))
        example = "" if words.settled(session) else words.worked_like(question, self._given)
        shown = "" if example in self.said.text else example
        self.query_one(Feedback).said = replace(self.said, example=shown, hints=words.hints(session))

    def _draw(self, session: Session) -> None:
        """The tensors, with what is pointed at and what the student seems to have used."""
        prose = session.current.exercise.prose if words.opens_exercise(session) else ""
        opens = bool(prose) and self.said.is_brief(self.size.width - 2) and session.current.choice is None
        # On the screen, the class would have the style of everything in it looked up anew.
        for part in (self.query_one(Board), self.query_one(Feedback)):
            part.set_class(opens, "-opens")
        assert self._entry is not None
        panels = self._entry.panels(session, is_open=not words.settled(session))
        self.query_one(Board).show((*panels, *self.said.used), prose)
        plotted = plot_of_question(session.current, settled=words.settled(session))
        self.query_one(Picture).plot(plotted, self.size.height - TALL)

    def _take_entry(self, session: Session) -> None:
        """An empty line for a new question; for a partly right answer, empty cells where it was wrong."""
        question, kept = session.current, session.record(session.current).kept
        if self._key != question.key:
            self._key, self._kept = question.key, kept
            name = f"{session.lesson.id} {question.key} {session.seed}"
            self._entry = begun(entry(question, kept), self.query_one(AnswerLine), name)
            self._ahead.of(session)
        elif self._kept != kept:
            self._kept, self._entry = kept, entry(question, kept)
        assert self._entry is not None
        record = session.record(session.current)
        offers = [keys.FOLD] if foldable(session) and not (record.misses or record.hints) else []
        self.query_one(KeyLine).keys = (SHOWN[0], *offers, *self._entry.shown_keys, *SHOWN[1:])
        self._set_line(session)

    def _set_line(self, session: Session) -> None:
        """What the answer line waits for, and which keys leave it for the board."""
        assert self._entry is not None
        guide(self.query_one(AnswerLine), self._entry, session, is_open=not words.settled(session))

    def _move(self, now: Entry) -> None:
        """Show the answer as it stands, with the cursor elsewhere."""
        self._entry = now
        self.query_one(AnswerLine).offer(now.offered)
        self._set_line(self._now)
        self._draw(self._now)

    def on_answer_line_steered(self, event: AnswerLine.Steered) -> None:
        if self._entry is not None and not words.settled(self._now):
            self._move(self._entry.steered(event.key, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        session = self._now
        if words.settled(session) and not event.value.strip():
            self._go_on(session)
            return
        assert self._entry is not None
        self._entry, text = self._entry.take(event.value, session)
        if text is None:
            self._move(self._entry)
            return
        after, judgement = submit(session, text)
        if isinstance(judgement, Correct):
            self.query_one(AnswerLine).forget()
        said = words.judged(session.current, judgement)
        if isinstance(judgement, Correct) and foldable(after):
            said = replace(said, text=f"{said.text} {words.offer_to_fold(foldable(after))}")
        self._take(after, "answer", said, text, judgement)
        self._correct_line(session, after, judgement)

    def _correct_line(self, before: Session, after: Session, judgement: Judgement) -> None:
        """What is wrong is to be typed again; what could not be read stays to be mended."""
        if not isinstance(judgement, Incorrect) or after.current is not before.current:
            return
        line = self.query_one(AnswerLine)
        if self._entry is not None and self._entry.grid is not None:
            line.clear()
        else:
            line.select_all()

    def on_answer_line_command(self, event: AnswerLine.Command) -> None:
        self.call_later(self.run_action, event.action)

    def action_hint(self) -> None:
        """The next hint."""
        if not words.settled(self._now):
            self._take(ask_hint(self._now)[0], "hint", self.said)

    def action_reveal(self) -> None:
        """The answer."""
        if not words.settled(self._now):
            self._take(reveal(self._now)[0], "show", self.said)

    def action_skip(self) -> None:
        """Leave an open question for later; from an answered one, go forward."""
        if words.settled(self._now):
            self.action_forward()
            return
        after = skip(self._now)
        self._take(after, "skip", words.skipped(self._now, after))

    def action_back(self) -> None:
        """The question before."""
        self._show(look_back(self._now))

    def action_forward(self) -> None:
        """The question after."""
        self._show(look_back(self._now, -1))

    def action_mode(self) -> None:
        """From guided to fast, or back to the first step that is still open."""
        before = replace(self._now, position=0) if self._now.fast else self._now
        after = switch(before, not before.fast)
        self.said = words.switched(after)
        self.session = after

    def action_fold(self) -> None:
        """Leave out the kind of step that goes well, where that is offered."""
        kind = foldable(self._now)
        if kind:
            self._take(fold(self._now, kind), "fold", words.folded(kind), kind)

    def action_notes(self) -> None:
        """Read about the lesson."""
        self.post_message(self.ReadNotes(self._now))

    def action_watch(self) -> None:
        """Watch an exercise like this one."""
        self.post_message(self.Played(self._now, explored=False))

    def action_explore(self) -> None:
        """Try things out on an exercise like this one."""
        self.post_message(self.Played(self._now, explored=True))

    def action_page(self, direction: int) -> None:
        """Scroll the tensors."""
        self.query_one(Board).page(direction)

    def action_leave(self) -> None:
        """Back to the list."""
        self.post_message(self.Left(self._now))
        self.app.pop_screen()

    @property
    def _now(self) -> Session:
        assert self.session is not None
        return self.session

    def _show(self, session: Session) -> None:
        """Another question, nothing done."""
        self.said = words.looking_back(session, self._given)
        self.session = session

    def _go_on(self, session: Session) -> None:
        """From a question that is settled to what is open, or to the end."""
        if session.finished:
            self.post_message(self.Finished(session, Said()))
        else:
            self._show(to_open(session))

    def _take(
        self, after: Session, action: Action, said: Said, text: str = "", judgement: Judgement | None = None
    ) -> None:
        """Keep what was done, and only then show what came of it."""
        before = self._now
        try:
            self._course.keep(log(before, after, action, text, judgement))
        except ProgressError as error:
            said = replace(said, trouble=_("{error}. It is tried again with your next answer.").format(error=error))
        else:
            said = replace(said, trouble="")
        self.said = said
        self.session = after
        if after.finished and not before.finished:
            self.post_message(self.Finished(after, said))
