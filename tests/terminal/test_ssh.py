"""Over a real SSH connection: a whole lesson, and every way in which the connection can go."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.terminal.lesson import work_through
from tests.terminal.session import Session
from tests.terminal.ssh import Server, server, tutor
from tests.terminal.test_faults import DRAFT, QUESTION, drafts


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    with server(tmp_path_factory.mktemp("ssh")) as running:
        yield running


def at_question(sshd: Server, pids: Path, *, watched: bool = False) -> tuple[Session, int]:
    session = sshd.session(pids, "learn", "conv1d", watched=watched)
    session.wait("Conventions").press("enter").wait(QUESTION).send(DRAFT).wait(DRAFT)
    return session, int(pids.read_text())


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


def test_a_whole_lesson(sshd, tmp_path):
    with sshd.session(tmp_path / "pid", "learn", "conv1d") as session:
        work_through(session, "conv1d")
        session.press("ctrl+q")
        assert session.ends() == 0
        assert session.model.modes_left == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_client_is_killed(sshd, tmp_path, number):
    session, tutors = at_question(sshd, tmp_path / "pid")
    with session:
        session.signal(number)
        session.until(lambda: is_gone(tutors), "the tutor's end")
    assert drafts() == [DRAFT]


def test_a_network_that_is_silent_is_noticed_because_an_idle_tutor_is_silent_too(sshd, tmp_path):
    session, tutors = at_question(sshd, tmp_path / "pid", watched=True)
    with session:
        session.signal(signal.SIGSTOP)
        try:
            session.until(lambda: is_gone(tutors), "the tutor's end")
        finally:
            session.signal(signal.SIGCONT)
    assert drafts() == [DRAFT]


def test_without_a_terminal_the_list_is_plain_text(sshd):
    done = subprocess.run(
        sshd.client(tutor([]), "-T"), stdin=subprocess.DEVNULL, capture_output=True, check=False, env=os.environ
    )
    assert done.returncode == 0
    assert b"cnn-tutor learn LESSON" in done.stdout
    assert b"\x1b" not in done.stdout + done.stderr
