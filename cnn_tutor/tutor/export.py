"""A student's log as one file that can be carried elsewhere: a line of JSON for each row, sealed at the end.

The seal is a hash chain over all lines. It shows damage and truncation; it is no signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.progress import Row

FORMAT, VERSION = "cnn-tutor-log", 1

LARGEST = 64 * 1024 * 1024
"""Characters of a file that is still read."""


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    format: str
    version: int
    rows: int


def written(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the file."""
    listed = list(rows)
    chain = hashlib.sha256()
    for document in ({"format": FORMAT, "version": VERSION, "rows": len(listed)}, *listed):
        line = msgspec.json.encode(document).decode()
        chain.update(f"{line}\n".encode())
        yield line
    yield msgspec.json.encode({"seal": chain.hexdigest()}).decode()


def read(text: str, name: str) -> list[Row]:
    """The rows of a file called ``name``; raises ProgressError, which says what is wrong with it."""
    lines = text.removesuffix("\n").split("\n")
    if len(text) > LARGEST:
        raise ProgressError(_("{name} is too large to be a log").format(name=name))
    try:
        head = msgspec.json.decode(lines[0], type=_Head)
    except (IndexError, msgspec.MsgspecError):
        raise ProgressError(_("{name} is not a log that cnn-tutor exported").format(name=name)) from None
    if head.format != FORMAT:
        raise ProgressError(_("{name} is not a log that cnn-tutor exported").format(name=name))
    if head.version > VERSION:
        raise ProgressError(_("{name} was exported by a newer cnn-tutor; please update").format(name=name))
    if len(lines) != head.rows + 2:
        text = _("{name} is cut off: it has {found} of {rows} rows")
        raise ProgressError(text.format(name=name, found=max(0, len(lines) - 2), rows=head.rows))
    chain = hashlib.sha256("".join(f"{line}\n" for line in lines[:-1]).encode())
    if _decoded(lines[-1], dict[str, str], name).get("seal") != chain.hexdigest():
        raise ProgressError(_("{name} is damaged: its seal does not fit").format(name=name))
    return [_checked(_decoded(line, Row, name), name) for line in lines[1:-1]]


def _decoded(line: str, kind: Any, name: str) -> Any:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.MsgspecError:
        raise ProgressError(_("{name} is damaged: a line cannot be read").format(name=name)) from None


def _checked(row: Row, name: str) -> Row:
    """A row that a log could hold."""
    numbers = (row.attempt.seed or 0, row.serial, row.attempt.hints, row.attempt.misses)
    if not isinstance(row.attempt, Attempt) or not row.origin or not all(-(2**63) <= one < 2**63 for one in numbers):
        raise ProgressError(_("{name} is damaged: a row has no place").format(name=name))
    return row
