"""How the question on the screen takes its answer: in one line, cell by cell, or by pointing at cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnn_tutor.language import _
from cnn_tutor.tui import keys, words
from cnn_tutor.tui.keys import Key
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tutor.grid import Grid, grid, overlay
from cnn_tutor.tutor.panel import Panel
from cnn_tutor.tutor.place import write
from cnn_tutor.tutor.pointer import Pointer, pointer
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.scene import Pointed, scene
from cnn_tutor.tutor.session import Session

STEPS = {"tab": 1, "shift+tab": -1}


@dataclass(frozen=True)
class Entry:
    """The answer to ``question`` as it stands; at most one of ``pointer`` and ``grid`` is there."""

    question: Question
    pointer: Pointer | None = None
    grid: Grid | None = None

    @property
    def steering(self) -> tuple[str, ...]:
        """Keys that move as long as nothing is typed by hand."""
        if self.pointer is not None:
            return self.pointer.keys
        return () if self.grid is None else ("left", "right")

    @property
    def moving(self) -> tuple[str, ...]:
        """Keys that always move; what is typed stays in its cell."""
        if self.grid is None:
            return ()
        return tuple(key for key in self.grid.arrows if key not in self.steering)

    @property
    def offered(self) -> str:
        """What stands in the answer line until something is typed."""
        if self.pointer is not None:
            return write(self.pointer.chosen)
        return "" if self.grid is None else self.grid.here

    @property
    def shown_keys(self) -> list[Key]:
        """What the key line says first."""
        if self.pointer is not None:
            return [keys.POINT, *([keys.MARK] if "space" in self.pointer.keys else [])]
        return [] if self.grid is None else [keys.CELL]

    def steered(self, key: str, typed: str) -> Entry:
        """After one of its keys; ``typed`` is what stands in the answer line."""
        if self.pointer is not None:
            return replace(self, pointer=self.pointer.steered(key))
        assert self.grid is not None
        put = self.grid if typed == self.grid.here else self.grid.put(typed)
        return replace(self, grid=put.stepped(STEPS[key]) if key in STEPS else put.moved(key))

    def take(self, typed: str, session: Session) -> tuple[Entry, str | None]:
        """What Enter makes of what is typed: cells filled in, and the answer to hand in, if it is time for that."""
        if self.grid is None or session.record(self.question).done:
            return self, typed
        taken, text = self.grid.take(typed)
        return replace(self, grid=taken), text

    def draft(self, typed: str) -> str:
        """What is to be kept of an answer that is not handed in."""
        if self.grid is None:
            return "" if typed == self.offered else typed
        return (self.grid if typed == self.grid.here else self.grid.put(typed)).draft or typed

    def restored(self, draft: str) -> Entry | None:
        """With a draft filled in again; None where it belongs into the line."""
        found = None if self.grid is None else self.grid.restored(draft)
        return None if found is None else replace(self, grid=found)

    def panels(self, session: Session, *, is_open: bool) -> tuple[Panel, ...]:
        """What stands on the board: the scene with what is pointed at, or typed while the question ``is_open``."""
        if self.pointer is not None:
            return scene(session, pointed=Pointed(self.pointer.chosen, self.pointer.cursor))
        panels = scene(session)
        return panels if self.grid is None or not is_open else overlay(panels, self.grid, self.question)

    def expected(self, session: Session) -> str:
        """What the empty answer line says."""
        if self.grid is None or session.record(self.question).done:
            return words.expected(session, self.question)
        row, column = divmod(self.grid.at, self.grid.columns)
        if self.grid.rows == 1:
            text = _("entry {column} of {columns}; or all of them, with blanks between")
        else:
            text = _("row {row}, column {column}; or all rows, with ; between them")
        text = text.format(row=row + 1, column=column + 1, columns=self.grid.columns)
        wanted = words.decimals(self.question)
        return text if not wanted else _("{what}; {count} decimals or exact").format(what=text, count=wanted)


def entry(question: Question, kept: frozenset[int]) -> Entry:
    """A fresh answer to ``question``, of which some cells may be right already."""
    if question.kind == "cells":
        return Entry(question, pointer=pointer(question))
    return Entry(question, grid=grid(question, kept))


def begun(now: Entry, line: AnswerLine, key: str) -> Entry:
    """The fresh answer ``now``, with the draft that is kept under ``key``, in its cells or in the line."""
    line.ask(key)
    restored = now.restored(line.value) if line.value else None
    if restored is not None:
        line.offer(restored.offered)
    return restored or now


def guide(line: AnswerLine, now: Entry, session: Session, *, is_open: bool = True) -> None:
    """Tell the line what it waits for, which keys leave it for the board, and what is to be kept of it."""
    line.placeholder = now.expected(session)
    line.steering, line.moving = (now.steering, now.moving) if is_open else ((), ())
    line.whole = now.draft
