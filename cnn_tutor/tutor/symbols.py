"""The worksheet's letters: how tensors, cells and numbers are written for a student, counting from 1."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from cnn_tutor.engine.trace import Index
from cnn_tutor.language import _

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LETTERS = {"gamma": "γ", "beta": "β", "mu": "μ", "sigma2": "σ²", "eps": "ε", "yhat": "ŷ", "zhat": "ẑ", "xhat": "x̂"}
_LAYERED = re.compile(r"^([A-Za-z]{1,4})(\d)$")


def symbol(name: str) -> str:
    """``W1`` → ``W⁽¹⁾``, ``yhat`` → ``ŷ``, ``gamma`` → ``γ``; other names stand for themselves."""
    if name in _LETTERS:
        return _LETTERS[name]
    layered = _LAYERED.match(name)
    if layered:
        return f"{_LETTERS.get(layered[1], layered[1])}⁽{layered[2].translate(_SUPERSCRIPT)}⁾"
    return name


def subscript(index: Sequence[int]) -> str:
    """1-based subscript of a 0-based index: ``(0, 1)`` → ``₁₂``, or ``[1,12]`` when a number has two digits."""
    numbers = [one + 1 for one in index]
    if all(number < 10 for number in numbers):
        return "".join(map(str, numbers)).translate(_SUBSCRIPT)
    return f"[{','.join(map(str, numbers))}]"


def spell_index(index: Index) -> str:
    """The 1-based form of an index as it stands in question keys: ``[2,1]``, ``[:,1]``, ``[3:4]``; nothing for all."""
    if not index:
        return ""
    return "[" + ",".join(map(_spell_one, index)) + "]"


def _spell_one(one: int | slice) -> str:
    if not isinstance(one, slice):
        return str(one + 1)
    return ":" if one.start is None else f"{one.start + 1}:{one.stop}"


def integers(index: Index) -> tuple[int, ...]:
    """The whole numbers of an index, without its slices."""
    return tuple(one for one in index if isinstance(one, int))


def span(index: Index, rank: int) -> str:
    """The cells of a window in words: ``entries 1–3``, ``rows 1–2, columns 2–3``; taps apart are listed."""
    slices = [one for one in index if isinstance(one, slice) and one.start is not None]
    names = (_("rows {range}"), _("columns {range}")) if len(slices) == 2 else (_("entries {range}"),)
    spans = [name.format(range=_range(one)) for name, one in zip(names, slices, strict=False)]
    return ", ".join(spans) or _("all {count} axes").format(count=rank)


def _range(one: slice) -> str:
    cells = list(range(one.start + 1, one.stop + 1, one.step or 1))
    if len(cells) == 1:
        return str(cells[0])
    return f"{cells[0]}–{cells[-1]}" if (one.step or 1) == 1 else ", ".join(map(str, cells))


def number(value: Any, decimals: int = 6) -> str:
    """A number as a person writes it: no ``.0``, a real minus, at most ``decimals`` decimals; −∞ for padding of max."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int):
        return "−∞" if value <= -(1 << 62) else str(value).replace("-", "−")
    if not math.isfinite(value):
        return _("not a number") if math.isnan(value) else "−∞" if value < 0 else "∞"
    if value and abs(value) < 10 ** (2 - decimals):
        mantissa, exponent = f"{value:.{decimals - 2}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    else:
        text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return (text if text != "-0" else "0").replace("-", "−")


def operand(value: Any) -> str:
    """A number inside a formula: negative ones in brackets."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def sentence_case(text: str) -> str:
    """``text`` with a capital, unless it begins with a letter that stands for a tensor."""
    return text[:1].upper() + text[1:] if text[:2].isalpha() and text[:2].isascii() else text
