"""Affine layers and rearrangements: equal to their definitions, row-major as on the worksheet."""

import numpy as np
import pytest
from hypothesis import given, settings

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.engine.laws import obeys, same
from tests.strategies import affine_layers, reshapes


@settings(max_examples=150)
@given(affine_layers())
def test_every_output_is_a_row_of_weights_times_the_vector_plus_its_bias(call):
    x, weight = call.arguments["x"], call.arguments["weight"]
    y = np.zeros((*x.shape[:-1], *weight.shape[:-1]), dtype=np.result_type(x, weight))
    for index in np.ndindex(y.shape):
        row = weight[index[x.ndim - 1 :]]
        y[index] = sum(w * z for w, z in zip(row, x[index[: x.ndim - 1]], strict=True))
    assert same(call.trace().output, y + call.arguments.get("bias", 0))


def test_the_worksheet_layer_comes_out():
    weight, bias = [[2, -1], [-1, 2]], [0, 1]
    np.testing.assert_array_equal(engine.linear([1, -1], weight, bias).output, [3, -2])
    np.testing.assert_array_equal(engine.linear([[1, -1], [2, 3]], weight, bias).output, [[3, -2], [1, 5]])
    assert engine.linear([3, 0], [1, 2], -1).output == 2


def test_whole_numbers_of_any_size_are_exact():
    large = 2**62
    trace = engine.linear([large, 3], [[large, 1], [0, 1]], [1, large])
    assert trace.output.tolist() == [large**2 + 4, 3 + large]
    obeys(trace)


def test_flatten_reads_along_the_rows_and_keeps_the_batch_axis():
    x = np.arange(120).reshape(2, 3, 4, 5)
    assert engine.flatten(x).output.shape == (2, 60)
    np.testing.assert_array_equal(engine.flatten(x).output, x.reshape(2, -1))
    np.testing.assert_array_equal(engine.flatten(x[0]).output, np.arange(60))
    np.testing.assert_array_equal(engine.flatten([[1, 2], [3, 4]]).output, [1, 2, 3, 4])


@settings(max_examples=50)
@given(reshapes())
def test_reshape_undoes_flatten(call):
    x = call.arguments["x"]
    assert same(engine.reshape(x.reshape(-1), x.shape).output, x)
    assert same(call.trace().output.reshape(-1), x.reshape(-1))


@pytest.mark.parametrize(
    ("op", "arguments", "message"),
    [
        ("linear", (1, [1]), "x must have at least one axis: linear takes vectors"),
        ("linear", ([1, 2], [[1, 2, 3]]), "weight must have shape (out, 2) or (2,) for x of shape (2,); got (1, 3)"),
        ("linear", ([1, 2], [[[1, 2]]]), "weight must have shape (out, 2) or (2,)"),
        ("linear", ([1, 2], [[1, 2]], [1, 2]), "bias must have shape (1,), one number for each unit; got (2,)"),
        ("linear", ([1, 2], [[1, 2]], 3), "bias must have shape (1,), one number for each unit; got ()"),
        ("reshape", ([1, 2], (3,)), "shape must hold the 2 entries of x, got (3,)"),
        ("reshape", ([1, 2], 2), "shape must be a sequence of whole numbers such as (3, 3), got 2"),
        ("reshape", ([1, 2], (-1,)), "shape must be at least 1, got -1"),
        ("flatten", ("text",), "x must be a tensor of real numbers"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(op, arguments, message):
    with pytest.raises(ShapeError) as error:
        getattr(engine, op)(*arguments)
    assert message in str(error.value)
