"""From typed text to a judgement: read it in the shape that is asked, then compare cell by cell.

A whole number is right if it is equal. A real is right if it equals the exact value, or the value without ε, rounded
to the digits typed, with at least the decimals the question asks for. What cannot be read, or has another shape, is
not wrong: it says what is wanted and never counts.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.expression import Typed, Unparsable, normalise, parse

Cells: TypeAlias = tuple[Typed | None, ...]
"""What was typed, row-major; None where the student keeps a cell that is already right."""

MAX_ENTRIES = 4096
KEEP = ("_", ".", "?")
DECIMALS = 4
NOTHING = 1e-100  # what is left of a denominator without ε where the variance is 0


class Unreadable(ValueError):
    """The answer cannot be read in the shape that is asked; the text says what is wanted."""


class Verdict(Enum):
    """What a typed number is, against the value wanted."""

    RIGHT = "right"
    SHORT = "too few digits"
    WRONG = "wrong"


@dataclass(frozen=True, eq=False, slots=True)
class Wanted:
    """A number, vector or matrix to be typed: its exact value and, where ε plays a part, the value without it."""

    exact: Array
    without_eps: Array | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return self.exact.shape

    def values(self, cell: int) -> list[float]:
        """The right values of one cell, row-major."""
        sources = (self.exact, self.without_eps)
        values = [source.reshape(-1)[cell].item() for source in sources if source is not None]
        return [value if abs(value) > NOTHING else 0 * value for value in values]


def decimals_wanted(values: Sequence[float]) -> int:
    """How many decimals a real answer needs: 4; more where 4 cannot tell it from a whole number or from nothing."""
    needed = 0
    for value in values:
        if value == round(value) or not math.isfinite(value):
            continue
        decimals = DECIMALS
        while decimals < 12 and (round(value, decimals) == round(value) and not _nearly_whole(values)):
            decimals += 1
        if abs(value) < 10 ** (2 - DECIMALS - 1):
            decimals = 2 - math.floor(math.log10(abs(value)))
        needed = max(needed, decimals)
    return needed or DECIMALS


def _nearly_whole(values: Sequence[float]) -> bool:
    """Whether leaving ε out gives a whole number, so that rounding to it is right."""
    return any(value == round(value) for value in values)


def judge(typed: Typed, values: Sequence[float], decimals: int | None = None) -> Verdict:
    """Compare one number with the right ``values`` (exact, and without ε)."""
    needed = decimals_wanted(values) if decimals is None else decimals
    verdicts = [_judge(typed, value, needed) for value in values]
    return next((verdict for verdict in Verdict if verdict in verdicts), Verdict.WRONG)


def _judge(typed: Typed, value: float, needed: int) -> Verdict:
    if not math.isfinite(value):
        return Verdict.WRONG
    exact = Fraction(value)
    distance = abs(Fraction(typed.value) - exact)
    scale = max(Fraction(1), abs(exact))
    if distance <= scale / (10**9 if typed.decimals is None else 10**12):
        return Verdict.RIGHT
    digits = typed.decimals if typed.decimals is not None else 0 if Fraction(typed.value).denominator == 1 else None
    if digits is None or isinstance(value, int) or distance > Fraction(500001, 10**6) / 10**digits:
        return Verdict.WRONG
    if digits >= needed:
        return Verdict.RIGHT
    return Verdict.SHORT if digits or distance < Fraction(1, 100) else Verdict.WRONG


def read(text: str, shape: tuple[int, ...]) -> Cells:
    """The cells typed for a tensor of ``shape`` (a number, vector or matrix), row-major. Raises Unreadable."""
    text = normalise(text).strip()
    if not text:
        raise Unreadable(f"Type {wanted_shape(shape)}.")
    if len(text) > 20_000:
        raise Unreadable("That is too long to read.")
    failure: Unreadable | None = None
    for reading in _readings(text, shape):
        try:
            rows = reading()
        except Unreadable as error:
            failure = failure or error
            continue
        if _fits(rows, shape):
            return tuple(itertools.chain.from_iterable(rows))
        failure = Unreadable(f"This needs {wanted_shape(shape)}; you typed {_typed_shape(rows)}.")
    assert failure is not None
    raise failure


def read_rows(text: str) -> list[list[float]]:
    """The numbers typed, row by row, in whatever shape. Raises Unreadable."""
    text = normalise(text).strip()
    if not text or len(text) > 2000:
        raise Unreadable("There are no rows of numbers in this.")
    rows = _rows(text, (2, 2))
    if any(entry is None for row in rows for entry in row):
        raise Unreadable("A number is missing.")
    return [[float(entry.value) for entry in row if entry is not None] for row in rows]


def wanted_shape(shape: tuple[int, ...]) -> str:
    """The shape in words: "one number", "3 numbers", "2 rows of 3 numbers"."""
    match shape:
        case ():
            return "one number"
        case (length,):
            return f"{length} number{'s' * (length != 1)}"
        case (*outer, rows, columns):
            return f"{math.prod(outer) * rows} row{'s' * (rows != 1)} of {columns}"
    return "a tensor"


def _typed_shape(rows: Sequence[Sequence[object]]) -> str:
    lengths = {len(row) for row in rows}
    if len(rows) == 1:
        return "one number" if lengths == {1} else f"{len(rows[0])} numbers in one row"
    if len(lengths) == 1:
        return f"{len(rows)} rows of {lengths.pop()}"
    return f"rows of {', '.join(str(len(row)) for row in rows)}"


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
            words = _split(text)
            if len(words) < 2:
                raise
            return [[_entry(word) for word in words]]
    body = _out_of_tuples(re.sub(r"\]\s*,?\s*\[", ";", text.replace("{", "[").replace("}", "]")))
    body = body.replace("[", " ").replace("]", " ")
    rows = [row for row in re.split(r"[;\n]", body) if row.strip(" ,")]
    result = [_row(row) for row in rows]
    if sum(map(len, result)) > MAX_ENTRIES:
        raise Unreadable("That is too long to read.")
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
                raise Unreadable(
                    f"{entry.strip()[:24]!r} looks like two numbers: part all of them by commas, or by blanks."
                )
        return [_entry(entry) for entry in entries]
    return [_entry(entry) for entry in _split(text)]


def _split(text: str) -> list[str]:
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
        raise Unreadable(
            f"{shown!r} cannot be read as a number: {error}." if shown else "A number is missing."
        ) from None


def read_shape(text: str) -> tuple[int, ...]:
    """A shape such as ``8x28x28``, ``8×28×28``, ``(8, 28, 28)`` or ``8 28 28``. Raises Unreadable."""
    body = text.strip().strip("[](){}").replace("×", "x")
    parts = [part for part in re.split(r"[x,*\s]+", body, flags=re.I) if part]
    if not parts or not all(re.fullmatch(r"\d{1,9}", part) for part in parts):
        raise Unreadable("Type the shape as whole numbers with x between them, as in 8x28x28.")
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
