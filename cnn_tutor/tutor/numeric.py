"""Whether a typed number is right: to the digits typed, and with as many decimals as the question asks for.

A whole number is right if it is equal. A real is right if it equals the exact value, or the value without ε, rounded
to the digits typed, with at least the decimals the question asks for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.expression import Typed

DECIMALS = 4
NOTHING = 1e-100  # what is left of a denominator without ε where the variance is 0


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
