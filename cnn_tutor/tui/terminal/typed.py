"""What is typed: bytes become keys, pastes and clicks; answers to queries that nobody asked become nothing."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual._xterm_parser import XTermParser
from textual.events import Paste
from textual.message import Message

REPORT = re.compile(
    rb"\x1b(?:\[[?>=][0-9;:]*[ -/]*[@-~]|\[[0-9;]*(?:[nty]|\$y|(?<!1;\d)R)|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\))"
)
"""What a terminal says of itself: attributes, modes, sizes, colours, its name, where its cursor is."""
OLD_MOUSE = re.compile(rb"\x1b\[M[^\x1b]{3}|\x1b\[\d+;\d+;\d+M", re.DOTALL)
"""Clicks in the protocols before SGR, which are not asked for: they would be read as text."""
UNFINISHED = re.compile(rb"\x1b(?:\[(?:[?>=]?[0-9;:]*[ -/]*|M[^\x1b]{0,2})|[\]P_^X][^\x07\x1b]*\x1b?)?\Z", re.DOTALL)
LONGEST_REPORT = 4096
PASTE = re.compile(r"\x1b\[20([01])~")
LONGEST_PASTE = 1 << 16
FLOOD = re.compile(r"([^\x00-\x1f\x7f]{32,})")
"""So much text at once is not typed by a hand; as single keys it would take as long as typing it."""


class Typed:
    """A decoder with memory: sequences may arrive in pieces."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self._decode = getincrementaldecoder(encoding)("replace").decode
        self._parser = XTermParser()
        self._held = b""
        self._pasted: str | None = None

    @property
    def pasting(self) -> bool:
        """Whether a paste has begun and not ended."""
        return self._pasted is not None

    def feed(self, data: bytes) -> Iterator[Message]:
        """The events in ``data`` and in what was held back before."""
        data = OLD_MOUSE.sub(b"", REPORT.sub(b"", self._held + data))
        unfinished = UNFINISHED.search(data)
        self._held = b""
        if unfinished is not None and len(unfinished[0]) < LONGEST_REPORT:
            data, self._held = data[: unfinished.start()], unfinished[0]
        yield from self._events(self._decode(data))

    def tick(self) -> Iterator[Message]:
        """After a pause: a lone Escape is the key; of what is still unfinished, only keys are taken."""
        held, self._held = self._held, b""
        if 0 < len(held) <= 2:
            yield from self._events(self._decode(held))
        if self._parser._timeout_time is not None:
            self._parser._timeout_time = 0.0  # the pause was long enough
        yield from self._parser.tick()

    def end_paste(self) -> Iterator[Message]:
        """The end of a paste was lost on the way."""
        yield from self._events("\x1b[201~")

    def _events(self, text: str) -> Iterator[Message]:
        """Keys and clicks of ``text``, and its pastes whole."""
        at = 0
        for mark in PASTE.finditer(text):
            yield from self._piece(text[at : mark.start()])
            at = mark.end()
            if mark[1] == "0":
                self._pasted = self._pasted or ""
            elif self._pasted is not None:
                pasted, self._pasted = self._pasted, None
                yield Paste(pasted.replace("\x00", ""))
        yield from self._piece(text[at:])

    def _piece(self, text: str) -> Iterator[Message]:
        if self._pasted is not None:
            self._pasted += text[: LONGEST_PASTE - len(self._pasted)]
            return
        before = ""
        # An Enter that was typed before the program listened has been made a line feed by the terminal.
        for number, run in enumerate(FLOOD.split(text.replace("\n", "\r"))):
            if number % 2 and "\x1b" not in before[-8:]:
                yield Paste(run)
            elif run:
                yield from self._parser.feed(run)
            before = run
