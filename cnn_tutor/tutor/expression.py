"""Numbers as students type them: ``7/4``, ``1.75``, ``−1``, ``.5``, ``1e-3``, ``sqrt(2)/2``, ``2*1 + 3*1``, ``σ(2)``.

A small recursive-descent parser with limits on length, depth and size; nothing typed is ever run as code.

    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/") signed)*
    signed  = ("+" | "-") signed | power
    power   = atom ("^" signed)?
    atom    = number | name "(" sum ")" | "e" | "(" sum ")" | "√" atom
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from cnn_tutor.language import _

Number: TypeAlias = Fraction | float

MAX_LENGTH = 2000
MAX_DEPTH = 40
MAX_EXPONENT = 300
MAX_BITS = 1000


class Unparsable(ValueError):
    """The text is not a number or an expression; says where it stops making sense."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as typed.

    ``decimals`` counts the digits after the point of a plain decimal; it is None for a whole number or an expression,
    whose value is exact.
    """

    value: Number
    decimals: int | None = None


_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+\-]?\d+)?)"
    r"|(?P<name>[A-Za-zσ]+)|(?P<op>\*\*|[-+*/^()√]))"
)
_SAME = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/", ":": "/", "\u00a0": " ", "∕": "/"})
_PLAIN = re.compile(r"\s*[-+]?\s*(?:\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+\-]?\d+))?\s*\Z")


def normalise(text: str) -> str:
    """One spelling for the minus signs, dots and crosses of keyboards and worksheets."""
    return text.translate(_SAME)


def parse(text: str) -> Typed:
    """The number ``text`` stands for. Raises Unparsable."""
    text = normalise(text)
    if len(text) > MAX_LENGTH:
        raise Unparsable(_("longer than {count} characters").format(count=MAX_LENGTH))
    value = _Parser(text).whole()
    plain = _PLAIN.match(text.replace("(", "").replace(")", ""))
    if plain is None:
        return Typed(value)
    digits = plain[1] or plain[2]
    exponent = int(plain[3] or 0)
    return Typed(value, None if digits is None and exponent >= 0 else max(0, len(digits or "") - exponent))


class _Parser:
    """One pass over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._depth = 0
        self._kind, self._token = "", ""
        self._advance()

    def whole(self) -> Number:
        value = self._sum()
        if self._kind != "end":
            raise self._unexpected()
        return value

    def _advance(self) -> None:
        if not self._text[self._position :].strip():
            self._kind, self._token = "end", ""
            return
        match = _TOKEN.match(self._text, self._position)
        if match is None:
            raise _no_number(self._text[self._position :].strip()[:12])
        self._position = match.end()
        self._kind = match.lastgroup or ""
        self._token = match[self._kind]

    def _take(self, *tokens: str) -> str:
        """The current token if it is one of ``tokens``, else nothing."""
        if self._kind == "op" and self._token in tokens:
            token = self._token
            self._advance()
            return token
        return ""

    def _sum(self) -> Number:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unparsable(_("too many brackets"))
        value = self._product()
        while sign := self._take("+", "-"):
            value = _safely(operator.add if sign == "+" else operator.sub, value, self._product())
        self._depth -= 1
        return value

    def _product(self) -> Number:
        value = self._signed()
        while sign := self._take("*", "/"):
            value = _safely(operator.mul if sign == "*" else operator.truediv, value, self._signed())
        return value

    def _signed(self) -> Number:
        negative = False
        while taken := self._take("+", "-"):
            negative ^= taken == "-"
        value = self._power()
        return -value if negative else value

    def _power(self) -> Number:
        if self._kind == "name" and self._token == "e":
            self._advance()
            if self._take("^", "**"):
                return _safely(lambda a, b: math.exp(a), self._exponent(), 0.0)
            return math.e
        base = self._atom()
        if self._take("^", "**"):
            return _safely(_power, base, self._exponent())
        return base

    def _exponent(self) -> Number:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unparsable(_("too many powers"))
        value = self._signed()
        self._depth -= 1
        return value

    def _under_root(self) -> Number:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unparsable(_("too many roots"))
        value = self._atom()
        self._depth -= 1
        return value

    def _atom(self) -> Number:
        if self._kind == "number":
            number = _number(self._token)
            self._advance()
            return number
        if self._kind == "name":
            function = _FUNCTIONS.get(self._token.lower())
            if function is None:
                raise _no_number(self._token)
            self._advance()
            if not (self._kind == "op" and self._token == "("):
                raise Unparsable(_("a function needs its argument in brackets, as in sqrt(2)"))
            argument = self._atom()
            return _safely(lambda a, b: function(a), argument, 0.0)
        if self._take("√"):
            return _safely(lambda a, b: _root(a), self._under_root(), 0.0)
        if self._take("("):
            value = self._sum()
            if not self._take(")"):
                raise Unparsable(_("a bracket is not closed"))
            return value
        raise Unparsable(_("a number is missing")) if self._kind == "end" else self._unexpected()

    def _unexpected(self) -> Unparsable:
        return Unparsable(_("{typed} is not expected here").format(typed=repr(self._token)))


def _no_number(typed: str) -> Unparsable:
    return Unparsable(_("{typed} is not a number").format(typed=repr(typed)))


def _number(token: str) -> Fraction:
    mantissa, exponent = token.lower().partition("e")[::2]
    if len(exponent) > 4 or abs(int(exponent or 0)) > MAX_EXPONENT or len(mantissa) > MAX_EXPONENT:
        raise Unparsable(_("the number is too large or too long"))
    return Fraction(token)


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        if abs(exponent) > MAX_EXPONENT:
            raise OverflowError
        return Fraction(base**exponent.numerator)
    return math.pow(base, exponent)


def _root(value: Number) -> Number:
    if isinstance(value, Fraction) and value >= 0:
        top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
        if top * top == value.numerator and bottom * bottom == value.denominator:
            return Fraction(top, bottom)
    return math.sqrt(value)


def _sigmoid(value: Number) -> float:
    z = float(value)
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


_FUNCTIONS: dict[str, Callable[[Number], Number]] = {
    "sqrt": _root,
    "exp": math.exp,
    "σ": _sigmoid,
    "sigma": _sigmoid,
    "sigmoid": _sigmoid,
    "relu": lambda value: max(value, Fraction(0)),
    "abs": lambda value: max(value, -value),
    "ln": math.log,
}


def _safely(operation: Callable[[Number, Number], Number], a: Number, b: Number) -> Number:
    """The result of one operation, refused when it does not exist or is too large to handle."""
    try:
        result = operation(a, b)
    except ZeroDivisionError:
        raise Unparsable(_("division by zero")) from None
    except OverflowError:
        raise Unparsable(_("the number is too large")) from None
    except ValueError:
        raise Unparsable(_("that has no real value")) from None
    if isinstance(result, Fraction):
        if max(result.numerator.bit_length(), result.denominator.bit_length()) > MAX_BITS:
            raise Unparsable(_("the number is too large"))
    elif not math.isfinite(result):
        raise Unparsable(_("the number is too large"))
    return result
