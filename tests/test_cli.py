"""The command line: exit codes, one-line errors, data for programs, and settings from wherever they come."""

import errno
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cnn_tutor import __version__
from cnn_tutor.cli import main
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.drill import Drill, marker
from cnn_tutor.tutor.export import read
from cnn_tutor.tutor.progress import APPLICATION_ID, FILE, Progress
from cnn_tutor.tutor.result import begun, recompute
from tests.course import COUNT, FILES, IDS, LESSONS, asked

TEXTS = {lesson: [question.text for question in asked(lesson)] for lesson in IDS}


@pytest.fixture
def run(capsys, monkeypatch):
    """One command in this process: its exit code and what it wrote."""

    def command(*arguments, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
        out, err = capsys.readouterr()
        return code, out, err

    return command


def typed_lines(lesson):
    return "".join(f"{text}\n" for text in TEXTS[lesson])


class TestExitCodes:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("learn",),
            ("learn", "nope"),
            ("learn", "conv1d", "--from", "nope"),
            ("learn", "conv1d", "--seed", "x"),
            ("learn", "conv1d", "--seed", "1" * 30),
            ("learn", "conv1d", "--bogus"),
            ("explain", "nope"),
            ("explain", "conv1d", "extra"),
            ("list", "more"),
            ("check",),
            ("check", "/no/such/file.toml"),
            ("--lessons", "/no/such/folder", "list"),
            ("drill",),
            ("drill", "nope"),
            ("drill", "summary"),
            ("drill", "conv1d", "--count", "0"),
            ("drill", "conv1d", "--minutes", "-3"),
            ("drill", "conv1d", "--count", "x"),
            ("practice",),
            ("practice", "prodcts"),
            ("practice", "summary"),
            ("sheet", "nope"),
            ("sheet", "conv1d", "--format", "pdf"),
            ("export", "--out", "/no/such/folder/x"),
            ("export", "--sign", "/no/such/key"),
            ("export", "/no/such/folder"),
            ("export", "/no/such/folder", "--out", "x"),
            ("push",),
            ("report",),
            ("report", "/no/such/file"),
            ("report", "--trust", "/no/such/key", "."),
            ("import",),
        ],
        ids=" ".join,
    )
    def test_wrong_usage_is_2_with_one_line_on_stderr(self, run, arguments):
        code, out, err = run(*arguments)
        assert code == 2
        assert out == ""
        assert err.startswith("cnn-tutor: ")
        assert err.count("\n") == 1

    def test_a_language_that_is_not_there_is_told(self, run):
        code, out, err = run("--lang", "xx", "list")
        assert code == 0
        assert "1D convolution" in out
        assert err == "cnn-tutor: there is no language 'xx'; known are de, en\n"
        for known in ("en", "en_GB", "de_AT.UTF-8"):
            assert run("--lang", known, "list")[2] == ""
        assert "'x' is no whole number" in run("drill", "conv1d", "--minutes", "x")[2]

    def test_a_misspelt_lesson_gets_a_suggestion(self, run):
        assert "did you mean 'batchnorm'" in run("explain", "batchnrom")[2]

    @pytest.mark.parametrize(
        "arguments", [(), ("list",), ("progress",), ("explain", "conv1d"), ("--help",), ("--version",)]
    )
    def test_what_is_done_is_0(self, run, arguments):
        code, out, err = run(*arguments)
        assert code == 0
        assert out
        assert err == ""

    def test_paused_and_finished_are_0(self, run):
        assert run("learn", "conv1d", "--plain", typed="5\nq\n")[0] == 0
        code, out, _ = run("learn", "conv1d", "--plain", typed=typed_lines("conv1d"))
        assert code == 0
        assert f"{COUNT} of {COUNT}" in out.rstrip("\n").rpartition("\n")[2]

    def test_check_as_json_has_the_parts_of_every_fault(self, run):
        assert json.loads(run("check", *FILES.values(), "--json")[1]) == []
        bad = sorted((Path(__file__).parent / "lesson" / "data" / "bad").glob("*.toml"))
        code, out, _ = run("check", *bad, "--json")
        found = json.loads(out)
        assert code == 1
        assert {one["file"] for one in found} == {str(file) for file in bad}
        assert all(one["line"] >= 1 and one["column"] >= 1 and one["message"] for one in found)
        for one in found:
            if one["severity"] == "warning":
                continue
            line = f"{one['file']}:{one['line']}:{one['column']}: "
            assert run("check", one["file"])[1].startswith(line)

    def test_check_is_0_for_sound_files_and_1_for_faults(self, run, tmp_path):
        assert run("check", *FILES.values()) == (0, "", "")
        bad = tmp_path / "bad.toml"
        bad.write_text("format_version = 1\n")
        code, out, err = run("check", bad, tmp_path)
        assert (code, err) == (1, "")
        assert {line.startswith((f"{bad}:1:1: ", "    ")) for line in out.splitlines()} == {True}
        assert out.count(f"{bad}:1:1: lesson: the key 'intro' is missing\n") == 2

    def test_the_version_is_that_of_the_package(self, run):
        assert run("--version")[1] == f"cnn-tutor {__version__}\n"


class TestData:
    def test_list_json_has_one_entry_a_lesson_with_the_named_fields(self, run):
        entries = json.loads(run("list", "--json")[1])
        assert [entry["id"] for entry in entries] == list(IDS)
        for entry in entries:
            lesson = LESSONS[entry["id"]]
            assert entry == {
                "id": lesson.id,
                "title": lesson.title,
                "section": lesson.section,
                "exercises": len(lesson.exercise),
                "questions": lesson.questions,
                "done": 0,
                "mastered": False,
            }

    @pytest.mark.parametrize(
        ("lesson", "options"),
        [*((one, ()) for one in IDS), *((one, more) for one in IDS[:5] for more in (("--fast",), ("--seed", "4")))],
    )
    def test_explain_json_has_exactly_the_named_fields(self, run, lesson, options):
        worked = json.loads(run("explain", lesson, "--json", *options)[1])
        assert list(worked) == ["lesson", "title", "seed", "exercises"]
        assert (worked["lesson"], worked["title"]) == (lesson, LESSONS[lesson].title)
        assert worked["seed"] == (4 if "--seed" in options else None)
        for exercise in worked["exercises"]:
            assert list(exercise) == ["id", "title", "tensors", "layers", "questions"]
            assert isinstance(exercise["tensors"], dict)
            assert all("op" in layer for layer in exercise["layers"])
            for question in exercise["questions"]:
                assert list(question) == ["key", "kind", "prompt", "answer", "text"]
                assert question["kind"] in ("scalar", "vector", "matrix", "shape", "choice", "cells")
                assert isinstance(question["answer"], int | float | list | str)
                assert isinstance(question["text"], str)
                assert "\n" not in question["text"] + question["prompt"]
        assert any(exercise["questions"] for exercise in worked["exercises"])

    def test_done_counts_what_was_answered_right_and_shows_everywhere(self, run):
        run("learn", "conv1d", "--plain", typed="5\n99\n3\n")
        assert {entry["id"]: entry["done"] for entry in json.loads(run("list", "--json")[1])}["conv1d"] == 2
        report = json.loads(run("progress", "--json")[1])
        assert report["next"] == "conv1d"
        assert report["answers"] == 3
        assert f"2 of {COUNT}" in run("list")[1]
        assert "Next: cnn-tutor learn conv1d" in run("progress")[1]

    def test_a_lesson_finished_in_fast_mode_leads_on_although_some_steps_were_not_asked(self, run):
        out = run("learn", "conv1d", "--fast", "--plain", typed="3\n-1 -1 4\n")[1]
        assert out.splitlines()[-2:] == ["Next: cnn-tutor learn conv1d-padding", "Finished: 2 of 2 questions."]

    def test_a_finished_lesson_leads_to_the_next(self, run):
        run("learn", "conv1d", "--plain", typed=typed_lines("conv1d"))
        assert json.loads(run("progress", "--json")[1])["next"] == "conv1d-padding"
        assert "finished" in run("progress")[1]

    def test_fresh_numbers_do_not_count_as_the_lesson(self, run):
        worked = json.loads(run("explain", "conv1d", "--json", "--seed", 3)[1])
        lines = [q["text"] + "\n" for exercise in worked["exercises"] for q in exercise["questions"]]
        assert (
            f"Finished: {len(lines)} of {len(lines)}"
            in run("learn", "conv1d", "--plain", "--seed", 3, typed="".join(lines))[1]
        )
        assert json.loads(run("list", "--json")[1])[0]["done"] == 0

    @pytest.mark.parametrize("options", [(), ("--fast",), ("--seed", "3"), ("--seed", "-3", "--fast")], ids=" ".join)
    def test_a_pause_says_how_to_go_on_with_the_same_questions(self, run, options):
        last = run("learn", "conv1d", *options, "--plain")[1].splitlines()[-1]
        assert last.endswith(" ".join(("Go on with: cnn-tutor learn conv1d", *options)))

    def test_a_lesson_in_a_file_goes_on_by_its_file(self, run, tmp_path):
        file = tmp_path / "my lesson.toml"
        run("new", file)
        assert f"Go on with: cnn-tutor learn '{file}'" in run("learn", file, "--plain")[1]

    def test_the_text_of_explain_names_every_prompt(self, run):
        out = run("explain", "pooling")[1]
        assert all(question.prompt in out for question in asked("pooling"))


class TestResuming:
    def test_a_pause_keeps_the_place(self, run):
        run("learn", "conv1d", "--plain", typed="5\n3\n")
        out = run("learn", "conv1d", "--plain", typed="")[1]
        assert f"Question 3 of {COUNT}" in out
        assert f"Question 1 of {COUNT}" not in out

    def test_from_starts_at_a_question(self, run):
        key = asked("conv1d")[7].key
        for spelled in (key, key.partition("/")[2]):
            assert (
                f"Question 8 of {COUNT}: {asked('conv1d')[7].prompt}"
                in run("learn", "conv1d", "--plain", "--from", spelled)[1]
            )

    def test_fast_asks_about_whole_objects_only(self, run):
        out = run("learn", "conv1d", "--plain", "--fast")[1]
        assert f"Question 1 of {sum(question.fast for question in asked('conv1d'))}: " in out


class TestSettings:
    def test_data_may_be_named_before_or_after_the_command_or_in_the_environment(self, run, tmp_path, monkeypatch):
        run("--data", tmp_path / "a", "learn", "conv1d", "--plain", typed="5\n")
        run("learn", "conv1d", "--plain", "--data", tmp_path / "b", typed="5\n")
        monkeypatch.setenv("CNN_TUTOR_DATA", str(tmp_path / "c"))
        run("learn", "conv1d", "--plain", typed="5\n")
        run("learn", "conv1d", "--plain", "--data", tmp_path / "d", typed="5\n")
        for name in "abcd":
            progress = Progress(tmp_path / name)
            assert len(progress.rows()) == 1
            progress.close()

    def test_lessons_may_come_from_other_folders_and_stand_before_the_shipped_ones(self, run, tmp_path, monkeypatch):
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            text = FILES["conv1d"].read_text(encoding="utf-8")
            text = text.replace('id = "conv1d"', f'id = "{name}"').replace(f"questions = {COUNT}\n", "")
            (tmp_path / name / "lesson.toml").write_text(text, encoding="utf-8")
        both = f"{tmp_path / 'one'}{os.pathsep}{tmp_path / 'two'}"
        options = ("--lessons", tmp_path / "one", "--lessons", tmp_path / "two")
        for arguments in ((*options, "list", "--json"), ("list", "--json", *options)):
            assert [entry["id"] for entry in json.loads(run(*arguments)[1])] == ["one", "two", *IDS]
        monkeypatch.setenv("CNN_TUTOR_LESSONS", both)
        entries = json.loads(run("list", "--json")[1])
        assert [entry["id"] for entry in entries] == ["one", "two", *IDS]
        assert entries[0]["questions"] == COUNT

    def test_a_lesson_of_one_s_own_replaces_the_shipped_one_of_that_id(self, run, tmp_path):
        text = FILES["conv1d"].read_text(encoding="utf-8").replace(LESSONS["conv1d"].title, "Mine")
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        entries = json.loads(run("--lessons", tmp_path, "list", "--json")[1])
        assert [entry["title"] for entry in entries if entry["id"] == "conv1d"] == ["Mine"]

    def test_a_broken_file_in_a_folder_is_named_and_the_others_are_listed(self, run, tmp_path):
        (tmp_path / "broken.toml").write_text("id = [\n")
        code, out, err = run("--lessons", tmp_path, "list")
        assert code == 0
        assert len(out.splitlines()) == len(IDS)
        assert err.startswith(f"cnn-tutor: {tmp_path / 'broken.toml'}:")
        assert err.count("\n") == 1

    @pytest.mark.parametrize("where", ["before", "after"])
    def test_ascii_keeps_everything_printed_in_ascii(self, run, where):
        for command in (("explain", "batchnorm"), ("list",), ("progress",), ("learn", "groupnorm", "--plain")):
            arguments = ("--ascii", *command) if where == "before" else (*command, "--ascii")
            assert run(*arguments, typed="?\n1\n")[1].isascii()

    def test_no_colour_is_sent_into_a_pipe_nor_where_it_is_unwanted(self, run):
        assert "\x1b" not in run("learn", "conv1d", "--plain", typed="5\n")[1]
        assert "\x1b" not in run("--no-color", "learn", "conv1d", "--plain", typed="5\n")[1]


def _interrupted(*_given):
    raise KeyboardInterrupt


class TestTrouble:
    def test_where_nothing_can_be_kept_one_line_says_so_and_the_lesson_goes_on(self, run, tmp_path):
        (tmp_path / "file").write_text("")
        for command in (("list",), ("progress",), ("export",), ("map",), ("review",)):
            code, out, err = run("--data", tmp_path / "file", *command)
            assert code == 0
            assert out
            assert "nothing is kept" in err
            assert err.count("\n") == 1

    @pytest.mark.parametrize("command", ["learn conv1d", "practice conv1d --seed 3", "drill conv1d --seed 3"])
    def test_what_could_not_be_kept_is_said_last_and_nothing_else_is_promised(self, run, tmp_path, command):
        (tmp_path / "file").write_text("")
        code, out, err = run("--data", tmp_path / "file", *command.split(), "--plain", typed="5 5 5\n5\nq\n")
        assert code == 0
        assert "Not kept: cannot make the folder" in out
        assert re.fullmatch(r"Paused: \d+ (of \d+ questions|problems)\.", out.splitlines()[-1])
        first, last = err.splitlines()
        assert first.endswith("it is tried again with each answer.")
        assert re.match(r"cnn-tutor: \d answers? could not be kept: cannot make the folder", last)

    def test_a_drill_that_could_not_be_kept_says_so_beside_its_code(self, run, tmp_path):
        (tmp_path / "file").write_text("")
        drill = ("drill", "conv1d", "--seed", "3", "--minutes", "30", "--plain")
        out = run("--data", tmp_path / "file", *drill, typed=".\n.\n")[1]
        code, told = [line for line in out.splitlines() if "code" in line]
        assert code.startswith("Result code: CT1-3-0of")
        assert "not kept" in told
        assert "is over" not in out
        assert "is over" in run("--data", tmp_path / "home", *drill, typed=".\n.\n")[1]

    def test_an_interruption_promises_no_more_than_is_kept(self, run, tmp_path, monkeypatch):
        (tmp_path / "file").write_text("")
        monkeypatch.setattr("cnn_tutor.plain.lesson._tell", _interrupted)
        for folder, said in ("file", "Paused."), ("home", "Paused. What you answered is kept."):
            code, _, err = run("--data", tmp_path / folder, "learn", "conv1d", "--plain", typed="5\n")
            assert code == 130
            assert said in err.splitlines()
            assert ("1 answer could not be kept" in err) is (folder == "file")

    def test_a_damaged_progress_file_is_set_aside_with_one_line(self, run, tmp_path):
        (tmp_path / FILE).write_text("This is a diary.\n" * 100)
        code, _, err = run("--data", tmp_path, "list")
        assert code == 0
        assert err.count("\n") == 1
        assert "kept as" in err
        assert run("--data", tmp_path, "list")[2] == ""

    def test_escapes_in_a_lesson_reach_neither_stream(self, run, tmp_path):
        text = FILES["conv1d"].read_text(encoding="utf-8").replace('id = "conv1d"', 'id = "esc"')
        text = text.replace(f'title = "{LESSONS["conv1d"].title}"', 'title = "\\u001b[31mred\\u009b"')
        text = text.replace('title = "Three', 'title = "\\u001b]0;t\\u0007Three')
        (tmp_path / "esc.toml").write_text(text, encoding="utf-8")
        (tmp_path / "bad.toml").write_text('"\\u001b[31m" = 1\n')
        commands = (("list",), ("explain", "esc"), ("learn", "esc", "--plain"), ("check", tmp_path), ("progress",))
        paper = (("sheet", "esc"), ("sheet", "esc", "--format", "html"), ("sheet", "esc", "--key"))
        asked_again = (("practice", "esc", "--plain"), ("drill", "esc", "--plain", "--name", "\x1b[31m"), ("export",))
        for command in (*commands, *paper, *asked_again):
            _, out, err = run("--lessons", tmp_path, *command, typed="5\n")
            assert not {"\x1b", "\x9b", "\x07"} & set(out + err)


class TestDrill:
    SHEET = ("drill", "conv1d", "pooling", "--plain", "--seed", "5")

    def test_it_stops_goes_on_and_ends_with_a_code(self, run, tmp_path):
        first = run("--data", tmp_path, *self.SHEET, typed="4\n")[1]
        assert "Paused: 1 of 6 questions." in first
        second = run("--data", tmp_path, *self.SHEET, typed=".\n.\n")[1]
        assert "Correct: L_out = 4" in second
        assert "Result code: CT1-5-1of6-" in second
        again = run("--data", tmp_path, *self.SHEET, typed="")[1]
        assert "This drill is over" in again
        assert again.count("Result code: CT1-5-1of6-") == 1

    def test_an_exported_log_gives_the_code_that_was_shown(self, run, tmp_path):
        out = run("--data", tmp_path, *self.SHEET, "--name", "Ann", typed="4\n1 2 3 4\n.\n.\n")[1]
        run("--data", tmp_path, "export", "--out", tmp_path / "ann.jsonl")
        rows = read((tmp_path / "ann.jsonl").read_bytes(), "ann").rows
        (drill,) = begun(rows)
        assert drill.name == "ann"
        assert f"Result code: {recompute(rows, drill.run, LESSONS.__getitem__).code}" in out

    def test_one_whose_time_ran_out_meanwhile_shows_its_result_once_and_is_on_record(self, run, tmp_path):
        timed = ("--data", tmp_path, "drill", "conv1d", "--plain", "--minutes", "5")
        progress = Progress(tmp_path)
        left = Drill(("conv1d",), 5, 1, 5)
        progress.add([marker(left, "begin", left.text)], 1000.0)
        out = run(*timed, typed="4\n")[1]
        assert "Noted" not in out
        assert "Result code: CT1-5-0of2-" in out
        assert progress.rows()[-1].attempt.action == "end"
        assert progress.rows()[-1].attempt.text in out
        progress.close()
        assert "Noted" in run(*timed, typed="4\n")[1]

    def test_a_name_that_is_no_text_is_refused(self, run):
        code, out, err = run(*self.SHEET, "--name", "\udcff")
        assert (code, out, err.count("\n")) == (2, "", 1)

    def test_without_a_seed_the_one_that_was_left_goes_on(self, run, tmp_path):
        first = run("--data", tmp_path, "drill", "conv1d", "--plain", typed="4\n")[1]
        second = run("--data", tmp_path, "drill", "conv1d", "--plain", typed="")[1]
        assert first.splitlines()[0] == second.splitlines()[0]
        assert "You gave: L_out = 4" in second


class TestReviewAndPaper:
    def test_with_nothing_mastered_nothing_is_due(self, run, tmp_path):
        assert run("--data", tmp_path, "review") == (0, "Nothing is due today: no skill is mastered yet.\n", "")

    def test_what_is_due_is_said_with_its_time_and_asked(self, run, tmp_path):
        progress = Progress(tmp_path)
        for number in range(3):
            key = f"conv1d/sheet/y[{number}].products"
            one = Attempt("conv1d", key, str(number), "answer", number, verdict="Correct", skill="products")
            progress.add([one], 1000.0)
        progress.close()
        code, out, err = run("--data", tmp_path, "review", "--plain", typed="")
        assert (code, err) == (0, "")
        assert out.startswith("Review\nDue today: products.\nAbout 2 minutes.\n")
        assert "Multiply window" in out

    def test_the_sheet_is_the_lesson_of_that_seed(self, run):
        sheet = run("sheet", "conv1d", "--seed", "5", "--key")[1]
        solved = json.loads(run("explain", "conv1d", "--seed", "5", "--json")[1])
        for exercise in solved["exercises"]:
            for question in exercise["questions"]:
                assert question["prompt"].replace("_", "\\_") in sheet

    def test_ascii_is_ascii(self, run):
        for form in ("md", "html"):
            assert run("--ascii", "sheet", "batchnorm", "--format", form)[1].isascii()


class TestReport:
    @pytest.fixture
    def handed_in(self, run, tmp_path):
        run("learn", "conv1d", "--plain", typed="5\n99\n3\n")
        (tmp_path / "in").mkdir()
        run("export", "--name", "Ann Lee", "--out", tmp_path / "in" / "ann.jsonl")
        return tmp_path / "in"

    def test_it_goes_to_the_terminal_a_page_and_spreadsheets(self, run, handed_in, tmp_path):
        code, out, err = run("report", handed_in)
        assert (code, err) == (0, "")
        assert "1 student, 2 answers, 50 % right at once" in out
        code, out, err = run("report", handed_in, "--html", tmp_path / "r.html", "--csv", tmp_path / "r.csv")
        assert (code, err) == (0, "")
        assert out.startswith(f"Written: {tmp_path / 'r.html'}\n")
        written = {file.name for file in tmp_path.glob("r*")}
        assert {"r.html", "r.csv", "r-students.csv", "r-ideas.csv", "r-scores.csv", "r-help.csv"} <= written
        assert "ann lee" in (tmp_path / "r-students.csv").read_text(encoding="utf-8")

    def test_as_data(self, run, handed_in):
        found = json.loads(run("report", handed_in, "--json")[1])
        assert [(one["key"], one["met"], one["first"]) for one in found["questions"]] == [
            ("conv1d/sheet/y[1].size", 1, 1),
            ("conv1d/sheet/y[1].kernel_size", 1, 0),
        ]
        assert found["students"][0]["student"] == "ann lee"

    def test_what_is_left_out_is_named_and_makes_the_code_1(self, run, handed_in):
        (handed_in / "x.txt").write_text("hello")
        code, out, err = run("report", handed_in)
        assert (code, err) == (1, f"cnn-tutor: left out: {handed_in / 'x.txt'} is not a log that cnn-tutor exported\n")
        assert "1 student" in out

    def test_a_folder_of_students_becomes_a_signed_file_for_each(self, run, tmp_path, system):
        command = [system("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"]
        subprocess.run(command, check=True, capture_output=True)
        for name in ("ann", "bo"):
            run("learn", "conv1d", "--plain", "--data", tmp_path / "students" / name, typed="5\n")
        out = tmp_path / "out"
        assert run("export", tmp_path / "students", "--out", out, "--sign", tmp_path / "key")[0] == 0
        assert {file.name for file in out.iterdir()} == {"ann.jsonl", "bo.jsonl"}
        code, text, err = run("report", out, "--trust", tmp_path / "key.pub", "--json")
        assert (code, err) == (0, "")
        assert [one["student"] for one in json.loads(text)["students"]] == ["ann", "bo"]
        assert run("report", tmp_path / "students", "--trust", tmp_path / "key.pub")[0] == 1

    def test_a_log_that_cannot_be_read_does_not_keep_others_from_being_exported(self, run, tmp_path):
        run("learn", "conv1d", "--plain", "--data", tmp_path / "students" / "bo", typed="5\n")
        run("learn", "conv1d", "--plain", "--data", tmp_path / "students" / "ann", typed="5\n")
        with closing(sqlite3.connect(tmp_path / "students" / "ann" / FILE)) as log:
            log.execute("PRAGMA user_version = 99")
        code, _, err = run("export", tmp_path / "students", "--out", tmp_path / "out")
        assert (code, err.count("\n")) == (1, 1)
        assert [file.name for file in (tmp_path / "out").iterdir()] == ["bo.jsonl"]

    def test_anonymous_says_no_name(self, run, handed_in):
        out = run("report", handed_in, "--anonymous", "--json")[1]
        assert "ann" not in out and json.loads(out)["students"][0]["student"].startswith("S-")
        assert json.loads(run("report", handed_in, "--anonymous", "--json")[1]) == json.loads(out)

    def test_a_file_that_cannot_be_written_is_wrong_usage(self, run, handed_in):
        assert run("report", handed_in, "--html", "/no/such/folder/x.html")[0] == 2


@pytest.mark.parametrize("command", ["progress", "export", "review", "import log.jsonl"])
def test_what_is_nothing_without_the_log_fails_where_it_cannot_be_read(command, tmp_path, run):
    """An empty export of a log that is there would look like one of nothing done."""
    log = sqlite3.connect(tmp_path / "progress.sqlite3")
    log.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    log.execute("PRAGMA user_version = 99")
    log.close()
    code, out, err = run("--data", tmp_path, *command.split())
    assert (code, out) == (2, "")
    assert "newer cnn-tutor" in err


def test_a_log_itself_can_be_imported_be_it_damaged_or_not(run, tmp_path):
    run("--data", tmp_path / "home", "learn", "conv1d", "--plain", typed=typed_lines("conv1d"))
    log = tmp_path / "home" / FILE
    count = len(Progress(log.parent).rows())
    (tmp_path / "torn").write_bytes(log.read_bytes()[:-100])
    code, out, _ = run("--data", tmp_path / "other", "import", log, tmp_path / "torn", log)
    assert code == 0
    new = [line.rpartition(": ")[2] for line in out.splitlines()]
    assert [new[0], new[2]] == [f"{count} of {count} rows are new.", f"0 of {count} rows are new."]
    assert new[1].startswith("0 of ")
    (tmp_path / "nothing").write_bytes(b"SQLite format 3\0")
    code, _, err = run("--data", tmp_path / "other", "import", tmp_path / "nothing")
    assert code == 1
    assert "is not a log that cnn-tutor exported" in err


class TestOutput:
    """What is written at a path that somebody names never takes the place of a log."""

    @pytest.fixture
    def log(self, run, tmp_path):
        run("--data", tmp_path / "home", "learn", "conv1d", "--plain", typed="5\n")
        return tmp_path / "home" / FILE

    @pytest.mark.parametrize("end", ["", "-journal", "-wal", "-shm", ".damaged-1"])
    def test_export_does_not_overwrite_the_log_it_reads(self, run, log, end):
        before = log.read_bytes()
        code, out, err = run("--data", log.parent, "export", "--out", f"{log}{end}")
        assert (code, out) == (2, "")
        assert "is a log; name another file" in err
        assert log.read_bytes() == before
        assert [file.name for file in log.parent.glob(f"{FILE}*")] == [FILE]

    def test_nor_any_other_log_or_a_link_to_one(self, run, log, tmp_path):
        before = log.read_bytes()
        (tmp_path / "link").symlink_to(log)
        for path in (log, tmp_path / "link"):
            assert run("--data", tmp_path / "other", "export", "--out", path)[0] == 2
        assert log.read_bytes() == before

    def test_a_report_does_not_overwrite_what_it_is_about(self, run, log, tmp_path):
        handed_in = tmp_path / "ann.jsonl"
        for _ in range(2):
            assert run("--data", log.parent, "export", "--out", handed_in)[0] == 0
        before = handed_in.read_bytes()
        for kind in ("--csv", "--html"):
            code, _, err = run("report", handed_in, kind, handed_in)
            assert code == 2
            assert "is an exported log; name another file" in err
        assert handed_in.read_bytes() == before

    def test_an_export_that_does_not_fit_on_the_disk_leaves_the_one_before(self, run, log, tmp_path, monkeypatch):
        handed_in = tmp_path / "ann.jsonl"
        run("--data", log.parent, "export", "--out", handed_in)
        before = handed_in.read_bytes()

        def full(descriptor):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr("cnn_tutor.whole_file.os.fsync", full)
        code, _, err = run("--data", log.parent, "export", "--name", "Ann", "--out", handed_in)
        assert code == 2
        assert "No space left" in err
        assert handed_in.read_bytes() == before
