"""A layer on many sets of numbers in one run: all products of a convolution, or each set as a map of one pooling.

Most draws are given up because of what their first layer gives, and one run for each would take most of the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine.layout import layout
from cnn_tutor.engine.trace import Array
from cnn_tutor.engine.windows import pad, view
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import Call

EPS = 1e-5
"""The ε of a normalisation that is given none."""

Many: TypeAlias = Mapping[str, Array]
"""The tensors of a call with one more axis in front: the sets of numbers."""


def outputs(op: str, tensors: Many, options: Mapping[str, Any]) -> Array | None:
    """What an op gives for each set of numbers; None for an op, or a form of it, that has no such run."""
    way = _WAYS.get(op)
    return None if way is None else way(op, tensors, options)


def all_outputs(calls: Sequence[Call]) -> list[Array | None]:
    """The output of each of some calls, those of one form run together; None for one that does not fit together."""
    found: list[Array | None] = [None] * len(calls)
    forms: dict[object, list[int]] = {}
    for number, call in enumerate(calls):
        forms.setdefault(call.form, []).append(number)
    for numbers in forms.values():
        for number, output in zip(numbers, _of_one_form([calls[number] for number in numbers]), strict=True):
            found[number] = output
    return found


def _of_one_form(calls: Sequence[Call]) -> Sequence[Array | None]:
    if len(calls) > 2:
        first = calls[0]
        stacked = {name: np.array([call.tensors[name] for call in calls]) for name in first.tensors}
        try:
            together = outputs(first.op, stacked, first.options)
            if together is not None:
                shape = first.run().output.shape
                return list(together.reshape(len(calls), *shape))
        except (ShapeError, ValueError):
            pass
    return [_output(call) for call in calls]


def _output(call: Call) -> Array | None:
    try:
        return call.run().output
    except ShapeError:
        return None


def blocks(op: str, x: Array, options: Mapping[str, Any]) -> Array:
    """What lies under the windows of a pooling, for each set of numbers: (sets, windows, cells)."""
    lead, spatial = len(x), x.shape[x.ndim - _dimensions(op) :]
    found = Call(op, {"x": x.reshape(-1, *spatial)}, options).run().tensors["blocks"]
    return found.reshape(lead, -1, found.shape[-1])


def _dimensions(op: str) -> int:
    return 1 if op.endswith("1d") else 2


@dataclass(frozen=True, slots=True)
class _Form:
    """What convolutions have in common that add up the same products, told from others by its ``key``."""

    key: tuple[object, ...]
    op: str = field(compare=False)
    options: Mapping[str, Any] = field(compare=False)
    x: tuple[int, ...] = field(compare=False)
    weight: tuple[int, ...] = field(compare=False)


@lru_cache(maxsize=512)
def _products(form: _Form) -> tuple[Array, Array, tuple[int, ...]]:
    """Of each product of each output its entry of ``x``, 0 for padding, and of ``weight``; and the outputs' shape."""
    options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, **form.options}
    laid = layout(_dimensions(form.op), form.x, form.weight, **options)
    c_out, c_in, *kernel = laid.kernels
    split = laid.groups, c_out // laid.groups
    windows = view(pad(np.arange(1, math.prod(form.x) + 1).reshape(laid.full), laid.axes), laid.axes)
    each = windows.reshape(-1, laid.groups, 1, c_in, *laid.out, *kernel)
    taken = np.moveaxis(each, 3, 3 + len(kernel))
    places = np.arange(math.prod(form.weight)).reshape(1, *split, *[1] * len(kernel), c_in, *kernel)
    taken, places = np.broadcast_arrays(taken, places)
    return taken.reshape(-1, laid.terms), places.reshape(-1, laid.terms), laid.result.shape


def products(
    op: str, options: Mapping[str, Any], x: tuple[int, ...], weight: tuple[int, ...]
) -> tuple[Array, Array, tuple[int, ...]]:
    """What a convolution or a dense layer multiplies, by the shapes of its tensors.

    Of each product of each output its entry of ``x``, counted from 1, 0 for padding, and of ``weight``; and the shape
    of the outputs. Raises ShapeError.
    """
    if op == "linear":
        rows = np.arange(1, math.prod(x) + 1).reshape(-1, 1, x[-1])
        columns = np.arange(math.prod(weight)).reshape(1, -1, x[-1])
        taken, kernel = np.broadcast_arrays(rows, columns)
        return taken.reshape(-1, x[-1]), kernel.reshape(-1, x[-1]), (*x[:-1], *weight[:-1])
    return _products(_Form((op, repr(options), x, weight), op, options, x, weight))


def _conv(op: str, tensors: Many, options: Mapping[str, Any]) -> Array:
    x, weight, bias = tensors["x"], tensors["weight"], tensors.get("bias")
    sets = len(x)
    taken, kernel, shape = products(op, options, x.shape[1:], weight.shape[1:])
    cells = np.zeros((sets, x[0].size + 1), dtype=x.dtype)
    cells[:, 1:] = x.reshape(sets, -1)
    found: Array = (cells[:, taken] * weight.reshape(sets, -1)[:, kernel]).sum(axis=2)
    if bias is not None:
        found = found.reshape(sets, -1, bias[0].size, math.prod(shape[len(shape) - _dimensions(op) :]))
        found = found + bias.reshape(sets, 1, -1, 1)
    return found.reshape(sets, -1)


def _transposed(op: str, tensors: Many, options: Mapping[str, Any]) -> Array | None:
    """Each set is a group of one grouped convolution."""
    x, weight, bias = tensors["x"], tensors["weight"], tensors.get("bias")
    sets, lead = len(x), x.ndim - _dimensions(op)
    if lead > 2:
        return None
    stacked = {"x": x.reshape(-1, *x.shape[lead:])}
    stacked["weight"] = weight[:, None] if lead == 1 else weight.reshape(-1, *weight.shape[2:])
    if bias is not None:
        stacked["bias"] = bias.reshape(-1)
    found = Call(op, stacked, {**options, "groups": sets * options.get("groups", 1)}).run().output
    return found.reshape(sets, -1)


def _linear(op: str, tensors: Many, options: Mapping[str, Any]) -> Array:
    x, weight, bias = tensors["x"], tensors["weight"], tensors.get("bias")
    sets, size = len(x), x.shape[-1]
    found = x.reshape(sets, -1, size) @ weight.reshape(sets, -1, size).transpose(0, 2, 1)
    return (found if bias is None else found + bias.reshape(sets, 1, -1)).reshape(sets, -1)


def _pool(op: str, tensors: Many, options: Mapping[str, Any]) -> Array:
    x = tensors["x"]
    found = Call(op, {"x": x.reshape(-1, *x.shape[x.ndim - _dimensions(op) :])}, options).run().output
    return found.reshape(len(x), -1)


def _entrywise(op: str, tensors: Many, options: Mapping[str, Any]) -> Array:
    x = tensors["x"]
    return Call(op, {"x": x}, {}).run().output.reshape(len(x), -1)


def _laid_out(op: str, tensors: Many, options: Mapping[str, Any]) -> Array:
    return tensors["x"].reshape(len(tensors["x"]), -1)


def _normed(op: str, tensors: Many, options: Mapping[str, Any]) -> Array:
    """Numbers less the mean of their set, or the one given, over √(σ² + ε), then γ and β."""
    x, sets = tensors["x"], len(tensors["x"])
    own = _sharing(op, x.ndim - 1, options)
    lent = own if op == "layer_norm" else [min(1, x.ndim - 2)]
    shape = (sets, *(x.shape[1 + axis] if axis in lent else 1 for axis in range(x.ndim - 1)))
    if "running_mean" in tensors:
        deviations = x - tensors["running_mean"].reshape(shape)
        variance = tensors["running_var"].reshape(shape)
    else:
        deviations, variance = _moments(op, x, [1 + axis for axis in own], options)
    with np.errstate(all="ignore"):
        found = (deviations / np.sqrt(variance + options.get("eps", EPS))).reshape(x.shape)
    for name, work in (("gamma", np.multiply), ("beta", np.add)):
        if name in tensors:
            found = work(found, tensors[name].reshape(shape))
    return np.asarray(found.reshape(sets, -1))


def _moments(op: str, x: Array, axes: Sequence[int], options: Mapping[str, Any]) -> tuple[Array, Array]:
    """The deviations from the means along some axes, and the variances; of a group norm in groups of channels."""
    if op == "group_norm":
        channel, groups = axes[0], options["num_groups"]
        x = x.reshape(*x.shape[:channel], groups, x.shape[channel] // groups, *x.shape[channel + 1 :])
        axes = [1 + axis for axis in axes]
    along, size = tuple(axes), math.prod(x.shape[axis] for axis in axes)
    deviations = x - np.add.reduce(x, axis=along, keepdims=True) / size
    return deviations, np.add.reduce(deviations * deviations, axis=along, keepdims=True) / size


def _sharing(op: str, rank: int, options: Mapping[str, Any]) -> list[int]:
    """The axes of a tensor along which numbers share a mean, in groups of channels along the first of them."""
    if op == "layer_norm":
        axes = options.get("axes", -1)
        return sorted(axis % rank for axis in ([axes] if isinstance(axes, int) else axes))
    if op == "batch_norm":
        return [0, *range(2, rank)]
    return [*range(min(1, rank - 1) + (op == "instance_norm"), rank)]


def _loss(op: str, tensors: Many, options: Mapping[str, Any]) -> Array:
    """The loss of every sample, and the mean of each set's."""
    x, target = tensors["x"], tensors["target"]
    samples = {"x": x.reshape(-1, x.shape[-1]), "target": target.reshape(-1, *target.shape[x.ndim - 1 :])}
    losses = Call(op, samples, {}).run().tensors["losses"]
    return np.asarray(losses.reshape(len(x), -1).mean(axis=1))


_WAYS: dict[str, Callable[[str, Many, Mapping[str, Any]], Array | None]] = {
    **dict.fromkeys(("conv1d", "conv2d"), _conv),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d"), _transposed),
    "linear": _linear,
    **dict.fromkeys(("max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d"), _pool),
    **dict.fromkeys(("relu", "sigmoid"), _entrywise),
    **dict.fromkeys(("flatten", "reshape"), _laid_out),
    **dict.fromkeys(("batch_norm", "layer_norm", "group_norm", "instance_norm"), _normed),
    "cross_entropy": _loss,
}
