"""Small examples of the operations beyond the worksheet: sizes, the head, inference and gradients."""

from __future__ import annotations

from typing import Any

Row = tuple[str, dict[str, Any], list[dict[str, Any]]]

_X, _W = [2, 0, 3, 1, -1], [1, 0, -2]
_MAP = [[2, 1, 3, 2], [0, 4, 5, 1], [1, 2, 0, 3], [2, 1, 2, 0]]
_GRAD = [[1, 2], [3, 4]]
_BATCH, _BACK = [[2, 4], [1, 1], [3, -2], [-2, 1]], [[1, 2], [-1, 3], [2, -2], [1, 1]]
_MAPS, _MAPS_BACK = [[[[1, 3], [2, 6]], [[0, 4], [-2, 2]]]], [[[[1, -2], [3, 1]], [[2, 1], [-1, 4]]]]


def _one(op: str, output: str = "y", **fields: Any) -> list[dict[str, Any]]:
    return [{"op": op, "output": output, **fields}]


def _pool_backward(op: str, name: str) -> Row:
    if op.startswith(("max_pool1d", "avg_pool1d")):
        return name, {"x": [1, 4, 2, 3, 0, 5], "dy": [2, -1, 3]}, _one(op, "dx", grad="dy", kernel_size=2)
    return name, {"A": _MAP, "dP": _GRAD}, _one(op, "dA", grad="dP", kernel_size=2)


def _norm_backward(op: str, name: str, x: Any, grad: Any, **fields: Any) -> Row:
    return name, {"Z": x, "dY": grad, "gamma": [2, -1]}, _one(op, "dZ", grad="dY", gamma="gamma", eps=1.0, **fields)


ROWS: dict[str, Row] = {
    "transpose": ("a matrix, transposed", {"T": [[1, -2, 3], [0, 4, 5]]}, _one("transpose", "U")),
    "flip": ("a kernel, turned round", {"w": [1, 0, -2]}, _one("flip", "v")),
    "same_padding": (
        "“same” padding",
        {"L": 6, "K": 3, "s": 2},
        _one("same_padding", "p", length="L", kernel_size="K", stride="s"),
    ),
    "receptive_field": (
        "the receptive field of several layers",
        {"k": [3, 2, 3, 2, 3], "s": [1, 2, 1, 2, 1]},
        _one("receptive_field", "r", kernel_size="k", stride="s"),
    ),
    "cross_entropy": (
        "softmax and cross-entropy",
        {"z": [1, 2, 0], "t": [0, 1, 0]},
        _one("cross_entropy", "loss", target="t"),
    ),
    "update_running_mean": (
        "the running mean of batch normalisation",
        {"Z": _BATCH, "m": [1, -1]},
        _one("update_running_mean", "M", running_mean="m"),
    ),
    "update_running_var": (
        "the running variance of batch normalisation",
        {"Z": _BATCH, "v": [2, 1]},
        _one("update_running_var", "V", running_var="v"),
    ),
    "fold_weight": (
        "batch normalisation folded into weights",
        {"w": [[1, 2, -1], [2, 0, 1]], "gamma": [3, -1], "sigma2": [3, 8]},
        _one("fold_weight", "u", gamma="gamma", running_var="sigma2", eps=1.0),
    ),
    "fold_bias": (
        "batch normalisation folded into biases",
        {"b": [1, -1], "gamma": [3, -1], "beta": [1, 2], "mu": [3, -2], "sigma2": [3, 8]},
        _one("fold_bias", "c", gamma="gamma", beta="beta", running_mean="mu", running_var="sigma2", eps=1.0),
    ),
    "conv1d_backward": (
        "backward through a 1D convolution",
        {"x": _X, "w": _W, "dy": [1, -2, 3]},
        _one("conv1d_backward", "dx", weight="w", grad="dy"),
    ),
    "conv2d_backward": (
        "backward through a 2D convolution",
        {"X": [[1, 2, 0], [-1, 3, 1], [2, 0, -2]], "K": [[1, 0], [2, -1]], "dY": [[1, -1], [2, 3]]},
        _one("conv2d_backward", "dX", weight="K", grad="dY"),
    ),
    "max_pool1d_backward": _pool_backward("max_pool1d_backward", "backward through 1D max pooling"),
    "max_pool2d_backward": _pool_backward("max_pool2d_backward", "backward through 2D max pooling"),
    "avg_pool1d_backward": _pool_backward("avg_pool1d_backward", "backward through 1D average pooling"),
    "avg_pool2d_backward": _pool_backward("avg_pool2d_backward", "backward through 2D average pooling"),
    "batch_norm_backward": _norm_backward("batch_norm_backward", "backward through batch normalisation", _BATCH, _BACK),
    "layer_norm_backward": _norm_backward("layer_norm_backward", "backward through layer normalisation", _BATCH, _BACK),
    "group_norm_backward": _norm_backward(
        "group_norm_backward", "backward through group normalisation", _MAPS, _MAPS_BACK, num_groups=1
    ),
    "instance_norm_backward": _norm_backward(
        "instance_norm_backward", "backward through instance normalisation", _MAPS, _MAPS_BACK
    ),
}
