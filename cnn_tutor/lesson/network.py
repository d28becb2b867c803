"""An exercise as the engine sees it: its layers run one after the other, every tensor under the lesson's own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from cnn_tutor import engine
from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson import limits
from cnn_tutor.lesson.layer import Layer, arguments, op_name, references
from cnn_tutor.lesson.schema import MOST_TRACKED, Exercise, TrackedLayer

VANISHING = 1e-300
"""An ε that no variance notices, and that still keeps 0/0 away."""

SMALL = 1e-3
"""An ε up to this is there to keep 0/0 away, and may be left out by hand; a larger one is part of the task."""


@dataclass(frozen=True, eq=False)
class Call:
    """An engine op with its arguments: ``tensors`` (x, weight, bias …) and hyper-parameters in ``options``."""

    op: str
    tensors: Mapping[str, Array]
    options: Mapping[str, Any]

    @cached_property
    def form(self) -> tuple[object, ...]:
        """What calls have in common whose steps differ in numbers alone: the op, its options and all shapes."""
        tensors = ((name, tensor.shape, tensor.dtype.kind) for name, tensor in self.tensors.items())
        return self.op, repr(self.options), *tensors

    def run(self) -> Trace:
        """The op's trace, under the engine's own tensor names. Raises ShapeError."""
        trace: Trace = getattr(engine, self.op)(**self.tensors, **self.options)
        return trace


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One layer run: ``own`` is its trace under the engine's names.

    ``names`` are the lesson's names of the call's tensors. ``layer`` is None for a tracked network, whose tensors carry
    their layer's name.
    """

    layer: Layer | None
    call: Call
    names: Mapping[str, str]
    output: str
    own: Trace

    @cached_property
    def trace(self) -> Trace:
        """The same trace under the lesson's names."""
        if self.layer is None:
            return self.own
        return self.own.renamed({name: self.named(name) for name in self.own.tensors})

    def named(self, name: str) -> str:
        """What the lesson calls one of the trace's own tensors."""
        if self.layer is None:
            return name
        return self.output if name == "y" else self.names.get(name, f"{self.output}.{name}")


def run(exercise: Exercise, *, without_eps: bool = False, after: Sequence[LayerTrace] = ()) -> tuple[LayerTrace, ...]:
    """The trace of every layer of ``exercise``; an intermediate tensor ``t`` of output ``o`` is called ``o.t``.

    ``without_eps`` gives the values a person gets who leaves a small ε out. ``after`` are its first layers, if they
    have been run before. Raises ShapeError when something does not fit.
    """
    return (*after, *running(exercise, without_eps=without_eps, after=after))


def running(exercise: Exercise, *, without_eps: bool = False, after: Sequence[LayerTrace] = ()) -> Iterator[LayerTrace]:
    """The traces that :func:`run` puts together, layer by layer, those ``after`` which it goes on left out."""
    if exercise.track is not None:
        if any(layer.layers for layer in exercise.track.layers):
            text = _("the network has more than {most} layers when its stacks are written out")
            raise ShapeError(text.format(most=MOST_TRACKED))
        layers = [sizes(layer) for layer in exercise.track.layers]
        call = Call("track", {}, {"input_shape": exercise.track.input, "layers": layers})
        yield LayerTrace(None, call, {}, "", call.run())
        return
    tensors: dict[str, Any] = {**exercise.tensors, **{one.output: one.own.output for one in after}}
    previous = after[-1].output if after else next(iter(tensors), "")
    for layer in exercise.layer[len(after) :]:
        if layer.output in tensors:
            raise ShapeError(
                _("output {output} of {op} is already the name of a tensor").format(
                    output=repr(layer.output), op=op_name(layer)
                )
            )
        source = layer.input or previous
        names = references(layer) | ({"x": source} if layer.takes_input else {})
        options = arguments(layer)
        if without_eps and options.get("eps", 1) <= SMALL:
            options["eps"] = VANISHING
        given = {argument: _tensor(tensors, name, layer) for argument, name in names.items()}
        call = Call(op_name(layer), given, options)
        _require_handwork(call)
        own = call.run()
        if own.output.size > limits.MOST_NUMBERS:
            raise ShapeError(
                _("{op} gives {size} numbers; at most {most} fit in a lesson").format(
                    op=call.op, size=own.output.size, most=limits.MOST_NUMBERS
                )
            )
        yield LayerTrace(layer, call, names, layer.output, own)
        tensors[layer.output] = own.output
        previous = layer.output


def again(source: LayerTrace, tensors: Mapping[str, Any]) -> LayerTrace:
    """A layer that has been run, on other ``tensors`` of the same shapes. Raises ShapeError for numbers it refuses."""
    given = {argument: np.asarray(tensors[name]) for argument, name in source.names.items()}
    call = Call(source.call.op, given, source.call.options)
    return LayerTrace(source.layer, call, source.names, source.output, call.run())


def _require_handwork(call: Call) -> None:
    """Raise ShapeError for a layer that nobody does by hand, and that would keep a computer busy."""
    x, weight, window = call.tensors.get("x"), call.tensors.get("weight"), call.options.get("kernel_size", 1)
    shape = list(x.shape) if x is not None else call.options.get("input_shape", [])
    kernel = list(weight.shape) if weight is not None else window if isinstance(window, list) else [window] * 2
    if all(isinstance(one, int) for one in (*shape, *kernel)) and limits.is_too_large(
        call.op, shape, kernel, call.options
    ):
        raise ShapeError(
            _("{op} is too large for a lesson; numbers for work by hand are a few dozen").format(op=call.op)
        )


def sizes(layer: TrackedLayer) -> dict[str, object]:
    """The sizes that a tracked layer sets."""
    return {field: value for field, value in msgspec.structs.asdict(layer).items() if value is not None}


def _tensor(tensors: dict[str, Any], name: str, layer: Layer) -> Array:
    if name not in tensors:
        raise ShapeError(
            _("{op} needs a tensor {name}; there are {listed}").format(
                op=op_name(layer), name=repr(name), listed=", ".join(tensors)
            )
        )
    return np.asarray(tensors[name])
