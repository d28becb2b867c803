"""The harness itself: what it sees of a program in a terminal is what a person would."""

import signal

import pytest

from tests.terminal.model import Model
from tests.terminal.session import TUTOR, Session


def shell(script: str, **options) -> Session:
    return Session(["sh", "-c", script], **options)


def test_text_keys_size_and_exit_code():
    with shell("stty size; read line; echo got $line; exit 3", size=(70, 22)) as session:
        session.wait("22 70").send("hello\r").wait("got hello")
        assert session.ends() == 3
        assert session.line_is_restored


def test_modes_that_are_left_on():
    with shell(r"printf '\033[?1049h\033[?1000;1006h\033[?25l\033[31mred'; exit 0") as session:
        assert session.ends() == 0
        assert session.model.modes_left == [25, 1000, 1006, 1049, "style"]
        assert session.model.colours == ["\x1b[31m"]


def test_raw_mode_left_on():
    with shell("stty raw -echo") as session:
        session.ends()
        assert not session.line_is_restored


def test_what_was_on_the_screen_comes_back():
    model = Model(20, 3)
    model.feed("before\x1b[?1049h\x1b[2Jinside")
    assert model.text.strip().endswith("inside")
    model.feed("\x1b[?1049l")
    assert model.text.splitlines()[0] == "before"


def test_a_sequence_may_come_in_pieces():
    model = Model(20, 3)
    assert [model.feed(one) for one in "ab\x1b[6n"] == [""] * 5 + ["\x1b[1;3R"]
    assert model.text.splitlines()[0] == "ab"


def test_a_hang_up_ends_the_program():
    with shell("echo there; read line") as session:
        session.wait("there").hang_up()
        assert session.ends() == -signal.SIGHUP


def test_waiting_in_vain_shows_the_screen(monkeypatch):
    monkeypatch.setattr("tests.terminal.session.PATIENCE", 0.2)
    with shell("echo something else; read line") as session:
        session.wait("something")
        with pytest.raises(AssertionError, match="something else"):
            session.until(lambda: False, seconds=0.2)


def test_the_tutor_starts_and_leaves():
    with Session([*TUTOR]) as session:
        session.wait("1D convolution").press("ctrl+q")
        assert session.ends() == 0
        assert session.model.modes_left == []
        assert session.line_is_restored
