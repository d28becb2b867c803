"""In every surrounding the right shell, the right letters and the right colours."""

import pytest

from cnn_tutor.terminal import terminal
from tests.terminal.session import TUTOR, Session

LIST = "1D convolution"
GO_ON = "cnn-tutor learn LESSON"


@pytest.mark.parametrize(
    ("term", "command"),
    [
        *(("dumb", command) for command in ((), ("learn", "conv1d"), ("practice", "conv1d"), ("drill", "conv1d"))),
        *((term, ("learn", "conv1d")) for term in ("", None, "no-such-terminal")),
    ],
)
def test_where_no_screen_can_be_right_the_shell_is_plain_and_says_why(term, command):
    with Session([*TUTOR, *command], environment={"TERM": term}) as session:
        session.wait("TERM").send("q\r" if command else "")
        assert session.ends() == 0
        assert b"\x1b" not in session.received
        assert bytes(session.received).count(b"in plain text, because") == 1


def test_review_says_why_too():
    with Session([*TUTOR, "review"], environment={"TERM": "dumb"}) as session:
        assert session.ends() == 0
        assert "in plain text, because" in session.text


@pytest.mark.parametrize(
    ("redirected", "shown"),
    [("</dev/null", GO_ON), ("| cat", GO_ON), ("</dev/null 2>/dev/null | cat", GO_ON)],
)
def test_where_one_end_is_no_terminal_the_list_is_printed(redirected, shown):
    with Session(["sh", "-c", f'"$@" {redirected}', "sh", *TUTOR]) as session:
        assert session.ends() == 0
        assert shown in session.text
        assert b"\x1b" not in session.received


@pytest.mark.parametrize("redirected", ["2>/dev/null", "2>&1"])
def test_where_errors_go_does_not_matter(redirected):
    with Session(["sh", "-c", f'exec "$@" {redirected}', "sh", *TUTOR]) as session:
        session.wait(LIST).press("ctrl+q")
        assert session.ends() == 0


@pytest.mark.parametrize("term", ["linux", "vt100", "screen-256color", "xterm-m"])
def test_terminals_that_can_show_a_screen(term):
    with Session([*TUTOR, "learn", "conv1d"], environment={"TERM": term}, answers=False) as session:
        session.wait("Conventions").press("enter").wait("how many entries").press("ctrl+q")
        assert session.ends() == 0
        assert session.model.modes_left == []
        poor = term.startswith(("linux", "vt"))
        assert session.received.isascii() == poor
        assert any("1000" in one for one in session.model.sequences) != poor
        if term.startswith("vt") or term.endswith("-m"):
            assert session.model.colours == []


def test_nothing_is_asked_of_the_terminal():
    with Session() as session:
        session.wait(LIST).press("ctrl+q")
        session.ends()
        assert [one for one in session.model.sequences if one[-1] in "cnqpu" or one.startswith("\x1b]")] == []


@pytest.mark.parametrize(
    ("environment", "encoding"),
    [
        ({"LC_ALL": "C", "LANG": None}, "utf-8"),
        ({"LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, "latin-1"),
        ({"LC_ALL": "en_US.ISO-8859-1"}, "latin-1"),
    ],
)
def test_without_unicode_everything_is_ascii(environment, encoding):
    with Session([*TUTOR, "learn", "conv1d"], environment=environment, encoding=encoding) as session:
        session.wait("Conventions").press("enter").wait("how many entries")
        session.send("\xe9".encode(encoding)).send("7").wait("> .?7").press("ctrl+q")
        assert session.ends() == 0
        assert session.received.isascii()


@pytest.mark.parametrize(("how", "whole"), [("NO_COLOR", {"CNN_TUTOR_DRAW": "whole"}), ("--no-color", {})])
def test_no_colour_is_none_at_all(how, whole):
    command, environment = ([*TUTOR, how], {}) if how[0] == "-" else (TUTOR, {how: "1"})
    with Session(command, environment={**environment, **whole}) as session:
        session.wait(LIST).press("enter").wait("Conventions").press("enter").wait("how many entries")
        session.send("3\r").wait("Not yet").press("f1").wait("keys").press("escape", "ctrl+q")
        assert session.ends() == 0
        assert session.model.colours == []


def test_one_switch_leaves_the_drawing_to_textual(tmp_path):
    command = [*TUTOR, "learn", "conv1d"]
    with (
        Session(command, environment={"CNN_TUTOR_DATA": str(tmp_path / "cells")}) as cells,
        Session(command, environment={"CNN_TUTOR_DATA": str(tmp_path), "CNN_TUTOR_DRAW": "whole"}) as whole,
    ):
        for session in (cells, whole):
            session.wait("Conventions").press("enter").wait("how many entries").send("12").wait("> 12")
        whole.until(lambda: whole.text == cells.text, "the same screen")
        assert len(cells.received) < len(whole.received) / 2
        for session in (cells, whole):
            session.press("ctrl+q")
            assert session.ends() == 0


def test_the_cursor_is_the_terminals_own_and_stands_where_typing_goes_on():
    with Session([*TUTOR, "learn", "conv1d"]) as session:
        session.wait("Conventions").press("enter").wait("how many entries")
        cursor = session.model.cells.cursor
        session.send("12").until(lambda: session.text.splitlines()[cursor.y][: cursor.x] == " > 12")
        session.until(lambda: not cursor.hidden, "the cursor")
        session.press("left").until(lambda: cursor.x == len(" > 1"))
        session.press("home").until(lambda: cursor.x == len(" > "))
        session.press("f1").until(lambda: cursor.hidden, "no cursor on a page without a line")
        session.press("escape", "ctrl+q")
        session.ends()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm", "LANG": "de_DE.UTF-8"}, ("", False, True, True)),
        ({"TERM": "xterm"}, ("", False, True, True)),
        ({"TERM": "xterm", "LANG": "C"}, ("", True, True, True)),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, ("", True, True, True)),
        ({"TERM": "xterm", "LANG": "C", "LC_ALL": "C.utf8"}, ("", False, True, True)),
        ({"TERM": "xterm", "LANG": "en_US.ISO-8859-1"}, ("", True, True, True)),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, ("", True, True, False)),
        ({"TERM": "vt100", "LANG": "C.UTF-8"}, ("", True, False, False)),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, ("", False, False, True)),
        ({"TERM": "xterm", "NO_COLOR": ""}, ("", False, True, True)),
        ({"TERM": "dumb"}, ("TERM=dumb cannot place text on the screen", False, True, True)),
    ],
)
def test_what_the_environment_says(environment, expected):
    found = terminal(environment, reads=True, writes=True, encoding="utf-8")
    assert (found.why_not, found.ascii_only, found.color, found.mouse) == expected
