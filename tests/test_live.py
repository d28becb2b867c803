"""For authors in the plain shell: the file is read anew while a line is waited for, and a pilot knows all answers."""

import io
import os

import pytest
from rich.console import Console

from cnn_tutor.cli import main
from cnn_tutor.errors import LessonError, UsageError
from cnn_tutor.lesson.template import QUESTIONS, template
from cnn_tutor.plain import live
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.edited import Edited, edited
from cnn_tutor.tutor.progress import Progress


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "01-mine.toml"
    file.write_text(template(file.name), encoding="utf-8")
    return file


class Author(io.StringIO):
    """Types lines, and before some of them saves the file with something else in it."""

    def __init__(self, file, script):
        super().__init__()
        self._file = file
        self._script = list(script)

    def readline(self, size=-1, /):
        step = self._script.pop(0) if self._script else ""
        if callable(step):
            text = step(self._file.read_text(encoding="utf-8"))
            self._file.write_text(text, encoding="utf-8")
            return "this line is lost\n"
        return step


def converse(file, *script, key=None):
    out = io.StringIO()
    console = Console(file=out, width=80, markup=False, highlight=False, emoji=False, color_system=None)
    live.run(Edited(file), Streams(Author(file, script), console), key)
    return out.getvalue()


class TestWatch:
    def test_a_change_asks_the_same_question_anew(self, mine):
        said = converse(mine, "3\n", lambda text: text.replace("x = [1, 3, -2, 4]", "x = [7, 3, -2, 4]"), "q\n")
        before, _, after = said.partition("Read anew.")
        assert "Question 1 of 12" in before
        assert "Question 1 of 12" in after
        assert " 7  3  −2  4" in after
        assert " 1  3  −2  4" not in after

    def test_a_change_of_words_keeps_what_was_answered(self, mine):
        said = converse(mine, "3\n", lambda text: text.replace("Two weights", "Some weights"), "q\n")
        assert "Question 2 of 12" in said.partition("Read anew.")[2]
        assert "Some weights" in said.partition("Read anew.")[2]

    def test_a_fault_is_told_until_it_is_mended(self, mine):
        said = converse(
            mine,
            lambda text: text.replace("weight =", "wait ="),
            "what now?\n",
            lambda text: text.replace("wait =", "weight ="),
            "q\n",
            key="sheet/y[2]",
        )
        first = f"Not readable now: {mine}:46:1: exercise[1].layer[1].wait: unknown key; did you mean 'weight'?"
        assert said.count(first) == 2
        assert said.count("Question 7 of 12") == 2

    def test_lines_are_waited_for_while_the_file_is_looked_at(self, mine, monkeypatch):
        """With a real pipe: the change comes while nothing is typed."""
        monkeypatch.setattr(live, "EVERY", 0.01)
        reading, writing = os.pipe()
        out = io.StringIO()
        watched = Edited(mine)
        looks = []

        def has_changed():
            looks.append(1)
            if len(looks) == 3:
                return True
            if len(looks) == 6:
                os.write(writing, b"q\n")
            return False

        monkeypatch.setattr(watched, "has_changed", has_changed)
        with os.fdopen(reading) as typed:
            live.run(watched, Streams(typed, Console(file=out, width=80)), None)
        os.close(writing)
        assert out.getvalue().count("Read anew.") == 1

    def test_it_needs_a_file_that_is_sound_at_first(self, mine, tmp_path, capsys):
        with pytest.raises(UsageError, match="needs the file of a lesson, not 'conv1d'"):
            edited("conv1d", fast=False, seed=None)
        mine.write_text("format_version = 1\n")
        with pytest.raises(LessonError, match="is missing"):
            Edited(mine).session()
        assert main(["learn", str(mine), "--watch", "--plain"]) == 2
        assert main(["learn", "conv1d", "--watch", "--plain"]) == 2

    def test_a_file_that_is_gone_is_a_fault_and_nothing_is_kept(self, mine, tmp_path, monkeypatch):
        watched = Edited(mine)
        mine.unlink()
        assert watched.has_changed()
        assert not watched.has_changed()
        with pytest.raises(LessonError, match="cannot be read"):
            watched.session()


class TestAutopilot:
    @pytest.mark.parametrize("arguments", [(), ("--fast",), ("--seed", "3"), ("--from", "sheet/y[2]")])
    def test_it_types_every_answer_and_keeps_nothing(self, arguments, capsys, tmp_path):
        assert main(["learn", "conv1d", "--autopilot", *arguments, "--data", str(tmp_path)]) == 0
        out = capsys.readouterr().out
        assert "Not yet" not in out
        assert "> " in out
        assert out.rstrip().splitlines()[-1].startswith("Finished: ")
        assert Progress(tmp_path).rows() == []

    def test_it_reads_through_a_file(self, mine, capsys):
        assert main(["learn", str(mine), "--autopilot"]) == 0
        assert f"Finished: {QUESTIONS} of {QUESTIONS} questions." in capsys.readouterr().out
