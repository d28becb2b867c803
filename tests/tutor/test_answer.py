"""Reading an answer: what a right value may look like, what shape it must have, how many digits it needs."""

from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnn_tutor.tutor import answer
from cnn_tutor.tutor.answer import Unreadable, read, read_shape, unlabelled, write
from cnn_tutor.tutor.expression import Typed, parse
from cnn_tutor.tutor.numeric import Verdict, decimals_wanted, judge
from tests.tutor.strategies import fractions, integers, numbers, reals, tensor_forms, tensors


def values(cells):
    return [None if cell is None else float(cell.value) for cell in cells]


@given(tensors())
def test_reading_what_was_written_gives_the_same_numbers(array):
    """``parse(format(v)) == v``, to the last bit."""
    assert values(read(write(array), array.shape)) == array.reshape(-1).tolist()


@given(numbers)
def test_a_number_written_with_all_its_digits_is_right(value):
    assert judge(parse(answer.exact_number(value)), [value]) is Verdict.RIGHT


@given(st.data())
def test_a_right_answer_is_never_refused_in_any_accepted_form(data):
    array = data.draw(tensors())
    text = data.draw(tensor_forms(array), label="typed")
    cells = read(text, array.shape)
    assert [judge(cell, [value]) for cell, value in zip(cells, array.reshape(-1).tolist(), strict=True)] == [
        Verdict.RIGHT
    ] * array.size


@given(fractions)
def test_a_fraction_is_its_value(value):
    assert judge(parse(f"{value.numerator}/{value.denominator}"), [float(value)]) is Verdict.RIGHT


@pytest.mark.parametrize("text", ["1,5", "−1,5", "0,25", ",5"])
def test_a_decimal_comma_is_understood_where_one_number_is_wanted(text):
    right = float(text.replace(",", ".").replace("−", "-"))
    if text.startswith(","):
        text = "0" + text
    assert values(read(text, ())) == [right]


@given(st.lists(reals.map(lambda value: round(value, 4)), min_size=2, max_size=5))
def test_decimal_commas_are_understood_in_a_vector_parted_by_blanks_or_semicolons(numbers):
    for parted in (" ", "; ", "\n", ", "):
        text = parted.join(f"{number:.4f}".replace(".", ",") for number in numbers)
        assert values(read(text, (len(numbers),))) == [float(f"{number:.4f}") for number in numbers]


def test_two_whole_numbers_with_a_comma_are_two_numbers_where_two_are_wanted():
    assert values(read("1,5", (2,))) == [1, 5]


@pytest.mark.parametrize("text", ["2 4", "2x4", "2 x 4", "2×4", "H_out, W_out = 2 4", "(2, 4)"])
def test_two_sizes_may_be_written_as_a_shape(text):
    assert [cell.value for cell in read(unlabelled(text), (2,))] == [2, 4]


def test_between_numbers_of_a_row_a_cross_multiplies():
    assert [cell.value for cell in read("2×3 4", (2,))] == [6, 4]


class TestRounding:
    @given(reals, st.integers(0, 8))
    def test_a_value_rounded_to_enough_decimals_is_right(self, value, more):
        assert judge(parse(f"{value:.{decimals_wanted([value]) + more}f}"), [value]) is Verdict.RIGHT

    @given(st.floats(-1e4, 1e4).filter(lambda value: abs(value) > 0.2), st.integers(1, 3))
    def test_too_few_digits_is_a_verdict_of_its_own(self, value, decimals):
        text = f"{value:.{decimals}f}"
        assume(abs(Fraction(text) - Fraction(value)) > Fraction(1, 10**8))
        assert judge(parse(text), [value]) is Verdict.SHORT

    @given(st.floats(-1e3, 1e3).filter(lambda value: abs(value) > 1e-5), st.integers(0, 2))
    def test_cutting_digits_off_instead_of_rounding_is_wrong(self, value, more):
        decimals = decimals_wanted([value]) + more
        assume(decimals < 11)
        cut = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_DOWN)
        assume(abs(Fraction(cut) - Fraction(value)) > Fraction(6, 10) / 10**decimals)
        assert judge(parse(f"{cut:f}"), [value]) is Verdict.WRONG

    @given(reals, st.integers(1, 9))
    def test_a_value_next_to_the_right_one_is_wrong(self, value, units):
        decimals = decimals_wanted([value])
        assume(decimals < 10)
        near = round(Decimal(value), decimals) + units * Decimal(1).scaleb(-decimals)
        assume(abs(Fraction(near) - Fraction(value)) > Fraction(51, 100) / 10**decimals)
        assert judge(parse(f"{near:f}"), [value]) is Verdict.WRONG

    @given(integers, reals.filter(lambda off: off != 0))
    def test_a_whole_number_must_be_met_exactly(self, value, off):
        assume(abs(off) > 1e-4)
        assert judge(parse(f"{Decimal(value) + Decimal(off):f}"), [value]) is Verdict.WRONG

    def test_four_decimals_are_asked_for(self):
        assert decimals_wanted([1 / 3]) == 4
        assert [judge(parse(text), [1 / 3]) for text in ("0.3", "0.33", "0.333", "0.3333", "0.33333")] == [
            *[Verdict.SHORT] * 3,
            *[Verdict.RIGHT] * 2,
        ]

    def test_five_are_asked_for_where_four_cannot_tell(self):
        """σ(10) is 1.0000 to four decimals."""
        value = 1 / (1 + np.exp(-10.0))
        assert decimals_wanted([value]) == 5
        assert judge(parse("0.99995"), [value]) is Verdict.RIGHT
        assert judge(parse("1.0000"), [value]) is not Verdict.RIGHT
        assert judge(parse("1"), [value]) is not Verdict.RIGHT

    def test_the_value_without_epsilon_is_right_as_well(self):
        exact = 1 / np.sqrt(1 + 1e-5)
        assert judge(parse("1"), [exact, 1.0]) is Verdict.RIGHT
        assert judge(parse("0.999995"), [exact, 1.0]) is Verdict.RIGHT
        assert judge(parse("1"), [exact]) is not Verdict.RIGHT

    @given(reals, reals)
    def test_no_value_far_away_is_ever_right(self, value, typed):
        assume(abs(value - typed) > 1e-3)
        assert judge(Typed(Fraction(typed), 20), [value]) is Verdict.WRONG


class TestShapes:
    @pytest.mark.parametrize(
        ("text", "shape", "wanted"),
        [
            ("1 2", (), "one number"),
            ("1", (3,), "3 numbers"),
            ("1 2 3 4", (3,), "3 numbers"),
            ("1 2 3 4", (2, 2), "2 rows of 2"),
            ("1 2; 3", (2, 2), "2 rows of 2"),
            ("1 2 3; 4 5 6", (3, 2), "3 rows of 2"),
            ("1; 2", (1,), "1 number"),
            ("", (2, 3), "2 rows of 3"),
        ],
    )
    def test_a_wrong_shape_names_the_wanted_one(self, text, shape, wanted):
        with pytest.raises(Unreadable, match=wanted):
            read(text, shape)

    @given(tensors(integers, ranks=(1, 2)), st.integers(1, 3))
    def test_numbers_too_many_are_never_read(self, array, more):
        with pytest.raises(Unreadable):
            read(write(array) + " 0" * more, array.shape)

    @given(tensors(ranks=(1, 2)), st.data())
    def test_an_underscore_keeps_a_cell(self, array, data):
        kept = data.draw(st.sets(st.integers(0, array.size - 1), min_size=1))
        rows = [text.split() for text in write(array).split("; ")]
        width = len(rows[0])
        for cell in kept:
            rows[cell // width][cell % width] = "_"
        cells = read("; ".join(" ".join(row) for row in rows), array.shape)
        assert {place for place, cell in enumerate(cells) if cell is None} == kept


class TestShapeAnswers:
    @pytest.mark.parametrize(
        "text",
        ["8x28x28", "8X28X28", "8×28×28", "8 x 28 x 28", "(8, 28, 28)", "[8,28,28]", "8 28 28", "8,28,28", "8*28*28"],
    )
    def test_a_shape_may_be_written_in_any_of_the_usual_ways(self, text):
        assert read_shape(text) == (8, 28, 28)

    @pytest.mark.parametrize("text", ["", "x", "8 by 28", "8x-1", "2.5x3", "8x28xC", "9" * 10])
    def test_anything_else_says_how_a_shape_is_written(self, text):
        with pytest.raises(Unreadable, match="8x28x28"):
            read_shape(text)
