"""The words of the plain shell: everything can be reached from it, and a person is told how."""

import io

import pytest
from rich.console import Console

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.plain import Streams, run
from cnn_tutor.plain.manual import COMMANDS
from cnn_tutor.tutor.session import start
from tests.course import cnn_tutor_command


def talk(lesson: str, typed: str) -> str:
    """What is said to somebody who types these lines at a lesson."""
    out = io.StringIO()
    run(start(catalog().get(lesson)), Streams(io.StringIO(typed), Console(file=out, width=100)), lambda rows: None)
    return out.getvalue()


EVERYTHING = [name for name, _ in COMMANDS if name.isalpha() and name != "q"]


def test_a_first_time_student_is_told_how_to_get_help() -> None:
    assert "help for all commands" in talk("conv1d", "q")


def test_help_names_every_command() -> None:
    said = talk("conv1d", "help\nq")
    for name, meaning in COMMANDS:
        assert f"  {name}: {meaning}" in said
    assert talk("conv1d", "h\nq").count("Commands:") == 1


@pytest.mark.parametrize("word", [*EVERYTHING, "guided", "h", "HELP"])
def test_no_word_counts_as_an_answer(word: str) -> None:
    said = talk("conv1d", f"{word}\nq")
    assert "Unreadable" not in said
    assert "Not yet" not in said


def test_tables_are_read_out_on_request_and_drawn_again() -> None:
    said = talk("conv1d", "words\nwords\nq")
    assert "x: 2, 0, 3, 1, −1" in said
    assert "Tables are drawn." in said


def test_the_window_is_named_below_the_tables() -> None:
    assert "Window: x: columns 1–3" in talk("conv1d", "5\n3\n2\n3\n2 0 3\nq")


def test_the_question_and_the_notes_can_be_had_again() -> None:
    assert talk("conv1d", "again\nq").count("Question 1 of") == 2
    assert "Key ideas:" in talk("conv1d", "notes\nq")


def test_fast_and_back() -> None:
    said = talk("conv1d", "fast\nguided\nq")
    assert "Fast: only whole results are asked." in said
    assert "Guided: every step is asked." in said
    assert said.count("Question 1 of 16") == 2


def test_folding_by_hand_and_when_nothing_can_be_folded() -> None:
    assert "none can now" in talk("conv1d", "fold\nq")
    said = talk("conv1d", "5\n3\n2\n3\n2 0 3\n2 0 -3\n-1\n0 3 1\nfold\nq")
    assert "“window” is left out from now on" in said


def test_a_pipe_is_offered_nothing() -> None:
    said = talk("conv1d", "5\n3\n2\n3\n2 0 3\n2 0 -3\n-1\n0 3 1\nq")
    assert "goes well" not in said


def test_a_drill_has_words_of_its_own(tmp_path) -> None:
    typed = "help\nwords\nagain\nq\n"
    done = cnn_tutor_command("drill", "conv1d", "--seed", "1", "--data", str(tmp_path), "--plain", typed=typed)
    assert done.stdout.count("ends the drill") == 2
    assert done.stdout.count("Question 1 of") == 3
    assert "Tables are read out in words." in done.stdout
    assert "Unreadable" not in done.stdout
    assert "Paused: 0 of" in done.stdout
