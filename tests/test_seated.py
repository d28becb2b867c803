"""What a host makes before anybody comes is what the students then find, and nothing depends on it."""

import argparse
from pathlib import Path

import msgspec
import pytest

from cnn_tutor.commands import command, seated
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.options import parser
from cnn_tutor.tutor import candidate
from cnn_tutor.tutor.diagnosis import prepare
from cnn_tutor.tutor.session import start
from tests.course import LESSONS

EMPTY = msgspec.structs.replace(LESSONS["conv1d"], id="summary", exercise=[])
CATALOG = Catalog((LESSONS["conv1d"], LESSONS["pooling"]))


def task(*words: str) -> argparse.Namespace:
    return parser({"drill": command("drill")}).parse_args(["drill", "conv1d", *words])


@pytest.fixture
def made(monkeypatch):
    """For whom sheets have been made."""
    names = []
    make = seated.Surroundings.sheet
    monkeypatch.setattr(seated.Surroundings, "sheet", lambda here, drill: names.append(drill.name) or make(here, drill))
    return names


@pytest.fixture
def shown(monkeypatch):
    """The sheets that students were shown."""
    sheets = []
    monkeypatch.setattr(command("drill"), "run", lambda options, here: sheets.append(sheet(options, here)) or 0)
    return sheets


def sheet(options, here):
    return here.sheet(command("drill").known(options, here)).lesson.exercise


def test_sheets_of_their_own_are_made_before_and_not_again(made, shown, tmp_path):
    work = seated.seated(task("--seed", "4", "--count", "1"), CATALOG, ["ada", "bob"])
    assert made == ["ada", "bob"]
    assert [work(name, tmp_path) for name in ("bob", "ada", "eve")] == [0, 0, 0]
    assert made == ["ada", "bob", "eve"]
    assert len({repr(one) for one in shown}) == 3


@pytest.mark.parametrize(("seconds", "words"), [(-1.0, ("--seed", "4")), (10.0, ())])
def test_without_time_or_a_seed_they_are_made_when_students_come(made, monkeypatch, seconds, words):
    monkeypatch.setattr(seated, "LONGEST", seconds)
    seated.seated(task("--count", "1", *words), CATALOG, ["ada"])
    assert made == []


def test_a_task_without_anything_to_compute_does_not_end_the_warm_process(made):
    options = parser({"drill": command("drill")}).parse_args(["drill", "summary", "--seed", "4", "--count", "2"])
    assert callable(seated.seated(options, Catalog((EMPTY,)), ["ada"]))


def test_the_whole_class_has_one_sheet(made, shown):
    work = seated.seated(task("--seed", "4", "--count", "1"), CATALOG, None)
    assert [work(name, Path()) for name in ("ada", "bob")] == [0, 0]
    assert shown[0] == shown[1]
    assert made == [""]


def test_a_lesson_is_made_once_and_what_wrong_ideas_give_is_known(monkeypatch):
    sessions, thought = [], []
    lesson = LESSONS["pooling"]
    monkeypatch.setattr(
        command("learn"), "run", lambda options, here: sessions.append(here.session(lesson, False, None))
    )
    options = parser({"learn": command("learn")}).parse_args(["learn", "pooling"])
    work = seated.seated(options, CATALOG, None)
    think = candidate._candidates
    monkeypatch.setattr(candidate, "_candidates", lambda *args, **named: thought.append(args) or think(*args, **named))
    for name in ("ada", "bob"):
        work(name, Path())
    first, second = sessions
    assert first.questions is second.questions
    for place in first.asked:
        prepare(first.questions[place])
    assert not thought
    prepare(start(lesson).questions[first.asked[0]])
    assert len(thought) == 1
