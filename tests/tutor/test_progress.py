"""The progress file: complete on disk after every step, and never lost to what somebody else wrote there."""

import shutil
import sqlite3
import threading
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.errors import ProgressError
from cnn_tutor.tutor.attempt import Action, Attempt, Mode, settled
from cnn_tutor.tutor.mastery import mastery, standing
from cnn_tutor.tutor.progress import APPLICATION_ID, FILE, VERSION, Progress

ONE = Attempt("conv1d", "conv1d/sheet/y", "d" * 16, "answer", text="1 2", verdict="Correct", skill="output")
texts = st.text(st.characters(codec="utf-8"))
attempts = st.builds(
    Attempt,
    *(texts, texts, texts, st.sampled_from(get_args(Action))),
    seed=st.none() | st.integers(-(2**63), 2**63 - 1),
    fast=st.booleans(),
    text=texts,
    verdict=texts,
    charged=st.booleans(),
    hints=st.integers(0, 3),
    misses=st.integers(0, 10**6),
    skill=texts,
    diagnosis=texts,
    mode=st.sampled_from(get_args(Mode)),
    run=texts,
)


@pytest.fixture
def progress(tmp_path):
    opened = Progress(tmp_path)
    yield opened
    opened.close()


def pragma(path, name):
    database = sqlite3.connect(path)
    try:
        return database.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        database.close()


def foreign_database(path, *statements):
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


class TestTheFile:
    def test_it_is_one_strict_marked_table_without_wal(self, progress, tmp_path):
        progress.add([ONE], 1.0)
        assert progress.path == tmp_path / FILE
        assert pragma(progress.path, "user_version") == VERSION
        assert pragma(progress.path, "application_id") == APPLICATION_ID
        assert pragma(progress.path, "journal_mode") == "delete"
        database = sqlite3.connect(progress.path)
        tables = database.execute("SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite%'").fetchall()
        database.close()
        assert sorted(tables) == [("attempt", 1), ("identity", 1)]
        assert [file.name for file in tmp_path.iterdir()] == [FILE]

    def test_writes_are_synchronised_in_full(self, progress):
        assert progress._database.execute("PRAGMA synchronous").fetchone() == (2,)

    def test_a_folder_is_made_where_there_is_none(self, tmp_path):
        opened = Progress(tmp_path / "a" / "b")
        assert opened.rows() == []
        opened.close()
        assert (tmp_path / "a" / "b" / FILE).is_file()

    def test_opening_it_again_finds_everything_and_says_nothing(self, progress, tmp_path):
        progress.add([ONE, replace(ONE, key="k")], 2.5)
        again = Progress(tmp_path)
        assert again.notice == ""
        assert [(row.at, row.attempt) for row in again.rows()] == [(2.5, ONE), (2.5, replace(ONE, key="k"))]
        again.close()


@given(st.lists(st.tuples(st.floats(0, 1e10), st.lists(attempts, max_size=3)), max_size=4))
def test_what_is_read_is_what_was_added_in_that_order(tmp_path_factory, added):
    opened = Progress(tmp_path_factory.mktemp("progress"))
    try:
        for at, rows in added:
            opened.add(rows, at)
        wanted = [(at, row) for at, rows in added for row in rows]
        assert [(row.at, row.attempt) for row in opened.rows()] == wanted
        for lesson in {row.lesson for _, row in wanted}:
            assert opened.attempts(lesson) == [row for _, row in wanted if row.lesson == lesson]
    finally:
        opened.close()


class TestTwoAtOnce:
    def test_each_sees_what_the_other_added(self, progress, tmp_path):
        other = Progress(tmp_path)
        for number in range(5):
            progress.add([replace(ONE, text=f"a{number}")], number)
            other.add([replace(ONE, text=f"b{number}")], number)
        assert len(progress.rows()) == len(other.rows()) == 10
        other.close()

    def test_many_that_open_and_add_together_lose_nothing(self, tmp_path):
        def work(name):
            opened = Progress(tmp_path)
            for number in range(5):
                opened.add([replace(ONE, text=f"{name}{number}")], number)
            notices.append(opened.notice)
            opened.close()

        notices = []
        threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        opened = Progress(tmp_path)
        texts = [row.attempt.text for row in opened.rows()]
        opened.close()
        assert sorted(texts) == sorted(f"{name}{number}" for name in "abcd" for number in range(5))
        assert notices == [""] * 4

    def test_a_reader_sees_all_of_a_step_or_nothing(self, progress, tmp_path):
        other = Progress(tmp_path)

        def rows():
            yield ONE
            assert other.rows() == []
            yield ONE

        progress.add(rows(), 1.0)
        assert len(other.rows()) == 2
        other.close()


class TestGone:
    """The file is deleted, or another one is put in its place, while the program runs."""

    @pytest.mark.parametrize("gone", [lambda folder: (folder / FILE).unlink(), shutil.rmtree], ids=["file", "folder"])
    def test_a_deleted_log_is_written_anew_with_all_that_was_in_it(self, gone, tmp_path):
        opened = Progress(tmp_path / "data")
        opened.add([ONE], 1.0)
        gone(tmp_path / "data")
        opened.add([replace(ONE, text="later")], 2.0)
        again = Progress(tmp_path / "data")
        assert [row.attempt.text for row in again.rows()] == [ONE.text, "later"]
        again.close()
        opened.close()

    def test_another_log_in_its_place_has_both_once(self, progress, tmp_path):
        progress.add([ONE], 1.0)
        shutil.copy(progress.path, tmp_path / "copy")
        (tmp_path / "copy").replace(progress.path)
        progress.add([replace(ONE, text="later")], 2.0)
        again = Progress(tmp_path)
        assert [row.attempt.text for row in again.rows()] == [ONE.text, "later"]
        again.close()


class TestFailure:
    def test_a_failing_step_leaves_nothing_half_written(self, progress, tmp_path):
        with pytest.raises(ProgressError, match="cannot use"):
            progress.add([ONE, replace(ONE, text=None)], 1.0)
        assert progress.rows() == []
        progress.add([ONE], 2.0)
        assert len(progress.rows()) == 1

    def test_a_failing_source_of_rows_leaves_nothing_either(self, progress):
        def rows():
            yield ONE
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            progress.add(rows(), 1.0)
        assert progress.rows() == []
        progress.add([ONE], 2.0)
        assert len(progress.rows()) == 1

    def test_a_folder_that_cannot_be_made_is_said(self, tmp_path):
        (tmp_path / "file").write_text("I am a file")
        with pytest.raises(ProgressError, match="cannot make the folder"):
            Progress(tmp_path / "file" / "data")

    def test_a_file_that_cannot_be_opened_is_said_and_left(self, tmp_path):
        (tmp_path / FILE).mkdir()
        with pytest.raises(ProgressError, match="cannot"):
            Progress(tmp_path)
        assert (tmp_path / FILE).is_dir()

    def test_a_file_of_a_newer_version_is_refused_and_left(self, progress, tmp_path):
        progress.add([ONE], 1.0)
        progress._database.execute(f"PRAGMA user_version = {VERSION + 1}")
        before = progress.path.read_bytes()
        with pytest.raises(ProgressError, match=f"newer cnn-tutor \\(version {VERSION + 1}\\)"):
            Progress(tmp_path)
        assert progress.path.read_bytes() == before

    def test_using_a_closed_file_is_a_progress_error(self, tmp_path):
        opened = Progress(tmp_path)
        opened.close()
        with pytest.raises(ProgressError):
            opened.rows()
        with pytest.raises(ProgressError):
            opened.add([ONE], 1.0)


def torn(path):
    opened = Progress(path.parent)
    opened.add([replace(ONE, text="x" * 500)] * 40, 1.0)
    opened.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 100])


def scribbled(path):
    torn(path)
    content = bytearray(path.read_bytes())
    content[4096 : 4096 + 2000] = b"\xff" * 2000
    path.write_bytes(bytes(content))


SPOILT = {
    "torn": torn,
    "scribbled": scribbled,
    "text": lambda path: path.write_text("Dear diary, today I learnt to convolve.\n" * 50),
    "another program's": lambda path: foreign_database(path, "CREATE TABLE mine (a)", "INSERT INTO mine VALUES (1)"),
    "another program's, versioned as ours": lambda path: foreign_database(
        path, "CREATE TABLE mine (a)", f"PRAGMA user_version = {VERSION}"
    ),
    "another program's, of a high version": lambda path: foreign_database(
        path, "CREATE TABLE mine (a)", "PRAGMA user_version = 75", "PRAGMA application_id = 7"
    ),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
class TestSetAside:
    def test_a_file_that_is_damaged_or_not_ours_is_kept_under_another_name(self, spoil, tmp_path):
        spoil(tmp_path / FILE)
        before = (tmp_path / FILE).read_bytes()
        opened = Progress(tmp_path)
        (aside,) = [file for file in tmp_path.iterdir() if file.name != FILE]
        assert aside.read_bytes() == before
        assert aside.name in opened.notice
        saved = opened.rows()
        assert (f"{len(saved)} rows of it were whole" in opened.notice) is bool(saved)
        opened.add([ONE], 1.0)
        assert len(opened.rows()) == len(saved) + 1
        opened.close()
        again = Progress(tmp_path)
        assert again.notice == ""
        again.close()

    def test_a_second_one_does_not_replace_the_first(self, spoil, tmp_path):
        contents = []
        for _ in range(3):
            (tmp_path / FILE).unlink(missing_ok=True)
            spoil(tmp_path / FILE)
            contents.append((tmp_path / FILE).read_bytes())
            Progress(tmp_path).close()
        kept = sorted(file for file in tmp_path.iterdir() if file.name != FILE)
        assert [file.read_bytes() for file in kept] == contents


def test_an_empty_file_is_begun_anew(tmp_path):
    """A disk that was full at the first start leaves one, and so does whoever opens a log at this moment."""
    (tmp_path / FILE).write_bytes(b"")
    opened = Progress(tmp_path)
    assert (opened.notice, opened.rows()) == ("", [])
    opened.close()


class TestFolds:
    """Progress and mastery follow from the rows alone."""

    def test_done_counts_each_question_once_and_only_what_was_right_on_the_printed_numbers(self):
        rows = [
            ONE,
            ONE,
            replace(ONE, key="covered", action="cover", verdict=""),
            replace(ONE, key="wrong", verdict="Not yet"),
            replace(ONE, key="hinted", action="hint", verdict=""),
            replace(ONE, key="fresh", seed=3),
        ]
        assert settled(rows) == {ONE.key, "covered"}
        assert standing(rows, 15).done == 2
        assert standing(rows, 1).done == 1

    def test_a_skill_is_mastered_by_three_clean_answers_on_different_numbers_one_of_them_fresh(self):
        clean = [replace(ONE, digest=str(n), seed=seed) for n, seed in enumerate((None, None, 1))]
        assert mastery(clean)["output"].mastered is True
        assert mastery(clean[:2])["output"].mastered is False
        assert mastery([replace(row, seed=None) for row in clean])["output"].mastered is False
        assert mastery([*clean[:2], replace(clean[2], hints=1)])["output"].mastered is False
        assert mastery([*clean[:2], replace(clean[2], misses=1)])["output"].mastered is False
        assert mastery([clean[2]] * 3)["output"].mastered is False

    @given(st.lists(attempts))
    def test_any_rows_can_be_folded(self, rows):
        assert 0 <= standing(rows, 7).done <= 7
        assert standing([], 7).mastered is False
