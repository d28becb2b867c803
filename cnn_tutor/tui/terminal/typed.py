"""What is typed: bytes from the terminal become keys, pastes and clicks; answers to queries nobody asked become nothing."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator

from textual._xterm_parser import XTermParser
from textual.message import Message

REPORT = re.compile(r"\x1b(?:\[[?>=][0-9;:]*[ -/]*[@-~]|[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\))")
"""What a terminal says of itself: device attributes, modes, colours, its name."""
OPEN_REPORT = re.compile(r"\x1b(?:\[[?>=][0-9;:]*[ -/]*|[\]P_^X][^\x07\x1b]*\x1b?)\Z")
LONGEST_REPORT = 4096
OLD_MOUSE = re.compile(r"\x1b\[M.{3}|\x1b\[\d+;\d+;\d+M", re.DOTALL)
"""Clicks in the protocols before SGR, which are not asked for: they would be read as text."""


class Typed:
    """A decoder with memory: sequences may arrive in pieces."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser()
        self._held = ""

    def feed(self, data: bytes) -> Iterator[Message]:
        """The events in ``data`` and in what was held back before."""
        text = OLD_MOUSE.sub("", REPORT.sub("", self._held + self._decode(data)))
        unfinished = OPEN_REPORT.search(text)
        self._held = ""
        if unfinished is not None and len(unfinished[0]) < LONGEST_REPORT:
            text, self._held = text[: unfinished.start()], unfinished[0]
        if text:
            yield from self._parser.feed(text)

    def tick(self) -> Iterator[Message]:
        """After a pause: a lone Escape is the key; what is still unfinished never will be."""
        self._held = ""
        yield from self._parser.tick()
