"""What a damaged log still has comes into the new one, row by row."""

import sqlite3
from dataclasses import replace

import pytest

from cnn_tutor.tutor.migrations import MIGRATIONS
from cnn_tutor.tutor.progress import APPLICATION_ID, FILE, Progress
from cnn_tutor.tutor.salvage import salvaged
from tests.tutor.test_progress import ONE, foreign_database


def cut(content, length):
    return content[:length]


def overwritten(content, page):
    return content[: 4096 * page] + b"\xff" * 4096 + content[4096 * (page + 1) :]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A log of 400 rows, on some 20 pages."""
    opened = Progress(tmp_path_factory.mktemp("whole"))
    opened.append((float(number), replace(ONE, text=f"{number} {'x' * 80}")) for number in range(400))
    opened.close()
    return opened.path.read_bytes()


@pytest.mark.parametrize(
    ("spoil", "at_least"),
    [
        pytest.param(lambda content: cut(content, -4096), 350, id="the last page is missing"),
        pytest.param(lambda content: cut(content, -6000), 350, id="a page and a half are missing"),
        pytest.param(lambda content: cut(content, len(content) // 2), 120, id="half is missing"),
        pytest.param(lambda content: overwritten(content, 8), 350, id="a page in the middle is spoilt"),
        pytest.param(lambda content: overwritten(overwritten(content, 8), 14), 320, id="two pages are spoilt"),
    ],
)
def test_the_rows_on_whole_pages_are_saved_as_they_were_and_counted(whole, spoil, at_least, tmp_path):
    (tmp_path / FILE).write_bytes(spoil(whole))
    opened = Progress(tmp_path)
    rows = opened.rows()
    assert f"{len(rows)} rows of it were whole" in opened.notice
    assert at_least <= len(rows) <= 400
    assert all(row.attempt.text == f"{row.at:.0f} {'x' * 80}" and row.serial == row.at + 1 for row in rows)
    assert [row.at for row in rows] == sorted({row.at for row in rows})
    opened.close()


def test_what_is_in_a_row_is_held_against_what_a_log_may_have(whole, tmp_path):
    """Bytes that are spoilt inside a row are not taken for something that was done."""
    (tmp_path / FILE).write_bytes(cut(whole.replace(b"answer1", b"a\xffswer1", 3), -4096))
    opened = Progress(tmp_path)
    assert len(opened.rows()) > 300
    assert {row.attempt.action for row in opened.rows()} == {"answer"}
    opened.close()


def test_a_log_of_the_first_version_has_rows_without_an_origin(tmp_path):
    database = sqlite3.connect(tmp_path / FILE)
    database.executescript(MIGRATIONS[0])
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    values = (5.0, "conv1d", "conv1d/sheet/y", "d", "answer", None, 0, "1", "Not yet", 1, 0, 0, "s", "CONV.FLIP")
    database.executemany(
        f"INSERT INTO attempt VALUES ({', '.join('?' * 15)})", [(number, *values) for number in range(1, 90)]
    )
    database.commit()
    database.close()
    rows = salvaged(tmp_path / FILE)
    assert [row.serial for row in rows] == list(range(1, 90))
    assert len({row.origin for row in rows}) == 1
    assert rows[0].attempt.charged is True


def test_nothing_is_salvaged_from_another_program_s_file(tmp_path):
    foreign_database(tmp_path / "other", "CREATE TABLE attempt (number)", "INSERT INTO attempt VALUES (1)")
    assert salvaged(tmp_path / "other") == []
