"""Typed text read in the shape that is asked, and numbers written so that they are read again.

What cannot be read, or has another shape, is not wrong: it says what is wanted and never counts.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _, plural
from cnn_tutor.tutor.expression import Typed, Unparsable, normalise, parse

Cells: TypeAlias = tuple[Typed | None, ...]
"""What was typed, row-major; None where the student keeps a cell that is already right."""

MAX_ENTRIES = 4096
LONGEST = 20_000
KEEP = ("_", ".", "?")


class Unreadable(ValueError):
    """The answer cannot be read in the shape that is asked; the text says what is wanted."""


_NAME = r"[^\W\d_][\w²\u0302₀-₉⁰-⁹⁽⁾]{0,15}(?:\[[\d,]{1,12}\])?\s*"
_LABEL = re.compile(rf"\s*(?:{_NAME}(?:,\s*{_NAME}){{0,2}})?[=≈]")


def unlabelled(text: str) -> str:
    """``text`` without the name of what it stands for: ``y₁ = −1`` says −1."""
    return _LABEL.sub("", text, count=1) if _LABEL.match(text) else text


def read(text: str, shape: tuple[int, ...]) -> Cells:
    """The cells typed for a tensor of ``shape`` (a number, vector or matrix), row-major. Raises Unreadable.

    Between numbers × multiplies, unless only a shape, ``2×4``, gives as many numbers as are wanted.
    """
    try:
        return _read(parted(normalise(text).strip()) if shape else normalise(text).strip(), shape)
    except Unreadable:
        if not shape or "×" not in text or len(text) > LONGEST:
            raise
        with suppress(Unreadable):
            return _read(normalise(text.replace("×", " ")).strip(), shape)
        raise


def _read(text: str, shape: tuple[int, ...]) -> Cells:
    if not text:
        raise Unreadable(_("Type {shape}.").format(shape=wanted_shape(shape)))
    if len(text) > LONGEST:
        raise Unreadable(_("That is too long to read."))
    failure: Unreadable | None = None
    for reading in _readings(text, shape):
        try:
            rows = reading()
        except Unreadable as error:
            failure = failure or error
            continue
        if _fits(rows, shape):
            return tuple(itertools.chain.from_iterable(rows))
        said = _("This needs {wanted}; you typed {typed}.")
        failure = Unreadable(said.format(wanted=wanted_shape(shape), typed=_typed_shape(rows)))
    assert failure is not None
    raise failure


_BY = re.compile(r"(?<=\d)\s*x\s*(?=\d)")


def parted(text: str) -> str:
    """Sizes that are written as a shape, ``64x56x56``, as so many numbers."""
    return _BY.sub(" ", text)


def read_rows(text: str) -> list[list[float]]:
    """The numbers typed, row by row, in whatever shape. Raises Unreadable."""
    text = normalise(text).strip()
    if not text or len(text) > 2000:
        raise Unreadable(_("There are no rows of numbers in this."))
    rows = _rows(text, (2, 2))
    if any(entry is None for row in rows for entry in row):
        raise Unreadable(_("A number is missing."))
    return [[float(entry.value) for entry in row if entry is not None] for row in rows]


def wanted_shape(shape: tuple[int, ...]) -> str:
    """The shape in words: "one number", "3 numbers", "2 rows of 3 numbers"."""
    match shape:
        case ():
            return _("one number")
        case (length,):
            return plural("{count} number", "{count} numbers", length)
        case (*outer, rows, columns):
            return plural(
                "{count} row of {columns}", "{count} rows of {columns}", math.prod(outer) * rows, columns=columns
            )
    return _("a tensor")


def _typed_shape(rows: Sequence[Sequence[object]]) -> str:
    lengths = {len(row) for row in rows}
    if len(rows) == 1:
        several = _("{count} numbers in one row").format(count=len(rows[0]))
        return _("one number") if lengths == {1} else several
    if len(lengths) == 1:
        return plural("{count} row of {columns}", "{count} rows of {columns}", len(rows), columns=lengths.pop())
    return _("rows of {lengths}").format(lengths=", ".join(str(len(row)) for row in rows))


def _fits(rows: Sequence[Sequence[object]], shape: tuple[int, ...]) -> bool:
    lengths = [len(row) for row in rows]
    if len(shape) < 2:
        count = math.prod(shape)
        return lengths == [count] or lengths == [1] * count
    return lengths == [shape[-1]] * math.prod(shape[:-1])


Rows: TypeAlias = list[list[Typed | None]]


def _readings(text: str, shape: tuple[int, ...]) -> list[Callable[[], Rows]]:
    """Ways to read the text, the likelier first: a comma parts numbers, or is a decimal comma between two digits."""
    readings = [lambda: _rows(text, shape)]
    if re.search(r"\d,\d", text):
        decimal = re.sub(r"(?<=\d),(?=\d)", ".", text)
        readings.append(lambda: _rows(decimal, shape))
    return readings


_OPEN, _CLOSE = "[({", "])}"


def _rows(text: str, shape: tuple[int, ...]) -> Rows:
    if shape == () and not re.search(r"[\[\]{},;\n]", text):
        try:
            return [[_entry(text)]]
        except Unreadable:
            words = split(text)
            if len(words) < 2:
                raise
            return [[_entry(word) for word in words]]
    body = _out_of_tuples(re.sub(r"\]\s*,?\s*\[", ";", text.replace("{", "[").replace("}", "]")))
    body = body.replace("[", " ").replace("]", " ")
    rows = [row for row in re.split(r"[;\n]", body) if row.strip(" ,")]
    result = [_row(row) for row in rows]
    if sum(map(len, result)) > MAX_ENTRIES:
        raise Unreadable(_("That is too long to read."))
    return result or [[]]


def _out_of_tuples(text: str) -> str:
    """``(1, 2)`` and ``((1, 2), (3, 4))`` without the brackets that only enclose; those of expressions stay."""
    inside = _enclosed(text)
    if inside and re.search(r"[,;]", inside):
        text = inside.strip()
    rows = [_enclosed(part.strip()) for part in _outer_commas(text)]
    if all(row and "," in row for row in rows):
        return ";".join(row for row in rows if row)
    return text


def _enclosed(text: str) -> str | None:
    """What stands within round brackets that enclose all of ``text``."""
    depth = 0
    for place, one in enumerate(text):
        depth += (one == "(") - (one == ")")
        if depth == 0:
            return text[1:-1] if one == ")" and place == len(text) - 1 else None
    return None


def _outer_commas(text: str) -> list[str]:
    """``text`` parted at the commas that stand within no bracket."""
    depth = 0
    parts = [""]
    for one in text:
        depth += (one == "(") - (one == ")")
        if one == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += one
    return parts


def _row(text: str) -> list[Typed | None]:
    text = text.strip()
    if "," in text:
        entries = text.split(",")
        if not entries[-1].strip():
            entries.pop()
        for entry in entries:
            if re.search(r"\d\s+[-+][\d.]", entry):
                text = _("{typed} looks like two numbers: part all of them by commas, or by blanks.")
                raise Unreadable(text.format(typed=repr(entry.strip()[:24])))
        return [_entry(entry) for entry in entries]
    return [_entry(entry) for entry in split(text)]


def split(text: str) -> list[str]:
    """Entries parted by blanks; a blank beside an operator or within brackets does not part."""
    entries: list[str] = []
    depth = 0
    for word in text.split():
        binary = word[0] in "*/^" or word in "+-"
        if entries and (depth > 0 or binary or _open_ended(entries[-1])):
            entries[-1] += " " + word
        else:
            entries.append(word)
        depth += word.count("(") - word.count(")")
    return entries


def _open_ended(entry: str) -> bool:
    """Whether an expression is waiting for its right-hand side."""
    return entry[-1] in "*/^" or entry.endswith((" +", " -")) or (entry[-1] in "+-" and len(entry) > 1)


def _entry(text: str) -> Typed | None:
    if text.strip() in KEEP:
        return None
    try:
        return parse(text)
    except Unparsable as error:
        shown = text.strip()[:24]
        said = _("{typed} cannot be read as a number: {reason}.").format(typed=repr(shown), reason=error)
        raise Unreadable(said if shown else _("A number is missing.")) from None


def read_shape(text: str) -> tuple[int, ...]:
    """A shape such as ``8x28x28``, ``8×28×28``, ``(8, 28, 28)`` or ``8 28 28``. Raises Unreadable."""
    body = text.strip().strip("[](){}").replace("×", "x")
    parts = [part for part in re.split(r"[x,*\s]+", body, flags=re.I) if part]
    if not parts or not all(re.fullmatch(r"\d{1,9}", part) for part in parts):
        raise Unreadable(_("Type the shape as whole numbers with x between them, as in 8x28x28."))
    return tuple(map(int, parts))


def write(values: Array | float) -> str:
    """A value as a student may type it, with every digit: the inverse of :func:`read`."""
    array = np.asarray(values)
    if array.ndim == 0:
        return exact_number(array.item())
    if array.ndim == 1:
        return " ".join(exact_number(value) for value in array.tolist())
    return "; ".join(write(row) for row in array.reshape(-1, array.shape[-1]))


def exact_number(value: Any) -> str:
    """A number with as many digits as it has, without a needless ``.0``."""
    if isinstance(value, int):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(float(value))
