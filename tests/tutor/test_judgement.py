"""Judging one answer: cell by cell, in any form, and never with an exception."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.tutor.feedback import (
    VERDICTS,
    Correct,
    Incorrect,
    TooFewDigits,
    Unreadable,
    explain,
    verdict,
)
from cnn_tutor.tutor.judgement import check, option
from tests.course import IDS, asked, question
from tests.tutor.strategies import garbage, tensor_forms


def needs_digits(one):
    """Whether three decimals are not enough for the value, and one is not a whole number either."""
    value = float(one.wanted.exact)
    return round(value, 3) != value and 0.2 < abs(value) % 1 < 0.8


ALL = [one for lesson in IDS for one in asked(lesson)]
NUMERIC = [one for one in ALL if one.choice is None and one.kind not in ("shape", "cells")]
LONG_REALS = [one for one in NUMERIC if one.shape == () and one.wanted.without_eps is None and needs_digits(one)]
CHOICES = [one for one in ALL if one.choice is not None]
SHAPES = [one for one in ALL if one.kind == "shape"]
BY_KEY = {one.key: one for one in ALL}
ONE_OF_EACH_KIND = {one.kind: one for one in ALL}


def one_of(listed):
    """The key of one of the questions ``listed``: a key reads better in a report than a question."""
    return st.sampled_from([one.key for one in listed])


def test_every_kind_of_question_is_asked_somewhere():
    assert set(ONE_OF_EACH_KIND) == {"scalar", "vector", "matrix", "shape", "choice", "cells"}


@given(st.data())
def test_the_right_value_in_any_accepted_form_is_correct(data):
    one = BY_KEY[data.draw(one_of(NUMERIC))]
    source = data.draw(st.sampled_from([one.wanted.exact, one.wanted.without_eps]))
    wanted = one.wanted.exact if source is None else np.where(abs(source) < 1e-100, 0 * source, source)
    assert check(one, data.draw(tensor_forms(wanted), label="typed")) == Correct()


@given(st.data())
def test_exactly_the_changed_cells_are_named(data):
    one = BY_KEY[data.draw(one_of([one for one in NUMERIC if math.prod(one.shape) > 1]))]
    size = math.prod(one.shape)
    wrong = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
    typed = one.wanted.exact.astype(float).copy()
    for cell in wrong:
        typed.reshape(-1)[cell] += data.draw(st.sampled_from([-7, -3, 5, 11])) + 0.125
    rows = typed.reshape(-1, typed.shape[-1]).tolist()
    feedback = check(one, "; ".join(" ".join(map(repr, row)) for row in rows))
    assert isinstance(feedback, Incorrect)
    assert set(feedback.cells) == wrong
    assert feedback.total == size
    assert feedback.charged
    assert explain(feedback)


@given(st.data())
def test_an_answer_too_short_by_digits_only_is_asked_for_more(data):
    one = BY_KEY[data.draw(one_of(LONG_REALS))]
    feedback = check(one, f"{float(one.wanted.exact):.{data.draw(st.integers(1, 3))}f}")
    assert isinstance(feedback, TooFewDigits)
    assert str(feedback.decimals) in explain(feedback)


@given(one_of([one for one in NUMERIC if len(one.shape) == 1]), st.integers(1, 3))
def test_a_vector_of_another_length_is_unreadable_and_told_the_length(key, more):
    one = BY_KEY[key]
    feedback = check(one, " ".join(["0"] * (one.shape[0] + more)))
    assert isinstance(feedback, Unreadable)
    assert f"{one.shape[0]} number" in feedback.reason


@pytest.mark.parametrize("one", CHOICES, ids=[one.key for one in CHOICES])
class TestChoices:
    def test_the_right_option_is_taken_by_its_words_its_number_or_its_letter(self, one):
        options, right = one.choice.options, one.choice.answer
        place = options.index(right)
        for text in (right, right.upper(), f"  {right} ", str(place + 1), "abcdefghi"[place], "ABCDEFGHI"[place]):
            assert check(one, text) == Correct()
        assert check(one, right.replace("->", "→").replace(" ", "  ")) == Correct()

    def test_a_wrong_option_gets_its_own_reason(self, one):
        for place, wrong in enumerate(one.choice.options):
            if wrong != one.choice.answer:
                number = str(place + 1)
                feedback = check(one, wrong if number in one.choice.options else number)
                assert isinstance(feedback, Incorrect)
                assert feedback.note == one.choice.why[wrong]

    def test_what_is_no_option_lists_the_options(self, one):
        texts = ("", "0", str(len(one.choice.options) + 1), "z", "-1", "1.5", "banana", "9" * 5000)
        for text in (text for text in texts if text not in one.choice.options):
            feedback = check(one, text)
            assert isinstance(feedback, Unreadable)
            assert all(listed in feedback.reason for listed in one.choice.options)


def test_an_option_that_is_itself_a_letter_or_a_number_is_meant_by_it():
    assert option("2", ["2", "1"]) == "2"
    assert option("b", ["b", "a"]) == "b"


@pytest.mark.parametrize("one", SHAPES, ids=[one.key for one in SHAPES])
class TestShapes:
    def test_a_shape_is_taken_in_every_spelling(self, one):
        sizes = one.wanted.exact.tolist()
        for joined in ("x", "×", " x ", ", ", " ", "*", "X"):
            assert check(one, joined.join(map(str, sizes))) == Correct()
        assert check(one, f"({', '.join(map(str, sizes))})") == Correct()

    def test_another_size_is_wrong_and_another_number_of_sizes_says_so(self, one):
        sizes = one.wanted.exact.tolist()
        wrong = check(one, "x".join(map(str, [*sizes[:-1], sizes[-1] + 1])))
        assert isinstance(wrong, Incorrect)
        assert wrong.cells == (len(sizes) - 1,)
        longer = check(one, "x".join(map(str, [*sizes, 1])))
        assert not isinstance(longer, Correct)
        assert str(len(sizes)) in explain(longer)


@given(one_of(ALL), garbage)
def test_any_text_gets_a_feedback_that_can_be_told(key, text):
    feedback = check(BY_KEY[key], text)
    assert verdict(feedback) in VERDICTS.values()
    assert explain(feedback) or isinstance(feedback, Correct)
    assert "\x1b" not in explain(feedback)


@pytest.mark.parametrize("kind", ONE_OF_EACH_KIND)
@pytest.mark.parametrize(
    "text",
    [
        *("1" * 10**6, "1 " * 5 * 10**5, "(" * 10**6, "[" * 10**6, "1;" * 10**5, "x" * 10**6, "\n" * 10**6),
        *(
            "√" * 1900,
            "-" * 1999 + "1",
            "9" * 4000,
            "1e400",
            "-1e-400",
            "9^400",
            "1e300*1e300",
            "exp(700)",
            "\x00",
            "\x1b[2J",
            "\ud800",
            "१२३",
        ),
        *(" ".join(["1e400"] * 4), "1,2,3,4;" * 900, "((((1,2),(3,4))))", ",", ";", "()", "[]", "_", "1 _", ". ."),
    ],
    ids=lambda text: f"{text[:6]!a}*{len(text)}",
)
def test_hostile_text_is_not_correct_and_costs_no_exception(kind, text):
    feedback = check(ONE_OF_EACH_KIND[kind], text)
    assert not isinstance(feedback, Correct)
    assert len(explain(feedback)) < 500


@given(garbage, one_of([one for one in ALL if one.errata]))
def test_any_text_is_survived_where_a_misprint_is_looked_for(text, key):
    assert verdict(check(BY_KEY[key], text)) in VERDICTS.values()


@pytest.mark.parametrize("key", ["extra/gn-four-groups/zhat[1].denominator", "extra/bn-alone/Zhat[1].denominator"])
def test_where_epsilon_is_all_that_is_left_the_usual_decimals_are_enough(key):
    """√ε = 0.0031623; what is left without ε is 0 and asks for no digits of its own."""
    one = BY_KEY[key]
    for text in ("0.0032", "0.0031623", "0.00316228", "sqrt(0.00001)", "0"):
        assert check(one, text) == Correct()
    assert check(one, "0.003") == TooFewDigits(4)
    assert isinstance(check(one, "0.0033"), Incorrect)


def test_a_misprint_is_not_seen_in_a_number_beside_it():
    """0.9999992 is printed; 1 and 0.99999 are not that."""
    one = question("baseline/student/yhat")
    for text in ("1", "0.99999", "0.999999", "0.9999"):
        feedback = check(one, text)
        assert getattr(feedback, "diagnosis", None) is None


def test_a_single_wrong_cell_of_many_is_called_a_slip():
    one = question("conv1d/sheet/y[1].products")
    cells = one.text.split()
    feedback = check(one, " ".join(["99", *cells[1:]]))
    assert isinstance(feedback, Incorrect)
    assert "entry 1" in feedback.note
    assert np.prod(one.shape) == len(cells)


@pytest.mark.parametrize("label", ["y = ", "y=", "= ", "≈ ", "Y₁₂ = ", "y[2] = ", "ŷ = ", "W⁽¹⁾ = ", "z1 ="])
def test_an_answer_may_name_what_it_stands_for(label):
    assert isinstance(check(question("conv1d/sheet/y"), f"{label}-1 -1 4"), Correct)
    assert isinstance(check(question("baseline/student/yhat"), f"{label}0.99995"), Correct)
    assert isinstance(check(question("conv1d/sheet/y[1]"), f"{label}2*1 + 0*0 - 3*1"), Correct)


@pytest.mark.parametrize("text", ["=", "y =", "y = = 3", "2 + 3 = 5", "(y) = -1 -1 4", "= 1 = 2"])
def test_what_is_no_name_is_not_read_as_one(text):
    assert isinstance(check(question("conv1d/sheet/y"), text), Unreadable)
