"""The worksheet's values: each is asked somewhere, and what the sheet prints wrong is recognised for what it is."""

import json
import re

import numpy as np
import pytest

from cnn_tutor.tutor.answer import write
from cnn_tutor.tutor.feedback import Correct, Incorrect, explain
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.session import submit
from tests.course import DATA, IDS, LESSONS, asked, at

VALUES = json.loads((DATA / "worksheet_values.json").read_text(encoding="utf-8"))

SECTIONS = {
    "S1": ("conv1d/",),
    "S2": ("conv1d-padding/",),
    "S3": ("conv2d/",),
    "S3P": ("channels/",),
    "S4M": ("pooling/max/",),
    "S4A": ("pooling/average/",),
    "S5": ("mini-cnn/",),
    "S6T": ("matrix/toeplitz/",),
    "S6I": ("matrix/im2col/",),
    "B1": ("baseline/sheet/",),
    "B2": ("baseline/student/",),
    "N2": ("batchnorm/",),
    "N3a": ("layernorm/sample-1/",),
    "N3b": ("layernorm/sample-2/",),
    "N4": ("groupnorm/",),
    "ST": ("summary/",),
    "E1": ("extra/bn-affine/",),
    "E2": ("extra/ln-alone/", "extra/bn-alone/"),
    "E3a": ("extra/gn-one-group/",),
    "E3b": ("extra/gn-four-groups/",),
}
NUMBER = re.compile(r"\d+\.\d+")
MISPRINTS = ([1, 7], 2.5, 20.25, 4, 9, 0.9999992, [2, 2.5], [1, 20.25])


def value(question):
    """The right answer as the reference writes it."""
    if question.choice is not None:
        return question.choice.answer
    return question.text if question.kind == "shape" else question.wanted.exact.tolist()


def same(one, other):
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-8, atol=1e-9)


def unmatched(wanted):
    """The reference values that no question of their section is left for, whole-object prompts taken first."""
    free = [question for lesson in IDS for question in asked(lesson)]
    missing = []
    for step in sorted(wanted, key=lambda step: not step["fast"]):
        fits = [q for q in free if q.key.startswith(SECTIONS[step["section"]]) and same(value(q), step["value"])]
        fits = [q for q in fits if q.fast] if step["fast"] else sorted(fits, key=lambda q: q.fast)
        if fits:
            free.remove(fits[0])
        else:
            missing.append(step["id"])
    return missing


def test_the_reference_is_whole():
    assert len({step["id"] for step in VALUES}) == 279
    assert sum(step["fast"] for step in VALUES) == 79


def test_every_value_of_the_worksheet_is_asked_by_a_question_of_its_own():
    assert unmatched(VALUES) == []


def test_the_match_notices_a_value_that_is_asked_once_too_often():
    assert unmatched([*VALUES, *([VALUES[3]] * 5)]) != []


ERRATA = [(question, erratum) for lesson in IDS for question in asked(lesson) for erratum in question.errata]


def printed_text(erratum):
    return write(np.array(erratum.printed))


@pytest.mark.parametrize("misprint", MISPRINTS, ids=str)
def test_every_misprint_of_the_sheet_is_known_at_a_question(misprint):
    assert any(erratum.printed == misprint for _, erratum in ERRATA)


@pytest.mark.parametrize(("question", "erratum"), ERRATA, ids=[question.key for question, _ in ERRATA])
class TestMisprints:
    def test_typed_at_its_question_it_is_named_and_not_charged(self, question, erratum):
        session = at(question.key)
        after, feedback = submit(session, printed_text(erratum))
        assert isinstance(feedback, Incorrect)
        assert feedback.charged is False
        assert feedback.diagnosis is not None
        assert feedback.diagnosis.id == "SHEET.TYPO"
        assert "sheet" in feedback.diagnosis.text.lower()
        assert "sheet prints" in explain(feedback)
        assert "not count" in explain(feedback)
        assert after.record(question).misses == 0
        assert not after.record(question).done

    def test_the_right_answer_afterwards_counts_as_a_first_try(self, question, erratum):
        session, _ = submit(at(question.key), printed_text(erratum))
        session, feedback = submit(session, question.text)
        assert isinstance(feedback, Correct)
        assert session.record(question).first_try

    def test_the_same_text_elsewhere_is_no_misprint(self, question, erratum):
        text = printed_text(erratum)
        others = [
            one
            for lesson in IDS
            for one in asked(lesson)
            if all(listed.printed != erratum.printed for listed in one.errata)
        ]
        heard = [check(one, text) for one in others]
        wrong = [feedback for feedback in heard if isinstance(feedback, Incorrect)]
        assert wrong
        assert all(feedback.diagnosis is None or "SHEET.TYPO" not in feedback.diagnosis.ids for feedback in wrong)

    def test_its_note_does_not_give_the_answer_away(self, question, erratum):
        assert not set(NUMBER.findall(question.text)) & set(NUMBER.findall(erratum.note))


def test_fresh_numbers_have_no_misprints():
    from cnn_tutor.tutor.variant import variant

    assert all(variant(lesson, 5).erratum == [] for lesson in LESSONS.values())
