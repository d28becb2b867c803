"""The hyper-parameters of an exercise, and the values with which it can still be computed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson.layer import Layer, tensor_fields
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Exercise, TrackedLayer

_SIZES = ("filters", "units", "kernel_size", "stride", "padding", "dilation", "groups", "bias")


@dataclass(frozen=True, slots=True)
class Field:
    """A hyper-parameter of a layer, by the layer's place and output."""

    layer: int
    output: str
    name: str
    value: Any
    alone: bool = True
    """Whether no other layer has one of that name."""

    @property
    def label(self) -> str:
        return self.name if self.alone else f"{self.output}.{self.name}"

    @property
    def text(self) -> str:
        """Its value as it may be typed."""
        match self.value:
            case None:
                return "kernel_size" if self.name == "stride" else "—"
            case bool():
                return "yes" if self.value else "no"
            case list():
                return " ".join(map(str, itertools.chain.from_iterable(_pairs(self.value))))
        return str(self.value)


def _pairs(value: list[Any]) -> list[list[Any]]:
    return [one if isinstance(one, list) else [one] for one in value]


def fields(exercise: Exercise) -> list[Field]:
    """Every hyper-parameter there is."""
    found = []
    for number, layer in enumerate(exercise.layer):
        tensors = {"input", "output", *tensor_fields(type(layer))}
        names = [name for name in layer.__struct_fields__ if name not in tensors]
        found += [Field(number, layer.output, name, getattr(layer, name)) for name in names]
    for number, tracked in enumerate(exercise.track.layers if exercise.track is not None else ()):
        names = [name for name in _SIZES if getattr(tracked, name) is not None]
        found += [Field(number, tracked.name, name, getattr(tracked, name)) for name in names]
    names = [one.name for one in found]
    return [one if names.count(one.name) == 1 else _shared(one) for one in found]


def _shared(field: Field) -> Field:
    return Field(field.layer, field.output, field.name, field.value, alone=False)


def record(exercise: Exercise, field: Field) -> Layer | TrackedLayer:
    """The layer that a hyper-parameter belongs to."""
    return exercise.track.layers[field.layer] if exercise.track is not None else exercise.layer[field.layer]


def with_value(exercise: Exercise, field: Field, value: Any) -> Exercise:
    """The exercise with another hyper-parameter. Raises ShapeError, or msgspec.ValidationError for no such value."""
    old = record(exercise, field)
    new: Any = msgspec.convert({**msgspec.to_builtins(old), field.name: value}, type(old))
    if exercise.track is not None:
        tracked = list(exercise.track.layers)
        tracked[field.layer] = new
        other = replace(exercise, track=replace(exercise.track, layers=tracked))
    else:
        layers = list(exercise.layer)
        layers[field.layer] = new
        other = replace(exercise, layer=layers)
    run(other)
    return other


def legal(exercise: Exercise, field: Field) -> list[Any]:
    """The values of a hyper-parameter, among those one would try, with which everything can be computed."""
    return [value for value in _tried(exercise, field) if _runs(exercise, field, value)]


def _runs(exercise: Exercise, field: Field, value: Any) -> bool:
    try:
        with_value(exercise, field, value)
    except (msgspec.ValidationError, ShapeError):
        return False
    return True


def _tried(exercise: Exercise, field: Field) -> Iterator[Any]:
    if isinstance(field.value, bool):
        yield from (False, True)
    elif field.name == "eps":
        yield from (0.0, 1e-5, 1e-3, 0.1, 1.0)
    elif field.name in ("axes", "axis"):
        most = max((np.ndim(data) for data in exercise.tensors.values()), default=1)
        yield from range(-most, most)
        yield from ([a, b] for a in range(most) for b in range(a + 1, most) if field.name == "axes")
    elif field.name in ("shape", "input_shape"):
        size = math.prod(field.value)
        rows = [one for one in range(1, size + 1) if size % one == 0] if field.name == "shape" else []
        yield from ([one, size // one] for one in rows) if rows and len(field.value) == 2 else [field.value]
    else:
        yield from range(17)
        if field.name == "padding":
            yield from ("same", "valid")


def spans(values: list[Any]) -> list[str]:
    """Values in words: neighbouring whole numbers as a range."""
    found: list[str] = []
    wholes = [value for value in values if type(value) is int]
    for _key, run_ in itertools.groupby(enumerate(wholes), lambda pair: pair[1] - pair[0]):
        group = [value for _place, value in run_]
        found.append(str(group[0]) if len(group) == 1 else _("{low} to {high}").format(low=group[0], high=group[-1]))
    others = [value for value in values if type(value) is not int]
    return found + [Field(0, "", "", value).text for value in others]
