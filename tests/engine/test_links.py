"""What a cell was worked out from and what it is used for: as looking at every step, and as changing a number."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor import engine
from cnn_tutor.engine import Trace, chain
from cnn_tutor.engine.links import fed_by, feeds, pairs, written_at
from cnn_tutor.engine.trace import Window
from tests.strategies import Call, calls


def cells(trace, window):
    """The cells of a window, in the order of its entries."""
    shape = trace.tensors[window.tensor].shape
    numbers = np.arange(int(np.prod(shape))).reshape(shape)[window.index]
    return [tuple(int(one) for one in np.unravel_index(number, shape)) for number in np.ravel(numbers)]


def edges(trace):
    """Every (cell read, cell written) of every step where one matters to the other: one entry changed at a time."""
    found = set()
    for step in trace.steps:
        targets = cells(trace, step.target)
        for number, read in enumerate(step.reads):
            for entry, cell in enumerate(cells(trace, read)):
                operands = [np.ones(np.shape(one)) for one in step.operands]
                operands[number].reshape(-1)[entry] = np.nan
                try:
                    value = np.ravel(np.isnan(np.asarray(step.formula.compute(*operands), dtype=float)))
                except (ValueError, TypeError, OverflowError):
                    value = np.ones(len(targets), dtype=bool)
                hit = itertools.compress(targets, value)
                found |= {((read.tensor, cell), (step.target.tensor, target)) for target in hit}
    return found


def closure(start, graph):
    found, pending = {start}, [start]
    while pending:
        node = pending.pop()
        new = {there for here, there in graph if here == node} - found
        found |= new
        pending += new
    return found


def flat(linked):
    return {(tensor, cell) for tensor, own in linked.items() for cell in own}


def any_cell(data, trace):
    name = data.draw(st.sampled_from(sorted(name for name in trace.tensors if trace.tensors[name].size)))
    shape = trace.tensors[name].shape
    return name, tuple(data.draw(st.integers(0, size - 1)) for size in shape)


@settings(max_examples=60)
@given(calls, st.data())
def test_they_are_the_paths_along_which_steps_read_and_write(call, data):
    trace = call.trace()
    graph = edges(trace)
    tensor, cell = any_cell(data, trace)
    assert flat(feeds(trace, tensor, [cell])) == closure((tensor, cell), graph)
    assert flat(fed_by(trace, tensor, [cell])) == closure((tensor, cell), {(there, here) for here, there in graph})


@settings(max_examples=60)
@given(calls, st.data())
def test_changing_a_number_changes_nothing_that_it_does_not_feed(call, data):
    names = [name for name, value in call.arguments.items() if isinstance(value, np.ndarray) and value.size]
    if not names:
        return
    name = data.draw(st.sampled_from(names))
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in call.arguments[name].shape)
    before = call.trace()
    changed = call.arguments[name].astype(np.float64)
    changed[cell] += data.draw(st.sampled_from([-3.7, 0.61, 5.3]))
    after = Call(call.op, {**call.arguments, name: changed}, call.options).trace()
    scale = 1e-9 * max(1.0, float(np.abs(before.output.astype(float)).max()))
    moved = np.argwhere(np.abs(np.asarray(after.output, float) - np.asarray(before.output, float)) > scale)
    assert {tuple(one.tolist()) for one in moved} <= feeds(before, name, [cell]).get(before.result, set())


@pytest.mark.parametrize(
    ("trace", "changed"),
    [
        (lambda x: engine.conv1d(x, [1.5, -2, 3.25], stride=2, padding=1), (7,)),
        (lambda x: engine.conv2d(x, np.arange(1, 10).reshape(3, 3) + 0.5, dilation=2, padding=2), (6, 5)),
        (lambda x: engine.conv_transpose1d(x, [1.5, -2, 3.25], stride=2, padding=1), (4,)),
        (lambda x: engine.linear(x, np.arange(1, 13).reshape(3, 4) + 0.5), (2, 4)),
        (lambda x: engine.im2col(x, 2), (4, 4)),
        (lambda x: engine.batch_norm(x), (4, 3)),
        (lambda x: engine.group_norm(x, 2), (3, 4)),
    ],
)
def test_a_number_feeds_exactly_what_changes_with_it(trace, changed):
    x = np.random.default_rng(1).normal(size=changed)
    before = trace(x)
    for cell in itertools.product(*map(range, x.shape)):
        other = x.copy()
        other[cell] += 1.37
        moved = {tuple(one.tolist()) for one in np.argwhere(np.abs(trace(other).output - before.output) > 1e-12)}
        assert feeds(before, "x", [cell])["y"] == moved


def matrix_product(x, kernel):
    """vec(Y) = T · vec(X), as one trace."""
    toeplitz = engine.toeplitz(kernel, x.shape).renamed({"weight": "K", "y": "T"})
    laid = engine.flatten(x).renamed({"x": "X", "y": "v", "length": "v.length"})
    product = engine.linear(laid.output, toeplitz.output)
    own = {name: f"y.{name}" for name in product.tensors if name not in ("x", "weight", "y")}
    return chain(toeplitz, laid, product.renamed({"x": "v", "weight": "T", **own}))


def test_a_row_of_a_toeplitz_matrix_reaches_the_window_of_its_output_and_no_more():
    x, kernel = np.arange(1, 13).reshape(3, 4), np.array([[1, 0], [0, -1]])
    trace, direct = matrix_product(x, kernel), engine.conv2d(x, kernel)
    for row, position in enumerate(np.ndindex(direct.output.shape)):
        assert fed_by(trace, "y", [(row,)])["X"] == fed_by(direct, "y", [position])["x"]
    for cell in np.ndindex(x.shape):
        rows = {position[0] * 3 + position[1] for position in feeds(direct, "x", [cell])["y"]}
        assert feeds(trace, "X", [cell])["y"] == {(row,) for row in rows}


@settings(max_examples=40)
@given(calls, st.data())
def test_the_step_that_writes_a_cell_is_found(call, data):
    trace = call.trace()
    tensor, cell = any_cell(data, trace)
    written = [place for place, step in enumerate(trace.steps) if step.target.tensor == tensor]
    expected = [place for place in written if cell in cells(trace, trace.steps[place].target)]
    assert list(written_at(trace, tensor, [cell]).values()) == expected


def test_a_weight_meets_one_entry_for_each_output():
    x, w = np.array([2, 0, 3, 1, -1]), np.array([1, 0, -1])
    trace = engine.conv1d(x, w)
    for tap in range(3):
        found = list(pairs(trace, "weight", (tap,)))
        assert [pair.target for pair in found] == [("products", (i, tap)) for i in range(3)]
        assert [fed_by(trace, *_cell(pair.other))["x"] for pair in found] == [{(i + tap,)} for i in range(3)]


def _cell(one):
    return one[0], [one[1]]


def test_a_weight_of_a_linear_layer_meets_one_input():
    trace = engine.linear([1, 2, 3], [[1, 0, 2], [4, 5, 6]], [1, 1])
    (pair,) = pairs(trace, "weight", (1, 2))
    assert (pair.other, pair.target) == (("x", (2,)), ("weighted_sum", (1,)))


@pytest.mark.parametrize("op", ["conv2d", "max_pool2d"])
def test_a_large_map_costs_no_more_than_a_small_one(op):
    x = np.zeros((1, 3, 1000, 1200))
    trace: Trace = engine.conv2d(x, np.ones((2, 3, 3, 3))) if op == "conv2d" else engine.max_pool2d(x, 2)
    asked = 0
    for block in trace.steps.blocks:
        plan = block.plan

        def counted(item, part, plan=plan):
            nonlocal asked
            asked += 1
            return plan(item, part)

        object.__setattr__(block, "plan", counted)
    assert len(trace.steps) > 1_000_000
    assert len(feeds(trace, "x", [(0, 1, 500, 501)])["y"]) == (18 if op == "conv2d" else 1)
    assert len(fed_by(trace, "y", [(0, 1, 400, 501)])["x"]) == (27 if op == "conv2d" else 4)
    assert asked < 10_000


def test_a_whole_tensor_is_one_window():
    trace = engine.relu(np.array(3))
    assert trace.steps[0].reads == (Window("x", ()),)
    assert flat(feeds(trace, "x", [()])) == {("x", ()), ("y", ())}
