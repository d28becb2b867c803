"""A trace: its three laws for every op, and what a step costs."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cnn_tutor import engine
from cnn_tutor.engine import Window, chain
from tests.engine.laws import obeys, reach, same
from tests.strategies import calls, families


@settings(max_examples=300)
@given(calls)
def test_every_step_recomputes_from_written_windows_and_every_cell_is_written_once(call):
    obeys(call.trace())


@settings(max_examples=60)
@given(calls, st.sampled_from([np.nan, np.inf, -np.inf]), st.data())
def test_the_laws_hold_with_nan_and_infinities_and_nothing_warns(call, odd, data):
    name = data.draw(
        st.sampled_from([name for name, value in call.arguments.items() if isinstance(value, np.ndarray)] or [""])
    )
    if name:
        call.arguments[name] = call.arguments[name].astype(np.float64)
        call.arguments[name].reshape(-1)[data.draw(st.integers(0, call.arguments[name].size - 1))] = odd
    trace = call.trace()
    for step in trace.steps:
        assert same(step.value, trace.tensors.read(step.target), reach(step))


@settings(max_examples=60)
@given(calls)
def test_the_laws_hold_in_single_precision(call):
    for name, value in call.arguments.items():
        if isinstance(value, np.ndarray):
            call.arguments[name] = value.astype(np.float32)
    trace = call.trace()
    for step in trace.steps:
        found, kept = np.asarray(step.value, dtype=np.float32), np.asarray(trace.tensors.read(step.target), np.float32)
        assert same(found, kept, reach(step))


@settings(max_examples=100)
@given(calls)
def test_a_trace_neither_changes_nor_shares_what_it_was_given(call):
    given_arrays = [value for value in (call.arguments | call.options).values() if isinstance(value, np.ndarray)]
    before = [value.copy() for value in given_arrays]
    trace = call.trace()
    steps = [step.value for step in trace.steps]
    tensors = {name: trace.tensors[name] for name in trace.tensors}
    for array, copy in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert not any(np.shares_memory(array, tensor) for tensor in tensors.values() if tensor.dtype != object)
        array[...] = 77
    assert all(same(step.value, value) for step, value in zip(trace.steps, steps, strict=True))


@settings(max_examples=100)
@given(calls, st.data())
def test_a_step_computed_later_equals_one_computed_at_once(call, data):
    at_once, later = call.trace(), call.trace()
    steps = list(at_once.steps)
    for position in data.draw(st.lists(st.integers(0, len(steps) - 1), max_size=5)):
        step = later.steps[position]
        assert (step.op, step.reads, step.writes) == (steps[position].op, steps[position].reads, steps[position].writes)
        assert same(step.value, steps[position].value)


@settings(max_examples=100)
@given(calls)
def test_a_window_read_alone_is_that_part_of_the_whole_tensor(call):
    trace = call.trace()
    for step in trace.steps:
        for window in (*step.reads, *step.writes):
            assert same(trace.tensors.read(window), trace.tensors[window.tensor][window.index])


@settings(max_examples=100)
@given(calls)
def test_every_step_can_be_written_out_with_its_numbers(call):
    for step in call.trace().steps:
        spelled = step.formula.spell(*([str(entry) for entry in np.ravel(one)] for one in step.operands))
        assert isinstance(spelled, str)
        assert spelled


def test_steps_are_a_sequence():
    steps = engine.conv1d([2, 0, 3, 1, -1], [1, 0, -1]).steps
    ops = [step.op for step in steps]
    assert len(ops) == len(steps)
    assert [step.op for step in steps[2:9:3]] == ops[2:9:3]
    assert steps[-1].op == steps[len(steps) - 1].op == "parameters"
    assert [step.op for step in steps[::-1]] == ops[::-1]
    for outside in (len(steps), -len(steps) - 1):
        with pytest.raises(IndexError, match=rf"step {outside} of {len(steps)}"):
            steps[outside]


@settings(max_examples=50)
@given(calls)
def test_a_step_is_found_in_its_block(call):
    steps = call.trace().steps
    positions = [
        (number, item, part)
        for number, block in enumerate(steps.blocks)
        for item in range(block.count)
        for part in range(block.width)
    ]
    assert [steps.locate(position) for position in range(len(steps))] == positions


def test_a_step_of_a_large_convolution_builds_no_other():
    x, weight = np.ones((3, 224, 224)), np.ones((64, 3, 3, 3))
    trace = engine.conv2d(x, weight)
    assert trace.output.shape == (64, 222, 222)
    assert len(trace.steps) == 12 + 222 * 222 * (1 + 64 * 3) + 2
    tracemalloc.start()
    try:
        for position in (0, 11, 12, 13, 14, 15, 4_000_000, -3, -1):
            assert trace.steps[position].writes
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


def test_a_convolution_needs_no_more_memory_than_three_times_its_patches_and_output():
    x, weight = np.ones((64, 56, 56)), np.ones((64, 64, 3, 3))
    tracemalloc.start()
    try:
        trace = engine.conv2d(x, weight, np.ones(64), padding=1)
        len(trace.steps)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * 8 * (64 * 9 * 56 * 56 + trace.output.size)


def test_a_trace_of_one_number_is_a_number():
    length = engine.output_length(7, 3, stride=2)
    assert int(length) == 3
    assert list(range(length)) == [0, 1, 2]


def test_a_trace_is_an_array_to_numpy():
    trace = engine.relu([-1, 2])
    np.testing.assert_array_equal(np.asarray(trace), [0, 2])
    assert np.array(trace, dtype=np.float32).dtype == np.float32


def test_a_renamed_trace_tells_the_same_story_under_other_names():
    trace = engine.conv1d([2, 0, 3, 1, -1], [1, 0, -1], padding=1)
    renamed = trace.renamed({"x": "signal", "y": "out", "padded": "signal.padded"})
    assert renamed.result == "out"
    assert renamed.inputs == ("signal", "weight", "stride", "padding", "dilation")
    assert set(renamed.tensors) == set(trace.tensors) - {"x", "y", "padded"} | {"signal", "out", "signal.padded"}
    assert [step.op for step in renamed.steps] == [step.op for step in trace.steps]
    assert next(step for step in renamed.steps if step.op == "padded").reads == (Window("signal", ()),)
    obeys(renamed)


def test_chained_traces_are_one_in_which_later_ones_read_what_earlier_ones_wrote():
    hidden = engine.linear([1, -1], [[2, -1], [-1, 2]], [0, 1]).renamed({"y": "z", "weight": "W", "bias": "b"})
    active = engine.relu(hidden.output).renamed({"x": "z", "y": "h"})
    both = chain(_only(hidden, "W", "b", "x"), active)
    assert both.result == "h"
    assert both.inputs == ("x", "W", "b")
    np.testing.assert_array_equal(both.output, [3, 0])
    assert [step.op for step in both.steps] == [step.op for step in (*hidden.steps, *active.steps)]
    obeys(both)


def _only(trace, *names):
    """The trace, whose own counts keep names of their own."""
    own = {name: f"hidden.{name}" for name in trace.tensors if name not in {*names, trace.result}}
    return trace.renamed(own)


def test_a_chain_of_one_is_that_trace():
    trace = engine.relu([1])
    assert chain(trace).result == trace.result
    assert len(chain(trace).steps) == len(trace.steps)


def test_the_strategy_draws_every_op():
    drawn = set()
    for family in families:

        @settings(max_examples=30, phases=[Phase.generate])
        @given(family)
        def draw(call):
            drawn.add(call.op)

        draw()
    assert drawn == {name for name in engine.__all__ if name.islower()} - {"chain", "track"}
