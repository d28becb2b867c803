"""A student's log as one file that can be carried elsewhere: a line of JSON for each row, sealed at the end.

The seal is a hash chained over all lines. It shows damage and truncation, not cheating: whoever can write a log can
seal it. A host signs the seal with its key, and then only the host can have written the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

import msgspec

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tutor.progress import Row

FORMAT, VERSION = "cnn-tutor-log", 2

MARK = f'{{"format":"{FORMAT}"'.encode()
"""What an export begins with."""

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is still read."""


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line; files of version 1 do not say whose they are."""

    format: str
    version: int
    rows: int
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class _Seal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The last line."""

    seal: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """What an export says: its rows, whose it is (if it says so), its seal and the signature of the seal."""

    rows: list[Row]
    name: str = ""
    seal: str = ""
    signature: str = ""


def written(rows: Iterable[Row], name: str = "", sign: Callable[[bytes], str] | None = None) -> Iterator[str]:
    """The lines of the file; ``sign`` gives the signature of its seal."""
    listed = list(rows)
    chain = hashlib.sha256()
    for document in (_Head(FORMAT, VERSION, len(listed), name), *listed):
        line = msgspec.json.encode(document).decode()
        chain.update(f"{line}\n".encode())
        yield line
    seal = chain.hexdigest()
    yield msgspec.json.encode(_Seal(seal, sign(seal.encode()) if sign else "")).decode()


def read(content: bytes, name: str) -> Export:
    """The content of a file called ``name``; raises ProgressError, which says what is wrong with it."""
    found = unsealed(content, name)
    try:
        rows = _rows_decoder().decode_lines(found.lines)
    except msgspec.MsgspecError:
        raise ProgressError(_("{name} is damaged: a line cannot be read").format(name=name)) from None
    if len(rows) != found.count or not all(map(_has_place, rows)):
        raise ProgressError(_("{name} is damaged: a row has no place").format(name=name))
    return Export(rows, found.name, found.seal, found.signature)


@dataclass(frozen=True, slots=True)
class Unsealed:
    """An export whose seal fits: its rows as they stand there, one a line."""

    lines: bytes
    count: int
    name: str
    seal: str
    signature: str


def unsealed(content: bytes, name: str) -> Unsealed:
    """An export before its rows are read. Raises ProgressError for one that is foreign, cut off or damaged."""
    if len(content) > LARGEST:
        raise ProgressError(_("{name} is too large to be a log").format(name=name))
    content = content.removesuffix(b"\n")
    first, _newline, rest = content.partition(b"\n")
    lines, _newline, last = rest.rpartition(b"\n")
    head = _head(first, name)
    found = lines.count(b"\n") + bool(lines)
    if found != head.rows or not last:
        text = _("{name} is cut off: it has {found} of {rows} rows")
        raise ProgressError(text.format(name=name, found=found, rows=head.rows))
    seal = _decoded(last, _Seal, name)
    if seal.seal != hashlib.sha256(content[: len(content) - len(last)]).hexdigest():
        raise ProgressError(_("{name} is damaged: its seal does not fit").format(name=name))
    return Unsealed(lines, head.rows, head.name, seal.seal, seal.signature)


def _head(line: bytes, name: str) -> _Head:
    try:
        head = msgspec.json.decode(line, type=_Head)
    except msgspec.MsgspecError:
        raise ProgressError(_("{name} is not a log that cnn-tutor exported").format(name=name)) from None
    if head.format != FORMAT:
        raise ProgressError(_("{name} is not a log that cnn-tutor exported").format(name=name))
    if head.version > VERSION:
        raise ProgressError(_("{name} was exported by a newer cnn-tutor; please update").format(name=name))
    return head


@cache
def _rows_decoder() -> msgspec.json.Decoder[Row]:
    return msgspec.json.Decoder(Row)


def _decoded(line: bytes, kind: Any, name: str) -> Any:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.MsgspecError:
        raise ProgressError(_("{name} is damaged: a line cannot be read").format(name=name)) from None


_LEAST, _MOST = -(2**63), 2**63


def _has_place(row: Row) -> bool:
    """Whether a log could hold the row."""
    one = row.attempt
    return bool(row.origin) and all(
        _LEAST <= number < _MOST for number in (one.seed or 0, row.serial, one.hints, one.misses)
    )
