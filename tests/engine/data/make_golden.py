"""Make golden.json: what torch answers to unusual calls, for the tests that run without torch.

    python tests/engine/data/make_golden.py        (torch 2.13.0 on CPU, numpy 2.4.6, double precision)

Inputs are eighths, so that they are short and exact. Each case is an engine op with its arguments and options, and
torch's output; the names are the same but for the norms', whose γ and β torch calls weight and bias.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812

random = np.random.default_rng(20)
cases = []


def data(*shape):
    return random.integers(-40, 41, shape) / 8


def batch_norm(x, gamma, beta, eps=1e-5, running_mean=None, running_var=None):
    given = [None if value is None else torch.tensor(value, dtype=x.dtype) for value in (running_mean, running_var)]
    return F.batch_norm(x, *given, gamma, beta, training=running_mean is None, eps=eps)


def layer_norm(x, gamma=None, beta=None, axes=(-1,)):
    return F.layer_norm(x, [x.shape[axis] for axis in axes], gamma, beta)


TORCH = {
    "batch_norm": batch_norm,
    "layer_norm": layer_norm,
    "group_norm": lambda x, gamma, beta, num_groups: F.group_norm(x, num_groups, gamma, beta),
    "instance_norm": lambda x, gamma, beta: F.instance_norm(x, weight=gamma, bias=beta),
    "softmax": lambda x, axis=-1: F.softmax(x, dim=axis),
    "sigmoid": torch.sigmoid,
    "im2col": lambda x, **options: F.unfold(x, **options).swapaxes(1, 2),
}
"""Where torch's call is not the engine's with ``x`` called input."""


def ask(op, x, *, options=None, **others):
    """Keep a case: an engine op, its tensors and options, and torch's output."""
    options = options or {}
    tensors = {name: torch.tensor(value) for name, value in others.items()}
    if op in TORCH:
        output = TORCH[op](torch.tensor(x), **tensors, **options)
    else:
        output = getattr(F, op)(torch.tensor(x), *tensors.values(), **options)
    arguments = {name: value.tolist() for name, value in ({"x": x} | others).items()}
    cases.append({"op": op, "arguments": arguments, "options": options, "output": output.tolist()})


for options in (
    {"stride": 2, "padding": 1},
    {"dilation": 2, "padding": "same"},
    {"groups": 2, "stride": (2, 1), "padding": (0, 2), "dilation": (1, 2)},
    {"padding": 3, "stride": 3},
):
    channels = 4 // options.get("groups", 1)
    ask("conv2d", data(2, 4, 5, 6), weight=data(6, channels, 3, 2), bias=data(6), options=options)
ask("conv2d", data(4, 5, 5), weight=data(4, 1, 3, 3), options={"groups": 4, "padding": 1})
for options in ({"padding": "same", "dilation": 2}, {"stride": 3, "padding": 2, "dilation": 2}, {"groups": 3}):
    channels = 3 // options.get("groups", 1)
    ask("conv1d", data(2, 3, 9), weight=data(6, channels, 4), bias=data(6), options=options)

for options in (
    {"stride": 2, "padding": 1, "output_padding": 1},
    {"stride": (3, 2), "padding": (0, 1), "output_padding": (2, 0), "dilation": (1, 2)},
    {"groups": 2, "dilation": 3, "output_padding": 2},
):
    each = 6 // options.get("groups", 1)
    ask("conv_transpose2d", data(2, 4, 3, 4), weight=data(4, each, 3, 2), bias=data(6), options=options)
options = {"stride": 3, "padding": 2, "output_padding": 1}
ask("conv_transpose1d", data(3, 5), weight=data(3, 2, 4), options=options)

for options in (
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 2, "ceil_mode": True},
    {"kernel_size": (2, 3), "stride": (1, 2), "padding": (1, 1), "dilation": (2, 1)},
    {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True},
    {"kernel_size": 3, "stride": 3, "padding": 1, "ceil_mode": True},
):
    ask("max_pool2d", data(2, 2, 5, 7), options=options)
for size in (2, 5, 8):
    ask("max_pool1d", data(2, size), options={"kernel_size": 3, "stride": 2, "ceil_mode": True})
    ask("max_pool1d", data(2, size + 2), options={"kernel_size": 2, "stride": 1, "dilation": 3})
for include in (True, False):
    for options in (
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        {"kernel_size": (3, 2), "padding": (1, 0)},
        {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True},
        {"kernel_size": 4, "stride": 3, "padding": 2, "ceil_mode": True},
    ):
        ask("avg_pool2d", data(2, 6, 5), options=options | {"count_include_pad": include})
    options = {"kernel_size": 3, "stride": 2, "ceil_mode": True, "count_include_pad": include}
    ask("avg_pool1d", data(2, 2), options=options)

options = {"kernel_size": (2, 3), "dilation": 2, "padding": 2, "stride": (1, 2)}
ask("im2col", data(2, 3, 4, 5), options=options)
ask("linear", data(2, 3, 4), weight=data(5, 4), bias=data(5))
for axis in (0, 1, -1):
    ask("softmax", 100 * data(2, 3, 4), options={"axis": axis})
ask("sigmoid", 100 * data(3, 4))
ask("relu", data(3, 4))

for shape in ((5, 3), (2, 3, 4), (2, 3, 2, 2)):
    ask("batch_norm", 1000 + data(*shape), gamma=data(3), beta=data(3), options={"eps": 1e-3})
    statistics = {"running_mean": data(3).tolist(), "running_var": abs(data(3)).tolist()}
    ask("batch_norm", data(*shape), gamma=data(3), beta=data(3), options=statistics)
    if len(shape) > 2:
        ask("instance_norm", 1000 + data(*shape), gamma=data(3), beta=data(3))
for axes in ((-1,), (1, 2), (0, 1, 2)):
    shape = [(2, 3, 4)[axis] for axis in axes]
    ask("layer_norm", data(2, 3, 4), gamma=data(*shape), beta=data(*shape), options={"axes": axes})
for groups in (1, 2, 3, 6):
    ask("group_norm", data(2, 6, 3), gamma=data(6), beta=data(6), options={"num_groups": groups})

odd = data(3, 4, 5)
odd[0, 1, 2], odd[1, 0, 0], odd[2, 3, 4] = math.nan, math.inf, -math.inf
ask("conv2d", odd, weight=np.array([[[[0.0, 1.0]]] * 3, [[[1.0, -1.0]]] * 3]), options={"padding": 1})
ask("conv_transpose2d", odd, weight=data(3, 1, 2, 2))
ask("max_pool2d", odd, options={"kernel_size": 2, "padding": 1})
ask("avg_pool2d", odd, options={"kernel_size": 2, "padding": 1})
ask("relu", odd)
ask("sigmoid", odd)
ask("softmax", odd)
ask("layer_norm", odd)
ask("linear", odd, weight=data(2, 5))

if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    Path(__file__).with_name("golden.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(cases)} cases")
