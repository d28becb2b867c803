"""An answer cell by cell: every way of filling it in ends in a line that the judge reads as the same numbers."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor import answer
from cnn_tutor.tutor.grid import Grid, grid, overlay
from cnn_tutor.tutor.panel import Mark
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.scene import scene
from cnn_tutor.tutor.session import start, submit
from tests.tui.student import MATRICES, WINDOWS

NUMBERS = st.one_of(
    st.integers(-99, 99).map(str),
    st.sampled_from(["7/4", "2*1 + 0*0 + 3*(-1)", "−1", ".5", "sqrt(2)/2", "( 1 + 2 ) * 3"]),
)


def value(text: str) -> float:
    (cell,) = answer.read(text, ())
    assert cell is not None
    return float(cell.value)


@given(st.integers(1, 4), st.integers(2, 4), st.data())
def test_cells_typed_one_by_one_make_the_whole(rows: int, columns: int, data: st.DataObject) -> None:
    kept = data.draw(st.frozensets(st.integers(0, rows * columns - 1), max_size=rows * columns - 2))
    now = Grid(rows, columns, kept).filled(())
    typed = {}
    for _ in range(rows * columns - len(kept)):
        typed[now.at] = data.draw(NUMBERS)
        now, text = now.take(typed[now.at])
        assert (text is None) == bool(now.open)
    cells = answer.read(now.text, (columns,) if rows == 1 else (rows, columns))
    for place, cell in enumerate(cells):
        assert cell is None if place in kept else cell is not None and float(cell.value) == value(typed[place])


@given(st.integers(1, 4), st.integers(2, 4), st.lists(st.sampled_from(["left", "right", "up", "down"]), max_size=30))
def test_moving_never_leaves_the_grid_nor_enters_a_kept_cell(rows: int, columns: int, keys: list[str]) -> None:
    now = Grid(rows, columns, frozenset({1})).filled(())
    for key in keys:
        now = now.moved(key)
        assert 0 <= now.at < now.size
        assert now.at != 1


def test_a_whole_answer_is_taken_at_once_in_every_form() -> None:
    for text in ("1 2; 3 4", "[[1, 2], [3, 4]]", "1 2\n3 4"):
        assert Grid(2, 2).take(text)[1] == text


def test_a_decimal_comma_is_one_number_where_it_cannot_be_two_cells() -> None:
    begun, _ = Grid(1, 2).take("1")
    assert begun.take("0,5")[1] == "1 0.5"
    assert Grid(1, 2).take("0,5")[1] == "0,5"
    three, _ = Grid(1, 3).take("0,5")
    assert three.typed == {0: "0.5"}


def test_a_row_fills_its_row_and_what_is_left_fills_the_rest() -> None:
    first, text = Grid(2, 2).take("1 2")
    assert (first.text, first.at, text) == ("1 2;  ", 2, None)
    assert first.take("3, 4")[1] == "1 2; 3 4"


def test_the_open_cells_may_be_typed_in_one_go() -> None:
    assert Grid(1, 4, frozenset({1, 3})).take("7 8")[1] == "7 _ 8 _"


def test_another_number_of_numbers_is_handed_in_as_it_is() -> None:
    """The judge says which shape is wanted, and knows the ideas that give another one."""
    assert Grid(1, 3).take("1 2")[1] == "1 2"
    assert Grid(1, 3).take("banana")[1] == "banana"


def test_nothing_typed_is_handed_in_as_nothing_but_an_empty_cell_only_moves_on() -> None:
    assert Grid(1, 3).take("")[1] == ""
    now, _ = Grid(1, 3).take("5")
    moved, text = now.take("")
    assert (moved.typed, text) == (now.typed, None)


def test_a_cell_can_be_mended_and_emptied() -> None:
    now = Grid(1, 2).put("5").stepped(1)
    assert now.at == 1
    back = now.moved("left")
    assert back.here == "5"
    assert back.put("").open == [0, 1]
    assert back.put("6").stepped(1).take("7")[1] == "6 7"


@given(st.integers(1, 3), st.integers(2, 4), st.dictionaries(st.integers(0, 11), NUMBERS, max_size=4))
def test_a_draft_comes_back(rows: int, columns: int, typed: dict[int, str]) -> None:
    empty = Grid(rows, columns, frozenset({0})).filled(())
    now = empty
    for place, text in typed.items():
        if 0 < place < now.size:
            now = replace(now, at=place).put(text)
    again = empty.restored(now.draft)
    if now.typed and now.open:
        assert again is not None
        assert again.typed == now.typed


@pytest.mark.parametrize("text", ["", "1 2 3", "banana ? ?", "? ?", "0 0 0 0"])
def test_a_draft_of_something_else_is_left_to_the_line(text: str) -> None:
    found = Grid(2, 2).restored(text)
    assert found is None or not found.typed


@pytest.mark.parametrize("source", [WINDOWS, MATRICES])
def test_what_is_typed_stands_where_it_is_asked(source: str) -> None:
    session = start(parse(source))
    for question in session.questions:
        now = grid(question, frozenset())
        if now is None:
            continue
        before = scene(session, question)
        drawn = [cell for panel in overlay(before, now.put("42"), question) for row in panel.rows for cell in row]
        assert [cell.text for cell in drawn if cell.mark is Mark.CURSOR] == ["42"]
        assert sum(cell.mark is Mark.ASKED for cell in drawn) == now.size - 1


def test_only_vectors_and_matrices_are_filled_in_cell_by_cell() -> None:
    kinds = {question.kind: grid(question, frozenset()) for question in questions(parse(WINDOWS))}
    assert kinds["scalar"] is None
    assert kinds["choice"] is None
    assert kinds["vector"] is not None


def test_a_perfect_student_finishes_cell_by_cell() -> None:
    session = start(parse(MATRICES))
    while not session.finished:
        now = grid(session.current, frozenset())
        assert now is not None and session.current.wanted is not None
        text = None
        for number in np.ravel(session.current.wanted.exact).tolist():
            now, text = now.take(str(number))
        assert text is not None
        session, _ = submit(session, text)
