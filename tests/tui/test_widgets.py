"""Each widget alone in a tiny app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.events import Paste
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from cnn_tutor.tui import keys, patches
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tui.widgets.ask import AskArea
from cnn_tutor.tui.widgets.board import Board, asked_row
from cnn_tutor.tui.widgets.feedback import Feedback, Said
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.lesson_row import LessonRow
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.notice import Notice
from cnn_tutor.tui.widgets.reader import Reader
from cnn_tutor.tui.widgets.rows import Rows
from cnn_tutor.tutor.mastery import Standing
from cnn_tutor.tutor.panel import Cell, Mark, Panel

PEN = Pen()


class Alone(App[None]):
    """One widget and nothing else."""

    def __init__(self, widget: Widget) -> None:
        patches.apply()
        super().__init__()
        self.animation_level = "none"
        self.widget = widget
        self.commands: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_answer_line_command(self, event: AnswerLine.Command) -> None:
        self.commands.append(event.action)

    @property
    def page(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def alone(widget: Widget, size: tuple[int, int] = (40, 8)) -> AsyncIterator[tuple[Alone, Pilot[None]]]:
    app = Alone(widget)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


async def test_a_line_keeps_its_right_end_and_cuts_the_left() -> None:
    line = Line(PEN)
    async with alone(line, (20, 1)) as (app, pilot):
        line.left, line.right = "a [b]very[/b] long title", "1 of 2"
        await pilot.pause()
        assert app.page[0] == " a [b]very…  1 of 2"


async def test_the_key_line_leaves_out_whole_keys() -> None:
    async with alone(KeyLine(PEN, (keys.SUBMIT, keys.HINT, keys.HELP)), (24, 1)) as (app, _):
        assert app.page[0] == " Enter answer  ? hint"


@pytest.mark.parametrize(
    ("done", "questions", "words", "bar"),
    [
        (0, 9, "new", "╌╌╌╌╌╌╌╌"),
        (1, 9, "1 of 9", "━╌╌╌╌╌╌╌"),
        (9, 9, "done", "━━━━━━━━"),
        (2, None, "2 answered", "━╌╌╌╌╌╌╌"),
    ],
)
def test_a_lesson_row_says_how_far_it_is(done: int, questions: int | None, words: str, bar: str) -> None:
    text = LessonRow(PEN, 3, "A title", Standing(done, mastered=False), questions).text(80)
    assert text.cell_len == 80
    assert text.plain.rstrip().endswith(f"{bar}  {words}")


async def test_the_row_that_is_marked_has_a_sign_of_its_own() -> None:
    rows = Rows()
    async with alone(rows) as (app, pilot):
        rows.show((PEN.text(f" row {number}"), True) for number in range(3))
        rows.focus()
        await pilot.press("j")
        page = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
        assert " row 0" in page
        assert ">row 1" in page


async def test_a_notice_takes_no_room_while_it_is_empty() -> None:
    notice = Notice(PEN)
    async with alone(notice) as (_, pilot):
        assert notice.size.height == 0
        notice.text = "one two three four five six seven eight nine ten"
        await pilot.pause()
        assert notice.size.height == 2


async def test_the_reader_scrolls_by_keys() -> None:
    reader = Reader()
    async with alone(reader) as (_, pilot):
        reader.show(PEN.text("\n".join(map(str, range(30)))))
        reader.focus()
        await pilot.press("j")
        assert reader.scroll_offset.y == 1
        await pilot.press("space", "k", "b")
        assert reader.scroll_offset.y == 0


async def test_feedback_shows_words_and_scrolls_to_the_newest() -> None:
    feedback = Feedback(PEN)
    async with alone(feedback, (40, 3)) as (app, pilot):
        feedback.said = Said("Not yet", "[b]y[/b] is not that.", "You turned it.", hints=("Look.", "Add."))
        while not any("Hint 2" in line for line in app.page):
            await pilot.pause()
        assert [line for line in app.page if line][-1].strip().startswith("Hint 2: Add.")
        text = feedback.said.lines(PEN).plain
        assert text == "Not yet. [b]y[/b] is not that.\nMaybe: You turned it.\nHint 1: Look.\nHint 2: Add."


async def test_the_ask_area_numbers_the_options() -> None:
    area = AskArea(PEN)
    async with alone(area) as (app, pilot):
        area.show("y = ?", "Which [i]one[/i]?", [("1", "a [b]row[/b]"), ("2", "a column")])
        await pilot.pause()
        assert app.page[:4] == [" y = ?", " Which [i]one[/i]?", "   1  a [b]row[/b]", "   2  a column"]


def tall(rows: int, asked: int) -> Panel:
    return Panel(
        "T",
        tuple((Cell("?" if row == asked else "0", Mark.ASKED if row == asked else Mark.PLAIN),) for row in range(rows)),
    )


async def test_the_board_keeps_the_asked_cell_in_sight() -> None:
    board = Board(PEN)
    async with alone(board, (20, 4)) as (app, pilot):
        board.styles.max_height = 4
        board.show([tall(20, 15)])
        await pilot.pause()
        await pilot.pause()
        assert any("?" in line for line in app.page)
        board.show([tall(20, 0)], "Some prose.")
        await pilot.pause()
        await pilot.pause()
        assert app.page[0].strip() == "T"


def test_where_the_asked_cell_stands() -> None:
    assert asked_row([tall(3, 1)], 80) == 2
    assert asked_row([], 80) is None
    assert asked_row([Panel("x", ((Cell("1"),),))], 80) is None


async def test_a_command_is_taken_from_an_empty_or_selected_line_only() -> None:
    line = AnswerLine(PEN, {"?": "hint"})
    async with alone(line) as (app, pilot):
        line.focus()
        await pilot.press("question_mark")
        assert app.commands == ["hint"]
        assert line.value == ""
        await pilot.press("7", "question_mark")
        assert line.value == "7?"
        line.select_all()
        await pilot.press("question_mark")
        assert app.commands == ["hint", "hint"]


async def test_what_is_offered_is_replaced_by_typing_and_leaves_signs_their_meaning() -> None:
    line = AnswerLine(PEN, {"?": "hint"})
    async with alone(line) as (app, pilot):
        line.focus()
        line.offer("12")
        await pilot.press("question_mark")
        assert app.commands == ["hint"]
        await pilot.press("7")
        assert line.value == "7"


async def test_nothing_unprintable_gets_into_the_line() -> None:
    line = AnswerLine(PEN)
    async with alone(line) as (_, pilot):
        line.focus()
        line.post_message(Paste("1\x1b[31m\t2\n3 4\n"))
        await pilot.pause()
        assert line.value == "1[31m  2; 3 4"
        line.post_message(Paste("9" * 100_000))
        await pilot.pause()
        assert len(line.value) <= 4000


async def test_a_key_asks_no_other_widget_for_its_lines_and_lays_out_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    line, beside = AnswerLine(PEN), Line(PEN)
    async with alone(Vertical(beside, line)) as (app, pilot):
        line.focus()
        await pilot.pause()
        asked: list[Widget] = []
        render = Widget.render_lines

        def rendered(widget: Widget, crop: Region) -> list[Strip]:
            asked.append(widget)
            return render(widget, crop)

        def laid_out(*_: object) -> None:
            raise AssertionError("laid out anew")

        monkeypatch.setattr(Widget, "render_lines", rendered)
        monkeypatch.setattr("textual._compositor.Compositor.reflow", laid_out)
        await pilot.press("7")
        assert line in asked
        assert beside not in asked
        assert app.page[1].startswith("7")
