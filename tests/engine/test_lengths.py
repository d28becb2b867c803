"""The length arithmetic: as many windows as really fit, found in the steps of the worksheet's formula."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor import engine
from cnn_tutor.engine.windows import Axis, Form, pad, view
from cnn_tutor.errors import ShapeError
from tests.engine import oracles


@settings(max_examples=300)
@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 5), st.integers(0, 4), st.integers(1, 3), st.booleans())
def test_the_length_is_the_number_of_windows_that_fit(size, kernel, stride, padding, dilation, ceil_mode):
    windows = oracles.starts(size, kernel, stride, (padding, padding), dilation, ceil_mode)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    if not windows:
        with pytest.raises(ShapeError, match="kernel_size covers"):
            engine.output_length(size, kernel, **options)
        return
    assert int(engine.output_length(size, kernel, **options)) == len(windows)


def test_the_steps_are_those_of_the_formula_to_remember():
    trace = engine.output_length(5, 3, stride=2, padding=1)
    assert [(step.op, int(step.value)) for step in trace.steps] == [
        ("padded_size", 7),
        ("numerator", 4),
        ("moves", 2),
        ("out_size", 3),
        ("output", 3),
    ]
    spelled = [step.formula.spell(*([str(v) for v in np.ravel(one)] for one in step.operands)) for step in trace.steps]
    assert spelled[:4] == ["5 + 1 + 1", "7 − 3", "⌊4 / 2⌋", "2 + 1"]


def test_dilation_spreads_the_kernel_first():
    assert engine.output_length(9, 3, dilation=2).steps[0].op == "extent"


@pytest.mark.parametrize(("size", "spelled"), [(8, "⌈5 / 3⌉"), (7, "⌈4 / 3⌉"), (4, "⌈1 / 3⌉")])
def test_ceil_mode_rounds_up(size, spelled):
    step = next(one for one in engine.output_length(size, 3, stride=3, ceil_mode=True).steps if one.op == "moves")
    assert step.formula.spell(*([str(value)] for value in step.operands)) == spelled


def test_a_last_window_in_the_padding_is_taken_away_again():
    step = next(one for one in engine.output_length(2, 1, stride=2, ceil_mode=True).steps if one.op == "moves")
    assert step.formula.spell(["1"], ["2"]) == "⌈1 / 2⌉ − 1"
    assert step.value == 0


def test_a_convolution_counts_pads_and_says_where_windows_start():
    trace = engine.conv1d([2, 0, 3, 1, -1], [1, 0, -1], stride=2, padding=1)
    before = [step.op for step in trace.steps][: [step.op for step in trace.steps].index("window")]
    assert before == ["size", "kernel_size", "padded_size", "padded", "numerator", "moves", "out_size", "starts"]
    assert trace.tensors["starts"].tolist() == [1, 3, 5]
    assert trace.tensors["padded"].tolist() == [0, 2, 0, 3, 1, -1, 0]


@settings(max_examples=200)
@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 3), st.integers(0, 3), st.integers(0, 3), st.integers(1, 2))
def test_taps_are_counted_as_they_lie(size, kernel, stride, before, after, dilation):
    axis = Axis(size, kernel, stride, before, after, dilation)
    if axis.moves < 0:
        return
    taps = [[at * stride - before + u * dilation for u in range(kernel)] for at in range(axis.out)]
    counts = [sum(0 <= cell < size for cell in cells) for cells in taps]
    assert axis.taps_within(0, size).tolist() == counts
    x = np.arange(1, size + 1)
    windows = view(pad(x, (axis,)), (axis,))
    assert [[int(x[cell]) if 0 <= cell < size else 0 for cell in cells] for cells in taps] == windows.tolist()
    assert not windows.flags.writeable


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_a_cell_is_found_again_in_its_form(shape):
    form = Form.of(shape, 1)
    assert form.full(shape)[3 - len(shape) :] == shape
    for cell in np.ndindex(shape):
        assert form.at(*form.split(cell)) == cell


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1), "length must be at least 1, got 0"),
        ((3, -1), "kernel_size must be at least 1, got -1"),
        ((3, 2.0), "kernel_size must be a whole number, got 2.0"),
        ((2**41, 1), "length must be at most 2⁴⁰, got 2199023255552"),
        ((2, 3), "kernel_size covers 3 cells, but length has only 2 with its padding"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(arguments, message):
    with pytest.raises(ShapeError) as error:
        engine.output_length(*arguments)
    assert message in str(error.value)
