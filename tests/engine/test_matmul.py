"""Convolution as one matrix product: both matrices give the convolution, and their counts are right."""

import numpy as np
import pytest
from hypothesis import given, settings

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.engine.laws import obeys, same
from tests.strategies import convolutions


def bare_of(call):
    """The convolution's options that matrices share, its kernel size and number of axes."""
    rank = int(call.op[4])
    options = {name: call.options[name] for name in ("stride", "padding", "dilation")}
    return options, call.arguments["weight"].shape[-rank:], rank


@settings(max_examples=150)
@given(convolutions())
def test_the_toeplitz_matrix_times_the_flat_input_is_the_flat_convolution(call):
    options, _, rank = bare_of(call)
    x, weight = call.arguments["x"], call.arguments["weight"]
    if x.ndim > rank:
        x = (x if x.ndim == rank + 1 else x[0])[: weight.shape[1]]
    y = getattr(engine, call.op)(x, weight, **options).output
    matrix = engine.toeplitz(weight, x.shape, **options).output
    assert matrix.shape == (y.size, x.size)
    assert same(matrix @ x.reshape(-1), y.reshape(-1))


@settings(max_examples=150)
@given(convolutions())
def test_patches_times_the_flat_kernel_are_the_flat_convolution(call):
    options, kernel, rank = bare_of(call)
    x, weight = call.arguments["x"], call.arguments["weight"]
    if rank == 1 and x.ndim > 1:
        x, weight = x[..., None], weight[..., None]
        options = {"stride": options["stride"], "padding": _two(options["padding"]), "dilation": options["dilation"]}
        kernel = (*kernel, 1)
    if call.options["groups"] > 1:
        weight = np.repeat(weight, call.options["groups"], axis=1)
    y = getattr(engine, f"conv{min(2, rank + (x.ndim > 1))}d")(x, weight, **options).output
    patches = engine.im2col(x, kernel, **options).output
    bare = x.ndim == weight.ndim == rank
    product = patches @ weight.reshape(1 if bare else len(weight), -1).T
    assert same(product.swapaxes(-1, -2).reshape(y.shape), y)


def _two(padding):
    """1D padding for a map of one column, which stays as it is."""
    if isinstance(padding, str):
        return padding
    return ((padding, padding) if np.ndim(padding) == 0 else tuple(np.ravel(padding)), (0, 0))


@settings(max_examples=100)
@given(convolutions(("conv2d",)))
def test_copies_count_how_often_each_entry_occurs(call):
    options, kernel, _ = bare_of(call)
    numbered = np.arange(1, np.prod(call.arguments["x"].shape[-2:]) + 1).reshape(call.arguments["x"].shape[-2:])
    trace = engine.im2col(numbered, kernel, **options)
    counts = np.bincount(trace.output.ravel(), minlength=numbered.size + 1)[1:]
    np.testing.assert_array_equal(trace.tensors["copies"].ravel(), counts)


def test_the_worksheet_matrices_come_out():
    x = np.arange(1, 10).reshape(3, 3)
    np.testing.assert_array_equal(engine.im2col(x, 2).output, [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]])
    trace = engine.toeplitz([[1, 2], [3, 4]], (3, 3))
    np.testing.assert_array_equal(
        trace.output,
        [
            [1, 2, 0, 3, 4, 0, 0, 0, 0],
            [0, 1, 2, 0, 3, 4, 0, 0, 0],
            [0, 0, 0, 1, 2, 0, 3, 4, 0],
            [0, 0, 0, 0, 1, 2, 0, 3, 4],
        ],
    )
    assert trace.tensors["offsets"].tolist() == [1, 2, 4, 5]
    assert trace.tensors["gap"] == 1
    assert trace.tensors["slots"].tolist() == [4, 16]
    assert (trace.tensors["weights"], trace.tensors["dense_weights"]) == (4, 36)


def test_channels_and_batches_have_one_patch_a_row():
    assert engine.im2col(np.ones((2, 3, 5, 5)), 3, padding=1).output.shape == (2, 25, 27)
    assert engine.im2col(np.ones((3, 5, 5)), 3).output.shape == (9, 27)
    assert engine.im2col([1, 2, 3, 4], 2).output.tolist() == [[1, 2], [2, 3], [3, 4]]
    assert engine.im2col([[1, 2, 3], [4, 5, 6]], [2]).output.tolist() == [[1, 2, 4, 5], [2, 3, 5, 6]]
    assert engine.im2col(np.ones((3, 2, 5)), (3,)).output.shape == (3, 3, 6)
    assert engine.im2col([1, 2, 3], 1, stride=10**9, dilation=10**9).output.tolist() == [[1]]


def test_a_large_matrix_is_made_at_once():
    trace = engine.toeplitz(np.ones((4, 3, 3, 3)), (3, 32, 32), padding=1)
    assert trace.output.shape == (4 * 1024, 3072)
    obeys(engine.toeplitz(np.arange(16).reshape(2, 2, 2, 2), (2, 3, 3), padding=((1, 0), (0, 1)), stride=2))


@pytest.mark.parametrize(
    ("op", "arguments", "message"),
    [
        ("im2col", (np.ones((1, 1, 1, 1, 1)), 1), "x must have 2, 3 or 4 axes"),
        ("im2col", ([1, 2], 3), "kernel_size covers 3 cells, but x has only 2 with its padding"),
        ("toeplitz", ([[1]], (3,)), "weight (1, 1) and input_shape (3,) must be bare both"),
        ("toeplitz", ([1], ()), "input_shape must be a sequence of whole numbers such as (3, 3), got ()"),
        ("toeplitz", ([1], "3"), "input_shape must be a sequence of whole numbers such as (3, 3), got '3'"),
        ("toeplitz", ([1], (0,)), "input_shape must be at least 1, got 0"),
        ("toeplitz", (np.ones((1, 2, 1)), (1, 5)), "input_shape must have the 2 channels of weight, got (1, 5)"),
        ("toeplitz", ([1], (10**6,)), "input_shape is too large: a tensor of 1000000000000 cells"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(op, arguments, message):
    with pytest.raises(ShapeError) as error:
        getattr(engine, op)(*arguments)
    assert message in str(error.value)
