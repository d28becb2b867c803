"""Normalisation: equal to its definition on every shape, and right where the mean hides the spread."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.engine import oracles
from tests.engine.laws import obeys, same
from tests.strategies import norms


def sets_of(call):
    """Index of every set of cells that share a mean."""
    x = call.arguments["x"]
    if call.op == "batch_norm":
        return [(slice(None), c) for c in range(x.shape[1])]
    if call.op == "instance_norm":
        return list(np.ndindex(x.shape[:2]))
    if call.op == "group_norm":
        lead, channels = x.shape[: min(1, x.ndim - 1)], x.shape[min(1, x.ndim - 1)]
        size = channels // call.arguments["num_groups"]
        return [(*n, slice(first, first + size)) for n in np.ndindex(lead) for first in range(0, channels, size)]
    shared = {axis % x.ndim for axis in np.atleast_1d(call.options["axes"])}
    kept = [range(n) if axis not in shared else [slice(None)] for axis, n in enumerate(x.shape)]
    return [tuple(each) for each in _product(kept)]


def _product(ranges):
    return [()] if not ranges else [(*head, last) for head in _product(ranges[:-1]) for last in ranges[-1]]


def spread(call, name, default):
    """γ or β over the whole of x."""
    x, value = call.arguments["x"], call.arguments.get(name)
    if value is None:
        return default
    channel = [axis % x.ndim for axis in np.atleast_1d(call.options.get("axes", min(1, x.ndim - 1)))]
    return value.reshape([n if axis in channel else 1 for axis, n in enumerate(x.shape)])


@settings(max_examples=300)
@given(norms())
def test_each_set_has_its_mean_taken_and_is_divided_by_its_deviation(call):
    x, eps = call.arguments["x"].astype(float), call.options["eps"]
    z = np.zeros_like(x)
    for index in sets_of(call):
        if "running_mean" in call.options:
            mean, variance = call.options["running_mean"][index[1]], call.options["running_var"][index[1]]
            z[index] = (x[index] - mean) / math.sqrt(variance + eps)
        else:
            z[index] = oracles.normalise(x[index], eps)
    expected = spread(call, "gamma", 1) * z + spread(call, "beta", 0)
    np.testing.assert_allclose(call.trace().output, expected, rtol=1e-9, atol=1e-9)


def test_the_worksheet_norms_come_out():
    z = [[3, -2], [1, 7]]
    np.testing.assert_allclose(engine.batch_norm(z, eps=0).output, [[1, -1], [-1, 1]])
    np.testing.assert_allclose(engine.layer_norm([3, -2], [1, 1], [0, 0]).output, [1, -1], atol=1e-5)
    np.testing.assert_allclose(engine.group_norm([2, 1, 0, 3], 2, [1] * 4, [0] * 4).output, [1, -1, -1, 1], atol=1e-4)


def test_one_group_is_layer_norm_and_as_many_as_channels_is_instance_norm():
    x = np.random.default_rng(0).normal(size=(2, 4, 3, 3))
    assert same(engine.group_norm(x, 1).output, engine.layer_norm(x, axes=(1, 2, 3)).output)
    assert same(engine.group_norm(x, 4).output, engine.instance_norm(x).output)


@pytest.mark.parametrize("mean", [1e4, 1e8, 1e12])
def test_a_mean_far_larger_than_the_spread_leaves_the_spread(mean):
    x = mean + np.random.default_rng(1).normal(size=(64, 2, 5))
    for op, axes in (("batch_norm", (0, 2)), ("instance_norm", (2,))):
        trace = getattr(engine, op)(x)
        largest = np.spacing(mean) / x.std(axis=axes).min()
        for index in np.ndindex(trace.tensors["mean"].shape):
            exact = _exact(x[:, index[0]] if op == "batch_norm" else x[index])
            found = trace.output[:, index[0]] if op == "batch_norm" else trace.output[index]
            np.testing.assert_allclose(found.ravel(), exact, rtol=0, atol=2 * largest)


def _exact(numbers):
    """Normalised in fractions; only the square root is rounded."""
    numbers = [Fraction(one) for one in numbers.ravel().tolist()]
    mean = sum(numbers) / len(numbers)
    variance = sum((one - mean) ** 2 for one in numbers) / len(numbers)
    return [float(one - mean) / math.sqrt(variance + Fraction(1e-5)) for one in numbers]


def test_equal_numbers_become_beta():
    assert engine.layer_norm([0.1] * 3, beta=[5, 6, 7]).output.tolist() == [5, 6, 7]
    assert engine.batch_norm([[3, 4]]).output.tolist() == [[0, 0]]
    assert np.isnan(engine.layer_norm([2, 2], eps=0).output).all()


def test_given_statistics_are_used_as_they_are():
    trace = engine.batch_norm([4, 6], [1, 2], [0, 1], running_mean=[2, 3], running_var=[4, 9], eps=0)
    assert trace.output.tolist() == [1, 3]
    assert [step.op for step in trace.steps][:3] == ["deviations", "denominator", "normalised"]
    obeys(trace)


def test_nan_stays_in_its_set():
    y = engine.layer_norm([[1, np.nan], [1, 2]]).output
    assert np.isnan(y).tolist() == [[True, True], [False, False]]
    assert np.isnan(engine.layer_norm([[1, np.inf], [1, 2]]).output).tolist() == [[True, True], [False, False]]


def test_huge_whole_numbers_do_not_wrap():
    trace = engine.layer_norm([2**62, -(2**62), 0, 2**62])
    np.testing.assert_allclose(trace.tensors["mean"], 2.0**60)
    obeys(trace)


@pytest.mark.parametrize(
    ("op", "arguments", "options", "message"),
    [
        ("batch_norm", ([1, 2],), {}, "x must be a batch (N, F) or (N, C, *spatial) to take batch statistics"),
        ("batch_norm", ([[1, 2]], [1]), {}, "gamma must have shape (2,), got (1,)"),
        ("batch_norm", ([[1, 2]],), {"running_mean": [1, 2]}, "running_mean and running_var must be given together"),
        ("batch_norm", ([[1]],), {"running_mean": [1], "running_var": [-1]}, "running_var must not be negative"),
        ("batch_norm", ([[1]],), {"running_mean": [1, 2], "running_var": [1]}, "running_mean must have shape (1,)"),
        ("layer_norm", ([1, 2],), {"axes": 1}, "axes must be one of the 1 axes of x, got 1"),
        ("layer_norm", ([[1, 2]],), {"axes": (0, -2)}, "axes must name different axes of x, at least one; got (0, -2)"),
        ("layer_norm", ([[1, 2]],), {"axes": ()}, "axes must name different axes of x, at least one; got ()"),
        ("layer_norm", ([1, 2],), {"eps": -1}, "eps must be a finite number of at least 0, got -1"),
        ("layer_norm", ([1, 2],), {"eps": np.nan}, "eps must be a finite number of at least 0, got nan"),
        ("layer_norm", ([1, 2],), {"eps": "small"}, "eps must be a finite number of at least 0, got 'small'"),
        ("layer_norm", ([1, 2], [1]), {}, "gamma must have shape (2,), got (1,)"),
        ("group_norm", ([1, 2, 3], 2), {}, "num_groups must divide the 3 channels of x, got 2"),
        ("group_norm", (3, 1), {}, "x must have a channel axis: (C,), (N, C) or (N, C, *spatial)"),
        ("group_norm", ([1, 2], 2, None, [1]), {}, "beta must have shape (2,), got (1,)"),
        ("instance_norm", ([[1, 2]],), {}, "x must have positions to average over, (N, C, *spatial); got shape (1, 2)"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(op, arguments, options, message):
    with pytest.raises(ShapeError) as error:
        getattr(engine, op)(*arguments, **options)
    assert message in str(error.value)
