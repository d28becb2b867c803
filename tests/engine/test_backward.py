"""Gradients: each equals the slope of the forward pass, taken by moving one number a little to either side."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.strategies import backward_convolutions, backward_norms, backward_pools

MOVE = 1e-4
CLOSE = 1e-6


def slopes(forward, at, grad):
    """d Σ grad · forward(at) / d at, by central differences corrected for their own cube."""
    at = np.array(at, dtype=np.float64)
    found = np.zeros(at.shape)
    for cell in np.ndindex(at.shape):
        values = []
        for step in (-2, -1, 1, 2):
            moved = at.copy()
            moved[cell] += step * MOVE
            values.append(float(np.sum(grad * forward(moved))))
        found[cell] = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * MOVE)
    return found


def agree(found, wanted):
    """Both to 10⁻⁶ of the largest."""
    np.testing.assert_allclose(found, wanted, rtol=CLOSE, atol=CLOSE * max(1, np.abs(wanted).max()))


def small(array):
    """Numbers from −1 to 1, so that differences keep their digits."""
    array = np.asarray(array, dtype=np.float64)
    return array / max(1, np.abs(array).max())


@settings(max_examples=60)
@given(backward_convolutions())
def test_a_convolution(call):
    x, weight, grad = (small(call.arguments[name]) for name in ("x", "weight", "grad"))
    forward = getattr(engine, call.op.removesuffix("_backward"))
    trace = getattr(engine, call.op)(x, weight, grad, **call.options)
    agree(trace.output, slopes(lambda moved: forward(moved, weight, **call.options).output, x, grad))
    agree(trace.tensors["weight_grad"], slopes(lambda moved: forward(x, moved, **call.options).output, weight, grad))
    bias = np.zeros(trace.tensors["bias_grad"].shape)
    agree(
        trace.tensors["bias_grad"], slopes(lambda moved: forward(x, weight, moved, **call.options).output, bias, grad)
    )


@settings(max_examples=60)
@given(backward_pools(), st.randoms(use_true_random=False))
def test_pooling(call, chance):
    """Of different numbers, so that no block has a tie, where max has no slope."""
    shape = call.arguments["x"].shape
    order = list(range(np.prod(shape)))
    chance.shuffle(order)
    x, grad = np.array(order, dtype=np.float64).reshape(shape), small(call.arguments["grad"])
    forward = getattr(engine, call.op.removesuffix("_backward"))
    kernel = call.arguments["kernel_size"]
    trace = getattr(engine, call.op)(x, grad, kernel, **call.options)
    agree(trace.output, slopes(lambda moved: forward(moved, kernel, **call.options).output, x, grad))


@settings(max_examples=60)
@given(backward_norms())
def test_normalisation(call):
    x, grad = small(call.arguments["x"]), small(call.arguments["grad"])
    options = {**call.options, "eps": max(call.options["eps"], 1e-2)}
    forward = getattr(engine, call.op.removesuffix("_backward"))
    if "num_groups" in call.arguments:
        options["num_groups"] = call.arguments["num_groups"]
    gamma = call.arguments.get("gamma")
    gamma = None if gamma is None else small(gamma)
    trace = getattr(engine, call.op)(x, grad, gamma=gamma, **options)
    agree(trace.output, slopes(lambda moved: forward(moved, gamma=gamma, **options).output, x, grad))
    if gamma is not None:
        agree(trace.tensors["gamma_grad"], slopes(lambda moved: forward(x, gamma=moved, **options).output, gamma, grad))
        beta = np.zeros(gamma.shape)
        agree(
            trace.tensors["beta_grad"],
            slopes(lambda moved: forward(x, gamma=gamma, beta=moved, **options).output, beta, grad),
        )


@settings(max_examples=60)
@given(backward_norms())
def test_the_gradients_of_a_set_add_up_to_nothing(call):
    trace = call.trace()
    assume(np.isfinite(trace.output).all())
    scale = max(1, float(np.abs(trace.output).max()))
    axes = {"batch": (0, 2, 3), "instance": (2, 3)}.get(call.op.partition("_")[0])
    if axes is not None and "gamma" not in call.arguments:
        kept = tuple(axis for axis in axes if axis < trace.output.ndim)
        np.testing.assert_allclose(trace.output.sum(axis=kept), 0, atol=1e-9 * scale)


def test_the_examples_that_were_worked_by_hand():
    back = engine.conv1d_backward([2, 0, 3, 1, -1], [1, 0, -2], [1, -2, 3])
    assert back.output.tolist() == [1, -2, 1, 4, -6]
    assert back.tensors["weight_grad"].tolist() == [11, -3, -2]
    assert back.tensors["bias_grad"] == 2
    sheet = [[2, 1, 3, 2], [0, 4, 5, 1], [1, 2, 0, 3], [2, 1, 2, 0]]
    routed = [[0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 0, 4], [0, 0, 0, 0]]
    assert engine.max_pool2d_backward(sheet, [[1, 2], [3, 4]], 2).output.tolist() == routed
    shared = engine.avg_pool2d_backward(sheet, [[1, 2], [3, 4]], 2).output
    np.testing.assert_array_equal(shared, np.kron([[0.25, 0.5], [0.75, 1]], np.ones((2, 2))))
    normed = engine.layer_norm_backward([-3, -1, -1, 5], [1, 0, 0, 0]).output
    np.testing.assert_allclose(normed, [0.16666667, -0.11111102, -0.11111102, 0.05555537], atol=1e-8)


def test_backward_is_the_forward_matrix_transposed():
    """dX = Tᵀ · dY, with T the matrix of the convolution."""
    weight, grad = [[1, -2], [3, 0]], np.array([[1, 2, -1], [0, 3, 1]])
    matrix = engine.toeplitz(weight, (3, 4)).output
    back = engine.conv2d_backward(np.zeros((3, 4)), weight, grad).output
    np.testing.assert_array_equal(back, (matrix.T @ grad.reshape(-1)).reshape(3, 4))


@pytest.mark.parametrize(
    ("op", "arguments"),
    [
        ("conv1d_backward", ([1, 2, 3], [1, 1], [1, 2, 3])),
        ("max_pool1d_backward", ([1, 2, 3, 4], [1, 2, 3], 2)),
        ("avg_pool2d_backward", ([[1, 2], [3, 4]], [1], 2)),
        ("layer_norm_backward", ([1, 2], [1])),
    ],
)
def test_a_gradient_of_another_shape_is_named(op, arguments):
    with pytest.raises(ShapeError, match="grad must have"):
        getattr(engine, op)(*arguments)
