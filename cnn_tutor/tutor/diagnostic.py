"""Whether numbers tell wrong ideas apart: none gives the right output, no two the same, none in one cell only.

Some ideas cannot be told apart by any numbers, because of a size: a set of two, padding one end when the stride skips
it. Such a pair is *structural*; it is found by trying several other numbers on the same layers, and it is excused at
the output if an earlier question tells the two apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.alike import Alike
from cnn_tutor.tutor.ideas import Layer
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.structure import Structure
from cnn_tutor.tutor.survey import Survey, View
from cnn_tutor.tutor.tracking import Tracks

Network = tuple[LayerTrace, ...]


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


def surely_faulty(survey: Survey | Tracks, number: int, structure: Structure, source: LayerTrace) -> Array:
    """For each set of numbers of a layer like ``source``, whether it hides what others are known to show."""
    faulty = np.zeros(survey.count, dtype=bool)
    if structure.asks_output(number, source):
        for group in survey.alike:
            later, earlier, slips = structure.to_be_told(number, group.rows)
            faulty[group.equal(later, earlier)[1]] = True
            faulty |= group.slips(slips).any(axis=0)
        return faulty
    answers = survey.answers(structure.asked(number, source))
    if answers is not None:
        later, earlier = structure.to_be_told_in_answers(number, answers.ideas)
        faulty[Alike(answers.ideas, answers.values).equal(later, earlier)[1]] = True
    return faulty


def _in_output(layer: Layer, number: int, structure: Structure) -> Iterator[tuple[str, ...]]:
    """What is hidden in a layer's output."""
    for what, rows in layer.collisions:
        if not structure.always(number, what, *rows):
            yield (*(row.id for row in rows), *(["changes one cell"] if what is Layer.passes_for_slip else []))
        elif what is not Layer.passes_for_slip and _is_untold(layer, number, structure, *rows):
            yield tuple(row.id for row in rows)
    for row in layer.silent:
        if layer.world(row) is not None and _is_untold(layer, number, structure, row):
            yield (row.id,)


def _in_questions(
    layer: Layer, number: int, structure: Structure, rows: Sequence[Misconception]
) -> Iterator[tuple[str, ...]]:
    """What is hidden in a tracked network, which has no output of its own, or in a layer whose output is not asked.

    An idea that nothing asked can show is like the right way, whatever the numbers.
    """
    shown = [row for row in rows if layer.asked.showing(row) and layer.acts(row)]
    found = layer.untold(shown)
    untold = [
        row for row in shown if {row, None} in found and not structure.always(number, Layer.are_untold, row, None)
    ]
    yield from ((row.id,) for row in untold)
    if untold:
        shown = [row for row in rows if layer.acts(row)]
        found = layer.untold(shown)
    for one, other in itertools.combinations(shown, 2):
        if {one, other} in found and not structure.always(number, Layer.are_untold, one, other):
            yield one.id, other.id


def _is_untold(
    layer: Layer, number: int, structure: Structure, one: Misconception, other: Misconception | None = None
) -> bool:
    """Whether no question tells the two apart, though on other numbers one would."""
    if structure.known(number, Layer.are_untold, one, other):
        return False
    return layer.are_untold(one, other) and not structure.always(number, Layer.are_untold, one, other)
