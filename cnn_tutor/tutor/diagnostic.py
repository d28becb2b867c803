"""Whether numbers tell wrong ideas apart: none gives the right output, no two the same, none in one cell only.

Some ideas cannot be told apart by any numbers, because of a size: a set of two, padding one end when the stride skips
it. Such a pair is *structural*; it is found by trying several other numbers on the same layers, and it is excused at
the output if an earlier question tells the two apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.ideas import APART, Layer, same
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.structure import Structure

Network = tuple[LayerTrace, ...]


def faults(network: Network, numbers: Sequence[int], structure: Structure) -> Iterator[tuple[str, ...]]:
    """The ideas, and pairs of them, that these numbers hide in the layers ``numbers`` though others show them."""
    for number in numbers:
        layer = structure.layer(number, network[number])
        structure.count(number, 1)
        if not structure.asks_output(number, layer):
            yield from _in_questions(layer, number, structure, about(layer.source.call.op))
        else:
            yield from _in_output(layer, number, structure)


def is_good(network: Network, numbers: Sequence[int], structure: Structure) -> bool:
    """Whether these numbers hide nothing that others show."""
    found = next(faults(network, structure.in_order(numbers), structure), None) is None
    structure.praise(numbers if found else ())
    return found


def _in_output(layer: Layer, number: int, structure: Structure) -> Iterator[tuple[str, ...]]:
    """What is hidden in a layer's output."""
    seen: list[tuple[Misconception, Array, float]] = []
    for row in structure.rows(number, layer.source.call.op):
        value = layer.output(row)
        if value is None:
            if layer.world(row) is not None and _is_untold(layer, number, structure, row, None):
                structure.blame(number, Layer.are_untold, row)
                yield (row.id,)
            continue
        if layer.passes_for_slip(row) and not structure.always(number, Layer.passes_for_slip, row):
            structure.blame(number, Layer.passes_for_slip, row)
            yield row.id, "changes one cell"
        if layer.is_hidden(row):
            is_structural = structure.always(number, Layer.is_hidden, row)
            if not is_structural or _is_untold(layer, number, structure, row, None):
                structure.blame(number, Layer.is_hidden, row)
                yield (row.id,)
        first = value.item(0)
        for other, theirs, begins in seen:
            if abs(first - begins) <= APART and same(value, theirs):
                is_structural = structure.always(number, Layer.are_alike, row, other)
                if not is_structural or _is_untold(layer, number, structure, row, other):
                    structure.blame(number, Layer.are_alike, row, other)
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
    if structure.is_known(number, Layer.are_untold, one, other):
        return False
    return layer.are_untold(one, other) and not structure.always(number, Layer.are_untold, one, other)
