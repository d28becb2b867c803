"""Arguments: whatever is passed, an op gives a trace or a ShapeError that names an argument."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_tutor import engine
from cnn_tutor.engine.arguments import as_tensor
from cnn_tutor.errors import CnnTutorError, ShapeError
from tests.strategies import anything, calls

near = st.one_of(
    st.integers(-2, 6),
    st.sampled_from([None, True, "same", "valid", 2**39, 2**40, 2**62, 10**9, 0.5, np.nan]),
    st.lists(st.integers(-1, 5), max_size=4),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=3),
    hnp.arrays(st.sampled_from([np.int8, np.int64, np.uint64, np.float32]), hnp.array_shapes(min_dims=0, max_side=4)),
)
"""What might fit, or nearly."""


@settings(max_examples=800)
@given(calls, st.data())
def test_an_op_gives_a_trace_or_a_shape_error_that_names_an_argument(call, data):
    names = list(inspect.signature(getattr(engine, call.op)).parameters)
    arguments = call.arguments | call.options
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        arguments[name] = data.draw(near | anything)
    try:
        trace = getattr(engine, call.op)(**arguments)
        for position in {0, len(trace.steps) // 2, len(trace.steps) - 1}:
            assert trace.steps[position].writes
    except ShapeError as error:
        message = str(error)
        assert any(name in message for name in names), message
        assert "\n" not in message
        assert len(message) < 500


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    "call",
    [
        lambda n: engine.relu(n),
        lambda n: engine.relu([n, 1]),
        lambda n: engine.max_pool1d([1, 2, 3], n),
        lambda n: engine.max_pool1d([1, 2, 3], 2, padding=n),
        lambda n: engine.max_pool1d([1, 2, 3], 2, ceil_mode=n),
        lambda n: engine.group_norm([1, 2], n),
        lambda n: engine.layer_norm([1, 2], eps=n),
        lambda n: engine.layer_norm([1, 2], axes=n),
        lambda n: engine.softmax([1, 2], axis=n),
        lambda n: engine.reshape([1, 2], [n]),
        lambda n: engine.toeplitz([1, 2], (n,)),
        lambda n: engine.output_length(n, 2),
    ],
)
def test_a_number_too_long_to_be_printed_is_refused_like_any_other(call, sign):
    with pytest.raises(ShapeError) as error:
        call(sign * 10**5000)
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("padding", [10**8, 10**12, 2**40, ((10**9, 0),)])
@pytest.mark.parametrize(
    "call",
    [
        lambda p: engine.conv1d([1, 2, 3], [1, 1], padding=p),
        lambda p: engine.conv1d(np.ones((2, 3, 4)), np.ones((3, 3, 2)), padding=p, stride=7),
        lambda p: engine.max_pool1d([1, 2, 3], 2, padding=p),
        lambda p: engine.avg_pool1d([1, 2, 3], 2, padding=p),
        lambda p: engine.im2col([1, 2, 3], 2, padding=p),
        lambda p: engine.toeplitz([1, 2], (3,), padding=p),
    ],
)
def test_a_request_larger_than_memory_is_refused_before_anything_is_made(call, padding):
    with pytest.raises(ShapeError, match="too large"):
        call(padding)


def test_a_large_view_is_refused_before_it_is_copied():
    with pytest.raises(ShapeError, match="x is too large: a tensor of 1000000000000 cells"):
        engine.relu(np.broadcast_to(1.0, (10**6, 10**6)))


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ([True, False], np.int64),
        (np.array([1], dtype=np.uint8), np.int64),
        (np.array([2**63 - 1], dtype=np.uint64), np.int64),
        ([1, 2.5], np.float64),
        (np.float32([1]), np.float32),
        (np.float16([1]), np.float64),
        (np.longdouble([1]), np.float64),
        (np.array([1.5], dtype=">f8"), np.float64),
        (3, np.int64),
        (range(3), np.int64),
        (((1,), (2,)), np.int64),
    ],
)
def test_data_is_machine_integers_or_floats_of_single_or_double_precision(value, dtype):
    tensor = as_tensor("x", value)
    assert tensor.dtype == dtype
    assert tensor.flags.c_contiguous
    np.testing.assert_array_equal(tensor, np.asarray(value))


@pytest.mark.parametrize("value", [0, 1, False, True, np.True_, np.int64(0)])
def test_a_flag_may_be_written_as_onnx_does(value):
    kept = engine.max_pool1d([1, 2, 3], 2, ceil_mode=value).output
    assert len(kept) == 1 + bool(value)


def test_sizes_may_be_lists_tuples_arrays_or_numpy_numbers():
    x, weight = np.arange(25).reshape(5, 5), np.ones((2, 2))
    expected = engine.conv2d(x, weight, stride=2, padding=1).output
    for stride, padding in (
        ([2, 2], (1, 1)),
        (np.array([2, 2]), np.array([[1, 1], [1, 1]])),
        (np.int8(2), [[1, 1], [1, 1]]),
        (np.array(2), ((1, 1), (1, 1))),
        (engine.output_length(3, 2), [1, 1]),
    ):
        np.testing.assert_array_equal(engine.conv2d(x, weight, stride=stride, padding=padding).output, expected)


def test_a_shape_error_is_a_value_error_and_one_of_ours():
    assert issubclass(ShapeError, ValueError)
    assert issubclass(ShapeError, CnnTutorError)
    with pytest.raises(ShapeError):
        engine.relu([math.nan, "1"])
