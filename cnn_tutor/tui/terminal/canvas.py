"""The canvas: what the terminal shows, cell by cell, so that only cells that differ are sent to it.

Textual sends every region that changed whole; here a region is compared with the cells last sent, as curses does it.
``CNN_TUTOR_DRAW=whole`` leaves the drawing to Textual, and so does anything unexpected that happens here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Cell = tuple[str, str]
"""A character with what combines with it, and how it looks; the right half of a wide one is an empty text."""

BLANK: Cell = (" ", "")
CLEAR = "\x1b[m\x1b[2J\x1b[?25l"
BRIDGE = 4
"""Equal cells between two runs that are cheaper to send again than to jump over."""
ERASE = 4
"""Blank cells at the end of a row from which erasing the rest is cheaper than writing them."""


class Canvas:
    """A screen of cells; ``draw`` gives the bytes that turn what the terminal shows into what it shall show."""

    def __init__(self, color_system: ColorSystem, *, color: bool = True) -> None:
        self._color_system = color_system
        self._color = color
        self._size = (0, 0)
        self._rows: list[list[Cell]] = []
        self._known = False
        self._at: tuple[int, int] | None = None
        self._look = ""
        self._shows_cursor = False

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next drawing is of everything."""
        self._known = False

    def draw(self, update: CompositorUpdate | None, size: tuple[int, int], cursor: tuple[int, int] | None) -> str:
        """What to send for ``update`` on a screen of ``size`` (columns, lines), the cursor then at (column, line).

        Raises TypeError or ValueError for an update that is not understood.
        """
        if size != self._size:
            self._size, self._known = size, False
            self._rows = [[BLANK] * size[0] for _ in range(size[1])]
        rows = self._changed_rows(update) if update is not None else {}
        parts: list[str] = []
        if not self._known:
            self._known, self._at, self._look, self._shows_cursor = True, None, "", False
            parts.append(CLEAR)
            rows = {row: rows.get(row, cells) for row, cells in enumerate(self._rows)}
            self._rows = [[BLANK] * size[0] for _ in range(size[1])]
        for row, cells in rows.items():
            parts.extend(self._row(row, cells))
            self._rows[row] = cells
        parts.extend(self._place(cursor))
        return "".join(parts)

    def _changed_rows(self, update: CompositorUpdate) -> dict[int, list[Cell]]:
        """The rows that ``update`` touches, as they shall be."""
        width, height = self._size
        rows: dict[int, list[Cell]] = {}
        for row, column, strip in _pieces(update):
            if not 0 <= row < height or column >= width:
                continue
            if column < 0:
                raise ValueError("a piece begins left of the screen")
            cells = rows.get(row)
            if cells is None:
                cells = rows[row] = self._rows[row].copy()
            for segment in strip:
                joined, added = _cells(segment.text, self._look_of(segment))
                if joined and column:
                    before = column - 1 if cells[column - 1][0] or column == 1 else column - 2
                    cells[before] = (cells[before][0] + joined, cells[before][1])
                cells[column : column + len(added)] = added
                column += len(added)
            del cells[width:]
            if len(cells) != width:
                raise ValueError("a row has lost cells")
        return rows

    def _look_of(self, segment: Segment) -> str:
        return "" if segment.style is None else _sgr(segment.style, self._color_system, self._color)

    def _row(self, row: int, new: list[Cell]) -> Iterator[str]:
        """What turns the old row into the new one."""
        old = self._rows[row]
        if old == new:
            return
        end = len(new)
        while end and new[end - 1] == BLANK:
            end -= 1
        rest = [place for place in range(end, len(new)) if old[place] != BLANK]
        erases = len(rest) > ERASE
        for start, stop in _runs(old, new, end if erases else len(new)):
            yield from self._move(row, start)
            yield from self._write(new[start:stop])
            certain = all(len(text) == 1 and text < "\u0300" for text, _ in new[start:stop])
            self._at = (row, stop) if certain and stop < len(new) else None
        if erases:
            yield from self._move(row, end)
            yield from self._style(BLANK)
            yield "\x1b[K"

    def _write(self, cells: Iterable[Cell]) -> Iterator[str]:
        for cell in cells:
            if text := cell[0]:
                yield from self._style(cell)
                yield text

    def _style(self, cell: Cell) -> Iterator[str]:
        """Put on the look of a cell; a blank one needs none while nothing is on that would show."""
        look = cell[1]
        if look != self._look and not (cell == BLANK and not _marks_blanks(self._look)):
            yield _change(self._look, look)
            self._look = look

    def _move(self, row: int, column: int) -> Iterator[str]:
        """The shortest way there."""
        at, self._at = self._at, (row, column)
        if at == (row, column):
            return
        if column == 0 and at is not None and at[0] in (row, row - 1):
            yield "\r" if at[0] == row else "\r\n"
        elif at is not None and at[0] == row and column > at[1]:
            yield f"\x1b[{column - at[1]}C" if column - at[1] > 1 else "\x1b[C"
        else:
            yield f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H"

    def _place(self, cursor: tuple[int, int] | None) -> Iterator[str]:
        if cursor is not None:
            yield from self._move(cursor[1], cursor[0])
        if (cursor is not None) != self._shows_cursor:
            self._shows_cursor = cursor is not None
            yield "\x1b[?25h" if self._shows_cursor else "\x1b[?25l"


def _pieces(update: CompositorUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Row, column and strip of everything in an update."""
    if isinstance(update, LayoutUpdate):
        for row, strips in enumerate(update.strips, update.region.y):
            column = update.region.x
            for strip in strips:
                yield row, column, strip
                column += strip.cell_length
    elif isinstance(update, ChopsUpdate):
        for row, left, right in update.spans:
            for end, (column, piece) in zip(update.chop_ends[row], update.chops[row].items(), strict=False):
                if piece is not None and column <= right and end > left:
                    yield row, column, piece if end <= right else piece.crop(0, right - column)
    else:
        raise TypeError(f"not an update of cells: {type(update).__name__}")


def _runs(old: list[Cell], new: list[Cell], end: int) -> Iterator[tuple[int, int]]:
    """Where the rows differ, from the left; short equal parts of one look are taken along, wide characters whole."""
    start = stop = -1
    for place in range(end):
        if old[place] == new[place]:
            continue
        if start >= 0 and (place - stop > BRIDGE or len({one[1] for one in new[stop - 1 : place] if one != BLANK}) > 1):
            yield start, stop
            start = -1
        if start < 0:
            start = place
            while start and not new[start][0]:
                start -= 1
        stop = place + 1
        while stop < len(new) and not new[stop][0]:
            stop += 1
    if start >= 0:
        yield start, stop


@lru_cache(4096)
def _sgr(style: Style, color_system: ColorSystem, color: bool) -> str:
    """The parameters that set ``style`` on a terminal that is reset; the default colours need none."""
    codes = Strip.render_ansi(style if color else style.without_color, color_system)
    return ";".join(code for code in _codes(codes) if code not in ("39", "49"))


def _codes(parameters: str) -> Iterator[str]:
    """What is set, one after the other; a colour of many parameters is one."""
    codes = iter(parameters.split(";") if parameters else ())
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes)
            yield ";".join((code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))))
        else:
            yield code


def _kinds(look: str) -> dict[str, str]:
    """What a look sets, by what each takes the place of."""
    return {_kind(code): code for code in _codes(look)}


def _kind(code: str) -> str:
    number = int(code.partition(";")[0])
    if 30 <= number <= 38 or 90 <= number <= 97:
        return "colour"
    return "ground" if 40 <= number <= 48 or 100 <= number <= 107 else code


@lru_cache(4096)
def _change(old: str, new: str) -> str:
    """What turns one look into another: what is new, or all of it where something has to go."""
    if not new:
        return "\x1b[m"
    before, after = _kinds(old), _kinds(new)
    if before.keys() <= after.keys():
        codes = [code for kind, code in after.items() if before.get(kind) != code]
    else:
        codes = ["0", *after.values()]
    return f"\x1b[{';'.join(codes)}m"


@lru_cache(1024)
def _marks_blanks(look: str) -> bool:
    """Whether a look shows where there is no character: a ground or a line does, weight and colour do not."""
    return not _kinds(look).keys() <= {"1", "2", "3", "colour"}


@lru_cache(4096)
def _cell(character: str, look: str) -> Cell:
    """The same one each time: a screen has few different cells, and many of each."""
    return BLANK if character == " " and not _marks_blanks(look) else (character, look)


@lru_cache(1024)
def _cells(text: str, look: str) -> tuple[str, tuple[Cell, ...]]:
    """What joins the character before ``text``, and the cells that the rest fills."""
    if text.isascii():
        return "", tuple([_cell(character, look) for character in text])
    joined = ""
    cells: list[Cell] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            cells += [(text[start:end], look), *[("", look)] * (width - 1)]
        elif cells:
            raise ValueError("a character without width stands alone")
        else:
            joined += text[start:end]
    return joined, tuple(cells)
