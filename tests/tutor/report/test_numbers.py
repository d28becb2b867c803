"""A report says what the scripted students did, as they counted it themselves."""

import statistics
from collections import Counter
from dataclasses import dataclass, fields
from typing import get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.attempt import HITS, Attempt
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.export import written
from cnn_tutor.tutor.progress import Row
from cnn_tutor.tutor.report.build import How, build
from cnn_tutor.tutor.report.entry import Did, Entry
from tests.classroom import Scripted
from tests.course import LESSONS
from tests.tui.student import WINDOWS

SMALL = parse(WINDOWS)
CATALOG = Catalog((SMALL, *LESSONS.values()))
get = CATALOG.get


@dataclass(frozen=True)
class Act:
    """What a student does: how many questions of a lesson, then perhaps a drill, which is perhaps ended."""

    name: str
    seed: int
    idea: str
    upto: int
    drills: bool
    ends: bool


acts = st.lists(
    st.builds(
        Act,
        st.sampled_from(["ann", "bo", "cem", "dora", "eve"]),
        st.integers(0, 10**6),
        st.sampled_from(["", "", "CONV.FLIP"]),
        st.integers(0, 12),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
    unique_by=lambda act: act.name,
)


def perform(act, folder):
    student = Scripted(act.name, act.seed, folder / act.name, act.idea)
    student.learn(SMALL, act.upto)
    if act.drills:
        drill = Drill(("conv1d", "baseline"), 3, 2, 0, act.name, True, "lab")
        student.drill(drill, get, ends=act.ends)
    return student


def export(student, file):
    file.write_text("".join(f"{line}\n" for line in written(student.progress.rows(), student.name)))


@given(acts)
@settings(max_examples=12)
def test_the_report_is_what_the_students_counted(tmp_path_factory, acts):
    folder = tmp_path_factory.mktemp("class")
    (folder / "exports").mkdir()
    class_ = [perform(act, folder) for act in acts]
    for student in class_:
        export(student, folder / "exports" / f"{student.name}.jsonl")
        student.progress.close()
    report = build([folder / "exports"], CATALOG)
    assert report == build([folder / student.name for student in class_], CATALOG)
    assert report.left_out == ()
    diaries = {student.name: student.diary for student in class_}
    assert [one.name for one in report.students] == sorted(diaries)
    the_students(report, diaries)
    the_questions(report, list(diaries.values()))
    the_ideas(report, list(diaries.values()))
    the_scores(report, diaries)


def the_students(report, diaries):
    for one in report.students:
        diary = diaries[one.name]
        assert (one.met, one.first) == (len(diary.first), sum(diary.first.values()))
        assert (one.hints, one.shown) == (diary.hints.total(), len(+diary.shown))
        assert set(one.ideas) == {idea for idea, keys in diary.ideas.items() if len(keys) >= HITS}


def the_questions(report, diaries):
    met = Counter(key for diary in diaries for key in diary.first)
    first = Counter(key for diary in diaries for key, clean in diary.first.items() if clean)
    found = {one.key: one for one in report.questions}
    assert {key for key, one in found.items() if one.met} == set(met)
    for key, one in found.items():
        assert (one.met, one.first) == (met[key], first[key])
        assert one.misses == sum(diary.misses[key] for diary in diaries)
        assert one.hints == sum(diary.hints[key] for diary in diaries)
        spent = [diary.seconds[key] for diary in diaries if key in diary.done and key not in diary.doubtful]
        assert one.seconds == (pytest.approx(statistics.median(spent), rel=1e-4) if spent else None)
        holders = Counter(idea for diary in diaries for idea, keys in diary.ideas.items() if key in keys)
        assert dict(one.ideas) == dict(holders)


def the_ideas(report, diaries):
    holders = [(idea, len(keys) >= HITS) for diary in diaries for idea, keys in diary.ideas.items()]
    assert {one.id: (one.recorded, one.once) for one in report.ideas} == {
        idea: (holders.count((idea, True)), holders.count((idea, False))) for idea, _ in holders
    }


def the_scores(report, diaries):
    ended = {one.student: (one.score, one.code, one.check) for one in report.scores if one.check != "open"}
    assert ended == {name: (one.score, one.code, "agrees") for name, one in diaries.items() if one.code}


@given(acts)
@settings(max_examples=3)
def test_judging_anew_changes_nothing_where_nobody_cheated(tmp_path_factory, acts):
    folder = tmp_path_factory.mktemp("class")
    for act in acts:
        perform(act, folder).progress.close()
    assert build([folder], CATALOG, How(anew=True)).scores == build([folder], CATALOG).scores


def test_a_report_reads_the_columns_of_the_log_under_their_names():
    for part, whole in ((Did, Attempt), (Entry, Row)):
        own, known = get_type_hints(part), get_type_hints(whole)
        assert set(own) <= {field.name for field in fields(whole)}
        for name in set(own) - {"attempt", "action", "mode"}:
            assert own[name] == known[name]
    assert msgspec.structs.fields(Did)
