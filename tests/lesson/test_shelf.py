"""What was read last time is read again at a tenth of the cost, and nothing but the cost depends on it."""

import pytest

from cnn_tutor.lesson import load
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.lesson.shelf import Reader, common
from tests.course import FILES, LESSONS
from tests.tui.student import WINDOWS


@pytest.fixture
def parsed(monkeypatch):
    """How often a file has been parsed."""
    sources = []
    parse = load.parse

    def count(text, source):
        sources.append(source)
        return parse(text, source)

    monkeypatch.setattr(load, "parse", count)
    return sources


def test_the_second_time_nothing_is_parsed_and_everything_is_the_same(tmp_path, parsed):
    first = catalog(shelf=tmp_path / "shelf")
    assert len(parsed) == len(FILES)
    second = catalog(shelf=tmp_path / "shelf")
    assert len(parsed) == len(FILES)
    assert first == second == catalog()
    assert {lesson.id for lesson in second.lessons} == set(LESSONS)


def test_all_users_of_an_installation_share_what_was_read(tmp_path, parsed):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "01-windows.toml").write_text(WINDOWS, encoding="utf-8")
    for user in ("first", "second"):
        (tmp_path / user).mkdir()
        found = catalog([tmp_path / "mine"], shelf=tmp_path / user / "shelf", common=tmp_path / "common")
        assert {lesson.id for lesson in found.lessons} == {"windows", *LESSONS}
    assert len(parsed) == len(FILES) + 2
    assert (tmp_path / "first" / "shelf").stat().st_size < 4000 < (tmp_path / "common").stat().st_size


def test_where_nobody_may_write_beside_the_program_a_user_has_the_shipped_lessons_too(tmp_path, parsed):
    for _ in range(2):
        assert catalog(shelf=tmp_path / "shelf", common=tmp_path / "nowhere" / "common") == catalog()
    assert len([one for one in parsed if one.endswith("01-conv1d.toml")]) == 1 + 2
    assert [one.name for one in tmp_path.iterdir()] == ["shelf"]


def test_a_common_shelf_that_is_out_of_date_does_not_stand_before_the_own_one(tmp_path, parsed):
    for file, text in (("common", WINDOWS.replace("Two windows", "Old windows")), ("shelf", WINDOWS)):
        reader = Reader(tmp_path / file)
        reader.lesson(text, "here")
        reader.keep()
    parsed.clear()
    assert Reader(tmp_path / "common", Reader(tmp_path / "shelf")).lesson(WINDOWS, "here").title == "Two windows"
    assert parsed == []


@pytest.mark.parametrize("writes", [True, False])
def test_the_common_shelf_lies_where_python_keeps_its_bytecode(monkeypatch, tmp_path, writes):
    monkeypatch.setattr("sys.dont_write_bytecode", not writes)
    monkeypatch.setattr("sys.pycache_prefix", str(tmp_path))
    assert (common() is not None and common().is_relative_to(tmp_path)) is writes


def test_a_file_that_has_changed_is_read_again(tmp_path, parsed):
    (tmp_path / "mine").mkdir()
    file = tmp_path / "mine" / "01-windows.toml"
    titles = []
    for title in ("Two windows", "Two windows", "Other windows"):
        file.write_text(WINDOWS.replace("Two windows", title), encoding="utf-8")
        titles.append(catalog([tmp_path / "mine"], shelf=tmp_path / "shelf").get("windows").title)
    assert titles == ["Two windows", "Two windows", "Other windows"]
    assert len([one for one in parsed if one.endswith("01-windows.toml")]) == 2


def test_a_fault_is_reported_each_time(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "01-bad.toml").write_text(WINDOWS.replace("stride", "strid").replace("op =", "opp ="))
    faults = [catalog([tmp_path / "mine"], shelf=tmp_path / "shelf").faults for _ in range(2)]
    assert faults[0] == faults[1]
    assert "01-bad.toml" in faults[0][0]


@pytest.mark.parametrize("content", [b"", b"\x00\xff torn", b"\x92\xa1x\x80", b"\xc0"])
def test_a_shelf_that_is_torn_or_of_another_program_is_none(tmp_path, content):
    (tmp_path / "shelf").write_bytes(content)
    assert catalog(shelf=tmp_path / "shelf") == catalog()
    assert (tmp_path / "shelf").read_bytes() != content


def test_a_lesson_that_does_not_fit_on_the_shelf_is_parsed_each_time(tmp_path, parsed):
    text = WINDOWS.replace("x = [2, 0, 3]", f"x = [{2**70}, 0, 3]")
    reader = Reader(tmp_path / "shelf")
    for _ in range(2):
        assert reader.lesson(text, "here").exercise[0].tensors["x"][0] == 2**70
    reader.keep()
    assert len(parsed) == 2


def test_without_a_folder_nothing_is_written(tmp_path):
    catalog(shelf=tmp_path / "nowhere" / "shelf")
    assert not (tmp_path / "nowhere").exists()
