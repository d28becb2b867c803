"""One thing of an exercise changed by a typed line: a number, a tensor, a hyper-parameter, the batch."""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson.fitting import said
from cnn_tutor.lesson.layer import references
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Data, Exercise
from cnn_tutor.tutor.answer import MAX_ENTRIES, Unreadable, read_rows
from cnn_tutor.tutor.hyper import Field, fields, legal, spans, with_value
from cnn_tutor.tutor.symbols import symbol

_LINE = re.compile(r"\s*([^\s\[\]=.]+)\s*(?:\.\s*([^\s\[\]=]+))?\s*(?:\[([^\]]*)\])?\s*=\s*(.*\S)\s*", re.DOTALL)
_SHORT = {"s": "stride", "p": "padding", "d": "dilation", "k": "kernel_size", "ε": "eps", "G": "num_groups"}
_LEARNED = ("gamma", "beta", "bias")
_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")
_LARGEST = 64
"""The largest size or hyper-parameter that may be set, and the largest batch."""


class Illegal(ValueError):
    """What was typed cannot be done; the text says what can."""


def changed(exercise: Exercise, line: str) -> Exercise:
    """The exercise after a line such as ``x[2] = 5``, ``w = 1 0 -1``, ``stride = 2``. Raises Illegal, with reason."""
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise Illegal(_("Type a name, = and a value, as in x[2] = 5 or stride = 2; help lists what there is."))
    name, attribute, index, value = parts.groups()
    if attribute is None and index is None and name == "batch":
        return _checked(_batched(exercise, value))
    if attribute is None and index is None and name == "kernel":
        return _checked(_with_kernel(exercise, value))
    field = _field(exercise, name, attribute)
    if field is not None and index is None:
        return _checked(_with_field(exercise, field, value))
    tensor = _tensor(exercise, name if attribute is None else f"{name}.{attribute}")
    if tensor is None:
        raise Illegal(_("There is no {name!r} to change; there are {names}.").format(name=name, names=_names(exercise)))
    if index is not None:
        return _checked(_with_cell(exercise, tensor, index, value))
    return _checked(_with_tensor(exercise, tensor, value))


def _names(exercise: Exercise) -> str:
    return ", ".join([*map(symbol, exercise.tensors), *(field.label for field in fields(exercise))])


def _field(exercise: Exercise, name: str, attribute: str | None) -> Field | None:
    """The hyper-parameter that is named, if one is; a tensor of that name comes first."""
    every = fields(exercise)
    if attribute is not None:
        long = _SHORT.get(attribute, attribute)
        owners = (name, *(output for output in {one.output for one in every} if symbol(output) == name))
        return next((one for one in every if one.output in owners and one.name == long), None)
    if name in exercise.tensors:
        return None
    named = [one for one in every if one.name == _SHORT.get(name, name)]
    if len(named) > 1:
        raise Illegal(_("Say whose: {names}.").format(names=_(" or ").join(one.label for one in named)))
    return named[0] if named else None


def _tensor(exercise: Exercise, name: str) -> str | None:
    """The tensor that is named as the lesson or as the worksheet writes it; γ and β may be new."""
    for one in exercise.tensors:
        if name in (one, symbol(one)):
            return one
    plain = {"γ": "gamma", "β": "beta"}.get(name, name)
    takes = any(plain in layer.__struct_fields__ for layer in exercise.layer)
    return plain if plain in _LEARNED and takes else None


def _checked(exercise: Exercise) -> Exercise:
    """The exercise, if it can be computed."""
    try:
        run(exercise)
    except ShapeError as error:
        raise Illegal(_("That does not fit: {reason}.").format(reason=said(error).removesuffix("."))) from None
    return exercise


def _numbers(text: str) -> list[list[Data]]:
    try:
        rows = read_rows(text)
    except Unreadable as error:
        raise Illegal(str(error)) from None
    if not rows or not all(rows):
        raise Illegal(_("A number is missing."))
    if not all(math.isfinite(value) for row in rows for value in row):
        raise Illegal(_("Only finite numbers can be computed with."))
    if sum(map(len, rows)) > MAX_ENTRIES:
        raise Illegal(_("That is too long to read."))
    return [[int(value) if value == int(value) and abs(value) < 2**53 else value for value in row] for row in rows]


def _with_kernel(exercise: Exercise, name: str) -> Exercise:
    """One of the kernels that have a name."""
    from cnn_tutor.tutor.pictures import KERNELS, with_kernel

    other = with_kernel(exercise, name) if name in KERNELS else None
    if other is None:
        raise Illegal(_("A 2D convolution of one map can have the kernels {names}.").format(names=", ".join(KERNELS)))
    return other


def _with_cell(exercise: Exercise, tensor: str, index: str, value: str) -> Exercise:
    """One entry of a tensor, counted from 1."""
    array = np.array(exercise.tensors.get(tensor, 0))
    try:
        cell = tuple(int(one) for one in re.split(r"[\s,]+", index.strip()) if one)
    except ValueError:
        cell = ()
    if len(cell) != array.ndim or not all(1 <= one <= size for one, size in zip(cell, array.shape, strict=False)):
        sizes = ", ".join(f"1–{size}" for size in array.shape)
        raise Illegal(_("{name} has the entries [{sizes}].").format(name=symbol(tensor), sizes=sizes))
    rows = _numbers(value)
    if [len(row) for row in rows] != [1]:
        raise Illegal(_("One entry takes one number."))
    number = rows[0][0]
    array = array.astype(float) if isinstance(number, float) else array
    array[tuple(one - 1 for one in cell)] = number
    return _set(exercise, tensor, array)


def _with_tensor(exercise: Exercise, tensor: str, value: str) -> Exercise:
    """A whole tensor: a vector or matrix of any size; of more axes, all of its rows."""
    rows = _numbers(value)
    if len({len(row) for row in rows}) != 1:
        raise Illegal(_("The rows must all have the same length."))
    array = np.array(rows)
    old = np.array(exercise.tensors[tensor]) if tensor in exercise.tensors else np.zeros(array.shape[1])
    if old.ndim < 2 and len(rows) == 1:
        array = array[0] if old.ndim else array[0, 0]
    elif old.ndim < 2:
        raise Illegal(_("{name} is one row.").format(name=symbol(tensor)))
    elif old.ndim > 2:
        if array.shape[1] != old.shape[-1] or array.size != old.size:
            wanted = _("{name} has {rows} rows of {columns}; single entries can be changed too.")
            count = math.prod(old.shape[:-1])
            raise Illegal(wanted.format(name=symbol(tensor), rows=count, columns=old.shape[-1]))
        array = array.reshape(old.shape)
    return _set(exercise, tensor, array)


def _set(exercise: Exercise, tensor: str, array: Array) -> Exercise:
    """The exercise with another tensor, which a layer takes up if it had none of that name."""
    layers = list(exercise.layer)
    if tensor not in exercise.tensors:
        at = next(i for i, layer in enumerate(layers) if tensor in layer.__struct_fields__)
        layers[at] = replace(layers[at], **{tensor: tensor})
    return replace(exercise, tensors={**exercise.tensors, tensor: array.tolist()}, layer=layers)


def _with_field(exercise: Exercise, field: Field, value: str) -> Exercise:
    """Another hyper-parameter; what is legal is said by the op."""
    meant = _value(field, value)
    try:
        return with_value(exercise, field, meant)
    except (msgspec.ValidationError, ShapeError) as error:
        fits = ", ".join(spans(legal(exercise, field)))
        raise Illegal(
            _("{name} = {value} does not fit. What fits here: {legal}. ({reason})").format(
                name=field.label, value=value.strip()[:24], legal=fits, reason=said(error)
            )
        ) from None


def _value(field: Field, text: str) -> Any:
    """The typed value of a hyper-parameter, as far as that can be told without the op."""
    text = text.strip()
    if isinstance(field.value, bool):
        if text.lower() not in (*_YES, *_NO):
            raise Illegal(_("{name} is yes or no.").format(name=field.label))
        return text.lower() in _YES
    if field.name == "padding" and text in ("same", "valid"):
        return text
    if field.name == "stride" and text == "kernel_size":
        return None
    (row, *others) = _numbers(text.replace("x", " ").replace("×", " "))
    if others or any(abs(one) > _LARGEST for one in row if isinstance(one, int | float)):
        raise Illegal(
            _("{name} is a number up to {most}, or one for each axis.").format(name=field.label, most=_LARGEST)
        )
    return row[0] if len(row) == 1 else row


def _batched(exercise: Exercise, text: str) -> Exercise:
    """So many samples in the first tensor: those there are, again from the first where there are too few."""
    rows = _numbers(text)
    count = rows[0][0]
    name = next(iter(exercise.tensors), "")
    array = np.array(exercise.tensors.get(name, 0))
    if array.ndim < 2 or name in {one for layer in exercise.layer for one in references(layer).values()}:
        raise Illegal(_("There is no batch here: the first axis of a matrix of samples is one."))
    if not isinstance(count, int) or not 1 <= count <= _LARGEST:
        raise Illegal(_("A batch has 1 to {most} samples.").format(most=_LARGEST))
    return _set(exercise, name, np.resize(array, (count, *array.shape[1:])))
