"""The same lesson with fresh numbers: a pure function of the lesson and a seed, the same on every machine for ever."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import LayerTrace, run
from cnn_tutor.lesson.schema import Data, Exercise, Lesson, Track, TrackedLayer, Vary, op_name
from cnn_tutor.tutor.question import questions

TRIES = 400
LARGEST = 60
"""No number that a student works out is larger."""

STEEPEST = 6.0
"""Logits stay within ±6, where the sigmoid can still be told from 0 and 1."""

_FILTERS = (2, 3, 4, 5, 6, 8, 10, 12, 16)


def variant(lesson: Lesson, seed: int) -> Lesson:
    """``lesson`` with other numbers.

    Equal tensors of different exercises stay equal; what is printed about the sheet's numbers (notes and errata) is
    left out. The best of ``TRIES`` draws is taken when none meets every wish.
    """
    best: tuple[int, Lesson] | None = None
    for attempt in range(TRIES):
        draws = _stream(f"{lesson.id}/{seed}/{attempt}")
        drawn: dict[tuple[str, str], Data] = {}
        exercises = [_redraw(_general(exercise), draws, drawn) for exercise in lesson.exercise]
        faults = sum(_faults(old, new) for old, new in zip(lesson.exercise, exercises, strict=True))
        if best is None or faults < best[0]:
            best = faults, msgspec.structs.replace(lesson, exercise=exercises, notes="", erratum=[])
        if not faults:
            break
    assert best is not None
    return msgspec.structs.replace(best[1], exercise=[_with_workings(best[1], one) for one in best[1].exercise])


def _with_workings(lesson: Lesson, exercise: Exercise) -> Exercise:
    """The exercise without twins, and with those finished workings that show a mistake on its numbers too."""
    kept = []
    for spec in exercise.erroneous:
        alone = msgspec.structs.replace(exercise, erroneous=[spec])
        try:
            questions(msgspec.structs.replace(lesson, exercise=[alone]))
        except ValueError:
            continue
        kept.append(spec)
    return msgspec.structs.replace(exercise, twin=[], erroneous=kept)


def _general(exercise: Exercise) -> Exercise:
    """The exercise without what holds for its printed numbers only: workings with a value put in."""
    return msgspec.structs.replace(exercise, erroneous=[spec for spec in exercise.erroneous if not spec.tensor])


def _stream(name: str) -> Iterator[int]:
    """Endless 32-bit numbers that depend on ``name`` alone."""
    for block in itertools.count():
        digest = hashlib.sha256(f"{name}/{block}".encode()).digest()
        for at in range(0, len(digest), 4):
            yield int.from_bytes(digest[at : at + 4], "big")


def _redraw(exercise: Exercise, draws: Iterator[int], drawn: dict[tuple[str, str], Data]) -> Exercise:
    if exercise.track is not None:
        return msgspec.structs.replace(exercise, track=_redraw_track(exercise.track, draws))
    tensors = {}
    for name, data in exercise.tensors.items():
        key = (name, repr(data))
        if key not in drawn:
            drawn[key] = data if name in exercise.vary.keep else _numbers(data, exercise.vary, draws)
        tensors[name] = drawn[key]
    return msgspec.structs.replace(exercise, tensors=tensors)


def _numbers(data: Data, vary: Vary, draws: Iterator[int]) -> Any:
    if isinstance(data, list):
        return [_numbers(one, vary, draws) for one in data]
    number = vary.low + next(draws) % (vary.high - vary.low + 1)
    return number if isinstance(data, int) else number / 2


def _redraw_track(track: Track, draws: Iterator[int]) -> Track:
    """Other numbers of filters and units, and another image size; kernels and padding stay."""
    channels, *spatial = track.input
    layers = [_redraw_layer(layer, draws) for layer in track.layers]
    side = spatial[0] + 2 * (next(draws) % 9) - 8 if spatial and spatial[0] > 16 else spatial[0] if spatial else 0
    size = [channels, *(side for _ in spatial)] if spatial else [channels]
    return msgspec.structs.replace(track, input=size, layers=layers)


def _redraw_layer(layer: TrackedLayer, draws: Iterator[int]) -> TrackedLayer:
    if layer.filters is not None:
        return msgspec.structs.replace(layer, filters=_FILTERS[next(draws) % len(_FILTERS)])
    if layer.units is not None:
        return msgspec.structs.replace(layer, units=2 + next(draws) % 9)
    return layer


def _faults(old: Exercise, new: Exercise) -> int:
    """How many wishes the fresh numbers leave open; a network that does not fit counts as many."""
    try:
        before, after = run(old), run(new)
    except ShapeError:
        return 1000
    if new.track is not None:
        return 0
    faults = sum(not np.any(data) for name, data in new.tensors.items() if np.any(old.tensors[name]))
    return faults + sum(_layer_faults(*pair) for pair in zip(before, after, strict=True))


def _layer_faults(old: LayerTrace, new: LayerTrace) -> int:
    """Large numbers, saturated sigmoids, outputs that are all alike, and sets without spread where there was one."""
    assert new.layer is not None
    faults = int(np.abs(new.trace.output).max() > LARGEST)
    if op_name(new.layer) == "sigmoid":
        faults += int(np.abs(new.trace.tensors[new.trace.inputs[0]]).max() > STEEPEST)
    if f"{new.output}.variance" in new.trace.tensors:
        name = f"{new.output}.variance"
        faults += int(np.any((new.trace.tensors[name] == 0) & (old.trace.tensors[name] != 0)))
    elif old.trace.output.size > 1 and np.ptp(old.trace.output) > 0:
        faults += int(np.ptp(new.trace.output) == 0)
    return faults
