"""The ONNX backend node cases of the ops that the engine has: an oracle that nobody here wrote.

They come with the ``onnx`` wheel. Each is brought into the engine's words by :func:`run`; what has no such words is in
``SKIPPED`` with the reason. A new release of onnx may add cases: then read the failure, and change ``RUN``.
"""

import importlib
import warnings
from collections import Counter
from functools import cache

import numpy as np
import pytest
from onnx.backend.test.case import node as nodes
from onnx.helper import get_attribute_value

from cnn_tutor import engine

MODULES = (
    *("conv", "convtranspose", "maxpool", "averagepool", "globalaveragepool", "globalmaxpool", "batch_normalization"),
    *("layernormalization", "groupnormalization", "instance_normalization", "softmax", "relu", "sigmoid"),
    *("gemm", "flatten"),
)

RUN = {
    "AveragePool": 13,
    "BatchNormalization": 4,
    "Conv": 6,
    "ConvTranspose": 10,
    "Flatten": 3,
    "Gemm": 11,
    "GlobalAveragePool": 2,
    "GlobalMaxPool": 2,
    "GroupNormalization": 2,
    "InstanceNormalization": 2,
    "LayerNormalization": 19,
    "MaxPool": 15,
    "Relu": 1,
    "Sigmoid": 2,
    "Softmax": 7,
}
"""How many cases of each op are run."""

_VOLUME = "three spatial axes: the engine has one and two"
_DILATED = "an average pool with dilation, which torch does not have and neither does the engine"
_AXIS = "flatten before another axis than the channels: the engine's is the worksheet's vec, with the batch axis kept"

SKIPPED = {
    "test_convtranspose_3d": _VOLUME,
    "test_maxpool_3d_default": _VOLUME,
    "test_maxpool_3d_dilations": _VOLUME,
    "test_maxpool_3d_dilations_use_ref_impl": _VOLUME,
    "test_maxpool_3d_dilations_use_ref_impl_large": _VOLUME,
    "test_averagepool_3d_default": _VOLUME,
    "test_averagepool_3d_dilations_small": _VOLUME,
    "test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_True": _VOLUME,
    "test_averagepool_3d_dilations_large_count_include_pad_is_0_ceil_mode_is_False": _VOLUME,
    "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True": _VOLUME,
    "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_False": _VOLUME,
    "test_averagepool_2d_dilations": _DILATED,
    "test_flatten_axis0": _AXIS,
    "test_flatten_axis2": _AXIS,
    "test_flatten_axis3": _AXIS,
    "test_flatten_negative_axis1": _AXIS,
    "test_flatten_negative_axis2": _AXIS,
    "test_flatten_negative_axis4": _AXIS,
}


@cache
def cases():
    """Every case by name; those in which onnx writes an op out as a graph of others are not ours to run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in MODULES:
            importlib.import_module(f"{nodes.__name__}.{module}")
    found = {case.name: case for case in nodes._NodeTestCases if "_expanded" not in case.name}
    return {name: case for name, case in found.items() if case.model.graph.node[0].op_type in RUN}


def grid(attributes, x, kernel):
    """stride, padding and dilation in the engine's words."""
    rank = len(kernel)
    stride = tuple(attributes.get("strides", [1] * rank))
    dilation = tuple(attributes.get("dilations", [1] * rank))
    pads = attributes.get("pads", [0] * 2 * rank)
    padding = tuple(zip(pads[:rank], pads[rank:], strict=True))
    auto = attributes.get("auto_pad", b"NOTSET").decode()
    if auto == "SAME_UPPER":
        padding = "same"
    if auto == "SAME_LOWER":
        reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
        totals = [max((-(-n // s) - 1) * s + r - n, 0) for n, s, r in zip(x.shape[2:], stride, reach, strict=True)]
        padding = tuple((total - total // 2, total // 2) for total in totals)
    return {"stride": stride, "padding": padding, "dilation": dilation}


def conv(attributes, x, w, b=None):
    options = grid(attributes, x, w.shape[2:])
    return getattr(engine, f"conv{x.ndim - 2}d")(x, w, b, groups=attributes.get("group", 1), **options)


def conv_transpose(attributes, x, w, b=None):
    rank = x.ndim - 2
    options = grid(attributes, x, w.shape[2:])
    extra = tuple(attributes.get("output_padding", [0] * rank))
    if "output_shape" in attributes:
        free = conv_transpose(_without(attributes), x, w).output
        extra = tuple(n - m for n, m in zip(attributes["output_shape"], free.shape[2:], strict=True))
    op = getattr(engine, f"conv_transpose{rank}d")
    return op(x, w, b, output_padding=extra, groups=attributes.get("group", 1), **options)


def _without(attributes):
    return {name: value for name, value in attributes.items() if name not in ("output_shape", "output_padding")}


def max_pool(attributes, x):
    kernel = tuple(attributes["kernel_shape"])
    ceil_mode = attributes.get("ceil_mode", 0)
    return getattr(engine, f"max_pool{len(kernel)}d")(x, kernel, ceil_mode=ceil_mode, **grid(attributes, x, kernel))


def average_pool(attributes, x):
    kernel = tuple(attributes["kernel_shape"])
    options = grid(attributes, x, kernel)
    del options["dilation"]
    flags = {name: attributes.get(name, 0) for name in ("ceil_mode", "count_include_pad")}
    return getattr(engine, f"avg_pool{len(kernel)}d")(x, kernel, **options, **flags)


def batch_norm(attributes, x, gamma, beta, mean, variance):
    given = {} if attributes.get("training_mode") else {"running_mean": mean, "running_var": variance}
    return engine.batch_norm(x, gamma, beta, eps=attributes.get("epsilon", 1e-5), **given)


def layer_norm(attributes, x, gamma, beta):
    axes = tuple(range(attributes.get("axis", -1) % x.ndim, x.ndim))
    return engine.layer_norm(x, gamma, beta, eps=attributes.get("epsilon", 1e-5), axes=axes)


def group_norm(attributes, x, gamma, beta):
    return engine.group_norm(x, attributes["num_groups"], gamma, beta, eps=attributes.get("epsilon", 1e-5))


def instance_norm(attributes, x, gamma, beta):
    return engine.instance_norm(x, gamma, beta, eps=attributes.get("epsilon", 1e-5))


def gemm(attributes, a, b, c=None):
    """α·A·B + β·C, where C is any tensor that spreads to the result: only a vector is a bias of the engine."""
    x = a.T if attributes.get("transA") else a
    weight = attributes.get("alpha", 1) * (b if attributes.get("transB") else b.T)
    if c is None:
        return engine.linear(x, weight)
    c = attributes.get("beta", 1) * c
    if c.ndim == 2 and len(c) > 1:
        return engine.linear(x, weight).output + c
    return engine.linear(x, weight, np.broadcast_to(c.reshape(-1), len(weight)))


ADAPTERS = {
    "AveragePool": average_pool,
    "BatchNormalization": batch_norm,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Flatten": lambda attributes, x: engine.flatten(x),
    "Gemm": gemm,
    "GlobalAveragePool": lambda attributes, x: engine.global_avg_pool(x).output[..., None, None],
    "GlobalMaxPool": lambda attributes, x: engine.global_max_pool(x).output[..., None, None],
    "GroupNormalization": group_norm,
    "InstanceNormalization": instance_norm,
    "LayerNormalization": layer_norm,
    "MaxPool": max_pool,
    "Relu": lambda attributes, x: engine.relu(x),
    "Sigmoid": lambda attributes, x: engine.sigmoid(x),
    "Softmax": lambda attributes, x: engine.softmax(x, attributes.get("axis", -1)),
}


def run(case):
    """The engine's answer and the case's."""
    node = case.model.graph.node[0]
    attributes = {attribute.name: get_attribute_value(attribute) for attribute in node.attribute}
    ((inputs, outputs),) = case.data_sets
    return np.asarray(ADAPTERS[node.op_type](attributes, *inputs)), outputs[0]


@pytest.mark.parametrize("op", RUN)
def test_the_engine_gives_what_onnx_expects(op):
    ran = 0
    for name, case in cases().items():
        if case.model.graph.node[0].op_type == op and name not in SKIPPED:
            found, expected = run(case)
            assert found.shape == expected.shape, name
            np.testing.assert_allclose(found, expected, rtol=case.rtol, atol=case.atol, err_msg=name)
            ran += 1
    assert ran == RUN[op] > 0


def test_every_case_is_run_or_skipped_for_a_reason():
    found = Counter(case.model.graph.node[0].op_type for case in cases().values())
    assert set(SKIPPED) <= set(cases())
    assert sum(RUN.values()) + len(SKIPPED) == sum(found.values())
