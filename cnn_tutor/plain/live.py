"""A lesson as a conversation while its file is being written: a change is read at once, at the same question."""

from __future__ import annotations

import io
import selectors
from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

from cnn_tutor.errors import LessonError
from cnn_tutor.language import _
from cnn_tutor.plain.lesson import converse
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.edited import Edited
from cnn_tutor.tutor.session import Session

EVERY = 0.3
"""Seconds between two looks at the file."""


class _Changed(Exception):
    """The file was written while a line was waited for."""


class _Lines(io.TextIOBase):
    """Lines that are typed, unless the file changes first."""

    def __init__(self, typed: TextIO, edited: Edited) -> None:
        self._typed = typed
        self._edited = edited

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        while not _is_ready(self._typed, EVERY):
            if self._edited.has_changed():
                raise _Changed
        line = self._typed.readline()
        if self._edited.has_changed():
            raise _Changed
        return line


def _is_ready(stream: TextIO, seconds: float) -> bool:
    """Whether a line can be read without waiting; what is no file always can."""
    with selectors.DefaultSelector() as selector:
        try:
            selector.register(stream, selectors.EVENT_READ)
        except (ValueError, OSError):
            return True
        return bool(selector.select(seconds))


def run(edited: Edited, streams: Streams, key: str | None = None) -> None:
    """Ask the questions of the file until they are answered or the author pauses. Nothing is kept.

    Raises LessonError where the file has a fault from the start.
    """
    watched = replace(streams, lines=_Lines(streams.lines, edited))  # type: ignore[arg-type]
    session: Session | None = edited.session(key)
    introduced = False
    while session is not None:
        place = _Place(session)
        try:
            converse(session, watched, place.then(edited.keep), introduced=introduced)
            return
        except _Changed:
            introduced = True
            session = _again(edited, watched, place.key)


class _Place:
    """The question that an attempt was made at last; the one after it is open."""

    def __init__(self, session: Session) -> None:
        self.key: str | None = session.current.key

    def then(self, keep: Callable[..., None]) -> Callable[..., None]:
        """``keep``, after which the first open question is the place."""

        def kept(attempts: tuple[object, ...]) -> None:
            self.key = None
            keep(attempts)

        return kept


def _again(edited: Edited, streams: Streams, key: str | None) -> Session | None:
    """The lesson after a change; as long as it has a fault, that is said and the next change waited for."""
    while True:
        try:
            session = edited.session(key)
        except LessonError as error:
            streams.say(_("Not readable now: {error}").format(error=error))
        else:
            streams.say(_("Read anew."))
            return session
        try:
            if streams.ask() is None:
                return None
        except _Changed:
            continue
