"""What a report reads, whose it is, and what is named and left out."""

import os
import re
import shutil
import sqlite3
import subprocess
import tracemalloc
from dataclasses import replace

import pytest

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.tutor import progress
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.drill import Drill, marker
from cnn_tutor.tutor.export import LARGEST, written
from cnn_tutor.tutor.progress import FILE, Progress
from cnn_tutor.tutor.report.build import How, build
from cnn_tutor.tutor.report.pseudonym import pseudonym, secret
from cnn_tutor.tutor.report.sheets import sheets
from cnn_tutor.tutor.signature import sign, trusted
from tests.bench import report as bench
from tests.course import DATA, LESSONS

CATALOG = Catalog(tuple(LESSONS.values()))
RIGHT = Attempt("conv1d", "conv1d/sheet/y[1]", "d", "answer", text="1", verdict="Correct", skill="conv1d output")


def log(folder, *texts, attempts=()):
    opened = Progress(folder)
    opened.add([*(replace(RIGHT, key=f"conv1d/sheet/{text}") for text in texts), *attempts], 1.0)
    return opened


def export(rows, file, name="", sign=None):
    file.write_text("".join(f"{line}\n" for line in written(rows, name, sign)))
    return file


def met(report):
    return {one.name: one.met for one in report.students}


def why(report):
    return [one.reason.rpartition("/")[2] for one in report.left_out]


class TestWhose:
    def test_a_name_in_the_file_goes_before_all_others(self, tmp_path):
        drill = Drill(("conv1d",), 1, 1, name="bo")
        rows = log(tmp_path / "x", "a", attempts=[marker(drill, "begin", drill.text)]).rows()
        assert met(build([export(rows, tmp_path / "f", "ann")], CATALOG)) == {"ann": 1}
        assert met(build([export(rows, tmp_path / "f")], CATALOG)) == {"bo": 1}

    def test_a_log_in_a_home_is_named_by_the_home(self, tmp_path):
        log(tmp_path / "home" / "ann" / ".local" / "share" / "cnn-tutor", "a").close()
        log(tmp_path / "home" / "bo" / "Library" / "Application Support" / "cnn-tutor", "a", "b").close()
        for name in ("ann", "cem"):
            (tmp_path / "home" / name / "Documents").mkdir(parents=True)
            (tmp_path / "home" / name / ".profile").write_text("# mine")
            (tmp_path / "home" / name / "Documents" / "diary.txt").write_text("private")
        report = build([tmp_path / "home"], CATALOG)
        assert met(report) == {"ann": 1, "bo": 2}
        assert report.left_out == ()

    def test_several_names_in_one_log_are_several_students(self, tmp_path):
        drills = [Drill(("conv1d",), 1, 1, name=name) for name in ("ann", "bo")]
        rows = [marker(one, "begin", one.text) for one in drills]
        rows += [
            replace(RIGHT, mode="drill", run=one.run, key=f"drill/conv1d-{number}")
            for number in range(2)
            for one in drills
        ]
        log(tmp_path / "lab", attempts=[*rows, RIGHT]).close()
        assert met(build([tmp_path], CATALOG)) == {"ann": 2, "bo": 2, "lab": 1}

    def test_two_machines_of_one_student_are_added_up(self, tmp_path):
        one, other = log(tmp_path / "a", "a", "b"), log(tmp_path / "b", "c")
        files = [export(one.rows(), tmp_path / "1", "ann"), export(other.rows(), tmp_path / "2", "ann")]
        assert met(build(files, CATALOG)) == {"ann": 3}

    def test_an_older_export_without_a_name_belongs_to_the_newer_with_one(self, tmp_path):
        opened = log(tmp_path / "a", "a")
        old = export(opened.rows(), tmp_path / "old")
        opened.add([replace(RIGHT, key="conv1d/sheet/b")], 2.0)
        report = build([old, export(opened.rows(), tmp_path / "new", "ann")], CATALOG)
        assert met(report) == {"ann": 2}
        assert why(report) == ["old is doubled: all its rows are in others"]

    def test_an_imported_log_counts_once(self, tmp_path):
        desktop, laptop = log(tmp_path / "a", "a"), log(tmp_path / "b", "b")
        first = export(laptop.rows(), tmp_path / "laptop")
        desktop.take_in(laptop.rows())
        assert met(build([first, export(desktop.rows(), tmp_path / "both")], CATALOG)) == {"both": 2}

    def test_machines_made_from_one_image_are_not_taken_for_one_student(self, tmp_path):
        log(tmp_path / "image").close()
        for name, text in (("ann", "a"), ("bo", "b")):
            shutil.copytree(tmp_path / "image", tmp_path / name)
            export(log(tmp_path / name, text).rows(), tmp_path / f"{name}.jsonl", name)
        report = build([tmp_path / "ann.jsonl", tmp_path / "bo.jsonl"], CATALOG)
        assert met(report) == {"ann": 1, "bo": 1}
        assert report.left_out == ()

    def test_who_hands_in_the_work_of_another_is_named(self, tmp_path):
        ann = log(tmp_path / "a", "a", "b")
        bo = log(tmp_path / "b", "c")
        bo.take_in(ann.rows())
        files = [export(ann.rows(), tmp_path / "ann", "ann"), export(bo.rows(), tmp_path / "bo", "bo")]
        report = build(files, CATALOG)
        assert met(report) == {"ann": 2, "bo": 1}
        assert why(report) == ["bo: 2 of its rows are in others as well and count only there"]


class TestLeftOut:
    def test_everything_that_is_no_sound_log_is_named(self, tmp_path):
        folder = tmp_path / "in"
        folder.mkdir()
        opened = log(tmp_path / "a", "a", "b")
        whole = export(opened.rows(), folder / "1-whole.jsonl", "ann").read_text()
        (folder / "2-doubled.jsonl").write_text(whole)
        (folder / "3-tampered.jsonl").write_text(whole.replace('"Correct"', '"Not yet"', 1))
        (folder / "4-cut.jsonl").write_text("\n".join(whole.split("\n")[:2]))
        (folder / "5-foreign.docx").write_bytes(b"PK\x03\x04")
        (folder / "6-empty").write_bytes(b"")
        (folder / "7-other.db").write_bytes(b"SQLite format 3\0" + bytes(100))
        report = build([folder], CATALOG)
        assert met(report) == {"ann": 2}
        assert sorted(why(report)) == [
            "2-doubled.jsonl is doubled: all its rows are in others",
            "3-tampered.jsonl is damaged: its seal does not fit",
            "4-cut.jsonl is cut off: it has 0 of 2 rows",
            "5-foreign.docx is not a log that cnn-tutor exported",
            "6-empty is not a log that cnn-tutor exported",
            "7-other.db is another program's database",
        ]

    def test_a_damaged_log_is_named_and_not_touched(self, tmp_path):
        log(tmp_path / "ann", *"abcdefgh" * 40).close()
        file = tmp_path / "ann" / FILE
        spoilt = file.read_bytes()[:4096] + b"\xff" * 8192 + file.read_bytes()[12288:]
        file.write_bytes(spoilt)
        report = build([tmp_path], CATALOG)
        assert met(report) == {}
        assert "is damaged" in report.left_out[0].reason
        assert [one.name for one in (tmp_path / "ann").iterdir()] == [FILE]
        assert file.read_bytes() == spoilt

    def test_a_sealed_file_with_rows_of_nonsense_is_named(self, tmp_path):
        rows = log(tmp_path / "a", "a").rows()
        file = export([replace(rows[0], at="soon")], tmp_path / "odd", "ann")
        report = build([file], CATALOG)
        assert (met(report), why(report)) == ({}, ["odd is damaged: a line cannot be read"])

    def test_words_that_would_fill_a_report_are_refused(self, tmp_path):
        rows = log(tmp_path / "a", "a" * 1000).rows()
        assert why(build([export(rows, tmp_path / "long", "ann")], CATALOG)) == [
            "long is damaged: a line cannot be read"
        ]
        rows = log(tmp_path / "b", "b").rows()
        found = build([export(rows, tmp_path / "named", "n" * 1000)], CATALOG)
        assert why(found) == ["named is not a log that cnn-tutor exported"]

    def test_what_would_never_end_is_not_read(self, tmp_path):
        os.mkfifo(tmp_path / "1-pipe")
        (tmp_path / "2-nowhere").symlink_to(tmp_path / "no")
        with (tmp_path / "3-huge").open("wb") as file:
            file.write(b'{"format":"cnn-tutor-log","version":2,"rows":1,"name":""}\n')
            file.truncate(LARGEST + 2)
        assert why(build([tmp_path], CATALOG)) == [
            "1-pipe is no file that could be read",
            "2-nowhere is no file that could be read",
            "3-huge is too large to be a log",
        ]

    def test_times_and_numbers_beyond_all_measure_do_no_harm(self, tmp_path):
        rows = log(tmp_path / "a", "a", "b", "c").rows()
        odd = [replace(row, at=at) for row, at in zip(rows, (-1e308, 1e308, 5.0), strict=True)]
        report = build([export(odd, tmp_path / "odd", "ann")], CATALOG)
        assert met(report) == {"ann": 3}
        assert all(sheet.rows is not None for sheet in sheets(report))

    def test_an_export_and_a_log_of_the_first_versions_are_read(self, tmp_path):
        assert met(build([DATA / "export-1.jsonl"], CATALOG)) == {"export-1": 2}
        (tmp_path / "ann").mkdir()
        database = sqlite3.connect(tmp_path / "ann" / FILE)
        database.executescript(progress.MIGRATIONS[0])
        database.execute(f"PRAGMA application_id = {progress.APPLICATION_ID}")
        values = (1, 5.0, "conv1d", "conv1d/sheet/y", "d", "answer", None, 0, "1", "Not yet", 1, 0, 0, "s", "CONV.FLIP")
        database.execute(f"INSERT INTO attempt VALUES ({', '.join('?' * len(values))})", values)
        database.commit()
        database.close()
        report = build([tmp_path], CATALOG)
        assert met(report) == {"ann": 1}
        assert [(one.where, one.misses, one.ideas) for one in report.questions] == [("lesson", 1, (("CONV.FLIP", 1),))]

    def test_nothing_at_all_is_an_empty_report(self, tmp_path):
        report = build([tmp_path], CATALOG)
        assert (report.students, report.questions, report.left_out) == ((), (), ())


class TestTrust:
    @pytest.fixture
    def keys(self, system, tmp_path):
        for name in ("host", "other"):
            command = [system("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name]
            subprocess.run(command, check=True, capture_output=True)
        return tmp_path

    def test_only_what_the_host_signed_counts(self, keys):
        opened = {name: log(keys / f"log-{name}", name) for name in "abcd"}
        folder = keys / "in"
        folder.mkdir()
        for name, key in (("a", "host"), ("b", "other"), ("c", "")):
            signed = (lambda seal, key=key: sign(seal, keys / key)) if key else None
            export(opened[name].rows(), folder / name, f"student {name}", signed)
        spoilt = (folder / "a").read_text().replace("student a", "student d")
        (folder / "d").write_text(spoilt)
        shutil.copy(keys / "log-d" / FILE, folder / "e")
        report = build([folder], CATALOG, How(trust=trusted(keys / "host.pub")))
        assert met(report) == {"student a": 1}
        assert why(report) == [
            "b is signed by a key that is not trusted",
            "c is not signed",
            "d is damaged: its seal does not fit",
            "e is not signed",
        ]

    def test_a_signature_under_another_seal_is_no_signature(self, keys):
        rows = log(keys / "log", "a").rows()
        first = export(rows, keys / "1", "ann", lambda seal: sign(seal, keys / "host"))
        stolen = first.read_text().rpartition('"signature":"')[2].partition('"')[0]
        report = build([export(rows, keys / "2", "bo", lambda seal: stolen)], CATALOG)
        assert why(report) == ["2 is damaged: its signature does not fit"]


class TestCheating:
    def test_a_code_that_the_log_does_not_bear_out_is_said_to_differ(self, tmp_path):
        drill = Drill(("conv1d",), 3, 1, name="ann")
        end = marker(drill, "end", "CT1-3-2of2-0123456789ab")
        log(tmp_path / "ann", attempts=[marker(drill, "begin", drill.text), end]).close()
        (score,) = build([tmp_path], CATALOG).scores
        assert (score.score, score.total, score.check) == (0, 2, "differs")

    def test_verdicts_that_were_changed_show_when_judged_anew(self, tmp_path):
        drill = Drill(("conv1d",), 3, 1, name="ann")
        key = "drill/conv1d-sheet-1/y"
        lie = Attempt("drill", key, "d", "answer", text="9 9 9", verdict="Correct", mode="drill", run=drill.run, seed=3)
        code = "CT1-3-1of2-0123456789ab"
        rows = [marker(drill, "begin", drill.text), lie, marker(drill, "end", code)]
        log(tmp_path / "ann", attempts=rows).close()
        assert [one.check for one in build([tmp_path], CATALOG).scores] == ["agrees"]
        assert [(one.score, one.check) for one in build([tmp_path], CATALOG, How(anew=True)).scores] == [(0, "differs")]


class TestAnonymous:
    def test_no_name_and_no_path_is_left_anywhere(self, tmp_path):
        folder = tmp_path / "secret-class"
        folder.mkdir()
        drill = Drill(("conv1d",), 3, 1, name="ann lee")
        end = marker(drill, "end", "CT1-3-0of2-0123456789ab")
        rows = log(tmp_path / "x", "a", attempts=[marker(drill, "begin", drill.text), end]).rows()
        export(rows, folder / "ann.jsonl", "ann lee")
        export(rows, folder / "copy-of-ann.jsonl", "ann lee")
        (folder / "ann-notes.txt").write_text("hello")
        report = build([folder], CATALOG, How(secret=b"k" * 32))
        told = repr(report)
        assert "ann" not in told and "secret-class" not in told and "0123456789ab" not in told
        assert [one.reason for one in report.left_out] == [
            "file 1 is not a log that cnn-tutor exported",
            "file 2 is doubled: all its rows are in others",
        ]
        assert report.students[0].name == pseudonym("ann lee", b"k" * 32) == report.scores[0].student

    def test_pseudonyms_last_and_need_the_secret(self, tmp_path):
        key = secret(tmp_path / "mine")
        assert secret(tmp_path / "mine") == key != secret(tmp_path / "other")
        assert (tmp_path / "mine" / "pseudonyms.key").stat().st_mode & 0o077 == 0
        names = [pseudonym(f"student {number}", key) for number in range(10_000)]
        assert len(set(names)) == len(names)
        assert pseudonym("ann", key) != pseudonym("ann", secret(tmp_path / "other"))


def test_the_bench_reports_on_what_was_handed_in(capsys):
    """A small class; by hand, ``python -m tests.bench.report`` takes 10 000 students."""
    bench.main(40, 20)
    assert re.search(
        r"^40 students, \d+ answers, 4 ideas, 0 left out: .* MiB at the most", capsys.readouterr().out, re.M
    )


def test_little_is_kept_of_a_student(tmp_path):
    """A line, however much they did: the rows themselves are let go."""
    peaks = []
    for students in (10, 90):
        folder = tmp_path / str(students)
        folder.mkdir()
        size = sum(bench._hand_in(folder, number, 100) for number in range(students))
        tracemalloc.start()
        report = build([folder], CATALOG)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(report.students) == students
    assert (peaks[1] - peaks[0]) / 80 < min(10_000, size / students / 3)
