"""A clock that jumps: what is said of a log that is ahead of it, and that nothing runs backwards."""

import argparse
import io
import json
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from cnn_tutor.cli import main
from cnn_tutor.surroundings import Surroundings
from cnn_tutor.tutor.clock import TOLERANCE, ahead, said
from cnn_tutor.tutor.drill import Drill, marker
from cnn_tutor.tutor.progress import Progress, Row
from tests.course import LESSONS
from tests.tutor.test_progress import ONE

DAY = 86400.0
NOW = 100 * DAY


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """One command on the log in ``tmp_path``, on day 100; its output."""
    monkeypatch.setattr(Surroundings, "now", lambda self: NOW)

    def command(*arguments, typed=None):
        monkeypatch.setattr(sys, "stdin", typed or io.StringIO())
        assert main(["--data", str(tmp_path), *arguments]) == 0
        return capsys.readouterr().out

    return command


def at(*times):
    return [Row(time, ONE) for time in times]


@pytest.mark.parametrize(
    ("times", "seconds"),
    [((), 0.0), ((NOW - DAY,), 0.0), ((NOW + TOLERANCE,), 0.0), ((NOW + DAY, NOW), DAY), ((float("inf"),), 1e9)],
)
def test_a_log_is_ahead_by_its_latest_row_wherever_that_is(times, seconds):
    assert ahead(at(*times), NOW) == seconds
    assert bool(said(ahead(at(*times), NOW))) is bool(seconds)


def test_progress_says_it_and_its_first_time_is_never_after_its_last(run, tmp_path):
    progress = Progress(tmp_path)
    progress.add([ONE], NOW + 30 * DAY)
    assert "Your log is 30 d ahead of this computer's clock" in run("progress")
    progress.add([ONE], NOW)
    known = json.loads(run("progress", "--json"))
    assert (known["first"], known["last"], known["ahead"]) == (NOW, NOW + 30 * DAY, 30 * DAY)


def test_review_says_it_beside_what_is_next(run, tmp_path):
    clean = [replace(ONE, digest=str(seed), seed=seed) for seed in (1, 2, 3)]
    Progress(tmp_path).add(clean, NOW + 30 * DAY)
    assert "is next, in 31 days. Your log is 30 d ahead" in run("review")


def watch(monkeypatch, seconds):
    """A stopwatch that shows the first of ``seconds``."""
    monkeypatch.setattr("cnn_tutor.surroundings.time", SimpleNamespace(monotonic=lambda: seconds[0]))


def test_the_time_of_a_drill_runs_on_from_its_last_row(run, tmp_path, monkeypatch):
    """A clock that was set back by three days gives nothing back, and does not stop the drill's own either."""
    drill = Drill.of([LESSONS["conv1d"]], 7, count=None, minutes=10, name="")
    progress, stopwatch = Progress(tmp_path), [0.0]
    progress.add([marker(drill, "begin", drill.text)], NOW + 3 * DAY)
    watch(monkeypatch, stopwatch)

    class Typist(io.StringIO):
        def readline(self, *_):
            stopwatch[0] += 240
            return "again\n"

    out = run("drill", "conv1d", "--seed", "7", "--minutes", "10", "--plain", typed=Typist())
    assert "Your log is 3 d ahead" in out
    assert "(10 min left)" in out
    assert "(6 min left)" in out
    assert "The time is over." in out
    assert [row.at >= NOW + 3 * DAY for row in progress.rows()] == [True, True]


def test_a_steady_clock_follows_jumps_forward_only(monkeypatch):
    now, stopwatch = [NOW], [0.0]
    monkeypatch.setattr(Surroundings, "now", lambda self: now[0])
    watch(monkeypatch, stopwatch)
    here = Surroundings(argparse.Namespace())
    clock, later = here.steady(0.0), here.steady(NOW + 5)
    assert (clock(), later()) == (NOW, NOW + 5)
    now[0], stopwatch[0] = NOW - DAY, 10.0
    assert (clock(), later()) == (NOW + 10, NOW + 15)
    now[0] = NOW + DAY
    assert (clock(), later()) == (NOW + DAY, NOW + DAY)
