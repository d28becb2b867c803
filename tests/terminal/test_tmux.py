"""Inside a real tmux: a whole lesson, other sizes, and a client that goes away and comes back."""

import os

import pytest

from tests.conftest import find_program
from tests.terminal.lesson import work_through
from tests.terminal.session import Session
from tests.terminal.ssh import tutor
from tests.terminal.test_faults import DRAFT, QUESTION


@pytest.fixture
def tmux(tmp_path):
    """What runs tmux with a server of its own, without a status line."""
    (tmp_path / "conf").write_text("set -g status off\nset -s escape-time 0\n", encoding="utf-8")
    command = [str(find_program("tmux")), "-S", str(tmp_path / "socket"), "-f", str(tmp_path / "conf")]
    yield command
    os.spawnv(os.P_WAIT, command[0], [*command, "kill-server"])


def test_a_whole_lesson(tmux):
    with Session([*tmux, "new-session", tutor(["learn", "conv1d"]) + "; echo the code is $?; read line"]) as session:
        work_through(session, "conv1d")
        session.press("ctrl+q").wait("the code is 0")
        session.press("enter")
        assert session.ends() == 0


def test_detached_and_attached_and_resized(tmux):
    with Session([*tmux, "new-session", "-s", "study", tutor(["learn", "conv1d"])]) as session:
        session.wait("Conventions").press("enter").wait(QUESTION).send(DRAFT).wait(DRAFT)
        shown = session.text
        session.press("ctrl+b", "d").wait("detached")
    with Session([*tmux, "attach", "-t", "study"]) as session:
        session.until(lambda: session.text == shown, "the screen as it was")
        session.resize(20, 5).wait("60 x 20").resize(100, 30).wait("answer  . hint").resize(80, 24)
        session.until(lambda: session.text == shown, "the screen as it was")
        session.press("ctrl+q")
        session.ends()
