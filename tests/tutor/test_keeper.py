"""Nothing that was answered is lost where the log cannot be written: it is held, and written with the next."""

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.errors import ProgressError
from cnn_tutor.logbook import Logbook
from cnn_tutor.tutor.keeper import Keeper, all_kept
from cnn_tutor.tutor.log import log, replay
from cnn_tutor.tutor.mastery import standing
from cnn_tutor.tutor.progress import FILE, Progress
from cnn_tutor.tutor.session import ask_hint, look_back, reveal, skip, start, submit
from tests.course import LESSONS, ROOT
from tests.tutor.test_progress import ONE


def pages(progress, limit):
    """Let the file grow to so many pages, as on a disk that is nearly full."""
    progress._database.execute(f"PRAGMA max_page_count = {limit}")


class TestFullDisk:
    def test_what_does_not_fit_is_said_held_and_written_when_there_is_room(self, tmp_path):
        progress = Progress(tmp_path)
        keep = Keeper(progress, lambda: 1.0)
        keep([ONE])
        pages(progress, progress._database.execute("PRAGMA page_count").fetchone()[0])
        large = replace(ONE, text="x" * 10_000)
        with pytest.raises(ProgressError, match=r"cannot use .*: the disk is full$"):
            keep([large])
        assert len(progress.rows()) == 1
        pages(progress, 10_000)
        keep([replace(ONE, text="next")])
        assert [row.attempt.text for row in progress.rows()] == [ONE.text, large.text, "next"]
        assert [row.attempt.text for row in keep.rows] == [ONE.text, large.text, "next"]

    def test_a_file_that_may_only_be_read_is_read_and_the_rest_is_said(self, tmp_path):
        progress = Progress(tmp_path)
        progress.add([ONE], 1.0)
        progress._database.execute("PRAGMA query_only = 1")
        with pytest.raises(ProgressError, match="it may be read, but not written to"):
            progress.add([ONE], 2.0)
        assert len(progress.rows()) == 1

    def test_another_program_that_keeps_it_locked_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setattr("cnn_tutor.tutor.progress.BUSY_SECONDS", 0.01)
        first, second = Progress(tmp_path), Progress(tmp_path)
        first._database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ProgressError, match="another program keeps it locked"):
            second.add([ONE], 1.0)
        first._database.execute("ROLLBACK")
        second.add([ONE], 1.0)
        assert len(first.rows()) == 1

    def test_what_was_held_keeps_the_time_it_was_done_at(self, tmp_path):
        progress, times = Progress(tmp_path), iter((1.0, 2.0, 3.0))
        keep = Keeper(progress, lambda: next(times))
        progress._database.execute("PRAGMA query_only = 1")
        with pytest.raises(ProgressError):
            keep([ONE])
        progress._database.execute("PRAGMA query_only = 0")
        keep([ONE])
        assert [row.at for row in progress.rows()] == [1.0, 2.0]

    def test_a_log_that_could_not_be_opened_is_opened_as_soon_as_it_can_be(self, tmp_path):
        (tmp_path / "home").write_text("in the way")
        keep = Keeper(None, lambda: 1.0, again=lambda: Progress(tmp_path / "home"))
        with pytest.raises(ProgressError, match="cannot make the folder"):
            keep([ONE])
        assert not all_kept(keep)
        assert keep.loss.startswith("1 answer could not be kept: cannot make the folder")
        (tmp_path / "home").unlink()
        assert all_kept(keep)
        assert keep.loss == keep.warning == ""
        assert [row.attempt for row in Progress(tmp_path / "home").rows()] == [ONE]

    def test_what_is_lost_is_counted_in_answers(self, tmp_path):
        progress = Progress(tmp_path)
        progress._database.execute("PRAGMA query_only = 1")
        keep = Keeper(progress, lambda: 1.0)
        for attempts, said in (
            ([replace(ONE, action="hint")], "What you did last could not be kept: cannot use"),
            ([ONE, replace(ONE, action="cover"), ONE], "2 answers could not be kept: cannot use"),
        ):
            with pytest.raises(ProgressError):
                keep(attempts)
            assert keep.loss.startswith(said)

    def test_a_sitting_takes_over_what_an_earlier_one_could_not_keep(self, tmp_path):
        (tmp_path / "home").write_text("in the way")
        said = []
        book = Logbook(tmp_path / "home", lambda: 1.0, lambda line: said.append(str(line)))
        with pytest.raises(ProgressError):
            book.keeper(quiet=False)([ONE])
        second = book.keeper(quiet=True)
        assert [row.attempt for row in second.read()] == [ONE]
        book.close()
        told, lost = said
        assert told.endswith("it is tried again with each answer.")
        assert lost.startswith("1 answer could not be kept")
        (tmp_path / "home").unlink()
        assert [row.attempt for row in book.keeper(quiet=True).read()] == [ONE]
        assert book.loss() == ""

    def test_without_a_log_all_is_held_for_as_long_as_the_program_runs(self):
        keep = Keeper(None, lambda: 1.0)
        keep([ONE])
        assert [row.attempt for row in keep.rows] == [ONE]


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), max_size=5), st.booleans())
@settings(max_examples=60)
def test_a_file_spoilt_anywhere_opens_or_is_kept_aside(tmp_path_factory, cut, flips, is_cut):
    folder = tmp_path_factory.mktemp("torn")
    progress = Progress(folder)
    progress.add([replace(ONE, text=str(number) * 40) for number in range(60)], 1.0)
    progress.close()
    content = bytearray((folder / FILE).read_bytes())
    for flip in flips:
        content[flip % len(content)] ^= 0xFF
    spoilt = bytes(content[: cut % len(content)] if is_cut else content)
    (folder / FILE).write_bytes(spoilt)
    try:
        opened = Progress(folder)
    except ProgressError:
        assert (folder / FILE).read_bytes() == spoilt
        return
    if opened.notice:
        assert any(file.read_bytes() == spoilt for file in folder.iterdir() if file.name != FILE)
        opened.add([ONE], 2.0)
    opened.close()


ACTIONS = {
    "right": lambda session: submit(session, session.current.text),
    "wrong": lambda session: submit(session, "77"),
    "hint": ask_hint,
    "show": reveal,
    "skip": lambda session: (skip(session), None),
    "back": lambda session: (look_back(session), None),
}


@given(st.lists(st.sampled_from(sorted(ACTIONS)), max_size=25), st.booleans())
@settings(max_examples=60)
def test_a_fold_over_the_log_equals_the_state_kept(actions, fast):
    session = start(LESSONS["conv1d"], fast=fast)
    rows = []
    for name in actions:
        text = {"right": session.current.text, "wrong": "77"}.get(name, "")
        after, feedback = ACTIONS[name](session)
        if name != "back":
            kind = "answer" if text else name
            rows += log(session, after, kind, text, feedback if text else None)
        session = after
    again = replay(start(LESSONS["conv1d"], fast=fast), rows)
    assert again.records == session.records
    settled = [one for one in session.questions if session.record(one).done or session.record(one).covered]
    assert standing(rows, len(session.questions)).done == len(settled)


RUNNER = """
import io, os, sys
from cnn_tutor.cli import main
main(["explain", "conv1d", "--json"])
said, typed, sys.stdout, sys.stdin = sys.stdout, sys.stdin, io.StringIO(), io.StringIO("0\\n")
main(["--data", sys.argv[1], "learn", "conv1d", "--plain"])
sys.stdout, sys.stdin = said, typed
sys.stdout.flush()
print("READY", flush=True)
for line in sys.stdin:
    folder, readable, writable = line.split()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(os.open(readable, os.O_RDONLY), 0)
        os.dup2(os.open(writable, os.O_WRONLY), 1)
        sys.stdin = open(0, encoding="utf-8")
        sys.stdout = open(1, "w", encoding="utf-8")
        os._exit(main(["--data", folder, "learn", "conv1d", "--plain"]))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("GONE", flush=True)
"""
"""Starts sessions of the plain shell, each in a process of its own, from one that has loaded everything."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_nothing_is_lost_that_was_acknowledged(tmp_path, shelf):
    """Two hundred sessions are killed with SIGKILL while answers are on their way; every verdict read is in the log."""
    chance = random.Random(4)
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tmp_path / "rehearsal")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as runner:
        listed = json.loads(runner.stdout.readline())["exercises"]
        texts = [one["text"] for exercise in listed for one in exercise["questions"]]
        assert runner.stdout.readline() == "READY\n"
        for number in range(200):
            folder = tmp_path / str(number)
            folder.mkdir()
            os.link(shelf, folder / shelf.name)
            acknowledged, sent = one_session(runner, folder, texts, chance)
            kept = answers_in(folder)
            assert len(kept) >= acknowledged
            assert kept == sent[: len(kept)]
        runner.stdin.close()


def answers_in(folder):
    """What the log of a killed session holds; it opens without a word."""
    if not (folder / FILE).exists():
        return []
    progress = Progress(folder)
    texts = [row.attempt.text for row in progress.rows()]
    progress.close()
    assert progress.notice == ""
    return texts


def one_session(runner, folder, texts, chance):
    """How many answers were acknowledged before the kill, and what was typed."""
    pipes = [str(folder) + end for end in (".in", ".out")]
    for pipe in pipes:
        os.mkfifo(pipe)
    runner.stdin.write(f"{folder} {pipes[0]} {pipes[1]}\n")
    runner.stdin.flush()
    child = int(runner.stdout.readline())
    wanted, sent, acknowledged = chance.randrange(0, 7), [], 0
    with Path(pipes[0]).open("w", encoding="utf-8") as out, Path(pipes[1]).open(encoding="utf-8") as said:
        for text in texts[:wanted]:
            out.write(f"{text}\n")
            out.flush()
            sent.append(text)
            while not said.readline().startswith("Correct"):
                pass
            acknowledged += 1
        sent.append(texts[wanted])
        out.write(f"{texts[wanted]}\n")
        out.flush()
        for _ in range(chance.randrange(0, 20_000)):
            pass
        os.kill(child, signal.SIGKILL)
        acknowledged += said.read().count("\nCorrect")
    assert runner.stdout.readline() == "GONE\n"
    return acknowledged, sent
