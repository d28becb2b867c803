"""Convolution: equal to its definition in every form, and exact where numbers are whole."""

import numpy as np
import pytest
from hypothesis import given, settings

from cnn_tutor import engine
from cnn_tutor.engine import layout
from cnn_tutor.errors import ShapeError
from tests.engine import oracles
from tests.engine.laws import obeys, same
from tests.strategies import convolutions


def defined(call):
    """The output of the definition, in the form of the call."""
    rank = int(call.op[4])
    x = oracles.full(call.arguments["x"], rank)
    w = call.arguments["weight"]
    w = w if w.ndim > rank else w[None, None]
    stride, pads, dilation = oracles.settings(call.options, x.shape[2:], w.shape[2:])
    y = oracles.convolution(x, w, stride, pads, dilation, call.options["groups"])
    if "bias" in call.arguments:
        y = y + np.reshape(call.arguments["bias"], (-1, *[1] * rank))
    return y.reshape(y.shape[rank + 2 - call.arguments["x"].ndim :])


@settings(max_examples=300)
@given(convolutions())
def test_a_convolution_is_the_sum_of_window_times_kernel_plus_bias(call):
    assert same(call.trace().output, defined(call))


@settings(max_examples=100)
@given(convolutions())
def test_strips_of_any_height_give_the_same_convolution(call):
    whole = call.trace().output
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "STRIP", 20)
        patch.setattr(layout, "COLUMNS", 1)
        assert same(call.trace().output, whole)


@settings(max_examples=100)
@given(convolutions())
def test_whole_numbers_stay_whole(call):
    arrays = [value for value in call.arguments.values() if isinstance(value, np.ndarray)]
    if all(value.dtype.kind == "i" for value in arrays):
        trace = call.trace()
        assert trace.output.dtype == np.int64
        assert all(isinstance(step.value, int) or np.asarray(step.value).dtype.kind == "i" for step in trace.steps)


def test_the_kernel_is_not_flipped():
    np.testing.assert_array_equal(engine.conv1d([2, 0, 3, 1, -1], [1, 0, -1]).output, [-1, -1, 4])
    np.testing.assert_array_equal(engine.conv1d([2, 0, 3, 1, -1], [1, 0, -1], stride=2, padding=1).output, [0, -1, 1])
    y = engine.conv2d([[1, 2, 1], [0, -1, 0], [2, 1, 1]], [[1, 0], [0, -1]]).output
    np.testing.assert_array_equal(y, [[2, 2], [-1, -2]])


def test_a_depthwise_convolution_gives_every_channel_its_own_kernel():
    x, weight = np.arange(24).reshape(3, 8), np.arange(6).reshape(3, 1, 2)
    alone = [engine.conv1d(channel, kernel[0]).output for channel, kernel in zip(x, weight, strict=True)]
    np.testing.assert_array_equal(engine.conv1d(x, weight, groups=3).output, alone)


@pytest.mark.parametrize("size", range(1, 9))
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
def test_same_padding_keeps_the_size_over_the_stride_rounded_up(size, stride, kernel):
    y = engine.conv1d(np.ones(size), np.ones(kernel), stride=stride, padding="same").output
    assert len(y) == -(-size // stride)


def test_an_odd_cell_of_same_padding_goes_behind():
    np.testing.assert_array_equal(engine.conv1d([1, 2, 3], [1, 10], padding="same").output, [21, 32, 3])


def test_small_integer_types_do_not_wrap():
    image = np.full((4, 4), 200, dtype=np.uint8)
    assert engine.conv2d(image, np.full((2, 2), 100, dtype=np.int8)).output[0, 0] == 80_000


def test_whole_numbers_beyond_floating_point_are_exact():
    large = 2**31 - 1
    y = engine.conv1d([large] * 4, [large, 1, large], padding=1).output
    assert y.dtype == np.int64
    assert y.tolist() == [large + large**2, large + 2 * large**2, large + 2 * large**2, large + large**2]


def test_whole_numbers_beyond_machine_integers_are_exact_in_every_step():
    large = 2**62
    trace = engine.conv1d([[large, 1, -large]], [[[large, 3]]], [large])
    assert trace.output.tolist() == [[large**2 + 3 + large, large - 3 * large + large]]
    obeys(trace)


def test_many_whole_numbers_go_through_floating_point_unharmed():
    random = np.random.default_rng(0)
    x, weight = random.integers(-1000, 1000, (2, 8, 12, 12)), random.integers(-1000, 1000, (6, 4, 3, 3))
    y = engine.conv2d(x, weight, groups=2, padding=1).output
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y, oracles.convolution(x, weight, (1, 1), [(1, 1), (1, 1)], (1, 1), 2))


def test_a_stride_wider_than_the_input_leaves_one_window():
    assert engine.conv1d([1, 2, 3], [1, 1], stride=10**9).output.tolist() == [3]
    assert engine.conv2d(np.ones((1, 3, 3)), np.ones((1, 1, 1, 1)), dilation=2**40, stride=2**40).output.tolist() == [
        [[1]]
    ]


def test_the_order_in_memory_does_not_matter():
    x = np.asfortranarray(np.arange(20.0).reshape(4, 5))[::-1]
    weight = np.asfortranarray([[1.0, 2.0], [3.0, 4.0]])[:, ::-1]
    assert same(
        engine.conv2d(x, weight).output,
        oracles.convolution(x[None, None], weight[None, None], (1, 1), [(0, 0)] * 2, (1, 1), 1)[0, 0],
    )


def test_nan_spreads_to_the_windows_that_see_it_and_no_further():
    y = engine.conv1d([1, np.nan, 3, 4, 5], [1, 1]).output
    assert np.isnan(y).tolist() == [True, True, False, False]
    y = engine.conv2d(np.full((3, 4), np.inf), np.zeros((2, 2))).output
    assert np.isnan(y).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([[[1]]], [1]), {}, "weight must have 3 axes (C_out, C_in/groups, *kernel); got shape (1,)"),
        (([1, 2], [[[1]]]), {}, "weight must have 1 axes, as x is bare; got shape (1, 1, 1)"),
        ((1, [1]), {}, "x must have 1, 2 or 3 axes (bare, (C, …) or (N, C, …)), got shape ()"),
        (([[1, 2]], [[[1], [2]]]), {}, "weight must have 1 input channels (C_in/groups = 1/1), got shape (1, 2, 1)"),
        (([[1, 2]] * 2, [[[1]]]), {"groups": 2}, "groups must divide the 2 input and 1 output channels, got 2"),
        (([1, 2], [1], [1, 2]), {}, "bias must have shape (1,), one number for each filter; got (2,)"),
        (([1, 2], [1, 2, 3]), {}, "weight covers 3 cells, but x has only 2 with its padding"),
        (([1, 2], [1, 2]), {"dilation": 2}, "weight covers 3 cells, but x has only 2 with its padding"),
        (([1, 2], [1]), {"stride": 0}, "stride must be at least 1, got 0"),
        (([1, 2], [1]), {"stride": True}, "stride must be a whole number, got True"),
        (([1, 2], [1]), {"stride": (1, 2)}, "stride must be one number or 1, one for each spatial axis; got (1, 2)"),
        (([1, 2], [1]), {"padding": -1}, "padding must be at least 0, got -1"),
        (([1, 2], [1]), {"padding": "full"}, 'padding must be a number, "same" or "valid", got \'full\''),
        (([1, 2], [1]), {"padding": ((1, 2), (3, 4))}, "padding must have a pair (before, after) for each of 1 axes"),
        (([1, 2], [1]), {"padding": 10**12}, "padding is too large: a tensor of 2000000000002 cells"),
        (([], [1]), {}, "x must not be empty, got shape (0,)"),
        (([[1], [2, 3]], [1]), {}, "x must be a tensor of numbers: "),
        ((["a"], [1]), {}, "x must be a tensor of real numbers (whole ones of at most 64 bits), got <U1 entries"),
        (([1], [2**63]), {}, "weight must hold whole numbers below 2⁶³, got 9223372036854775808"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(arguments, options, message):
    with pytest.raises(ShapeError) as error:
        engine.conv1d(*arguments, **options)
    assert message in str(error.value)


def test_what_was_once_refused_is_refused_again():
    for _ in range(2):
        engine.conv1d([1, 2, 3], [1], stride=1)
        with pytest.raises(ShapeError, match="stride must be a whole number, got True"):
            engine.conv1d([1, 2, 3], [1], stride=True)
        with pytest.raises(ShapeError, match=r"stride must be a whole number, got 1\.0"):
            engine.conv1d([1, 2, 3], [1], stride=(1.0,))
