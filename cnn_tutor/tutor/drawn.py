"""Which tensors of a layer are drawn, under which title, and how their padding looks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn_tutor.engine import Step, Window
from cnn_tutor.engine.trace import Array, Index, Plan
from cnn_tutor.language import _
from cnn_tutor.lesson.layer import references
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.panel import Mark
from cnn_tutor.tutor.symbols import symbol

ONE_EACH = ("windows", "products", "channel_sums", "blocks", "sets", "scaled_copies", "shares")
"""Tensors that hold one matrix for each output cell; of these only the one in question is drawn."""

_ARITHMETIC = {
    *(
        "size",
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "extent",
        "padded_size",
        "numerator",
        "moves",
        "out_size",
    ),
    *("starts", "row_starts", "column_starts", "set_size", "eps", "divisor", "channels", "filters", "shape", "gap"),
    *("offsets", "slots", "weights", "biases", "parameters", "dense_weights", "length", "input_shape", "copies"),
}
"""Numbers about a layer, for which the formula line is enough."""


def subjects(source: LayerTrace) -> list[str]:
    """The tensors that are on the screen at every question of a layer: its input and its weights."""
    assert source.layer is not None
    names = references(source.layer)
    given = [source.trace.inputs[0]] if source.layer.takes_input else []
    padded = f"{source.output}.padded"
    given += [padded] if padded in source.trace.tensors else []
    return given + [names[field] for field in source.layer.shows if field in names]


def behind(step: Step, earlier: list[Plan]) -> Iterator[Window]:
    """The windows of a step and those that their values came from, in the steps just before it."""
    pending = list(step.reads)
    while pending:
        window = pending.pop(0)
        yield window
        pending += [read for plan in earlier if plan.target == window for read in plan.reads]


def is_drawn(source: LayerTrace, tensor: str) -> bool:
    """Whether a tensor is more than a number about the layer."""
    own = tensor.rpartition(".")[2]
    return not (tensor.startswith(f"{source.output}.") and own in _ARITHMETIC) and tensor in source.trace.tensors


_TITLES = {
    "padded": "{x} padded",
    "windows": "window",
    "products": "products",
    "blocks": "block",
    "weighted_sum": "without bias",
    "sum": "sums",
    "mean": "μ",
    "deviations": "{x} − μ",
    "squares": "({x} − μ)²",
    "variance": "σ²",
    "denominator": "√(σ² + ε)",
    "normalised": "ẑ",
    "exponential": "e^(−{x})",
    "sets": "set",
    "probabilities": "p",
    "losses": "losses",
    "channel_sums": "channel sums",
    "scaled_grad": "dẑ",
    "grad_mean": "mean of dẑ",
    "grad_products": "dẑ · ẑ",
    "grad_share": "mean of dẑ · ẑ",
    "centred_grad": "centred dẑ",
    "weight_grad": "gradient of weights",
    "batch_var": "s²",
}


def title(source: LayerTrace, own: str) -> str:
    """What stands above the intermediate tensor ``own`` of a layer."""
    x = symbol(source.trace.inputs[0])
    if source.call.op in ("softmax", "cross_entropy") and own == "exponential":
        return f"e^{x}"
    return _(_TITLES.get(own, own.replace("_", " "))).format(x=x)


def padding_of(source: LayerTrace, rank: int) -> Index:
    """Where the input lies within its padded map, which has ``rank`` axes."""
    before_after = source.trace.tensors[f"{source.output}.padding"]
    sizes = source.trace.tensors[f"{source.output}.size"]
    region = tuple(slice(int(b), int(b + n)) for (b, _), n in zip(before_after, sizes, strict=True))
    return (*[slice(None)] * (rank - len(region)), *region)


def padding(source: LayerTrace, array: Array, marks: Array) -> Array:
    """Padded cells are drawn unlike the numbers of the input."""
    inside = np.zeros(array.shape, dtype=bool)
    inside[padding_of(source, array.ndim)] = True
    result = marks.copy()
    result[~inside & (marks == Mark.PLAIN)] = Mark.PADDING
    result[~inside & (marks == Mark.READ)] = Mark.READ_PADDING
    return result
