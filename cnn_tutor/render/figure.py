"""Plots in characters: a curve with a point on it, and bars before and after. Nothing in them rests on colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.style import Style
from rich.text import Text

from cnn_tutor.render.ascii import to_ascii
from cnn_tutor.tutor.plotted import Bars, Curve, Plot
from cnn_tutor.tutor.symbols import number

WIDTH, HEIGHT = 33, 7
"""Characters of a curve; an odd width has a middle."""

SIDE = 7
"""Characters of the longest bar on one side of 0."""


def plot(plotted: Plot, *, ascii_only: bool = False, marked: Style = Style(bold=True, reverse=True)) -> RenderableType:
    """A curve or bars; the point of a curve is an ``o`` in the style ``marked``."""
    return _curve(plotted, ascii_only, marked) if isinstance(plotted, Curve) else _bars(plotted, ascii_only)


def height(plotted: Plot) -> int:
    """Lines that it takes."""
    return HEIGHT + 2 if isinstance(plotted, Curve) else 1 + len(plotted.before)


def _curve(curve: Curve, ascii_only: bool, marked: Style) -> RenderableType:
    write = to_ascii if ascii_only else str
    point, line, axis, base = ("o", ".", "|", "-") if ascii_only else ("●", "·", "│", "─")
    middle = WIDTH // 2
    rows = [[axis if column == middle else " " for column in range(WIDTH)] for _ in range(HEIGHT - 1)]
    rows.append([base] * WIDTH)
    for column in range(WIDTH):
        rows[_row(curve, curve.function((column - middle) / middle * curve.reach))][column] = line
    title, found = curve.name, None
    if curve.z is not None and math.isfinite(curve.z):
        value = curve.function(curve.z)
        found = _row(curve, value), round(middle + curve.z / curve.reach * middle)
        rows[found[0]][found[1]] = point
        title = f"{curve.name.partition('(')[0]}({number(curve.z, 4)}) = {number(value, 4)}"
    body = Text("\n".join("".join(row) for row in rows))
    if found is not None:
        start = found[0] * (WIDTH + 1) + found[1]
        body.stylize(marked, start, start + 1)
    reach = number(curve.reach)
    low, high = write(f"  {number(curve.low)}"), write(f"  {number(curve.high)}")
    lines = body.split("\n")
    lines[0].append(high)
    lines[-1].append(low)
    scale = write(f"−{reach}".ljust(middle) + "0" + reach.rjust(middle))
    return Group(Text(write(title), "bold"), *lines, Text(scale))


def _row(curve: Curve, value: float) -> int:
    """The line on which a value of the curve lies; the highest is the first."""
    share = (value - curve.low) / (curve.high - curve.low)
    return min(HEIGHT - 1, max(0, round((1 - share) * (HEIGHT - 1))))


def _bars(bars: Bars, ascii_only: bool) -> RenderableType:
    sides = [
        _side(title, values, ascii_only) for title, values in zip(bars.titles, (bars.before, bars.after), strict=True)
    ]
    head, *lines = ("   ".join(parts).rstrip() for parts in zip(*sides, strict=True))
    return Group(Text(head, "bold"), *map(Text, lines))


def _side(title: str, values: Sequence[float], ascii_only: bool) -> list[str]:
    """A column of numbers with their bars, under a title."""
    write = to_ascii if ascii_only else str
    texts = [write(number(value, 4)) for value in values]
    width = max(map(len, [*texts, write(title)]))
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0)
    head = f"{write(title):>{width}}{'':{2 * SIDE + 2}}"
    return [
        head,
        *(f"{text:>{width}} {_bar(value, largest, ascii_only)}" for text, value in zip(texts, values, strict=True)),
    ]


def _bar(value: float, largest: float, ascii_only: bool) -> str:
    """A bar to the left of the 0 line for what is below it, to the right for what is above."""
    sign, axis = ("#", "|") if ascii_only else ("█", "│")
    long = round(abs(value) / largest * SIDE) if largest and math.isfinite(value) else 0
    long = max(long, 1) if value and math.isfinite(value) else long
    bar = sign * long
    return f"{bar if value < 0 else '':>{SIDE}}{axis}{bar if value > 0 else '':<{SIDE}}"
