"""Worked examples that others have printed: courses, framework documentation and test suites, forum answers.

``data/published.json`` holds their numbers, with where each stands (sources may print wrong or rounded ones: see
``MISPRINTED`` and each case's tolerance). Layouts are N, C, *spatial whatever the source's own. Every case is run on
the engine and on plain loops in double precision; the two agree to 12 digits, and the engine with the print.
"""

import itertools
import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cnn_tutor import engine
from tests.engine.loops import Engine, Loops

CASES = json.loads((Path(__file__).parent / "data" / "published.json").read_text(encoding="utf-8"))

MISPRINTED = {"so-laplace": "the printed matrix is not what the printed kernel gives (that is zero everywhere)"}


def options(params):
    """Hyper-parameters of a convolution or a pool."""
    pads = tuple(zip(params["pad_begin"], params["pad_end"], strict=True))
    return {"stride": tuple(params["stride"]), "pads": pads}


def conv(ops, p, x, w, b=None):
    return ops.conv(x, w, b, **options(p), dilation=tuple(p["dilation"]), groups=p["groups"])


def max_pool(ops, p, x):
    return ops.max_pool(x, tuple(p["kernel"]), **options(p), dilation=tuple(p["dilation"]), ceil_mode=p["ceil_mode"])


def avg_pool(ops, p, x):
    return ops.avg_pool(x, tuple(p["kernel"]), **options(p), ceil_mode=p["ceil_mode"], include=p["count_include_pad"])


def true_convolution(ops, x, w, mode, cval=0):
    """Mathematics' convolution is ours with the kernel reversed."""
    full = {"full": [k - 1 for k in w.shape], "same": [(k - 1) // 2 for k in w.shape], "valid": [0] * w.ndim}[mode]
    x = np.pad(x, [(p, p) for p in full], constant_values=cval)
    return cross(ops, x, np.flip(w))


def cross(ops, x, w):
    """Cross-correlation of bare maps, without padding."""
    one = (1,) * w.ndim
    return ops.conv(x[None, None], w[None, None], stride=one, pads=((0, 0),) * w.ndim, dilation=one, groups=1)[0, 0]


def windows(ops, p, x):
    rows = ops.patches(x, tuple(p["kernel"]), stride=tuple(p["stride"]), dilation=tuple(p["dilation"]))
    reach = [d * (k - 1) + 1 for d, k in zip(p["dilation"], p["kernel"], strict=True)]
    out = [(n - r) // s + 1 for n, r, s in zip(x.shape, reach, p["stride"], strict=True)]
    return rows.reshape(*out, *p["kernel"])


def im2col(ops, p, x):
    rows = ops.patches(x, tuple(p["kernel"]), **{name: tuple(p[name]) for name in ("stride", "padding", "dilation")})
    return rows.swapaxes(1, 2)


def convolution_matrix(ops, p, w):
    pad = {"full": len(w) - 1, "same": (len(w) - 1) // 2, "valid": 0}[p["mode"]]
    return ops.toeplitz(w[::-1], (p["n"],), pads=((pad, pad),))


def block_reduce(ops, p, x):
    """A pool over the axes on which the block is wider than one; the other axis is the channel."""
    channel = p["block"].index(1)
    maps, kernel = np.moveaxis(x, channel, 0)[None], tuple(k for k in p["block"] if k != 1)
    same = {"stride": kernel, "pads": ((0, 0), (0, 0)), "ceil_mode": False}
    pooled = ops.max_pool(maps, kernel, **same, dilation=(1, 1)) if p["func"] == "max" else None
    pooled = ops.avg_pool(maps, kernel, **same, include=True) if pooled is None else pooled
    return np.moveaxis(pooled[0], 0, channel)


def running(ops, p, x):
    """The statistics that one step of training keeps: they start at 0 and 1, and the new variance is unbiased."""
    mean, variance = ops.statistics(x)
    count = x.size // x.shape[1]
    return p["momentum"] * mean, (1 - p["momentum"]) + p["momentum"] * variance * count / (count - 1)


def batch_norm_after_training(ops, p, x):
    mean, var = running(ops, p, x)
    return ops.batch_norm(x, eps=p["eps"], mean=mean, var=var)


def padded(ops, p, x):
    """Padding alone: each channel convolved with the kernel [1]."""
    one = np.ones((x.shape[1], 1, 1, 1))
    pads = tuple(map(tuple, p["pad"][2:]))
    return ops.conv(x, one, stride=(1, 1), pads=pads, dilation=(1, 1), groups=len(one))


def cross_entropy(ops, p, logits):
    chosen = ops.softmax(logits, -1)[range(len(logits)), p["labels"]]
    return -np.log(chosen).mean()


def global_max(ops, p, x):
    none = {"stride": x.shape[2:], "pads": ((0, 0),), "dilation": (1,), "ceil_mode": False}
    return ops.max_pool(x, x.shape[2:], **none)


ANSWERS = {
    "conv1d": conv,
    "conv2d": conv,
    "conv2d_partial": lambda ops, p, x, w: conv(ops, p, x, w).ravel()[:7],
    "conv2d_symmetric_pad": lambda ops, p, x, w: cross(ops, np.pad(x, p["pad"], mode="symmetric"), w),
    "conv_transpose2d": lambda ops, p, x, w: ops.conv_transpose(
        x, w, stride=tuple(p["stride"]), padding=tuple(p["padding"])
    ),
    "convolve1d": lambda ops, p, x, w: true_convolution(ops, x, w, p["mode"]),
    "convolve2d_full": lambda ops, p, x, w: true_convolution(ops, x, w, "full"),
    "convolve2d_same": lambda ops, p, x, w: true_convolution(ops, x, w, "same", p["cval"]),
    "max_pool1d": max_pool,
    "max_pool2d": max_pool,
    "avg_pool1d": avg_pool,
    "avg_pool2d": avg_pool,
    "avg_pool2d_relu": lambda ops, p, x: ops.relu(avg_pool(ops, p, x)),
    "block_reduce": block_reduce,
    "global_max_pool1d": global_max,
    "linear": lambda ops, p, x, w, b=None: ops.linear(x, w, b),
    "linear_relu": lambda ops, p, x, w, b: ops.relu(ops.linear(x, w, b)),
    "mlp_affine_relu_affine": lambda ops, p, x, w1, b1, w2, b2: ops.linear(ops.relu(ops.linear(x, w1, b1)), w2, b2),
    "relu": lambda ops, p, x: ops.relu(x),
    "sigmoid": lambda ops, p, x: ops.sigmoid(x),
    "softmax": lambda ops, p, x: ops.softmax(x, p["axis"]),
    "softmax_cross_entropy_mean": cross_entropy,
    "batch_norm_train": lambda ops, p, x: ops.batch_norm(x, eps=p["eps"]),
    "batch_norm_infer": lambda ops, p, x, mean, var, gamma=None, beta=None: ops.batch_norm(
        x, gamma, beta, eps=p["eps"], mean=mean, var=var
    ),
    "batch_norm_train_then_infer": batch_norm_after_training,
    "batch_norm_running_mean": lambda ops, p, x: running(ops, p, x)[0],
    "batch_norm_running_var": lambda ops, p, x: running(ops, p, x)[1],
    "layer_norm": lambda ops, p, x, gamma=None, beta=None: ops.layer_norm(
        x, gamma, beta, eps=p["eps"], axes=tuple(p["axes"])
    ),
    "group_norm": lambda ops, p, x, gamma=None, beta=None: ops.group_norm(x, p["groups"], gamma, beta, eps=p["eps"]),
    "instance_norm": lambda ops, p, x, gamma=None, beta=None: ops.instance_norm(x, gamma, beta, eps=p["eps"]),
    "windows1d": windows,
    "windows2d": windows,
    "im2col": im2col,
    "toeplitz2d": lambda ops, p, w: ops.toeplitz(w, tuple(p["input_shape"]), pads=((0, 0), (0, 0))),
    "convolution_matrix1d": convolution_matrix,
    "pad_constant": padded,
}
"""How each op of the collection is said in ops of the engine."""


def length(size, kernel, **sizes):
    return int(engine.output_length(size, kernel, **sizes))


def conv_shape(p):
    axes = zip(p["input"], p["kernel"], p["stride"], p["pad_begin"], p["pad_end"], p["dilation"], strict=True)
    return [length(n, k, stride=s, padding=((a, b),), dilation=d) for n, k, s, a, b, d in axes]


def repeated_shape(p):
    for _ in range(p["repeat"]):
        p = p | {"input": conv_shape(p)}
    return p["input"]


def transposed_shape(p):
    names = ("stride", "padding", "output_padding")
    x, w = np.ones(p["input"]), np.ones(p["kernel"])
    return list(engine.conv_transpose2d(x, w, **{name: tuple(p[name]) for name in names}).output.shape)


def im2col_shape(p):
    x = np.ones(p["input"])
    trace = engine.im2col(x, tuple(p["kernel"]), stride=tuple(p["stride"]), padding=tuple(p["padding"]))
    return list(trace.output.shape[::-1])


SHAPES = {
    "shape_conv": conv_shape,
    "shape_conv_repeat": repeated_shape,
    "shape_conv_transpose": transposed_shape,
    "shape_im2col": im2col_shape,
}

RELATIONS = {
    "i-k+1 (s=1,p=0)": lambda i, k, p, s, d: (i - k + 1, length(i, k)),
    "i-k+2p+1 (s=1)": lambda i, k, p, s, d: (i - k + 2 * p + 1, length(i, k, padding=p)),
    "same: k=2n+1,p=n -> o=i": lambda i, k, p, s, d: (i, length(i, 2 * k + 1, padding=k)),
    "full: p=k-1 -> o=i+k-1": lambda i, k, p, s, d: (i + k - 1, length(i, k, padding=k - 1)),
    "floor((i-k)/s)+1": lambda i, k, p, s, d: ((i - k) // s + 1, length(i, k, stride=s)),
    "floor((i+2p-k)/s)+1": lambda i, k, p, s, d: ((i + 2 * p - k) // s + 1, length(i, k, stride=s, padding=p)),
    "pooling floor((i-k)/s)+1": lambda i, k, p, s, d: (
        (i - k) // s + 1,
        len(engine.max_pool1d(np.ones(i), k, stride=s).output),
    ),
    "floor((i+2p-k-(k-1)(d-1))/s)+1": lambda i, k, p, s, d: (
        (i + 2 * p - k - (k - 1) * (d - 1)) // s + 1,
        length(i, k, stride=s, padding=p, dilation=d),
    ),
}
"""Printed relations of sizes: what they say, and what the engine gives."""


def vgg(bias):
    """VGG-16, followed from layer to layer."""
    layers = []
    for widths in ((64,) * 2, (128,) * 2, (256,) * 3, (512,) * 3, (512,) * 3):
        layers += [{"op": "conv2d", "filters": n, "kernel_size": 3, "padding": 1, "bias": bias} for n in widths]
        layers.append({"op": "max_pool2d", "kernel_size": 2})
    layers += [{"op": "flatten"}, *({"op": "linear", "units": n, "bias": bias} for n in (4096, 4096, 1000))]
    return engine.track([3, 224, 224], [{"name": str(number), **layer} for number, layer in enumerate(layers)])


def shared_weights():
    layer = {"name": "conv1", "op": "conv2d", "filters": 96, "kernel_size": 11, "stride": 4}
    return engine.track([3, 227, 227], [layer]).output


def memory():
    """Numbers that a forward pass keeps; flattening keeps none of its own."""
    trace = vgg(bias=True)
    names = [name for name in trace.tensors if name.endswith(".shape")]
    flat = [name for name in names if trace.tensors[name].tolist() == [25088]]
    return sum(math.prod(trace.tensors[name].tolist()) for name in names if name not in flat)


COUNTS = {
    "cs231n-params-alexnet-share": shared_weights,
    "cs231n-vgg-weights": lambda: vgg(bias=False).output,
    "cs231n-vgg-memory": memory,
}

LEFT_OUT = {
    "cs231n-shape-invalid-10-3-s2": "a size of 4.5, which the source calls invalid; frameworks and the engine floor it",
    "cs231n-params-alexnet-noshare": "a locally connected layer, which shares no weights",
    "scipy-toeplitz": "a Toeplitz matrix of any row and column, not that of a convolution",
    "tf-maxpool-argmax-idx": "the place of the maximum, which the engine does not give",
    "burn-test_max_pool2d_with_indices-argmax": "the place of the maximum",
    "burn-test_max_pool2d_complex-argmax": "the place of the maximum",
    "burn-test_max_pool1d_with_indices-argmax": "the place of the maximum",
    "burn-test_max_pool1d_complex-argmax": "the place of the maximum",
}


def kept(table):
    return {case["id"]: case for case in CASES if case["op"] in table and case["id"] not in LEFT_OUT}


@pytest.mark.parametrize("name", kept(ANSWERS))
def test_the_engine_gives_what_is_printed_and_what_loops_give(name):
    case = kept(ANSWERS)[name]
    inputs = {key: np.array(value, dtype=np.float64) for key, value in case["inputs"].items()}
    found, exact = (ANSWERS[case["op"]](ops, case["params"], **inputs) for ops in (Engine, Loops))
    printed = np.array(case["printed_output"], dtype=np.float64)
    assert np.shape(found) == np.shape(exact) == printed.shape
    np.testing.assert_allclose(found, exact, rtol=1e-12, atol=1e-12)
    if name not in MISPRINTED:
        np.testing.assert_allclose(found, printed, rtol=0, atol=case["tolerance"])


@pytest.mark.parametrize("name", kept(SHAPES))
def test_the_printed_size_comes_out(name):
    case = kept(SHAPES)[name]
    assert SHAPES[case["op"]](case["params"]) == case["printed_output"]


@pytest.mark.parametrize("relation", RELATIONS)
def test_the_printed_relation_of_sizes_holds(relation):
    held = 0
    for i, k, p, s, d in itertools.product(range(3, 9), range(1, 4), range(3), range(1, 4), range(1, 3)):
        if i + 2 * p >= d * (k - 1) + 1 and i >= k:
            said, given = RELATIONS[relation](i, k, p, s, d)
            assert said == given
            held += 1
    assert held > 100


@pytest.mark.parametrize("name", COUNTS)
def test_the_printed_count_comes_out(name):
    case = next(case for case in CASES if case["id"] == name)
    assert int(COUNTS[name]()) == case["printed_output"]


def test_every_case_is_run_or_left_out_for_a_reason():
    ran = {*kept(ANSWERS), *kept(SHAPES), *COUNTS}
    ran |= {case["id"] for case in CASES if case["op"] == "formula" and case["printed_output"] in RELATIONS}
    assert ran | set(LEFT_OUT) == {case["id"] for case in CASES}
    assert not ran & set(LEFT_OUT)
    assert Counter(len(group) for group in (ran, LEFT_OUT)) == Counter([295, 8])
