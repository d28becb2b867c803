"""What happened on the host, line by line: for the instructor's terminal, and in a file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cnn_tutor.language import _

LARGEST = 16 * 1024 * 1024
"""Bytes after which nothing more is written to the file."""


class Journal:
    """Lines of what happened; ``say`` shows one. Nothing in it comes unchecked from a student."""

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        self._say = say

    def came(self, name: str, address: str) -> None:
        """A student sits down."""
        self.note(_("{name} came from {address}").format(name=name, address=address))

    def left(self, name: str) -> None:
        """A student has gone."""
        self.note(_("{name} left").format(name=name))

    def refused(self, name: str, what: str) -> None:
        """A student asked for what there is not."""
        self.note(_("{name} asked for {what}; refused").format(name=name, what=what))

    def note(self, line: str) -> None:
        """Anything else."""
        line = f"{time.strftime('%H:%M:%S')} {''.join(one for one in line if one.isprintable())}"
        self._say(line)
        with suppress(OSError):
            if not self._path.exists() or self._path.stat().st_size < LARGEST:
                with self._path.open("a", encoding="utf-8", errors="replace") as file:
                    file.write(f"{time.strftime('%Y-%m-%d')} {line}\n")
