"""What is asked for on the full screen runs as on the command line, and the list opens again at the same place."""

import argparse

import pytest

from cnn_tutor.commands import command, screen
from cnn_tutor.errors import UsageError
from cnn_tutor.surroundings import Surroundings
from cnn_tutor.tui import app


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_TUTOR_CONFIG", str(tmp_path / "config"))
    return Surroundings(argparse.Namespace(data=tmp_path, command=None, theme="light"))


class Apps:
    """Stands for the app: it is left each time with the next of these errands."""

    def __init__(self, *left):
        self.left = list(left)
        self.opened = []

    def __call__(self, catalog, progress, seat, **start):
        self.opened.append({"seat": seat, **start})
        return self.left.pop(0)


def test_an_errand_is_run_and_the_list_comes_back_where_it_was(here, monkeypatch):
    apps = Apps((0, ("drill", "conv1d", "--count", "2"), "conv1d"), (0, (), "conv1d"))
    ran = []
    monkeypatch.setattr(app, "run", apps)
    monkeypatch.setattr(command("drill"), "run", lambda options, here: ran.append(options) or 0)
    assert screen.show(here, lesson="conv1d", fast=True) == 0
    (options,) = ran
    assert (options.lessons_named, options.count, options.minutes) == (["conv1d"], 2, None)
    assert (options.data, options.theme) == (here.options.data, "light")
    assert [one.get("place") for one in apps.opened] == [None, "conv1d"]
    assert "lesson" not in apps.opened[1]
    assert apps.opened[0]["seat"].wishes.theme == "light"


def test_an_errand_that_is_interrupted_ends_the_program(here, monkeypatch):
    monkeypatch.setattr(app, "run", Apps((0, ("practice", "conv1d"), "conv1d")))
    monkeypatch.setattr(command("practice"), "run", lambda options, here: 130)
    assert screen.show(here) == 130


def test_who_leaves_the_tutor_in_an_errand_has_left_it(here, monkeypatch):
    monkeypatch.setattr(app, "run", Apps((0, ("practice", "conv1d"), "conv1d")))
    monkeypatch.setattr(command("practice"), "run", lambda options, here: here.seat.quit() or 0)
    assert screen.show(here) == 0


def test_an_errand_that_cannot_be_run_is_told_on_the_list(here, monkeypatch):
    def fails(options, here):
        raise UsageError("there is nothing to compute in this lesson")

    apps = Apps((0, ("practice", "summary"), "summary"), (0, (), ""))
    monkeypatch.setattr(app, "run", apps)
    monkeypatch.setattr(command("practice"), "run", fails)
    assert screen.show(here) == 0
    assert apps.opened[1]["trouble"] == "there is nothing to compute in this lesson"
