"""The arithmetic of one step: each formula can be computed, and written out with numbers or names for its operands.

``compute`` takes the operands as arrays. ``spell`` takes each operand as the list of its entries written as text
(row-major, one entry for a number) and returns the formula in the notation of a worksheet.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Formula:
    """How a value follows from its operands; like torch it warns of no overflow, division by zero or NaN.

    ``bare`` computes the same and leaves warnings to the caller, who computes many values in a row. ``joined``, for a
    formula of any number of numbers, computes it from all of them in one array.
    """

    compute: Callable[..., Any]
    spell: Callable[..., str]
    joined: Callable[[Any], Any] | None = None
    bare: Callable[..., Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "bare", self.compute)
        object.__setattr__(self, "compute", _quietly(self.compute))


def _quietly(bare: Callable[..., Any]) -> Callable[..., Any]:
    """The same without warnings; made for every formula, and so without what a decorator would copy."""

    def compute(*operands: Any) -> Any:
        with np.errstate(all="ignore"):
            return bare(*operands)

    return compute


def each(template: str) -> Callable[..., str]:
    """Spell an entry-wise formula; an operand with fewer entries lends each of them to several neighbours."""

    def spell(*operands: Sequence[str]) -> str:
        length = max(map(len, operands))
        columns = [[entry for entry in entries for _ in range(length // len(entries))] for entries in operands]
        entries = [template.format(*row) for row in zip(*columns, strict=True)]
        return entries[0] if length == 1 else "[" + ", ".join(entries) + "]"

    return spell


def _list(*operands: Sequence[str]) -> str:
    return "[" + ", ".join(operands[0]) + "]"


def _on(parameter: Any, z: Any) -> Any:
    """γ or β, one number a channel, against the cells of those channels."""
    missing = np.ndim(z) - np.ndim(parameter)
    if not missing or not np.ndim(parameter):
        return parameter
    return np.reshape(parameter, np.shape(parameter) + (1,) * missing)


def product(a: Any) -> Any:
    """The product of some whole numbers, as ``np.prod`` has it, which takes longer for a few."""
    return np.multiply.reduce(a, axis=None, dtype=np.int64)


def _mean(a: Any) -> Any:
    """As ``np.mean``, which takes longer for a few numbers than all the rest of a step."""
    whole = np.float64 if a.dtype.kind in "iub" else None
    return np.add.reduce(a, axis=None, dtype=whole) / a.size


COPY = Formula(lambda a: a, _list)
"""The entries themselves: reading a window, unrolling a patch."""

UNROLL = Formula(lambda a: np.reshape(a, -1), _list)
"""The entries in one row, row-major."""

PLUS = Formula(lambda a, b: a + b, each("{} + {}"))
MINUS = Formula(lambda a, b: a - b, each("{} − {}"))
TIMES = Formula(lambda a, b: a * b, each("{}·{}"))
OVER = Formula(lambda a, b: a / b, each("{} / {}"))
SQUARE = Formula(lambda a: a * a, each("{}²"))
FLOOR_OVER = Formula(lambda a, b: a // b, each("⌊{} / {}⌋"))
CEIL_OVER = Formula(lambda a, b: -(-a // b), each("⌈{} / {}⌉"))
PLUS_ONE = Formula(lambda a: a + 1, each("{} + 1"))
MINUS_ONE = Formula(lambda a: a - 1, each("{} − 1"))
PADDED_SIZE = Formula(lambda size, padding: size + padding[0] + padding[1], lambda s, p: " + ".join([*s, *p]))
EXTENT = Formula(lambda kernel, dilation: dilation * (kernel - 1) + 1, each("{1}·({0} − 1) + 1"))
STARTS = Formula(
    lambda count, stride: 1 + stride * np.arange(count),
    lambda count, stride: f"1, 1 + {stride[0]}, 1 + 2·{stride[0]}, …",
)
"""1-based first index of every window along one axis."""

SUM = Formula(lambda a: np.add.reduce(a, axis=None), lambda a: " + ".join(a))
SUM_EACH = Formula(
    lambda a: np.sum(a, axis=tuple(range(1, a.ndim))), lambda a: f"sums of {_list(a)}, channel by channel"
)
SUM_ALL = Formula(
    lambda *parts: sum(np.sum(one) if np.ndim(one) else one for one in parts),
    lambda *parts: " + ".join(itertools.chain(*parts)) or "0",
)
"""The entries of several windows; nothing at all adds up to 0."""

MEAN = Formula(_mean, lambda a: f"({' + '.join(a)}) / {len(a)}")
MAX = Formula(lambda a: np.maximum.reduce(a, axis=None), lambda a: f"max({', '.join(a)})")
COUNT = Formula(lambda a: np.size(a), lambda a: f"count the entries: {', '.join(a)}")
DOT = Formula(
    lambda a, b: np.add.reduce(a * b, axis=None),
    lambda a, b: " + ".join(f"{left}·{right}" for left, right in zip(a, b, strict=True)),
)
PRODUCT = Formula(product, lambda a: "·".join(a))
ROOT = Formula(lambda variance, eps: np.sqrt(variance + eps), each("√({} + {})"))
AFFINE = Formula(lambda z, gamma, beta: _on(gamma, z) * z + _on(beta, z), each("{1}·{0} + {2}"))
SCALE = Formula(lambda z, gamma: _on(gamma, z) * z, each("{1}·{0}"))
SHIFT = Formula(lambda z, beta: z + _on(beta, z), each("{} + {}"))
TOTAL_COUNT = Formula(
    lambda *a: sum(np.size(one) for one in a), lambda *a: " + ".join(str(len(one)) for one in a) or "0"
)
RELU = Formula(lambda z: np.maximum(z, 0), each("max(0, {})"))
EXP = Formula(lambda z: np.exp(z), each("e^({})"))
EXP_NEGATIVE = Formula(lambda z: np.exp(-z), each("e^(−({}))"))
LOGISTIC = Formula(lambda e: 1 / (1 + e), each("1 / (1 + {})"))


def size(axis: int) -> Formula:
    """How many entries a tensor has along ``axis``, counted from the last one, −1."""
    which = "last axis" if axis == -1 else "last axis but one"
    return Formula(lambda a: np.shape(a)[axis], lambda a: f"count the entries along the {which}")


def constant(value: int) -> Formula:
    """A number that follows from nothing: the parameters of a layer that has none."""
    return Formula(lambda: value, lambda: str(value))


def pad(before: int, after: int, value: float) -> Formula:
    """A vector with ``before`` and ``after`` copies of ``value`` at its ends."""
    edge = _edge(value)

    def spell(a: Sequence[str]) -> str:
        return "[" + ", ".join([edge] * before + list(a) + [edge] * after) + "]"

    return Formula(lambda a: np.pad(np.atleast_1d(a), (before, after), constant_values=value), spell)


def blank(length: int, value: float) -> Formula:
    """A vector of padding only."""
    return Formula(lambda: np.full(length, value), lambda: "[" + ", ".join([_edge(value)] * length) + "]")


def _edge(value: float) -> str:
    """What padding is written as: 0, or −∞ where it must lose every comparison (whole numbers use their lowest)."""
    return "−∞" if value < 0 else "0"
