"""A map as a picture: two rows of cells in a line of half blocks, or of signs of different density without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.color import Color
from rich.console import RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from cnn_tutor.render.ascii import to_ascii
from cnn_tutor.tutor.shading import Shading

DENSE, DENSE_ASCII = " ░▒▓█", " .:-=*#%@"
"""From dark to bright. Without colour a line shows the mean of two rows."""

CURSOR, MARKED = "X", "+"
"""Signs of the cell under the cursor and of those that hang together with it, where there is no colour."""

_CURSOR, _MARKED = (230, 60, 60), (70, 170, 230)


def width(shading: Shading) -> int:
    """Columns of the terminal that it takes."""
    return max(len(shading.rows[0]), len(shading.title))


def lines(shading: Shading) -> int:
    """Lines that it takes."""
    return 1 + math.ceil(len(shading.rows) / 2)


def shade(shading: Shading, *, color: bool = True, ascii_only: bool = False) -> Text:
    """The title and the map below it."""
    text = Text((to_ascii(shading.title) if ascii_only else shading.title) + "\n", no_wrap=True)
    text.stylize("bold")
    for top in range(0, len(shading.rows), 2):
        for column in range(len(shading.rows[0])):
            cells = [(row, column) for row in (top, top + 1) if row < len(shading.rows)]
            if color and not ascii_only:
                text.append("▀", _half(shading, cells))
            else:
                text.append(_dense(shading, cells, ascii_only))
        text.append("\n")
    text.rstrip()
    return text


def side_by_side(
    shadings: Sequence[Shading], available: int, *, color: bool = True, ascii_only: bool = False
) -> RenderableType:
    """Pictures beside each other, in as many bands as the width makes necessary."""
    bands: list[list[Shading]] = []
    room = 0
    for one in shadings:
        if not bands or room < width(one):
            bands.append([])
            room = available
        bands[-1].append(one)
        room -= width(one) + 2
    whole = Table.grid()
    for band in bands:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_row(*(shade(one, color=color, ascii_only=ascii_only) for one in band))
        whole.add_row(table)
    return whole


def _half(shading: Shading, cells: Sequence[tuple[int, int]]) -> Style:
    """The colours of the upper and the lower cell; below the last row there is none."""
    colors = [Color.from_rgb(*_rgb(shading, cell)) for cell in cells]
    return Style(color=colors[0], bgcolor=colors[1] if len(colors) > 1 else None)


def _rgb(shading: Shading, cell: tuple[int, int]) -> tuple[int, int, int]:
    if cell == shading.cursor:
        return _CURSOR
    grey = round(20 + 235 * _share(shading, [cell]))
    if cell in shading.marked:
        red, green, blue = ((one + grey) // 2 for one in _MARKED)
        return red, green, blue
    return grey, grey, grey


def _dense(shading: Shading, cells: Sequence[tuple[int, int]], ascii_only: bool) -> str:
    if shading.cursor in cells:
        return CURSOR
    if any(cell in shading.marked for cell in cells):
        return MARKED
    scale = DENSE_ASCII if ascii_only else DENSE
    return scale[min(len(scale) - 1, int(_share(shading, cells) * len(scale)))]


def _share(shading: Shading, cells: Sequence[tuple[int, int]]) -> float:
    """How bright some cells are together, from 0 to 1."""
    spread = shading.high - shading.low
    values = [shading.rows[row][column] for row, column in cells]
    if not spread or not all(map(math.isfinite, values)):
        return 0.0
    return (sum(values) / len(values) - shading.low) / spread
