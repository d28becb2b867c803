"""Bytes become keys, however the line cuts them into pieces; what a terminal says of itself becomes nothing."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.events import Key

from cnn_tutor.tui.terminal.typed import Typed
from tests.terminal.test_faults import GARBAGE

KEYS = b"a\x1b[A7\x1bOP\x1b[1;5C\xc3\xa9\x1b[15~\x1b[Z\r"


def keys(pieces, typed):
    return [one for piece in pieces for one in typed.feed(piece) if isinstance(one, Key)]


def cut(data, places):
    bounds = [0, *sorted({one % len(data) for one in places}), len(data)]
    return [data[start:end] for start, end in pairwise(bounds)]


@given(st.lists(st.integers(0, 400), max_size=60))
@example([*range(0, 180, 3)])
@example([*range(400)])
def test_garbage_in_pieces_is_no_answer(places):
    heard = keys([*cut(b"".join(GARBAGE), places), b"6"], Typed())
    assert {one.character for one in heard if one.is_printable} <= {"6", "\ufffd"}
    assert heard[-1].character == "6"


@given(st.lists(st.integers(0, 100), max_size=30))
@example([*range(100)])
def test_keys_in_pieces_are_those_keys(places):
    whole = [one.key for one in keys([KEYS], Typed())]
    assert len(whole) == 9
    assert [one.key for one in keys(cut(KEYS, places), Typed())] == whole


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"\x1b", "escape"), (b"\x1b[", "left_square_bracket"), (b"\x1bP", "alt+shift+p"), (b"\x1bx", "alt+x")],
)
def test_after_a_pause_what_has_begun_is_a_key(data, name):
    typed = Typed()
    assert keys([data], typed) + [one.key for one in typed.tick()] == [name]
    assert [one.key for one in keys([b"a"], typed)] == ["a"]


def test_an_enter_typed_before_the_program_listens_is_one():
    """The terminal has made a line feed of it; in a paste it is the end of a row."""
    assert [one.key for one in keys([b"5\n"], Typed())] == ["5", "enter"]
    assert [one.text for one in Typed().feed(b"\x1b[200~1 2\n3 4\x1b[201~")] == ["1 2\n3 4"]
