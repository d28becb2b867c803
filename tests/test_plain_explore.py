"""Exploring line by line: everything is labelled, nothing is redrawn, and no line breaks it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.cli import main
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.plain.explore import COMMANDS, Shell
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.examples import NAMES, example
from cnn_tutor.tutor.pictures import NAMES as PICTURES


def talk(*lines, first=None, exercises=None, ascii_only=False):
    """What is said when these lines are typed."""
    out = io.StringIO()
    console = Console(file=out, width=80, markup=False, highlight=False, emoji=False, color_system=None)
    streams = Streams(io.StringIO("".join(f"{line}\n" for line in lines)), console, ascii_only)
    Shell(streams, exercises or {}).run(first)
    return out.getvalue()


def test_a_change_is_said_before_and_after():
    said = talk("x[2] = 5", "undo", "undo", first=example("conv1d"))
    assert "y was [−1 −1 4] and is [−1 4 4]." in said
    assert "y was [−1 4 4] and is [−1 −1 4]." in said
    assert "There is nothing to undo." in said
    assert "PyTorch: y = F.conv1d(x, w)" in said
    assert said.rstrip().endswith("Nothing that was tried here is kept or counted.")


def test_every_step_can_be_heard():
    said = talk("watch", first=example("conv1d"))
    assert "Step 8 of 17, y = conv1d: Entry times weight, place by place. Do not add yet. " in said
    assert said.count("Step ") == 17
    long = talk("watch 30", "", first=example("batch_norm"))
    assert "Step 38 of 38" in long
    assert "Step 29 of" not in long


def test_a_cell_says_what_hangs_together_with_it():
    said = talk("at w[2]", "at Y", "at y[9]", "at h", first=example("conv1d"))
    assert "w₂ = 0. […] It meets x[2-4]. {…} It feeds y[1-3]." in said
    assert "Name a cell of x, w, y, as in at x[2]." in said
    assert "9 does not lie between 1 and 3." in said


def test_all_operations_and_pictures_are_offered():
    said = talk("help", "at x[1]", "op nothing")
    assert all(f"{name}: " in said for name in (*NAMES, *PICTURES))
    assert all(written in said for written, _ in COMMANDS)
    assert "Choose an operation first" in said
    opened = talk(*(f"op {name}" for name in NAMES))
    assert opened.count("Explore: ") == len(NAMES)


def test_a_picture_is_seen_in_ascii():
    said = talk("op three", "kernel = blur", "at Y[10,11]", ascii_only=True)
    assert said.isascii()
    assert "@@@@" in said
    assert "Y[10,11] = 0.3125." in said


def test_the_exercises_of_a_lesson():
    exercises = {one.id: one for one in catalog().get("pooling").exercise}
    said = talk("exercise average", "exercise none", exercises=exercises, first=exercises["max"])
    assert f"Explore: {exercises['average'].title}" in said
    assert "Exercises here: max, average" in said


@settings(max_examples=40)
@given(st.lists(st.text(max_size=30).map(lambda line: line.replace("\n", " ").replace("\r", " ")), max_size=5))
def test_no_line_breaks_it(lines):
    assert "kept or counted" in talk(*lines, first=example("conv1d"))


@pytest.mark.parametrize(
    ("arguments", "typed", "expected"),
    [
        (["explore", "conv1d"], "stride = 2\n", "y was [−1 −1 4] and is [−1 4]."),
        (["explore", "matrix/im2col", "--plain"], "at X[2,2]\n", "It feeds M["),
        (["explore"], "op relu\nat h[1]\n", "ReLU(2) = 2"),
    ],
)
def test_the_command(arguments, typed, expected, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(arguments) == 0
    assert expected in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nothing", "conv1d/nothing", "summary"])
def test_what_cannot_be_explored_is_said_in_one_line(name, capsys):
    assert main(["explore", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1
