"""Panels as text: brackets round the window, padding in brackets of its own, numbers in columns, bands and folds."""

from io import StringIO

from rich.console import Console, RenderableType

from cnn_tutor.render.matrix import Styles, ascii_panel, bands, fold, matrix, side_by_side, width
from cnn_tutor.tutor.panel import Cell, Mark, Panel


def drawn(renderable: RenderableType, columns: int = 80) -> list[str]:
    """The lines as a terminal without colour shows them."""
    console = Console(width=columns, file=StringIO(), color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return [line.rstrip() for line in capture.get().splitlines()]


def vector(title: str, *cells: Cell) -> Panel:
    return Panel(title, (cells,))


def read(*texts: str) -> list[Cell]:
    return [Cell(text, Mark.READ) for text in texts]


def plain(*texts: str) -> list[Cell]:
    return [Cell(text) for text in texts]


def test_the_window_stands_in_brackets() -> None:
    panel = vector("x", *read("2", "0", "3"), *plain("1", "−1"))
    assert drawn(matrix(panel)) == ["x", "[2  0  3] 1  −1"]


def test_a_window_inside_a_matrix_is_bracketed_row_by_row() -> None:
    rows = ((*plain("1"), *read("2", "1")), (*plain("0"), *read("−1", "0")), tuple(plain("2", "1", "1")))
    assert drawn(matrix(Panel("X", rows))) == ["X", " 1 [ 2  1]", " 0 [−1  0]", " 2   1  1"]


def test_what_a_student_seems_to_have_used_is_unlike_the_window() -> None:
    panel = vector("x", *plain("2"), Cell("0", Mark.USED), Cell("3", Mark.USED))
    assert drawn(matrix(panel)) == ["x", " 2 {0  3}"]
    assert Styles().used not in (Styles().read, Styles().plain)


def test_padding_is_unlike_a_real_zero() -> None:
    panel = vector("x", Cell("0", Mark.READ_PADDING), *read("2", "0"), Cell("0", Mark.PADDING))
    assert drawn(matrix(panel)) == ["x", "[(0)  2  0] (0)"]


def test_asked_and_hidden_cells_have_signs() -> None:
    panel = vector("y", *plain("−1"), Cell("?", Mark.ASKED), Cell("·", Mark.HIDDEN))
    assert drawn(matrix(panel)) == ["y", " −1  ?  ·"]


def test_words_are_set_to_the_left_and_numbers_to_the_right() -> None:
    rows = (tuple(plain("layer", "parameters")), tuple(plain("in", "·")), tuple(plain("conv", "224")))
    assert drawn(matrix(Panel("network", rows))) == [
        "network",
        " layer  parameters",
        " in              ·",
        " conv          224",
    ]


def test_a_long_title_does_not_wrap_or_stretch_the_columns() -> None:
    panel = vector("first index of each window", *plain("1", "3"))
    assert drawn(matrix(panel)) == ["first index of each window", " 1  3"]
    assert width(panel) == 26


def test_panels_stand_side_by_side_and_go_to_a_new_band() -> None:
    panels = [vector(name, *plain("1", "2", "3")) for name in "abc"]
    assert drawn(side_by_side(panels, 30), 30) == ["a           b", " 1  2  3     1  2  3", "c", " 1  2  3"]
    assert [len(band) for band in bands(panels, 80)] == [3]


def test_a_panel_too_wide_is_folded() -> None:
    panel = vector("x", *plain(*"123456"))
    parts = list(fold(panel, 12))
    assert [part.title for part in parts] == ["x, columns 1–4", "x, columns 5–6"]
    assert [cell.text for part in parts for cell in part.rows[0]] == list("123456")


def test_a_folded_table_repeats_its_names() -> None:
    rows = (tuple(plain("layer", "size", "shape")), tuple(plain("conv", "3", "30")))
    parts = list(fold(Panel("network", rows), 15))
    assert [[cell.text for cell in part.rows[1]] for part in parts] == [["conv", "3"], ["conv", "30"]]


def test_nothing_in_a_cell_or_title_is_markup_or_a_command() -> None:
    panel = vector("[red]x[/]\x1b[31m", *plain("[b]1[/b]"))
    assert drawn(matrix(panel)) == ["[red]x[/][31m", " [b]1[/b]"]


def test_an_ascii_panel_has_only_ascii() -> None:
    panel = ascii_panel(vector("W⁽¹⁾", *plain("−1"), Cell("·", Mark.HIDDEN), Cell("−∞", Mark.PADDING)))
    assert drawn(matrix(panel)) == ["W(1)", " -1  .  (-inf)"]


def test_a_folded_table_repeats_the_words_beside_its_names_where_there_is_room() -> None:
    rows = tuple(tuple(map(Cell, row)) for row in (("layer", "sizes", "shape", "weights"), ("c1", "conv", "2×2", "9")))
    assert [[cell.text for cell in part.rows[1]] for part in fold(Panel("network", rows), 26)] == [
        ["c1", "conv", "2×2"],
        ["c1", "conv", "9"],
    ]
    assert [len(part.rows[1]) for part in fold(Panel("network", rows), 17)] == [2, 2, 2]
