"""Activations: equal to their definitions, for numbers of any size."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.engine import oracles
from tests.engine.laws import obeys, same
from tests.strategies import arrays

shapes = hnp.array_shapes(max_dims=3, max_side=4)


@settings(max_examples=100)
@given(shapes.flatmap(arrays))
def test_relu_and_sigmoid_go_entry_by_entry(x):
    assert same(engine.relu(x).output, np.array([max(0, z) for z in x.ravel().tolist()]).reshape(x.shape))
    sigmoid = np.array([1 / (1 + math.exp(-z)) for z in x.ravel().tolist()])
    assert same(engine.sigmoid(x).output, sigmoid.reshape(x.shape))


@settings(max_examples=100)
@given(shapes.flatmap(arrays), st.data())
def test_softmax_divides_exponentials_by_their_sum(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    assert same(engine.softmax(x, axis).output, np.apply_along_axis(oracles.softmax, axis, x.astype(float)))


@settings(max_examples=100)
@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=2, max_side=4), elements=st.floats(-1e308, 1e308)))
def test_no_logit_overflows(x):
    trace = engine.softmax(x)
    assert np.isfinite(trace.output).all()
    np.testing.assert_allclose(trace.output.sum(axis=-1), 1)
    assert np.isfinite(engine.sigmoid(x).output).all()
    obeys(trace)


def test_a_shift_changes_nothing():
    logits = np.array([[1.0, 2.0, 4.0], [0.5, 0.0, -3.0]])
    np.testing.assert_allclose(engine.softmax(logits + 1000).output, engine.softmax(logits).output, rtol=1e-12)
    assert "shifted" in engine.softmax(logits + 1000).tensors
    assert "shifted" not in engine.softmax(logits).tensors


def test_softmax_of_infinite_logits_is_what_torch_says():
    assert np.isnan(engine.softmax([np.inf, 1.0]).output).all()
    assert np.isnan(engine.softmax([-np.inf, -np.inf]).output).all()
    assert engine.softmax([-np.inf, 1.0]).output.tolist() == [0, 1]
    assert np.isnan(engine.softmax([[np.nan, 1.0], [500.0, 1.0]]).output).tolist() == [[True, True], [False, False]]


def test_extremes_have_their_limits():
    assert engine.sigmoid([-1000, 0, 1000, -(2**63)]).output.tolist() == [0, 0.5, 1, 0]
    assert engine.relu([-np.inf, np.inf]).output.tolist() == [0, np.inf]
    assert np.isnan(engine.relu([np.nan]).output[0])
    assert engine.softmax([2**62, -(2**62)]).output.tolist() == [1, 0]


def test_whole_numbers_stay_whole_through_relu():
    assert engine.relu([-3, 4]).output.dtype == np.int64
    assert all(step.value.dtype == np.int64 for step in engine.relu([-3, 4]).steps)


def test_half_precision_logits_do_not_overflow():
    np.testing.assert_allclose(engine.softmax(np.array([20, 20], dtype=np.float16)).output, [0.5, 0.5])


@pytest.mark.parametrize(
    ("op", "arguments", "message"),
    [
        ("softmax", ([1, 2], 1), "axis must be one of the 1 axes of x, got 1"),
        ("softmax", ([1, 2], 0.0), "axis must be a whole number, got 0.0"),
        ("softmax", (1,), "axis must be one of the 0 axes of x, got -1"),
        ("relu", (None,), "x must be a tensor of real numbers"),
        ("sigmoid", ([1j],), "x must be a tensor of real numbers (whole ones of at most 64 bits), got complex128"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(op, arguments, message):
    with pytest.raises(ShapeError) as error:
        getattr(engine, op)(*arguments)
    assert message in str(error.value)
