"""A small example of every operation, for somebody who comes without a lesson."""

from __future__ import annotations

from typing import Any

import msgspec

from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.examples_beyond import ROWS as BEYOND

_X, _W = [2, 0, 3, 1, -1], [1, 0, -1]
_IMAGE = [[1, 2, 1, 0], [0, -1, 0, 3], [2, 1, 1, -2], [0, 1, 4, 1]]
_KERNEL = [[1, 0], [0, -1]]
_BATCH = [[2, 4, 0, 6], [1, 1, 5, 1], [3, -2, 1, 2]]
_MAPS = [[[[1, 3], [2, 2]], [[0, 4], [-2, 2]], [[5, 1], [1, 1]], [[2, 0], [6, 0]]]]
_AFFINE = {"gamma": [1, 2, 1, -1], "beta": [0, 1, 0, 2]}


def _layer(op: str, output: str = "y", **fields: Any) -> dict[str, Any]:
    return {"op": op, "output": output, **fields}


def _learned(op: str, **fields: Any) -> dict[str, Any]:
    return _layer(op, gamma="gamma", beta="beta", eps=1.0, **fields)


_ROWS: dict[str, tuple[str, dict[str, Any], list[dict[str, Any]]]] = {
    "conv1d": ("1D convolution", {"x": _X, "w": _W}, [_layer("conv1d", weight="w")]),
    "conv2d": ("2D convolution", {"X": _IMAGE, "K": _KERNEL}, [_layer("conv2d", "Y", weight="K")]),
    "channels": (
        "2D convolution with two channels, two filters and biases",
        {
            "X": [[[1, 2, 0], [0, 1, 1], [3, 0, 2]], [[0, 1, 1], [2, 0, 0], [1, 1, -1]]],
            "W": [[[[1, 0], [0, 1]], [[0, 1], [1, 0]]], [[[1, -1], [0, 0]], [[2, 0], [0, 1]]]],
            "b": [1, -1],
        },
        [_layer("conv2d", "Y", weight="W", bias="b")],
    ),
    "conv_transpose1d": (
        "1D transposed convolution",
        {"x": [2, 0, 3], "w": [1, 2, -1]},
        [_layer("conv_transpose1d", weight="w", stride=2)],
    ),
    "conv_transpose2d": (
        "2D transposed convolution",
        {"X": [[1, 2], [0, 3]], "K": [[1, 0], [2, -1]]},
        [_layer("conv_transpose2d", "Y", weight="K", stride=2)],
    ),
    "max_pool1d": ("1D max pooling", {"x": [2, 0, 3, 1, -1, 4]}, [_layer("max_pool1d", kernel_size=2)]),
    "max_pool2d": ("2D max pooling", {"X": _IMAGE}, [_layer("max_pool2d", "P", kernel_size=2)]),
    "avg_pool1d": ("1D average pooling", {"x": [2, 0, 3, 1, -1, 4]}, [_layer("avg_pool1d", kernel_size=2)]),
    "avg_pool2d": ("2D average pooling", {"X": _IMAGE}, [_layer("avg_pool2d", "P", kernel_size=2)]),
    "global_avg_pool": ("global average pooling", {"X": _MAPS[0]}, [_layer("global_avg_pool")]),
    "global_max_pool": ("global max pooling", {"X": _MAPS[0]}, [_layer("global_max_pool")]),
    "linear": (
        "a linear layer",
        {"x": [1, 2, -1], "W": [[1, 0, 2], [-1, 1, 3]], "b": [1, 0]},
        [_layer("linear", "z", weight="W", bias="b")],
    ),
    "flatten": ("flattening", {"X": [[1, 2], [0, 3]]}, [_layer("flatten", "v")]),
    "relu": ("ReLU", {"z": [2, -1, 0, 3, -4]}, [_layer("relu", "h")]),
    "sigmoid": ("the sigmoid", {"z": [2, -1, 0, 3, -4]}, [_layer("sigmoid", "h")]),
    "softmax": ("softmax", {"z": [2, -1, 0, 1]}, [_layer("softmax", "p")]),
    "batch_norm": ("batch normalisation", {"Z": _BATCH, **_AFFINE}, [_learned("batch_norm", output="Y")]),
    "layer_norm": ("layer normalisation", {"Z": _BATCH, **_AFFINE}, [_learned("layer_norm", output="Y")]),
    "group_norm": (
        "group normalisation",
        {"Z": _BATCH, **_AFFINE},
        [_learned("group_norm", output="Y", num_groups=2)],
    ),
    "instance_norm": ("instance normalisation", {"Z": _MAPS, **_AFFINE}, [_learned("instance_norm", output="Y")]),
    "im2col": (
        "convolution as a matrix product: patches in rows",
        {"X": [[1, 2, 1], [0, -1, 0], [2, 1, 1]], "K": _KERNEL},
        [
            _layer("im2col", "M", input="X", kernel_size=2),
            _layer("flatten", "vecK", input="K"),
            _layer("linear", "vecY", weight="M"),
        ],
    ),
    "toeplitz": (
        "convolution as a matrix product: the kernel in rows",
        {"X": [[1, 2, 1], [0, -1, 0], [2, 1, 1]], "K": _KERNEL},
        [
            _layer("toeplitz", "T", weight="K", input_shape=[3, 3]),
            _layer("flatten", "vecX", input="X"),
            _layer("linear", "vecY", weight="T"),
            _layer("reshape", "Y", shape=[2, 2]),
        ],
    ),
}

_ROWS |= BEYOND

NAMES = tuple(_ROWS)
"""The operations, in the order in which they are offered; ``channels`` is a convolution of several maps."""


def title(name: str) -> str:
    """An operation in words; translated where it is shown."""
    return _ROWS[name][0]


def example(name: str) -> Exercise:
    """The example of an operation. Raises KeyError for one that is not there."""
    words, tensors, layers = _ROWS[name]
    return msgspec.convert(
        {"id": name.replace("_", "-"), "title": words, "tensors": tensors, "layer": layers}, Exercise
    )
