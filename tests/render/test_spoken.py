"""Panels in words: rows with labels, windows by their place, nothing that only a picture would say."""

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.render.spoken import spoken, window, windows
from cnn_tutor.tutor.panel import Cell, Mark, Panel
from cnn_tutor.tutor.scene import scene
from cnn_tutor.tutor.session import start, submit


def panel(*rows: str) -> Panel:
    """Cells by a letter each: ``r`` is read, ``.`` is not, ``?`` asked, ``h`` hidden, ``p`` padding."""
    marks = {"r": Mark.READ, "?": Mark.ASKED, "h": Mark.HIDDEN, "p": Mark.PADDING, ".": Mark.PLAIN}
    return Panel("X", tuple(tuple(Cell("1", marks[one]) for one in row) for row in rows))


def test_a_window_is_named_by_rows_and_columns() -> None:
    assert window(panel("rrr..")) == "columns 1–3"
    assert window(panel("..r")) == "column 3"
    assert window(panel("r.r.r")) == "columns 1, 3, 5"
    assert window(panel("...", ".rr", ".rr")) == "rows 2–3, columns 2–3"
    assert window(panel("r..", "...", "r..")) == "rows 1, 3, column 1"
    assert window(panel("r.", ".r")) == "row 1, column 1; row 2, column 2"


def test_what_is_read_as_a_whole_and_what_is_not_read_need_no_words() -> None:
    assert window(panel("rr", "rr")) == ""
    assert window(panel("..")) == ""
    assert windows([panel("rr."), panel("...")]) == "X: columns 1–2"


def test_every_row_has_its_label_and_every_mark_its_word() -> None:
    assert list(spoken([panel(".?h", "p..")])) == ["X, row 1: 1, asked, unknown", "X, row 2: padding, 1, 1"]
    assert list(spoken([panel("rr.")])) == ["X: 1, 1, 1", "X, window: columns 1–2"]


def test_a_real_question_in_words() -> None:
    session = start(catalog().get("conv1d"))
    while not session.current.key.endswith("y[2].products"):
        session, _ = submit(session, session.current.text)
    lines = list(spoken(scene(session)))
    assert lines[:2] == ["x: 2, 0, 3, 1, −1", "x, window: columns 2–4"]
    assert "products: asked, asked, asked" in lines
