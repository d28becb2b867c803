"""The same lesson with fresh numbers: a pure function of the lesson and a seed, the same on every machine for ever."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import LayerTrace, run
from cnn_tutor.lesson.schema import Data, Exercise, Lesson, Track, TrackedLayer, Vary
from cnn_tutor.tutor.counterfactual import value_at
from cnn_tutor.tutor.misconceptions import ALL
from cnn_tutor.tutor.misconceptions.row import CONVS
from cnn_tutor.tutor.question import questions

TRIES = 400
LARGEST = 60
"""No number that a student works out is larger."""

STEEPEST = 6.0
"""Logits stay within ±6, where the sigmoid can still be told from 0 and 1."""

LARGE_MAP = 9
"""Cells from which a map is asked as a whole only."""

_NO_STEPS = ("relu", "max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d")
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
    """What is wrong with the fresh numbers of one layer, compared with the printed ones."""
    assert new.layer is not None
    before, after = old.own.output, new.own.output
    faults = int(np.abs(after).max() > LARGEST)
    if new.call.op == "sigmoid":
        faults += int(np.abs(new.call.tensors["x"]).max() > STEEPEST)
    if "variance" in new.own.tensors:
        spread = old.own.tensors["variance"] != 0
        faults += int(np.any((new.own.tensors["variance"] == 0) & spread))
    elif before.size > 1 and np.ptp(before) > 0:
        faults += int(np.ptp(after) == 0)
    if before.size > 2:
        faults += _lost_signs(before, after) + _one_cell_ideas(new)
    return faults


def _lost_signs(before: Array, after: Array) -> int:
    """Where several printed entries are positive, or negative, several fresh ones must be."""
    several = 2
    return sum(
        bool(np.count_nonzero(sign * before > 0) >= several > np.count_nonzero(sign * after > 0)) for sign in (1, -1)
    )


def _one_cell_ideas(source: LayerTrace) -> int:
    """Ideas that show in a single one of several cells, where they would pass for a slip.

    Looked for where no step before the whole could show them: ReLU, pooling, and convolutions with large outputs.
    """
    if not (source.call.op in _NO_STEPS or (source.call.op in CONVS and source.own.output.size >= LARGE_MAP)):
        return 0
    right = np.asarray(source.own.output, dtype=np.float64)
    found = 0
    for row in ALL:
        world = row.world(source.call, source.own)
        value = None if world is None else value_at(source, Window(source.output), world)
        if value is not None and value.shape == right.shape:
            found += np.count_nonzero(np.abs(value - right) > 1e-3) == 1
    return found
