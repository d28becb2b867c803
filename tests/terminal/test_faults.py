"""Whatever happens to a terminal or its program: the answer survives, the terminal is whole, the process is gone."""

import json
import os
import signal
import sys
import termios
from pathlib import Path

import pytest

from tests.terminal.model import ALTERNATE
from tests.terminal.process import seconds
from tests.terminal.session import KEYS, TUTOR, Session

LEARN = (*TUTOR, "learn", "conv1d")
DRAFT = "12345"
QUESTION = "how many entries"

GARBAGE = (
    b"\x1b[?62;22c\x1b[>41;354;0c\x1b[0n\x1b[12;40R\x1b[?2026;2$y\x1b[8;24;80t",
    b"\x1bP>|XTerm(354)\x1b\\\x1b]11;rgb:0000/0000/0000\x07\x1b]10;rgb:ffff/ffff/ffff\x1b\\\x1b[?1u",
    b"\x1b[M\x20\x25\xe9\x1b[M#\xc3\xa9\x1b[32;10;10M\x1b[<35;10;10M",
    b"\x1b[<0;400;500M\x1b[<0;400;500m",
    b"\xff\xfe\x80\xc3",
)
"""Answers to queries, clicks in other protocols, clicks outside, bytes that are no text."""


def at_question(command=LEARN, **options) -> Session:
    """A session in which an answer is typed and not handed in."""
    session = Session(command, **options)
    session.wait("Conventions").press("enter").wait(QUESTION).send(DRAFT).wait(DRAFT)
    return session


def drafts() -> list[str]:
    """What is kept, in order."""
    file = Path(os.environ["CNN_TUTOR_DATA"]) / "drafts.json"
    return list(json.loads(file.read_text()).values()) if file.exists() else []


def is_clean(session: Session) -> None:
    assert session.model.modes_left == []
    assert session.line_is_restored


class TestTheTerminalGoes:
    def test_the_answer_is_kept_and_stands_there_again(self):
        with at_question() as session:
            session.hang_up()
            assert session.ends() == 129
        assert drafts() == [DRAFT]
        with Session(LEARN) as session:
            session.wait("Conventions").press("enter").wait(f"> {DRAFT}").press("ctrl+q")
            assert session.ends() == 0
        assert drafts() == [DRAFT]

    def test_hanging_up_cannot_be_ignored(self):
        with at_question(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *LEARN]) as session:
            session.hang_up()
            assert session.ends() == 129
        assert drafts() == [DRAFT]

    def test_the_end_of_input_is_seen_where_no_signal_comes(self):
        """In a session of its own the terminal is not the one that controls it."""
        with at_question(["setsid", "--wait", *LEARN]) as session:
            session.hang_up()
            assert session.ends() in (129, -signal.SIGHUP)
            session.until(lambda: drafts() == [DRAFT])

    def test_an_answer_that_was_handed_in_is_no_draft(self):
        with at_question() as session:
            session.press("enter").wait("Not yet").hang_up()
            assert session.ends() == 129
        assert drafts() == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGQUIT, 131), (signal.SIGINT, 130)])
def test_a_signal_ends_it_and_leaves_the_terminal_whole(number, code):
    with at_question() as session:
        session.signal(number)
        assert session.ends() == code
        is_clean(session)
    assert drafts() == [DRAFT]


def test_a_terminal_that_takes_nothing_any_more_does_not_hold_it():
    with at_question() as session:
        termios.tcflow(session._tty, termios.TCOOFF)
        session.press("7")
        session.until(lambda: is_blocked(session.pid), "a blocked program")
        session.signal(signal.SIGTERM)
        assert session.ends(10) == 143
        assert session.line_is_restored
    assert drafts() == [f"{DRAFT}7"]


def is_blocked(pid: int) -> bool:
    """Whether the process waits for something other than events."""
    where = Path(f"/proc/{pid}/wchan").read_text()
    return "write" in where or "wait_woken" in where


class TestStoppedAndContinued:
    def test_suspended_from_a_shell_and_brought_back(self):
        shell = ["bash", "--norc", "--noprofile", "-i"]
        with Session(shell, environment={"PS1": "prompt% ", "TERM": "xterm-256color"}) as session:
            session.wait("prompt%").send(" ".join(LEARN) + "\r").wait("Conventions").press("enter").wait(QUESTION)
            session.send(DRAFT).wait(DRAFT)
            shown, tutor = session.text, child(session.pid)
            os.kill(tutor, signal.SIGTSTP)
            session.wait("Stopped")
            assert session.model.modes_left in ([], [2004])
            session.send("fg\r")
            session.until(lambda: session.text == shown, "the screen as it was")
            session.press("backspace").wait(f"> {DRAFT[:-1]}\n").press("ctrl+q").wait("prompt%")
            session.send("echo code $?\r").wait("code 0")

    def test_stopped_by_force_and_continued(self):
        with at_question() as session:
            shown = session.text
            session.signal(signal.SIGSTOP).signal(signal.SIGCONT)
            session.send("6").wait(f"{DRAFT}6").press("backspace").until(lambda: session.text == shown)
            session.press("ctrl+q")
            assert session.ends() == 0
            is_clean(session)


def child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


class TestSizes:
    def test_too_small_says_what_it_needs_and_loses_nothing(self):
        with at_question() as session:
            shown = session.text
            session.resize(40, 12).wait("60 x 20")
            session.resize(1, 1).rest(0.3).resize(80, 24).until(lambda: session.text == shown)
            session.press("ctrl+q")
            assert session.ends() == 0

    @pytest.mark.parametrize("size", [(0, 0), (20, 5), (1, 1)])
    def test_any_size_at_the_start(self, size):
        with Session(size=size) as session:
            session.until(lambda: session.model.modes.get(ALTERNATE), "a screen of its own")
            session.resize(80, 24).wait("1D convolution").press("ctrl+q")
            assert session.ends() == 0
            is_clean(session)


class TestWhatComesIn:
    def test_a_flood(self):
        """What is pasted without marks is as much as the line takes, and the next key works."""
        with at_question() as session:
            session.send("7" * 100_000).wait("7777").press("ctrl+q")
            assert session.ends() == 0
        assert DRAFT in drafts()[0]

    def test_a_paste_whose_end_is_lost(self):
        script = "from cnn_tutor.tui.terminal import driver\ndriver.PASTE_PAUSE = 0.1\n"
        command = [sys.executable, "-c", f"{script}from cnn_tutor.cli import run; run()", *LEARN[len(TUTOR) :]]
        with at_question(command) as session:
            session.send("\x1b[200~6").wait(f"{DRAFT}6").press("ctrl+q")
            assert session.ends() == 0

    @pytest.mark.parametrize("size", [3, 1000])
    def test_garbage_is_no_answer(self, size):
        """Neither whole nor in pieces, however long the next piece takes."""
        with at_question(environment={"ESCDELAY": "60000"}) as session:
            for garbage in GARBAGE:
                for at in range(0, len(garbage), size):
                    session.send(garbage[at : at + size])
            session.send("6").wait(f"> {DRAFT}.*6").press("ctrl+q")
            assert session.ends() == 0
        assert set(drafts()[0]) <= set(f"{DRAFT}6\ufffd")


class TestFaultsOfTheProgram:
    BROKEN = (
        "from cnn_tutor.tui.widgets import feedback\n"
        "def broken(self, said): raise ZeroDivisionError('on purpose')\n"
        "feedback.Feedback.watch_said = broken\n"
        "from cnn_tutor.cli import run; run()"
    )

    def test_an_exception_in_a_widget_is_one_line(self):
        with Session([sys.executable, "-c", self.BROKEN, "learn", "conv1d"]) as session:
            session.wait("Conventions").press("enter").wait(QUESTION).send("9\r")
            assert session.ends() == 2
            is_clean(session)
            lines = [line for line in session.text.splitlines() if line]
            assert "ZeroDivisionError: on purpose" in " ".join(lines)
            assert "Traceback" not in bytes(session.received).decode()
        told = (Path(os.environ["CNN_TUTOR_DATA"]) / "trouble.txt").read_text()
        assert "watch_said" in told or "broken" in told

    def test_an_exception_on_the_event_loop_is_too(self):
        script = "from cnn_tutor.tui.terminal.typed import Typed\nTyped.feed = lambda *_: 1 / 0\n"
        with Session([sys.executable, "-c", f"{script}from cnn_tutor.cli import run; run()"]) as session:
            session.wait("1D convolution").press("x")
            assert session.ends() == 2
            is_clean(session)
            assert "ZeroDivisionError" in session.text


def test_nothing_runs_while_nothing_happens():
    """Some time after the last key there is a second without a byte, and without work."""
    with at_question() as session:
        session.until(lambda: is_idle(session), "a quiet second")


def is_idle(session: Session) -> bool:
    before, received = seconds(session.pid), len(session.received)
    session.rest(1.0, most=1.0)
    return len(session.received) == received and seconds(session.pid) - before < 0.02


def test_every_key_of_the_harness_is_known():
    assert KEYS["ctrl+q"] == "\x11"
