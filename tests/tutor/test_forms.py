"""A right answer is never refused for the way it is written: a hundred thousand ways, drawn from a fixed seed."""

import random
from fractions import Fraction

from cnn_tutor.tutor.answer import read
from cnn_tutor.tutor.numeric import Verdict, decimals_wanted, judge

FORMS = 100_000


def _whole(chance: random.Random, value: int) -> str:
    other = chance.randint(1, 9)
    return chance.choice(
        (
            str(value),
            f"+{value}" if value >= 0 else f"−{-value}",
            f" {value} ",
            f"({value})",
            f"{value}.0",
            f"{value * other}/{other}",
            f"{value + other} - {other}",
            f"{value - other}+{other}",
            f"{other}*{value} − {other - 1}*({value})",
            f"{value}e0",
            f"sqrt({other * other})*({value})/{other}",
        )
    )


def _real(chance: random.Random, value: float, decimals: int, comma: bool) -> str:
    digits = chance.randint(decimals, decimals + 6)
    rounded = f"{value:.{digits}f}"
    if comma:
        return chance.choice((rounded, rounded.replace("-", "−"))).replace(".", ",")
    bare = rounded.replace("0.", ".", 1) if rounded.startswith(("0.", "-0.")) else rounded
    fraction = Fraction(value).limit_denominator(10**12)
    return chance.choice(
        (
            rounded,
            rounded.replace("-", "−"),
            bare,
            f"{value:.{digits + 4}e}",
            f"{fraction.numerator}/{fraction.denominator}",
            f"({rounded})",
            repr(value),
        )
    )


def _tensor(chance: random.Random, cells: list[str], columns: int) -> str:
    rows = [cells[at : at + columns] for at in range(0, len(cells), columns)]
    comma = not any("," in cell for cell in cells)
    between = chance.choice((", ", ",") if comma else ("  ",)) if chance.random() < 0.5 else chance.choice((" ", "   "))
    plain = [[cell.replace(" ", "") for cell in row] for row in rows]
    lines = [between.join(row) for row in plain]
    if len(lines) == 1:
        return chance.choice(("{}", "[{}]", "[ {} ]", "[[{}]]")).format(lines[0])
    style = chance.randrange(3)
    if style == 0:
        return chance.choice(("; ", ";", "\n")).join(lines)
    if style == 1:
        return "[" + "; ".join(lines) + "]"
    return "[" + chance.choice((", ", " ")).join(f"[{line}]" for line in lines) + "]"


def test_right_answers_in_any_accepted_form_are_never_refused():
    chance = random.Random("forms")
    count = 0
    while count < FORMS:
        shape = chance.choice(((), (1,), (3,), (4,), (2, 2), (2, 3)))
        size = 1
        for axis in shape:
            size *= axis
        is_real = chance.random() < 0.5
        values = [chance.uniform(-9, 9) if is_real else chance.randint(-40, 40) for _ in range(size)]
        comma = chance.random() < 0.2
        cells = [
            _real(chance, value, decimals_wanted([value]), comma) if is_real else _whole(chance, value)
            for value in values
        ]
        text = _tensor(chance, cells, shape[-1]) if shape else cells[0]
        for typed, value in zip(read(text, shape), values, strict=True):
            assert judge(typed, [value]) is Verdict.RIGHT, (text, value)
        count += size
