"""An assignment file: what it says, and one line for each fault that says where it is and what would be right."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cnn_tutor.errors import LessonError
from cnn_tutor.lesson.assignment import load, parse
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.tutor.lint import lint
from tests.course import LESSONS

BAD = sorted((Path(__file__).parent / "data" / "assignments").glob("*.toml"))
HEAD = 'format_version = 1\nid = "lab"\ntitle = "Lab"\nlessons = ["conv1d"]\nseed = 7\n'


def lessons():
    return LESSONS.values()


@pytest.mark.parametrize("file", BAD, ids=[file.stem for file in BAD])
def test_a_bad_file_gets_exactly_the_error_in_its_first_line(file):
    first, _, _ = file.read_text(encoding="utf-8").partition("\n")
    assert lint(file, lessons) == [f"{file}:{first.removeprefix('# ')}"]


@pytest.mark.parametrize("file", [one for one in BAD if one.stem in ("no-zone", "closes-first", "newer", "no-seed")])
def test_a_file_that_cannot_be_used_is_refused_with_the_same_line(file):
    with pytest.raises(LessonError) as caught:
        load(file)
    assert [str(caught.value)] == lint(file, lessons)


def test_a_sound_file_has_no_fault(tmp_path):
    (tmp_path / "lab.toml").write_text(HEAD)
    assert lint(tmp_path / "lab.toml", lessons) == []


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("opens = 2026-07-01T14:00:00+02:00", ""),
        ("opens = 2026-07-01T12:00:00Z", ""),
        ("opens = 2026-07-01T14:00:00", 'zone = "Europe/Berlin"'),
        ("opens = 2026-07-01T12:00:00Z", 'zone = "Europe/Berlin"'),
    ],
)
def test_times_are_moments_however_their_zone_is_given(text, zone):
    found = parse(f"{HEAD}{text}\n{zone}\n")
    assert found.opens == datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()
    assert found.closes is None


def test_times_are_shown_as_the_class_knows_them():
    found = parse(f'{HEAD}opens = 2026-12-24T12:00:00Z\nzone = "Europe/Berlin"\n')
    assert found.spell(found.opens) == "2026-12-24 13:00 (Europe/Berlin)"
    found = parse(f"{HEAD}closes = 2026-12-24T12:00:00-05:00\n")
    assert found.spell(found.closes) == "2026-12-24 12:00 (UTC-05:00)"


def test_it_may_lie_beside_the_lessons_that_it_names(tmp_path):
    (tmp_path / "lab.toml").write_text(HEAD)
    assert catalog([tmp_path]).faults == ()
    (tmp_path / "neither.toml").write_text('title = "?"')
    assert len(catalog([tmp_path]).faults) == 1
