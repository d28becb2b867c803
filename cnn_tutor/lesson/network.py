"""An exercise as the engine sees it: its layers run one after the other, every tensor under the lesson's own name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnn_tutor import engine
from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.schema import Exercise, Layer, TrackedLayer, arguments, op_name, references

VANISHING = 1e-300
"""An ε that no variance notices, and that still keeps 0/0 away."""


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """One layer's trace. ``layer`` is None for a tracked network, whose tensors carry their layer's name."""

    layer: Layer | None
    output: str
    trace: Trace


def run(exercise: Exercise, *, without_eps: bool = False) -> tuple[LayerTrace, ...]:
    """The trace of every layer of ``exercise``; an intermediate tensor ``t`` of output ``o`` is called ``o.t``.

    ``without_eps`` gives the values a person gets who leaves ε out. Raises ShapeError when something does not fit.
    """
    if exercise.track is not None:
        layers = [sizes(layer) for layer in exercise.track.layers]
        return (LayerTrace(None, "", engine.track(exercise.track.input, layers)),)
    tensors = {name: np.array(data) for name, data in exercise.tensors.items()}
    previous = next(iter(tensors), "")
    traces = []
    for layer in exercise.layer:
        source = layer.input or previous
        options = arguments(layer)
        names = references(layer)
        if without_eps and "eps" in options:
            options["eps"] = VANISHING
        if layer.takes_input:
            names["x"] = source
        given = {argument: _tensor(tensors, name, layer) for argument, name in names.items()}
        trace = getattr(engine, op_name(layer))(**given, **options)
        own = {name: names.get(name, f"{layer.output}.{name}") for name in trace.tensors}
        own["y"] = layer.output
        if layer.output in tensors:
            raise ShapeError(f"output {layer.output!r} of {op_name(layer)} is already the name of a tensor")
        traces.append(LayerTrace(layer, layer.output, trace.renamed(own)))
        tensors[layer.output] = trace.output
        previous = layer.output
    return tuple(traces)


def sizes(layer: TrackedLayer) -> dict[str, object]:
    """The sizes that a tracked layer sets."""
    fields = ((field, getattr(layer, field)) for field in layer.__struct_fields__)
    return {field: value for field, value in fields if value is not None}


def _tensor(tensors: dict[str, Array], name: str, layer: Layer) -> Array:
    if name not in tensors:
        raise ShapeError(f"{op_name(layer)} needs a tensor {name!r}; there are {', '.join(tensors)}")
    return tensors[name]
