"""Pooling: equal to its definition, with the frameworks' rule of a last window and ONNX's width of padding."""

import numpy as np
import pytest
from hypothesis import given, settings

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.engine import oracles
from tests.engine.laws import obeys, same
from tests.strategies import global_pools, pools


@settings(max_examples=400)
@given(pools())
def test_a_pool_is_the_largest_or_the_mean_of_every_window(call):
    rank = int(call.op[-2])
    x = oracles.full(call.arguments["x"], rank)
    kernel = oracles.each(call.arguments["kernel_size"], rank)
    options = call.options | {"stride": kernel if call.options["stride"] is None else call.options["stride"]}
    stride, pads, dilation = oracles.settings(options, x.shape[2:], kernel)
    include = call.options.get("count_include_pad")
    y = oracles.pool(x, kernel, stride, pads, dilation, call.options["ceil_mode"], include)
    assert same(call.trace().output, y.reshape(y.shape[rank + 2 - call.arguments["x"].ndim :]))


@settings(max_examples=100)
@given(global_pools())
def test_a_global_pool_is_one_number_a_map(call):
    x = call.arguments["x"]
    maps = x.reshape(*x.shape[: max(0, x.ndim - 2)], -1)
    expected = maps.max(axis=-1) if call.op == "global_max_pool" else maps.mean(axis=-1)
    assert same(call.trace().output, expected)


@pytest.mark.parametrize(("shape", "result"), [((2, 3, 4, 5), (2, 3)), ((3, 4, 5), (3,)), ((4, 5), ()), ((4,), ())])
def test_a_global_pool_keeps_samples_and_channels(shape, result):
    assert engine.global_avg_pool(np.ones(shape)).output.shape == result
    assert engine.global_max_pool(np.ones(shape)).output.shape == result


def test_the_worksheet_pools_come_out():
    a = [[2, 1, 3, 2], [0, 4, 5, 1], [1, 2, 0, 3], [2, 1, 2, 0]]
    np.testing.assert_array_equal(engine.max_pool2d(a, 2).output, [[4, 5], [2, 3]])
    np.testing.assert_array_equal(engine.avg_pool2d(a, 2).output, [[1.75, 2.75], [1.5, 1.25]])


@pytest.mark.parametrize(
    ("length", "kernel", "stride", "padding", "windows"),
    [
        (4, 3, 2, 0, 2),  # the last window hangs over the edge
        (2, 1, 2, 0, 1),  # it would start beyond the input: dropped
        (2, 3, 3, 1, 1),  # it would start in the padding behind: dropped
        (2, 3, 2, 0, 1),  # the kernel is wider than the input, as torch allows
        (6, 3, 3, 1, 3),  # a last window whose first tap is the last cell
    ],
)
def test_ceil_mode_keeps_a_last_window_that_starts_in_the_input(length, kernel, stride, padding, windows):
    trace = engine.max_pool1d(np.arange(length), kernel, stride=stride, padding=padding, ceil_mode=True)
    assert trace.output.shape == (windows,)
    obeys(trace)


def test_cells_beyond_the_padding_are_never_counted():
    trace = engine.avg_pool1d([2, 4, 6, 8], 3, stride=2, padding=0, ceil_mode=True)
    assert trace.output.tolist() == [4, 7]
    trace = engine.avg_pool1d([2, 4, 6, 8, 10, 12], 3, stride=3, padding=1, ceil_mode=True)
    assert trace.output.tolist() == [2, 8, 6]
    assert engine.avg_pool1d([2, 4, 6, 8], 3, stride=3, padding=1, count_include_pad=False).output.tolist() == [3, 7]


def test_padding_may_be_wider_than_half_the_window():
    assert engine.max_pool1d([-5, -2, -7], 3, stride=1, padding=2).output.tolist() == [-5, -2, -2, -2, -7]
    assert engine.avg_pool1d([3, 6, 9], 3, stride=1, padding=2, count_include_pad=False).output.tolist() == [
        3,
        4.5,
        6,
        7.5,
        9,
    ]


def test_padding_never_wins_a_maximum():
    lowest = np.iinfo(np.int64).min
    assert engine.max_pool2d([[-3, -4], [-5, -6]], 2, stride=1, padding=1).output.tolist() == [
        [-3, -3, -4],
        [-3, -3, -4],
        [-5, -5, -6],
    ]
    assert engine.max_pool1d([lowest, -1], 2, padding=1).output.tolist() == [lowest, -1]
    assert engine.max_pool1d([-np.inf, -1], 2, padding=1).output.tolist() == [-np.inf, -1]


@pytest.mark.parametrize("value", [[-3, -2], [-3.0, -2.0]])
def test_the_padding_of_a_maximum_is_written_as_minus_infinity(value):
    step = next(step for step in engine.max_pool1d(value, 2, padding=1).steps if step.op == "padded")
    assert step.formula.spell(["-3", "-2"]) == "[−∞, -3, -2, −∞]"
    step = next(step for step in engine.avg_pool2d([value], (1, 2), padding=(0, 1)).steps if step.op == "padded")
    assert step.formula.spell(["-3", "-2"]) == "[0, -3, -2, 0]"


def test_a_window_much_wider_than_the_map_costs_no_more_than_the_map():
    assert engine.max_pool1d([1, 5, 3], 10**6, padding=5 * 10**5).output.tolist() == [5]


def test_nan_wins_a_maximum_and_makes_a_mean_nan():
    assert np.isnan(engine.max_pool1d([1, np.nan, 3, 4], 2).output).tolist() == [True, False]
    assert np.isnan(engine.avg_pool1d([1, np.nan, 3, 4], 2).output).tolist() == [True, False]
    assert np.isnan(engine.global_max_pool([1, np.nan]).output)


def test_whole_numbers_stay_whole_in_maxima_and_sums():
    assert engine.max_pool1d([1, 2, 3, 4], 2).output.dtype == np.int64
    assert engine.avg_pool1d([1, 2, 3, 4], 2).tensors["sum"].tolist() == [3, 7]
    assert engine.avg_pool1d([1, 2, 3, 4], 2).tensors["sum"].dtype == np.int64
    assert engine.avg_pool1d([2**62] * 4, 4).output.tolist() == [2.0**62]
    assert engine.global_avg_pool([2**62] * 4).output == 2.0**62


@pytest.mark.parametrize(
    ("op", "arguments", "options", "message"),
    [
        ("max_pool1d", ([1, 2], 0), {}, "kernel_size must be at least 1, got 0"),
        ("max_pool2d", ([[1, 2]], (1, 2, 3)), {}, "kernel_size must be one number or 2, one for each spatial axis"),
        ("max_pool1d", ([1, 2], 3), {}, "kernel_size covers 3 cells, but x has only 2 with its padding"),
        (
            "max_pool1d",
            ([1, 2], 2),
            {"padding": 2},
            "padding (2, 2) leaves a window of 2 cells with nothing but padding",
        ),
        ("avg_pool1d", ([1, 2], 2), {"padding": ((2, 0),)}, "padding (2, 0) leaves a window of 2 cells"),
        ("max_pool1d", ([1, 2], 2), {"ceil_mode": None}, "ceil_mode must be true or false, got None"),
        ("avg_pool1d", ([1, 2], 2), {"count_include_pad": "no"}, "count_include_pad must be true or false, got 'no'"),
        ("max_pool1d", ([1, 2], 2), {"stride": "fast"}, "stride must be a whole number, got 'fast'"),
        ("global_avg_pool", (7,), {}, "x must have 1 to 4 axes, (N, C, H, W) at most, got shape ()"),
        ("global_max_pool", (np.ones((1, 1, 1, 1, 1)),), {}, "x must have 1 to 4 axes"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(op, arguments, options, message):
    with pytest.raises(ShapeError) as error:
        getattr(engine, op)(*arguments, **options)
    assert message in str(error.value)
