"""A log carried elsewhere: whole or not at all, and as often as one likes."""

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.errors import ProgressError
from cnn_tutor.tutor import progress
from cnn_tutor.tutor.export import read, written
from cnn_tutor.tutor.progress import FILE, Progress
from tests.course import DATA
from tests.tutor.test_progress import ONE, attempts

TEXT = '\u2028\u2029\x85\x0b\x1c\r\n\t"\\'


def log(folder, *texts):
    opened = Progress(folder)
    opened.add([replace(ONE, text=text) for text in texts], 1.0)
    return opened


def exported(progress):
    return "".join(f"{line}\n" for line in written(progress.rows())).encode()


@given(st.lists(attempts, max_size=4))
@settings(max_examples=50)
def test_what_is_read_is_what_was_written(tmp_path_factory, rows):
    opened = Progress(tmp_path_factory.mktemp("log"))
    opened.add(rows, 2.5)
    assert read(exported(opened), "log").rows == opened.rows()
    opened.close()


class TestTakingIn:
    def test_twice_is_as_good_as_once(self, tmp_path):
        here, there = log(tmp_path / "a", "1", "2", TEXT), log(tmp_path / "b", "3")
        rows = read(exported(here), "log").rows
        assert there.take_in(rows) == 3
        assert there.take_in(rows) == 0
        assert [row.attempt.text for row in there.rows()] == ["3", "1", "2", TEXT]
        here.add([ONE], 2.0)
        assert there.take_in(read(exported(here), "log").rows) == 1

    def test_it_goes_round_and_comes_back_unchanged(self, tmp_path):
        here, there = log(tmp_path / "a", "1", "2"), log(tmp_path / "b", "3")
        there.take_in(here.rows())
        assert here.take_in(there.rows()) == 1
        assert here.take_in(there.rows()) == there.take_in(here.rows()) == 0
        assert {row.attempt.text for row in here.rows()} == {row.attempt.text for row in there.rows()}

    def test_a_file_copied_and_written_to_on_both_sides_loses_nothing(self, tmp_path):
        log(tmp_path / "a", "1").close()
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / FILE).write_bytes((tmp_path / "a" / FILE).read_bytes())
        here, there = log(tmp_path / "a", "here"), log(tmp_path / "b", "there")
        for _ in range(2):
            here.take_in(there.rows())
            there.take_in(here.rows())
        for one in (here, there):
            assert sorted(row.attempt.text for row in one.rows()) == ["1", "here", "there"]

    def test_a_log_of_the_first_version_gets_a_place_for_each_row(self, tmp_path):
        database = sqlite3.connect(tmp_path / FILE)
        for statement in progress.MIGRATIONS[0].split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {progress.APPLICATION_ID}")
        database.execute("PRAGMA user_version = 1")
        row = (1, 5.0, "conv1d", "k", "d", "answer", None, 0, "1", "Correct", 0, 0, 0, "s", "")
        database.execute(f"INSERT INTO attempt VALUES ({', '.join('?' * len(row))})", row)
        database.commit()
        database.close()
        opened = Progress(tmp_path)
        opened.add([ONE], 6.0)
        old, new = opened.rows()
        assert (old.at, old.attempt.mode, old.serial, new.serial) == (5.0, "learn", 1, 2)
        assert old.origin == new.origin != ""


class TestDamage:
    @pytest.mark.parametrize("text", ["", "\n", "{}", "hello", '{"format":"x","version":1,"rows":0}\n{"seal":""}'])
    def test_a_foreign_file_is_named_and_refused(self, text):
        with pytest.raises(ProgressError, match=r"^mine\.txt is not a log"):
            read(text.encode(), "mine.txt")

    def test_a_newer_one_is_refused(self, tmp_path):
        text = exported(log(tmp_path, "1")).replace(b'"version":2', b'"version":3')
        with pytest.raises(ProgressError, match="newer cnn-tutor"):
            read(text, "log")

    def test_a_file_of_the_first_version_stays_readable(self):
        """Written by the program as it was before exports said whose they are."""
        found = read((DATA / "export-1.jsonl").read_bytes(), "log")
        assert [row.attempt.verdict for row in found.rows] == ["Correct", "Not yet"]
        assert (found.name, found.signature, found.rows[0].attempt.pack) == ("", "", "")

    @given(st.data())
    def test_every_cut_and_every_changed_character_is_seen(self, tmp_path_factory, data):
        opened = log(tmp_path_factory.mktemp("log"), "1", "2 3")
        whole = exported(opened).decode()
        opened.close()
        at = data.draw(st.integers(0, len(whole) - 2))
        if data.draw(st.booleans()):
            spoilt = whole[:at]
        else:
            other = data.draw(st.characters(codec="utf-8").filter(lambda one: one != whole[at]))
            spoilt = whole[:at] + other + whole[at + 1 :]
        if spoilt == whole.removesuffix("\n"):
            return
        with pytest.raises(ProgressError):
            read(spoilt.encode(), "log")
