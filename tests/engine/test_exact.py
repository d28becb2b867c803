"""Whole numbers neither round nor wrap, whatever path they take."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_tutor import engine
from cnn_tutor.engine.exact import magnitude, multiply, narrowed, summable, widened

any_size = st.one_of(st.integers(-9, 9), st.integers(-(2**31), 2**31), st.integers(-(2**63), 2**63 - 1))


@settings(max_examples=200)
@given(hnp.arrays(np.int64, 4, elements=any_size), hnp.arrays(np.int64, 3, elements=any_size), any_size)
def test_a_convolution_of_machine_integers_is_that_of_python_integers(x, weight, bias):
    expected = [sum(int(a) * int(b) for a, b in zip(x[i : i + 3], weight, strict=True)) + bias for i in range(2)]
    assert engine.conv1d(x, weight, bias).output.tolist() == expected
    assert engine.linear([x[:3], x[1:]], weight, bias).output.tolist() == expected
    assert engine.conv_transpose1d(x[:1], weight, bias).output.tolist() == [int(x[0]) * int(w) + bias for w in weight]


@settings(max_examples=100)
@given(hnp.arrays(np.int64, 4, elements=any_size))
def test_a_mean_of_machine_integers_does_not_wrap(x):
    mean = float(sum(x.tolist()) / 4)
    assert engine.global_avg_pool(x).output == pytest.approx(mean, rel=1e-15, abs=2048)
    assert engine.avg_pool1d(x, 4).output.tolist() == pytest.approx([mean], rel=1e-15, abs=2048)


def test_the_magnitude_of_the_lowest_integer_is_no_overflow():
    assert magnitude(np.array([np.iinfo(np.int64).min, 3])) == 2**63
    assert magnitude(np.array([-2]), None, np.array([1])) == 2
    assert magnitude(None) == 0


def test_integers_go_through_floating_point_only_where_every_sum_is_exact():
    def product(a, b):
        kinds.append(a.dtype.kind)
        return a @ b

    for entry, kind in ((2**20, "f"), (2**26, "i")):
        kinds = []
        a = np.full((2, 2), entry)
        assert multiply(product, a, a, 2).tolist() == [[2 * entry**2] * 2] * 2
        assert kinds == [kind]


def test_python_integers_are_used_only_beyond_64_bits():
    small, large = np.array([2**30]), np.array([2**32])
    assert widened(2, small, small, None)[0].dtype == np.int64
    assert {one.dtype for one in widened(2, large, large, small)} == {np.dtype(object)}
    assert narrowed(np.array([2**62], dtype=object)).dtype == np.int64
    assert narrowed(np.array([2**64], dtype=object)).dtype == object
    assert summable(small, 2**33).dtype == np.float64
    assert summable(small, 2**32).dtype == np.int64
