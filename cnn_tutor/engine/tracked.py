"""What each layer of a tracked network makes of the shape it is given, how much it learns and what it costs.

For a convolution with F filters of k_h × k_w over C_in channels,

    shape = F × H_out × W_out      parameters = F · (C_in/groups · k_h · k_w + 1)

with the lengths of :mod:`cnn_tutor.engine.windows`; without a bias the + 1 goes. A new kind of layer is a row of
``LAYERS``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import entries, flag, integer, per_axis, shown
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.trace import Block, Plan, Window, block
from cnn_tutor.engine.windows import grid
from cnn_tutor.errors import ShapeError


def known_layer(name: Any, known: Collection[str]) -> str:
    """The name of a layer that comes earlier. Raises ShapeError."""
    if not isinstance(name, str) or name not in known:
        raise ShapeError(f"input must be an earlier layer, one of {', '.join(known)}; got {shown(name)}")
    return str(name)


TOTAL = Formula(
    lambda *counts: sum(counts, start=np.int64(0)),
    lambda *counts: " + ".join(count[0] for count in counts) or "0",
    np.sum,
)
"""Counts added up."""


def layer_block(
    tensors: Named, name: str, before: Window, shape: Formula, others: Sequence[Plan] | None = None
) -> Block:
    """The steps of one layer: its shape, then the ``others``; without any it learns nothing."""
    plans = [Plan("shape", shape, (before,), Window(f"{name}.shape")), *(_nothing(name) if others is None else others)]
    return _written(tensors, plans)


@lru_cache(maxsize=512)
def _nothing(name: str) -> tuple[Plan, ...]:
    """The step of a layer that has no parameters."""
    return (_parameters(name, f.constant(0)),)


def _parameters(name: str, formula: Formula, *reads: Window) -> Plan:
    return Plan("parameters", formula, reads, Window(f"{name}.parameters"))


def _written(tensors: Named, plans: Sequence[Plan]) -> Block:
    """The plans done, one after the other, as a block."""
    for plan in plans:
        operands = [tensors[tensor][index] for tensor, index in plan.reads]
        tensors[plan.target.tensor] = np.array(plan.formula.bare(*operands))
    return block(*plans)


_MACS = Formula(lambda shape, weights: f.product(shape) * weights, lambda shape, n: f"{'·'.join(shape)}·{n[0]}")
_DENSE = Formula(
    lambda x, y: f.product(x) * f.product(y),
    lambda x, y: f"({'·'.join(x)})·({'·'.join(y)})",
)


def _work(name: str, before: Window, weights: Window) -> tuple[Plan, ...]:
    """What one output costs, times how many there are; and the weights of a dense layer between the same shapes."""
    shape, macs = Window(f"{name}.shape"), Window(f"{name}.macs")
    return (
        Plan("macs", _MACS, (shape, weights), macs),
        Plan("flops", _TWICE, (macs,), Window(f"{name}.flops")),
        Plan("dense_weights", _DENSE, (before, shape), Window(f"{name}.dense_weights")),
    )


_TWICE = Formula(lambda n: 2 * n, f.each("2·{}"))


def _shape_formula(result: Callable[[tuple[int, ...]], Sequence[int]], rule: str) -> Formula:
    return Formula(
        lambda shape: np.array(result(tuple(int(n) for n in shape))), lambda shape: rule.format("×".join(shape))
    )


_SAME_SHAPE = Formula(lambda shape: shape, "×".join)


def _give(tensors: Named, given: list[str], name: str, value: Any) -> Window:
    """A size of the layer as a tensor, so that the steps can read it."""
    tensors[name] = np.array(value)
    given.append(name)
    return Window(name)


def _windowed(op: str, sizes: Mapping[str, Any], default_stride: Any) -> Callable[[tuple[int, ...]], tuple[int, ...]]:
    """The spatial part of the shape after a convolution or a pool."""
    dimensions = 1 if op.endswith("1d") else 2

    def spatial(shape: tuple[int, ...]) -> tuple[int, ...]:
        if len(shape) != dimensions + 1:
            raise ShapeError(
                f"{op} takes a shape of {dimensions + 1} axes (C, *spatial), got {'×'.join(map(str, shape))}"
            )
        stride = sizes.get("stride")
        axes = grid(
            shape[1:],
            per_axis("kernel_size", sizes.get("kernel_size"), dimensions, 1),
            stride=default_stride if stride is None else stride,
            padding=sizes.get("padding", 0),
            dilation=sizes.get("dilation", 1),
            ceil_mode=sizes.get("ceil_mode", False),
            names=("kernel_size", "the map"),
        )
        return tuple(axis.out for axis in axes)

    return spatial


def _conv(op: str) -> Callable[..., Block]:
    def layer(tensors: Named, given: list[str], name: str, before: str, sizes: Mapping[str, Any]) -> Block:
        dimensions = 1 if op.endswith("1d") else 2
        filters = integer("filters", sizes.get("filters"), 1)
        groups = integer("groups", sizes.get("groups", 1), 1)
        kernel = per_axis("kernel_size", sizes.get("kernel_size"), dimensions, 1)
        spatial = _windowed(op, sizes, 1)
        channels = int(tensors[before][(0,)])
        if channels % groups or filters % groups:
            raise ShapeError(f"groups must divide the {channels} input channels and {filters} filters, got {groups}")
        for size, value in (("kernel_size", kernel), ("filters", filters), ("channels", channels // groups)):
            _give(tensors, given, f"{name}.{size}", value)
        shape = _shape_formula(lambda shape: (filters, *spatial(shape)), f"{filters} maps from {{}}")
        has_bias = flag("bias", sizes.get("bias", True))
        return layer_block(tensors, name, Window(before), shape, _conv_plans(name, before, has_bias))

    return layer


@lru_cache(maxsize=512)
def _conv_plans(name: str, before: str, has_bias: bool) -> tuple[Plan, ...]:
    """What is worked out of a convolution beside its shape, whatever its sizes."""

    def own(name_: str) -> Window:
        return Window(f"{name}.{name_}")

    slice_, filter_, learned = own("weights_per_slice"), own("weights_per_filter"), own("parameters_per_filter")
    return (
        Plan("weights_per_slice", f.PRODUCT, (own("kernel_size"),), slice_),
        Plan("weights_per_filter", f.TIMES, (slice_, own("channels")), filter_),
        Plan("parameters_per_filter", f.PLUS_ONE if has_bias else f.COPY, (filter_,), learned),
        Plan("maps", f.COPY, (own("filters"),), own("maps")),
        _parameters(name, f.TIMES, own("filters"), learned),
        *_work(name, Window(before), filter_),
    )


def _pool(op: str) -> Callable[..., Block]:
    def layer(tensors: Any, given: list[str], name: str, before: str, sizes: Mapping[str, Any]) -> Block:
        spatial = _windowed(op, sizes, sizes.get("kernel_size"))
        shape = _shape_formula(lambda shape: (shape[0], *spatial(shape)), "blocks of {}")
        return layer_block(tensors, name, Window(before), shape)

    return layer


def _reshaping(shape: Formula) -> Callable[..., Block]:
    """A layer that learns nothing and needs no sizes."""

    def layer(tensors: Any, given: list[str], name: str, before: str, sizes: Mapping[str, Any]) -> Block:
        return layer_block(tensors, name, Window(before), shape)

    return layer


def _linear(tensors: Any, given: list[str], name: str, before: str, sizes: Mapping[str, Any]) -> Block:
    units = integer("units", sizes.get("units"), 1)
    inputs = tensors[before][()]
    if inputs.ndim != 1 or len(inputs) != 1:
        raise ShapeError(f"linear takes a vector, got {'×'.join(map(str, inputs))}: flatten it first")
    count = _give(tensors, given, f"{name}.units", units)
    has_bias = flag("bias", sizes.get("bias", True))
    parameters = Formula(
        lambda shape, n: shape[0] * n + (n if has_bias else 0),
        lambda shape, n: f"{shape[0]}·{n[0]}" + (f" + {n[0]}" if has_bias else ""),
    )
    shape = Formula(lambda _: np.array([units]), lambda _: f"{units} units")
    others = _parameters(name, parameters, Window(before), count), *_work(name, Window(before), Window(before, (0,)))
    return layer_block(tensors, name, Window(before), shape, others)


def _batch_norm(tensors: Any, given: list[str], name: str, before: str, sizes: Mapping[str, Any]) -> Block:
    channels = _give(tensors, given, f"{name}.channels", int(tensors[before][(0,)]))
    return layer_block(tensors, name, Window(before), _SAME_SHAPE, [_parameters(name, _SCALE_AND_SHIFT, channels)])


_SCALE_AND_SHIFT = Formula(lambda n: 2 * n, lambda n: f"{n[0]} γ + {n[0]} β")


def _add(tensors: Any, given: list[str], name: str, before: str, sizes: Mapping[str, Any]) -> Block:
    """Two maps of one shape added, entry by entry: the end of a residual block."""
    other = f"{_earlier(sizes.get('other'), tensors)}.shape"
    first, second = (tuple(int(n) for n in tensors[one][()]) for one in (before, other))
    if first != second:
        one, two = ("×".join(map(str, shape)) for shape in (first, second))
        raise ShapeError(f"add takes two maps of one shape, got {one} and {two}")
    return layer_block(tensors, name, Window(before), _SAME_SHAPE)


def _earlier(name: Any, tensors: Named) -> str:
    """The name of a layer that has a shape already. Raises ShapeError."""
    if isinstance(name, str) and f"{name}.shape" in tensors:
        return name
    return known_layer(name, [one.removesuffix(".shape") for one in tensors if one.endswith(".shape")])


def _stack(tensors: Any, given: list[str], name: str, before: str, sizes: Mapping[str, Any]) -> Block:
    """A stage as a whole: the shape that leaves it, and what its layers learn and cost together.

    Its table has a row for each layer, the sizes of its shape and its parameters, if all their shapes have as many
    axes; of a stage that is one block ``repeat`` times, for each layer of the first.
    """
    members = [_earlier(one, tensors) for one in entries(sizes.get("of")) or []]
    learned = tuple(Window(f"{one}.parameters") for one in members)
    costs = tuple(Window(f"{one}.macs") for one in members if f"{one}.macs" in tensors)
    plans = [
        Plan("shape", _SAME_SHAPE, (Window(before),), Window(f"{name}.shape")),
        Plan("parameters", TOTAL, learned, Window(f"{name}.stack_parameters")),
        Plan("macs", TOTAL, costs, Window(f"{name}.stack_macs")),
    ]
    _written(tensors, plans)
    first = members[: len(members) // integer("repeat", sizes.get("repeat", 1), 1)]
    rows = [(Window(f"{one}.shape"), Window(f"{one}.parameters")) for one in first]
    if len({len(tensors[shape.tensor]) for shape, _count in rows}) != 1:
        return block(*plans)
    values = [[*tensors[shape.tensor][()].tolist(), tensors[count.tensor][()]] for shape, count in rows]
    tensors[f"{name}.table"] = np.array(values)
    table = [Plan("table", _ROW, reads, Window(f"{name}.table", (place,))) for place, reads in enumerate(rows)]
    return block(*table, *plans)


_ROW = Formula(lambda shape, count: np.append(shape, count), lambda shape, count: f"{'×'.join(shape)}, {count[0]}")


LAYERS: dict[str, Callable[..., Block]] = {
    **{op: _conv(op) for op in ("conv1d", "conv2d")},
    **{op: _pool(op) for op in ("max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d")},
    **{op: _reshaping(_SAME_SHAPE) for op in ("relu", "sigmoid", "softmax")},
    **{
        op: _reshaping(_shape_formula(lambda shape: shape[:1], "one number a map of {}"))
        for op in ("global_avg_pool", "global_max_pool")
    },
    "flatten": _reshaping(_shape_formula(lambda shape: (math.prod(shape),), "{}")),
    "linear": _linear,
    "batch_norm": _batch_norm,
    "add": _add,
    "stack": _stack,
}
"""The block of each kind of layer, from the tensors so far, those given, its name, its source's name and its sizes."""

BETWEEN_LAYERS = ("add", "stack")
"""Those that read of other layers than the one before."""
