"""Whatever is drawn, in whatever order: the cells that differ make the same screen as what Textual sends itself."""

import asyncio
import unicodedata

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from cnn_tutor.tui.frame import Frame
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.terminal.canvas import Canvas
from tests.terminal.model import Model

LETTERS = st.sampled_from([*"ab 10.[]─█σ−", "e\u0301", "x\u0302", "漢", "字", "\u200b", "👍"])
WORDS = st.lists(LETTERS, max_size=30).map("".join)
STYLES = st.sampled_from(["", "bold", "reverse", "red", "on blue", "dim italic", "#102030 on #aabbcc", "underline"])
SYSTEM = ColorSystem.EIGHT_BIT


class Both:
    """Two terminals: one is sent what Textual sends, the other the cells that differ."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.whole, self.cells = Model(width, height), Model(width, height)
        self.canvas = Canvas(SYSTEM)
        self._begin(self.whole, self.cells)

    @staticmethod
    def _begin(*models: Model) -> None:
        for model in models:
            model.feed("\x1b[?7l\x1b[?25l")

    def draw(self, update: CompositorUpdate, console) -> None:
        whole, cells = update.render_segments(console), self.canvas.draw(update, self.size, None)
        self.whole.feed(f"{whole}\x1b[H")
        self.cells.feed(cells)
        assert shown(self.cells) == shown(self.whole), (self.size, whole, cells)

    def resize(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.whole = Model(width, height)
        self._begin(self.whole)
        self.cells.cells.resize(height, width)


def shown(model: Model) -> list[list[tuple]]:
    """Every cell: text, colours, attributes. Text is compared as composed, colours of blanks that show none are not."""
    cells = model.cells
    return [[plain(cells.buffer[row][column]) for column in range(cells.columns)] for row in range(cells.lines)]


def plain(cell) -> tuple:
    if cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough):
        return " ", cell.bg
    return (unicodedata.normalize("NFC", cell.data), *cell[1:])


def strip_of(pieces: list[tuple[str, str]], width: int) -> Strip:
    strip = Strip([Segment(text, Style.parse(style) if style else None) for text, style in pieces if text])
    return strip.crop(0, width).extend_cell_length(width)


class Console:
    _color_system = SYSTEM


PIECES = st.lists(st.tuples(WORDS, STYLES), max_size=5)


@st.composite
def updates(draw, width: int, height: int) -> CompositorUpdate:
    """A region drawn whole, or parts of lines."""
    if draw(st.booleans()):
        return LayoutUpdate([[strip_of(draw(PIECES), width)] for _ in range(height)], _region(width, height))
    rows = draw(st.lists(st.integers(0, height - 1), min_size=1, max_size=4, unique=True))
    chops: list[dict[int, Strip | None]] = [{} for _ in range(height)]
    ends: list[list[int]] = [[] for _ in range(height)]
    spans = []
    for row in sorted(rows):
        cuts = sorted({0, *draw(st.lists(st.integers(1, width - 1), max_size=3))})
        ends[row] = [*cuts[1:], width]
        chops[row] = {
            cut: strip_of(draw(PIECES), end - cut) if draw(st.booleans()) else None
            for cut, end in zip(cuts, ends[row], strict=True)
        }
        left = draw(st.integers(0, width - 1))
        spans.append((row, left, draw(st.integers(left + 1, width))))
    return ChopsUpdate(chops, spans, ends)


def _region(width: int, height: int):
    from textual.geometry import Region

    return Region(0, 0, width, height)


@settings(max_examples=60)
@given(st.data(), st.integers(2, 40), st.integers(1, 8))
def test_any_updates_give_the_same_cells(data, width, height):
    both = Both(width, height)
    for _ in range(data.draw(st.integers(1, 5))):
        if data.draw(st.integers(0, 5)) == 0:
            width, height = data.draw(st.integers(2, 40)), data.draw(st.integers(1, 8))
            both.resize(width, height)
            both.draw(LayoutUpdate([[strip_of([], width)] for _ in range(height)], _region(width, height)), Console())
        both.draw(data.draw(updates(width, height)), Console())


class Anything(App[None]):
    """Widgets of all sorts, whose updates go to both terminals."""

    CSS = "Static { height: auto; border: round red; } #floating { layer: above; offset: 5 2; width: 12; }"
    CSS += "Screen { layers: below above; }"

    def __init__(self, both: Both) -> None:
        super().__init__()
        self.both = both

    def compose(self) -> ComposeResult:
        yield Static("", id="one", markup=False)
        yield Input()
        yield Static("over", id="floating", markup=False)

    def _display(self, screen, renderable) -> None:
        if not isinstance(renderable, CompositorUpdate) or self._batch_count or not self._running:
            return
        if self.size != self.both.size:
            self.both.resize(*self.size)
        if isinstance(renderable, LayoutUpdate):
            renderable.strips = [list(line) for line in renderable.strips]
            lengths = [sum(strip.cell_length for strip in line) for line in renderable.strips]
        else:
            lengths = [ends[-1] for ends in renderable.chop_ends]
        if lengths == [self.size.width] * self.size.height:  # else made for the size before; another one follows
            self.both.draw(renderable, Console())


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), WORDS, st.sampled_from(["#one", "#floating"])),
        st.tuples(st.just("key"), st.sampled_from(["a", "left", "backspace", "漢", "home", "end", "delete"])),
        st.tuples(st.just("move"), st.integers(0, 30), st.integers(0, 9)),
        st.tuples(st.just("hide"), st.booleans()),
        st.tuples(st.just("size"), st.integers(3, 60), st.integers(2, 16)),
    ),
    max_size=12,
)


@settings(max_examples=8, phases=(Phase.generate,))
@given(DEEDS)
def test_any_widgets_give_the_same_cells(deeds):
    async def use() -> None:
        app = Anything(Both(40, 12))
        async with app.run_test(size=(40, 12)) as pilot:
            for kind, *rest in deeds:
                if kind == "text":
                    app.query_one(rest[1], Static).update(rest[0])
                elif kind == "key":
                    await pilot.press(rest[0])
                elif kind == "move":
                    app.query_one("#floating").styles.offset = (rest[0], rest[1])
                elif kind == "hide":
                    app.query_one("#floating").display = rest[0]
                else:
                    await pilot.resize_terminal(*rest)
                await pilot.pause()

    asyncio.run(use())


def test_a_joining_character_joins_what_an_earlier_segment_ended_with():
    both = Both(6, 1)
    both.draw(LayoutUpdate([[strip_of([("e", "bold"), ("\u0301x", "red")], 6)]], _region(6, 1)), Console())
    assert both.cells.text.startswith("éx")


def test_nothing_changed_is_nothing_sent():
    canvas = Canvas(SYSTEM)
    update = LayoutUpdate([[strip_of([("abc", "bold")], 8)]], _region(8, 1))
    assert canvas.draw(update, (8, 1), (2, 0))
    assert canvas.draw(update, (8, 1), (2, 0)) == ""
    canvas.forget()
    assert "abc" in canvas.draw(None, (8, 1), (2, 0))


def test_no_colour_leaves_what_is_no_colour():
    model = Model(8, 1)
    update = LayoutUpdate([[strip_of([("ab", "bold red on blue"), ("c", "reverse #123456")], 8)]], _region(8, 1))
    model.feed(Canvas(SYSTEM, color=False).draw(update, (8, 1), None))
    assert model.colours == []
    assert model.cells.buffer[0][0].bold
    assert model.cells.buffer[0][2].reverse


def test_what_is_not_understood_is_refused():
    with pytest.raises(TypeError):
        Canvas(SYSTEM).draw(CompositorUpdate(), (8, 1), None)


async def test_after_anything_unexpected_textual_draws_itself(monkeypatch):
    """The student sees a whole screen, and the program goes on."""

    class Shown(Widget):
        def render(self) -> str:
            return "still here"

    class Small(Frame):
        CSS_PATH = None

        def compose(self) -> ComposeResult:
            yield Shown()

    app = Small(Seat())
    async with app.run_test(size=(80, 24)) as pilot:
        monkeypatch.setattr(Canvas, "draw", lambda *_: 1 / 0)
        repainted = []
        monkeypatch.setattr(app.screen, "refresh", lambda **how: repainted.append(how))
        app._draw(None)
        assert app._canvas is None
        assert repainted == [{"layout": True, "repaint": True}]
        await pilot.pause()
