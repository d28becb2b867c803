"""Whether numbers tell wrong ideas apart: none gives the right output, no two the same, none in one cell only.

Some ideas cannot be told apart by any numbers, because of a size: a set of two, padding one end when the stride skips
it. Such a pair is *structural*; it is found by trying several other numbers on the same layers, and it is excused at
the output if an earlier question tells the two apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.ideas import APART, SEVERAL, Layer, same
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.misconceptions.row import reaches_output
from cnn_tutor.tutor.structure import Structure
from cnn_tutor.tutor.survey import Survey, View

Network = tuple[LayerTrace, ...]

SURELY = APART / 2
"""Values closer than this are taken for the same by everybody."""


def faults(
    network: Network, numbers: Sequence[int], structure: Structure, views: Mapping[int, View] | None = None
) -> Iterator[tuple[str, ...]]:
    """The ideas, and pairs of them, that these numbers hide in the layers ``numbers`` though others show them.

    ``views`` are what is known of layers already.
    """
    for number in numbers:
        layer = structure.layer(number, network[number], (views or {}).get(number))
        if not structure.asks_output(number, layer.source):
            yield from _in_questions(layer, number, structure, about(layer.source.call.op))
        else:
            yield from _in_output(layer, number, structure)


def is_good(
    network: Network, numbers: Sequence[int], structure: Structure, views: Mapping[int, View] | None = None
) -> bool:
    """Whether these numbers hide nothing that others show."""
    return next(faults(network, numbers, structure, views), None) is None


def surely_faulty(survey: Survey, number: int, structure: Structure) -> Array:
    """For each set of numbers of a layer whose output is asked, whether it hides what others are known to show."""
    faulty = np.zeros(survey.count, dtype=bool)
    groups: dict[tuple[int, ...], list[tuple[Misconception | None, Array]]] = {}
    groups[survey.right.shape] = [(None, survey.right)]
    for row in reaching(survey.op):
        value = survey.outputs.get(row)
        if value is not None:
            groups.setdefault(value.shape, []).append((row, value))
    for shape, group in groups.items():
        values = np.array([value for _, value in group]).reshape(len(group), survey.count, -1)
        for what, places, sets in _collisions(values, slips=shape == survey.right.shape):
            rows = tuple(row for row in (group[place][0] for place in places) if row is not None)
            if structure.known(number, what, *rows) is False:
                faulty |= sets
    return faulty


Collision = tuple[Callable[..., bool], tuple[int, ...], Array]
"""Something that may hold of ideas and must not, the places of these, and of which sets it holds."""


@np.errstate(all="ignore")
def _collisions(values: Array, *, slips: bool) -> Iterator[Collision]:
    """What ideas have in common: ``values`` (ideas, sets, cells) are what they give, of which the first may be right."""
    count = len(values)
    close = np.abs(values[:, None, :, 0] - values[None, :, :, 0]) <= SURELY
    close &= np.tri(count, k=-1, dtype=bool)[:, :, None]
    later, earlier, sets = np.nonzero(close)
    alike = (np.abs(values[later, sets] - values[earlier, sets]) <= SURELY).all(axis=1)
    close[later, earlier, sets] = alike
    for one, other in zip(*np.nonzero(close.any(axis=2)), strict=True):
        what = Layer.is_hidden if slips and other == 0 else Layer.are_alike
        yield what, (int(one), int(other)), close[one, other]
    if slips and values.shape[2] >= SEVERAL:
        differing = (~(np.abs(values - values[0]) <= SURELY)).sum(axis=2)
        few = (differing <= 1) & np.isfinite(values).all(axis=2)
        for place in np.flatnonzero(few[1:].any(axis=1)).tolist():
            yield Layer.passes_for_slip, (place + 1,), few[place + 1]


@lru_cache(None)
def reaching(op: str) -> tuple[Misconception, ...]:
    """The ideas that may show in the output of an op."""
    return tuple(row for row in about(op) if reaches_output(row))


def _in_output(layer: Layer, number: int, structure: Structure) -> Iterator[tuple[str, ...]]:
    """What is hidden in a layer's output."""
    seen: list[tuple[Misconception, Array, float]] = []
    for row in reaching(layer.source.call.op):
        value = layer.output(row)
        if value is None:
            if layer.world(row) is not None and _is_untold(layer, number, structure, row, None):
                yield (row.id,)
            continue
        if layer.passes_for_slip(row) and not structure.always(number, Layer.passes_for_slip, row):
            yield row.id, "changes one cell"
        if layer.is_hidden(row):
            is_structural = structure.always(number, Layer.is_hidden, row)
            if not is_structural or _is_untold(layer, number, structure, row, None):
                yield (row.id,)
        first = value.item(0)
        for other, theirs, begins in seen:
            if abs(first - begins) <= APART and same(value, theirs):
                is_structural = structure.always(number, Layer.are_alike, row, other)
                if not is_structural or _is_untold(layer, number, structure, row, other):
                    yield row.id, other.id
        seen.append((row, value, first))


def _in_questions(
    layer: Layer, number: int, structure: Structure, rows: Sequence[Misconception]
) -> Iterator[tuple[str, ...]]:
    """What is hidden in a tracked network, which has no output of its own, or in a layer whose output is not asked.

    An idea that nothing asked can show is like the right way, whatever the numbers.
    """
    shown = [row for row in rows if layer.asked.showing(row) and layer.world(row) is not None]
    untold = [row for row in shown if _is_untold(layer, number, structure, row, None)]
    yield from ((row.id,) for row in untold)
    told = [row for row in rows if layer.world(row) is not None] if untold else shown
    for one, other in itertools.combinations(told, 2):
        if _is_untold(layer, number, structure, one, other):
            yield one.id, other.id


def _is_untold(
    layer: Layer, number: int, structure: Structure, one: Misconception, other: Misconception | None
) -> bool:
    """Whether no question tells the two apart, though on other numbers one would."""
    if structure.known(number, Layer.are_untold, one, other):
        return False
    return layer.are_untold(one, other) and not structure.always(number, Layer.are_untold, one, other)
