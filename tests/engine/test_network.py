"""Shape and parameter tracking: what the ops themselves make of the shapes, without any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from tests.engine.laws import obeys

MINI = [
    {"name": "conv1", "op": "conv2d", "filters": 8, "kernel_size": 3, "padding": 1},
    {"name": "relu1", "op": "relu"},
    {"name": "pool1", "op": "max_pool2d", "kernel_size": 2},
    {"name": "conv2", "op": "conv2d", "filters": 16, "kernel_size": 3, "bias": False},
    {"name": "norm", "op": "batch_norm"},
    {"name": "pool2", "op": "avg_pool2d", "kernel_size": 2, "stride": 2},
    {"name": "flat", "op": "flatten"},
    {"name": "dense", "op": "linear", "units": 10},
    {"name": "out", "op": "softmax"},
]


def test_a_small_network_is_followed_from_layer_to_layer():
    trace = engine.track([1, 28, 28], MINI)
    shapes = {name.removesuffix(".shape"): trace.tensors[name].tolist() for name in trace.tensors if ".shape" in name}
    assert shapes == {
        "in": [1, 28, 28],
        "conv1": [8, 28, 28],
        "relu1": [8, 28, 28],
        "pool1": [8, 14, 14],
        "conv2": [16, 12, 12],
        "norm": [16, 12, 12],
        "pool2": [16, 6, 6],
        "flat": [576],
        "dense": [10],
        "out": [10],
    }
    counts = {layer["name"]: int(trace.tensors[f"{layer['name']}.parameters"]) for layer in MINI}
    assert {name: count for name, count in counts.items() if count} == {
        "conv1": 80,
        "conv2": 1152,
        "norm": 32,
        "dense": 5770,
    }
    assert int(trace) == 80 + 1152 + 32 + 5770
    assert trace.steps[-1].op == "total"
    obeys(trace)


def test_channels_and_parameters_of_the_worksheet():
    trace = engine.track([3, 8, 8], [{"name": "c", "op": "conv2d", "filters": 4, "kernel_size": 3}])
    assert trace.tensors["c.weights_per_slice"] == 9
    assert trace.tensors["c.weights_per_filter"] == 27
    assert trace.tensors["c.parameters_per_filter"] == 28
    assert trace.tensors["c.maps"] == 4
    assert int(trace) == 112


@settings(max_examples=100)
@given(st.integers(1, 3), st.integers(5, 9), st.integers(1, 3), st.integers(1, 2), st.integers(0, 1), st.booleans())
def test_tracking_says_what_running_gives(channels, size, kernel, stride, padding, bias):
    sizes = {"stride": stride, "padding": padding}
    layers = [
        {"name": "a", "op": "conv1d", "filters": 2, "kernel_size": kernel, "bias": bias, **sizes},
        {"name": "b", "op": "max_pool1d", "kernel_size": 2, "ceil_mode": True},
        {"name": "c", "op": "global_avg_pool"},
    ]
    weight, offsets = np.ones((2, channels, kernel)), np.ones(2) if bias else None
    conv = engine.conv1d(np.ones((channels, size)), weight, offsets, **sizes)
    pool = engine.max_pool1d(conv.output, 2, ceil_mode=True)
    trace = engine.track([channels, size], layers)
    assert tuple(trace.tensors["a.shape"]) == conv.output.shape
    assert tuple(trace.tensors["b.shape"]) == pool.output.shape
    assert trace.tensors["c.shape"].tolist() == [2]
    assert trace.tensors["a.parameters"] == conv.tensors["parameters"]


CONV = {"name": "c", "op": "conv2d", "filters": 4, "kernel_size": 3}


@pytest.mark.parametrize(
    ("shape", "layers", "message"),
    [
        ([], [], "input_shape must be a sequence of whole numbers"),
        (5, [], "input_shape must be a sequence of whole numbers such as (3, 3), got 5"),
        ([0, 3], [], "input_shape must be at least 1, got 0"),
        ([3, 8, 8], {}, "layers must be a list of layers, each with its name and op"),
        ([3, 8, 8], [CONV, CONV], "layers must have different names, got in, c, c"),
        ([3, 8, 8], [{"op": "relu"}], "name is missing from layer {'op': 'relu'}"),
        ([3, 8, 8], [{"name": "c", "op": "fold"}], "op must be one of "),
        ([3, 8, 8], [{"name": "c"}], "op must be one of "),
        ([3, 8], [CONV], "conv2d takes a shape of 3 axes (C, *spatial), got 3×8"),
        ([3, 2, 8], [CONV], "kernel_size covers 3 cells, but the map has only 2 with its padding"),
        ([3, 8, 8], [CONV | {"groups": 2}], "groups must divide the 3 input channels and 4 filters, got 2"),
        ([3, 8, 8], [CONV | {"kernel_size": None}], "kernel_size must be a whole number, got None"),
        ([3, 8, 8], [CONV | {"filters": 0}], "filters must be at least 1, got 0"),
        ([3, 8, 8], [{"name": "c", "op": "conv2d", "filters": 1}], "kernel_size must be a whole number, got None"),
        ([3, 8, 8], [{"name": "d", "op": "linear", "units": 2}], "linear takes a vector, got 3×8×8: flatten it first"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(shape, layers, message):
    with pytest.raises(ShapeError) as error:
        engine.track(shape, layers)
    assert message in str(error.value)
