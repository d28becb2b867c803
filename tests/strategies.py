"""Calls of engine ops that fit, of every form, size and hyper-parameter; and arguments that need not fit anything."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_tutor import engine

wholes = st.integers(-9, 9)
reals = st.floats(-100, 100, width=32)


@dataclass(frozen=True)
class Call:
    """An op and arguments that fit it."""

    op: str
    arguments: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)

    def trace(self) -> engine.Trace:
        return getattr(engine, self.op)(**self.arguments, **self.options)


def arrays(shape, elements=None):
    """Arrays of ``shape``: of whole numbers or of real ones."""
    if elements is None:
        return st.booleans().flatmap(lambda is_whole: arrays(shape, wholes if is_whole else reals))
    return hnp.arrays(np.int64 if elements is wholes else np.float64, shape, elements=elements)


def sizes(least, most, rank):
    return st.tuples(*[st.integers(least, most)] * rank)


def scalar_or_each(values):
    """A hyper-parameter as it may be written: one number where all axes agree."""
    return values[0] if len(set(values)) == 1 else values


@st.composite
def forms(draw):
    """The leading axes of x: none (bare), (C,) or (N, C), and the number of groups."""
    groups = draw(st.sampled_from([1, 1, 1, 2, 3]))
    channels = groups * draw(st.integers(1, 2))
    return draw(st.sampled_from([((), 1, 1), ((channels,), channels, groups), ((2, channels), channels, groups)]))


@st.composite
def paddings(draw, rank, most=2):
    pairs = draw(st.tuples(*[st.tuples(st.integers(0, most), st.integers(0, most))] * rank))
    if all(before == after for before, after in pairs):
        return scalar_or_each(tuple(before for before, _ in pairs))
    return pairs


@st.composite
def convolutions(draw, ops=("conv1d", "conv2d")):
    op = draw(st.sampled_from(ops))
    rank = int(op[4])
    lead, channels, groups = draw(forms())
    kernel, dilation = draw(sizes(1, 3, rank)), draw(sizes(1, 2, rank))
    extents = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    spatial = tuple(draw(st.integers(extent, extent + 3)) for extent in extents)
    filters = groups * draw(st.integers(1, 2))
    weight = kernel if not lead else (filters, channels // groups, *kernel)
    bias = draw(st.sampled_from([None, (filters,)])) if lead else draw(st.sampled_from([None, (), (1,)]))
    arguments = {"x": draw(arrays(lead + spatial)), "weight": draw(arrays(weight))}
    if bias is not None:
        arguments["bias"] = draw(arrays(bias))
    options = {
        "stride": scalar_or_each(draw(sizes(1, 3, rank))),
        "padding": draw(st.one_of(paddings(rank), st.sampled_from(["same", "valid"]))),
        "dilation": scalar_or_each(dilation),
        "groups": groups,
    }
    return Call(op, arguments, options)


@st.composite
def transposed_convolutions(draw):
    rank = draw(st.integers(1, 2))
    lead, channels, groups = draw(forms())
    kernel, dilation, stride = draw(sizes(1, 3, rank)), draw(sizes(1, 2, rank)), draw(sizes(1, 3, rank))
    spatial, padding = draw(sizes(1, 4, rank)), draw(sizes(0, 1, rank))
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    each = draw(st.integers(1, 2)) if lead else 1
    arguments = {
        "x": draw(arrays(lead + spatial)),
        "weight": draw(arrays((channels, each, *kernel) if lead else kernel)),
    }
    bias = draw(st.sampled_from([None, (each * groups,)])) if lead else draw(st.sampled_from([None, ()]))
    if bias is not None:
        arguments["bias"] = draw(arrays(bias))
    lengths = [
        (size - 1) * s + d * (k - 1) + 1 - 2 * p + e
        for size, s, d, k, p, e in zip(spatial, stride, dilation, kernel, padding, extra, strict=True)
    ]
    options = {
        "stride": scalar_or_each(stride),
        "padding": scalar_or_each(padding) if min(lengths) > 0 else draw(st.sampled_from([0, "same"])),
        "output_padding": scalar_or_each(extra),
        "dilation": scalar_or_each(dilation),
        "groups": groups,
    }
    return Call(f"conv_transpose{rank}d", arguments, options)


@st.composite
def pools(draw):
    kind, rank = draw(st.sampled_from(["max", "avg"])), draw(st.integers(1, 2))
    lead = draw(st.sampled_from([(), (2,), (2, 1)]))
    kernel = draw(sizes(1, 3, rank))
    dilation = draw(sizes(1, 2, rank)) if kind == "max" else (1,) * rank
    extents = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    spatial = tuple(draw(st.integers(extent, extent + 3)) for extent in extents)
    most = min(k - 1 for k in kernel) if max(dilation) == 1 else 0
    options = {
        "stride": draw(st.one_of(st.none(), sizes(1, 3, rank).map(scalar_or_each))),
        "padding": draw(paddings(rank, most)),
        "ceil_mode": draw(st.booleans()),
    }
    options |= {"dilation": dilation} if kind == "max" else {"count_include_pad": draw(st.booleans())}
    arguments = {"x": draw(arrays(lead + spatial)), "kernel_size": scalar_or_each(kernel)}
    return Call(f"{kind}_pool{rank}d", arguments, options)


@st.composite
def global_pools(draw):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=4, max_side=3))
    return Call(draw(st.sampled_from(["global_avg_pool", "global_max_pool"])), {"x": draw(arrays(shape))})


@st.composite
def affine_layers(draw):
    lead, width, units = draw(st.sampled_from([(), (3,), (2, 2)])), draw(st.integers(1, 4)), draw(st.integers(0, 3))
    arguments = {"x": draw(arrays((*lead, width))), "weight": draw(arrays((units, width) if units else (width,)))}
    if draw(st.booleans()):
        arguments["bias"] = draw(arrays((units,) if units else ()))
    return Call("linear", arguments)


@st.composite
def activations(draw):
    op = draw(st.sampled_from(["relu", "sigmoid", "softmax", "flatten"]))
    x = draw(arrays(draw(hnp.array_shapes(max_dims=4, max_side=3))))
    options = {"axis": draw(st.integers(-x.ndim, x.ndim - 1))} if op == "softmax" else {}
    return Call(op, {"x": x}, options)


@st.composite
def norms(draw):
    op = draw(st.sampled_from(["batch_norm", "layer_norm", "group_norm", "instance_norm"]))
    ranks = {"batch_norm": (2, 4), "layer_norm": (1, 4), "group_norm": (1, 4), "instance_norm": (3, 4)}[op]
    shape = draw(hnp.array_shapes(min_dims=ranks[0], max_dims=ranks[1], max_side=4))
    arguments, options = {"x": draw(arrays(shape))}, {"eps": draw(st.sampled_from([1e-5, 1e-3, 1]))}
    channel = min(1, len(shape) - 1)
    learned = (shape[channel],)
    if op == "layer_norm":
        axes = draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
        learned = tuple(shape[axis] for axis in sorted(axes))
        options["axes"] = axes[0] if len(axes) == 1 else tuple(axes)
    if op == "group_norm":
        divisors = [n for n in range(1, shape[channel] + 1) if shape[channel] % n == 0]
        arguments["num_groups"] = draw(st.sampled_from(divisors))
    if op == "batch_norm" and draw(st.booleans()):
        options["running_mean"] = draw(arrays(learned))
        options["running_var"] = draw(hnp.arrays(np.float64, learned, elements=st.floats(0, 10)))
    for name in draw(st.sets(st.sampled_from(["gamma", "beta"]))):
        arguments[name] = draw(arrays(learned))
    return Call(op, arguments, options)


@st.composite
def matrix_forms(draw):
    convolution = draw(convolutions(("conv2d",)) | convolutions(("conv1d",)))
    x, weight = convolution.arguments["x"], convolution.arguments["weight"]
    rank = int(convolution.op[4])
    options = {name: convolution.options[name] for name in ("stride", "padding", "dilation")}
    if draw(st.booleans()) and (rank == 2 or x.ndim == 1):
        return Call("im2col", {"x": x, "kernel_size": weight.shape[-rank:]}, options)
    shape = x.shape if x.ndim == rank else (weight.shape[1], *x.shape[-rank:])
    return Call("toeplitz", {"weight": weight, "input_shape": shape}, options)


@st.composite
def lengths(draw):
    kernel, dilation = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    length = draw(st.integers(dilation * (kernel - 1) + 1, 30))
    options = {"stride": draw(st.integers(1, 4)), "padding": draw(st.integers(0, 3)), "dilation": dilation}
    return Call(
        "output_length", {"length": length, "kernel_size": kernel}, options | {"ceil_mode": draw(st.booleans())}
    )


@st.composite
def reshapes(draw):
    shape = draw(hnp.array_shapes(max_dims=3, max_side=4))
    return Call("reshape", {"x": draw(arrays(shape)), "shape": draw(st.permutations(shape))})


@st.composite
def backward_convolutions(draw):
    forward = draw(convolutions())
    shape = forward_shape(forward)
    arguments = {name: forward.arguments[name] for name in ("x", "weight")}
    return Call(f"{forward.op}_backward", {**arguments, "grad": draw(arrays(shape))}, forward.options)


@st.composite
def backward_pools(draw):
    forward = draw(pools())
    arguments = {**forward.arguments, "grad": draw(arrays(forward_shape(forward)))}
    return Call(f"{forward.op}_backward", arguments, forward.options)


@st.composite
def backward_norms(draw):
    forward = draw(norms().filter(lambda call: "running_mean" not in call.options))
    kept = {name: value for name, value in forward.arguments.items() if name != "beta"}
    grad = draw(arrays(forward.arguments["x"].shape))
    return Call(f"{forward.op}_backward", {**kept, "grad": grad}, forward.options)


def forward_shape(call):
    """The shape of what comes out of a call."""
    return call.trace().output.shape


@st.composite
def running_statistics(draw):
    x = draw(arrays(draw(hnp.array_shapes(min_dims=2, max_dims=4, min_side=2, max_side=3))))
    options = {"momentum": draw(st.sampled_from([0, 0.1, 0.5, 1]))}
    if draw(st.booleans()):
        return Call("update_running_mean", {"x": x, "running_mean": draw(arrays((x.shape[1],)))}, options)
    return Call("update_running_var", {"x": x, "running_var": draw(variances((x.shape[1],)))}, options)


def variances(shape):
    return hnp.arrays(np.float64, shape, elements=st.floats(0, 10))


@st.composite
def folds(draw):
    filters = draw(st.sampled_from([(), (2,)]))
    options = {"eps": draw(st.sampled_from([1e-5, 1]))}
    arguments = {"gamma": draw(arrays(filters)), "running_var": draw(variances(filters))}
    if draw(st.booleans()):
        return Call("fold_weight", {"x": draw(arrays((*filters, 1, 3))), **arguments}, options)
    more = {name: draw(arrays(filters)) for name in ("x", "beta", "running_mean")}
    return Call("fold_bias", {**more, **arguments}, options)


@st.composite
def losses(draw):
    samples, classes = draw(st.sampled_from([(), (3,)])), draw(st.integers(1, 4))
    x = draw(arrays((*samples, classes)))
    marks = hnp.arrays(np.int64, samples, elements=st.integers(0, classes - 1))
    shares = hnp.arrays(np.float64, (*samples, classes), elements=st.sampled_from([0, 0.25, 1]))
    return Call("cross_entropy", {"x": x, "target": draw(marks.map(lambda marked: marked.tolist()) | shares)})


@st.composite
def rearrangements(draw):
    if draw(st.booleans()):
        return Call("transpose", {"x": draw(arrays(draw(hnp.array_shapes(min_dims=2, max_dims=2, max_side=4))))})
    x = draw(arrays(draw(hnp.array_shapes(max_dims=3, max_side=3))))
    return Call("flip", {"x": x}, {"axes": draw(st.none() | st.integers(-x.ndim, x.ndim - 1))})


@st.composite
def layers_in_a_row(draw):
    layers = draw(st.integers(1, 4))
    each = {name: draw(sizes(1, most, layers)) for name, most in (("kernel_size", 4), ("stride", 3), ("dilation", 2))}
    return Call("receptive_field", each)


@st.composite
def same_paddings(draw):
    bounds = {"length": 12, "kernel_size": 5, "stride": 3, "dilation": 2}
    return Call("same_padding", {name: draw(st.integers(1, most)) for name, most in bounds.items()})


families = (
    convolutions(),
    transposed_convolutions(),
    pools(),
    global_pools(),
    affine_layers(),
    activations(),
    norms(),
    matrix_forms(),
    lengths(),
    reshapes(),
    backward_convolutions(),
    backward_pools(),
    backward_norms(),
    running_statistics(),
    folds(),
    losses(),
    rearrangements(),
    layers_in_a_row(),
    same_paddings(),
)
calls = st.one_of(*families)
"""A call of any op."""

_odd = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=3),
    st.binary(max_size=3),
    st.integers(-3, 6),
    st.sampled_from([10**12, 2**63, 10**30, -(10**30), 2**40]),
    st.floats(),
    st.sampled_from(["same", "valid", 1j, object(), {}, {1: 2}, {1, 2}, range(3), slice(2), np.float32(2), np.True_]),
    st.just(np.array("text")),
    st.just(np.empty((0, 3))),
    st.just(np.broadcast_to(1.0, (10**6, 10**6))),
    st.just(np.array([np.datetime64("2020-01-01")])),
    st.just(np.array([1, 2**63], dtype=np.uint64)),
    hnp.arrays(st.sampled_from([np.int8, np.uint64, np.float16, np.float32, np.float64]), hnp.array_shapes(max_side=4)),
)
anything = st.recursive(_odd, lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner), max_leaves=12)
"""Whatever somebody may pass: nothing, text, numbers that are huge or are none, ragged and empty lists, objects."""
