"""A row of a log as a report reads it: only the columns that it needs, since there may be millions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Annotated, TypeAlias

import msgspec

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _

Word: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]
"""What is shown in tables; no log of ours has a longer one."""


class Did(msgspec.Struct, frozen=True, gc=False):
    """Part of an :class:`~cnn_tutor.tutor.attempt.Attempt`, under the same names."""

    key: Word
    action: str
    seed: int | None = None
    text: str = ""
    verdict: Word = ""
    charged: bool = False
    hints: int = 0
    misses: int = 0
    skill: Word = ""
    diagnosis: Word = ""
    mode: str = "learn"
    run: str = ""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """Part of a :class:`~cnn_tutor.tutor.progress.Row`, under the same names."""

    at: float
    attempt: Did
    origin: str = ""
    serial: int = 0

    @property
    def identity(self) -> int:
        """The same number for the same row, wherever it was found, and another one for any other."""
        one = self.attempt
        return hash((self.origin, self.serial, self.at, one.key, one.action, one.text, one.seed))


@cache
def _decoder() -> msgspec.json.Decoder[Entry]:
    return msgspec.json.Decoder(Entry)


def decoded(lines: bytes, name: str) -> list[Entry]:
    """The rows that stand in ``lines`` as JSON. Raises ProgressError."""
    try:
        return _decoder().decode_lines(lines)
    except msgspec.MsgspecError:
        raise ProgressError(_("{name} is damaged: a line cannot be read").format(name=name)) from None


def in_order(parts: Iterable[list[Entry]]) -> list[Entry]:
    """The rows of several logs of one student in the order in which they were made; each log keeps its own order."""
    listed = list(parts)
    if len(listed) == 1:
        return listed[0]
    timed: list[tuple[float, Entry]] = []
    for part in listed:
        latest = 0.0
        for entry in part:
            latest = max(latest, entry.at)
            timed.append((latest, entry))
    timed.sort(key=lambda pair: pair[0])
    return [entry for _at, entry in timed]
