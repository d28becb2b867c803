"""Transposed convolution: equal to its definition, and the transpose of the convolution's matrix."""

import numpy as np
import pytest
from hypothesis import assume, given, settings

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.engine import oracles
from tests.engine.laws import obeys, same
from tests.strategies import convolutions, transposed_convolutions


@settings(max_examples=300)
@given(transposed_convolutions())
def test_every_input_cell_lays_down_a_scaled_kernel(call):
    assume(call.options["padding"] != "same")
    rank = int(call.op[-2])
    x, w = oracles.full(call.arguments["x"], rank), call.arguments["weight"]
    w = w if w.ndim > rank else w[None, None]
    names = ("stride", "padding", "output_padding", "dilation")
    y = oracles.transposed_convolution(
        x, w, *(oracles.each(call.options[name], rank) for name in names), call.options["groups"]
    )
    if "bias" in call.arguments:
        y = y + np.reshape(call.arguments["bias"], (-1, *[1] * rank))
    assert same(call.trace().output, y.reshape(y.shape[rank + 2 - call.arguments["x"].ndim :]))


@settings(max_examples=100)
@given(convolutions())
def test_it_takes_the_shape_back_and_is_the_transposed_matrix(call):
    rank, x, weight = int(call.op[4]), call.arguments["x"], call.arguments["weight"]
    pairs = oracles.settings(call.options, x.shape[-rank:], weight.shape[-rank:])[1]
    assume(call.options["groups"] == 1 and x.ndim != rank + 2 and call.options["padding"] != "same")
    options = {name: call.options[name] for name in ("stride", "padding", "dilation")}
    matrix = engine.toeplitz(weight, x.shape, **options).output
    y = getattr(engine, call.op)(x, weight, **options).output
    lengths = [
        (n - 1) * s + d * (k - 1) + 1 - sum(p)
        for n, s, d, k, p in zip(
            y.shape[-rank:],
            oracles.each(options["stride"], rank),
            oracles.each(options["dilation"], rank),
            weight.shape[-rank:],
            pairs,
            strict=True,
        )
    ]
    extra = tuple(size - length for size, length in zip(x.shape[-rank:], lengths, strict=True))
    assume(all(0 <= e < max(oracles.each(options["stride"], rank)) or e == 0 for e in extra))
    assume(min(extra) >= 0)
    try:
        back = getattr(engine, f"conv_transpose{rank}d")(y, weight, output_padding=extra, **options).output
    except ShapeError:
        assume(False)
    assert same(back.reshape(-1), matrix.T @ y.reshape(-1))
    assert back.shape == x.shape


def test_copies_that_meet_add_up():
    trace = engine.conv_transpose1d([1, 2, 3], [1, 10], stride=1)
    np.testing.assert_array_equal(trace.output, [1, 12, 23, 30])
    np.testing.assert_array_equal(trace.tensors["scaled_copies"], [[1, 10], [2, 20], [3, 30]])
    step = next(step for step in trace.steps if step.op == "output" and step.target.index == (1,))
    assert [window.index for window in step.reads] == [(0, 1), (1, 0)]
    assert step.formula.spell(["10"], ["2"]) == "10 + 2"


def test_a_cell_on_which_nothing_lands_is_zero():
    trace = engine.conv_transpose1d([1, 2], [5], stride=3, output_padding=2)
    np.testing.assert_array_equal(trace.output, [5, 0, 0, 10, 0, 0])
    step = next(step for step in trace.steps if step.op == "output" and step.target.index == (1,))
    assert step.reads == ()
    assert step.value == 0
    assert step.formula.spell() == "0"


def test_the_length_is_worked_out_in_steps():
    trace = engine.conv_transpose2d(np.ones((3, 3)), np.ones((2, 3)), stride=(2, 3), padding=(1, 0), dilation=(3, 1))
    kinds = [step.op for step in trace.steps if step.op not in ("scaled_copies", "output")]
    assert kinds[:4] == ["size", "kernel_size", "size", "kernel_size"]
    assert kinds[4:9] == ["extent", "shifts", "laid_size", "out_size", "starts"]
    assert trace.tensors["out_size"].tolist() == [6, 9]
    assert trace.tensors["row_starts"].tolist() == [0, 2, 4]
    spelled = {
        step.op: step.formula.spell(*([str(v) for v in np.ravel(one)] for one in step.operands)) for step in trace.steps
    }
    assert spelled["laid_size"] == "2·3 + 3"
    assert spelled["out_size"] == "9"
    assert spelled["starts"] == "1, 1 + 3, 1 + 2·3, …"
    rows = [step for step in trace.steps if step.target.index == (0,) and step.op == "out_size"]
    assert rows[0].formula.spell(["8"], ["1", "1"], ["2"]) == "8 − 1 − 1 + 2"


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_padding_gives_the_size_times_the_stride(kernel, stride):
    trace = engine.conv_transpose1d(np.arange(4), np.ones(kernel), stride=stride, padding="same")
    assert trace.output.shape == (4 * stride,)
    obeys(trace)


def test_whole_numbers_of_any_size_are_exact():
    large = 2**62
    trace = engine.conv_transpose1d([large, 1, large], [large, 2], large)
    assert trace.output.tolist() == [large**2 + large, 4 * large, large**2 + 2 + large, 3 * large]
    obeys(trace)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([[1, 2]], [[[1]], [[2]]]), {}, "weight must have 1 input channels, its first axis; got shape (2, 1, 1)"),
        (([[1, 2]] * 3, [[[1]]] * 3), {"groups": 2}, "groups must divide the 3 input channels, got 2"),
        (([1, 2], [1, 2], [1, 2]), {}, "bias must have shape (1,), one number for each filter; got (2,)"),
        (([1, 2], [1]), {"output_padding": 1}, "output_padding must be smaller than stride 1 or dilation 1, got 1"),
        (([1, 2], [1]), {"padding": 1}, "padding must leave some of the 2 cells laid out, got (1, 1)"),
        (([1, 2], [1]), {"stride": 10**10}, "x spread by stride and dilation is too large"),
        (([1, 2], [[1]]), {}, "weight must have 1 axes, as x is bare; got shape (1, 1)"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(arguments, options, message):
    with pytest.raises(ShapeError) as error:
        engine.conv_transpose1d(*arguments, **options)
    assert message in str(error.value)
