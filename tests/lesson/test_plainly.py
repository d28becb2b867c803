"""Complaints about a file are in plain words, in whatever language; what is not known is passed on as it is."""

import re
import tomllib

import msgspec
import pytest

from cnn_tutor.lesson import plainly
from cnn_tutor.lesson.assignment import AssignmentFile
from cnn_tutor.lesson.load import document
from cnn_tutor.lesson.pack import Pack
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.lesson.validate import faults

BROKEN = [
    *("x", "x = 1 y = 2", "x = ", "= 1", "x 1", "[x", "[[x]", "[x]\n[x]", "x = 1\nx = 2", "x = {}\nx.a = 1", "x = [1"),
    *("x = {a = 1", "x = {a = 1, a = 2}", "x = 'a", 'x = "\\q"', 'x = "\\ud800"', "x = 2026-13-01", "x = \x00"),
    *("x = '''a", "[x.a]\n[x]\na.b = 1", 'x = "a\nb"', "x = 1\n[x.y]", "x = '\x01'", "x = [1]\n[[x]]"),
]


@pytest.mark.parametrize("text", BROKEN)
def test_every_complaint_about_syntax_has_words_of_its_own(text):
    with pytest.raises(tomllib.TOMLDecodeError) as told:
        tomllib.loads(text)
    theirs = re.sub(r" \(at .*\)$", "", str(told.value))
    assert plainly.syntax(theirs) not in ("", theirs)
    with pytest.raises(Exception, match=re.escape(plainly.syntax(theirs))):
        document(text)


def test_one_that_is_not_known_is_passed_on():
    assert plainly.syntax("Something new") == "Something new"
    assert plainly.record("Something new") == "something new"


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        (Lesson, {"id": "a" * 41}, "id: expected a text of 40 letters at most"),
        (Lesson, {"title": ""}, "title: expected a text that is not empty"),
        (Lesson, {"exercise": []}, "exercise: expected a list that is not empty"),
        (Lesson, {"exercise": [{"vary": {"low": "a"}}]}, "exercise.0.vary.low: expected a whole number, got a text"),
        (Lesson, {"exercise": [{"vary": {"like": "x"}}]}, "exercise.0.vary.like: expected one of: '', 'twin'"),
        (
            Lesson,
            {"exercise": [{"choice": [{"place": "x"}]}]},
            "exercise.0.choice.0.place: expected one of: 'start', 'end'",
        ),
        (Pack, {"version": "1 0"}, "version: expected letters, digits and dots, as in 1.0"),
        (AssignmentFile, {"count": 0}, "count: expected 1 or more"),
    ],
)
def test_so_has_every_complaint_about_a_value(kind, data, said):
    found = [f"{'.'.join(map(str, path))}: {message}" for path, message in faults(data, kind)]
    assert said in found


def test_the_records_have_no_other_form_of_text_than_those_with_words():
    _, records = msgspec.json.schema_components([Lesson, Pack])
    forms = re.findall(r'"pattern":("(?:[^"\\]|\\.)*")', msgspec.json.encode(records).decode())
    assert {msgspec.json.decode(one) for one in forms} == set(plainly._FORMS)
