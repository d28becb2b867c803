"""What the words of a question may name: letters, indices, axes."""

from __future__ import annotations

import numpy as np

from cnn_tutor.engine import Step, Trace, Window
from cnn_tutor.language import _
from cnn_tutor.lesson.layer import references
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.ask import Part
from cnn_tutor.tutor.symbols import integers, span, subscript, symbol
from cnn_tutor.tutor.wording import set_words

_AXES = {1: (("L", "K", "entries", ""),), 2: (("H", "k_h", "rows", " downwards"), ("W", "k_w", "columns", " across"))}
"""For each axis: the name of its length, of the kernel's length, of its cells, and of moving along it."""


def fields_of(exercise: Exercise, source: LayerTrace, op: str, part: Part) -> dict[str, str]:
    """What the words of a question may name."""
    layer, target, trace = source.layer, part.target, source.trace
    first = trace.steps[part.positions[0]]
    index = integers(target.index)
    fields = {
        "i": "" if part.ask.whole == "all" else subscript(index),
        "at": ",".join(str(one + 1) for one in index),
        "range": span(first.reads[0].index, 0) if first.reads else "",
        "o": symbol(source.output),
        "x": _input_symbol(trace, layer is not None and layer.takes_input),
        "set": set_words(op, _set_index(first, index), of_maps=is_of_maps(source)),
        "unit": str(index[-1] + 1) if index else "1",
        "vec": subscript(index[:-1]) if len(index) > 1 else "",
        "layer": target.tensor.partition(".")[0],
        "before": "×".join(str(n) for n in np.ravel(first.operands[0])) if op == "track" and first.operands else "",
        "w": _("the kernel"),
        "b": "b",
        "K": "K",
        "t": _read_symbol(source, first),
        "s": "1",
        "p": "0",
    }
    if layer is not None:
        for name, field in (("weight", "w"), ("bias", "b")):
            if name in references(layer):
                fields[field] = symbol(references(layer)[name])
        fields |= {name: symbol(tensor) for name, tensor in references(layer).items()}
        batched = layer.takes_input and trace.tensors[trace.inputs[0]].ndim > 1
        weight = references(layer).get("weight")
        several = weight is not None and trace.tensors[weight].ndim > 1
        fields["row"] = _("row {unit} of ").format(unit=fields["unit"]) if several else ""
        fields["wx"] = f"{fields['x']} {fields['w']}ᵀ" if batched else f"{fields['w']} {fields['x']}"
        fields |= _spatial(source, index, target)
    return fields


def is_of_maps(source: LayerTrace) -> bool:
    """Whether a layer works on feature maps, not on vectors."""
    return "x" in source.call.tensors and source.call.tensors["x"].ndim > 2


def _read_symbol(source: LayerTrace, step: Step) -> str:
    """The name of the tensor that a step reads first."""
    if not step.reads:
        return ""
    tensor = step.reads[0].tensor
    if tensor.endswith(".padded"):
        return _("the padded {x}").format(x=symbol(source.trace.inputs[0]))
    return symbol(tensor)


def _input_symbol(trace: Trace, has_input: bool) -> str:
    return symbol(trace.inputs[0]) if has_input else "X"


def _set_index(step: Step, index: tuple[int, ...]) -> tuple[int, ...]:
    """The number of the set that a normalisation step belongs to: where its statistics stand."""
    for window in (*step.reads, step.target):
        if window.tensor.rpartition(".")[2] in ("sum", "mean", "variance", "denominator", "sets"):
            return integers(window.index)
    cells = step.target.index
    runs = [one for one in cells if isinstance(one, slice) and one.start is not None]
    if runs:
        return (*(one for one in cells if isinstance(one, int)), runs[0].start // (runs[0].stop - runs[0].start))
    return index


def _spatial(source: LayerTrace, index: tuple[int, ...], target: Window) -> dict[str, str]:
    """Names of the axis a length step is about, and its stride and padding."""
    tensors, prefix = source.trace.tensors, f"{source.output}."
    if f"{prefix}out_size" not in tensors:
        return {"D": "L", "sizes": "L_out", "axis": _("entries"), "along": ""}
    dimensions = len(tensors[f"{prefix}out_size"])
    own = target.tensor.rpartition(".")[2]
    axis = {"row_starts": 0, "column_starts": 1}.get(own, index[0] if len(index) == 1 and index[0] < dimensions else 0)
    length, kernel, entries, along = _AXES[dimensions][axis]
    strides = tensors[f"{prefix}stride"].tolist()
    padding = tensors[f"{prefix}padding"].tolist()
    asked = _AXES[dimensions] if not index else [_AXES[dimensions][axis]]
    return {
        "D": length,
        "sizes": ", ".join(f"{name}_out" for name, *_rest in asked),
        "K": kernel,
        "axis": _(entries),
        "along": _(along),
        "Dall": _(" and ").join(f"{name}_out" for name, *_ in _AXES[dimensions]),
        "s": str(strides[axis]),
        "p": str(padding[axis][0]),
    }
