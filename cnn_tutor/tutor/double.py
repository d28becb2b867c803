"""Two ideas at once, as a guess: on long answers that no single idea explains, if just one pair does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.language import _
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import agree, candidates, equals, is_right, step, value_of
from cnn_tutor.tutor.counterfactual import Counterfactual, both, value_at
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.question import Question

LEAST, MOST = 6, 64
"""Cells of an answer on which two ideas are tried: fewer are poor evidence, and of more there are no two by hand."""


def two_at_once(question: Question, typed: Cells) -> Diagnosis | None:
    """The one pair of ideas that gives what was typed; None for no pair, or several."""
    if not LEAST <= len(typed) <= MOST or question.kind == "cells":
        return None
    assert question.source is not None
    fitting: list[tuple[Misconception, Misconception]] = []
    spot = _spot(question, typed)
    for first, second in itertools.combinations(_seen(question), 2):
        joined = both(first.counterfactual, second.counterfactual)
        if joined is None or (joined.steps is not None and not _begins(question, joined, typed, spot)):
            continue
        world = joined.world(question.source.call, question.source.own, step(question))
        for one in value_of(question, first, world):
            if equals(question, typed, one.value) and not is_right(question, one.value):
                fitting.append((first, second))
    if len(fitting) != 1:
        return None
    first, second = fitting[0]
    text = _("This may be two things at once, “{first}” and “{second}”. Could it be both?")
    return Diagnosis((first.id, second.id), text.format(first=_(first.name), second=_(second.name)))


def _seen(question: Question) -> Iterator[Misconception]:
    """The ideas that change the answer and leave it its shape."""
    for one in candidates(question, upstream=False):
        if one.value.shape == question.shape and not is_right(question, one.value):
            yield one.row


def _spot(question: Question, typed: Cells) -> tuple[int, Window, list[int]]:
    """A step that writes a wrong cell: its position, what it writes, and which cells of the answer these are."""
    assert question.source is not None and question.part is not None and question.wanted is not None
    trace, target = question.source.trace, question.part.target
    places = np.full(trace.tensors[target.tensor].shape, -1)
    places[target.index] = np.arange(len(typed)).reshape(question.shape)
    found: tuple[int, Window, list[int]] | None = None
    for position in question.part.positions:
        number, item, part = trace.steps.locate(position)
        window = trace.steps.blocks[number].plan(item, part).target
        cells = [int(cell) for cell in np.ravel(places[window.index]) if cell >= 0]
        found = found or (position, window, cells)
        for cell in cells:
            entry = typed[cell]
            if entry is not None and abs(float(entry.value) - question.wanted.values(cell)[0]) > 1e-3:
                return position, window, cells
    assert found is not None
    return found


def _begins(question: Question, joined: Counterfactual, typed: Cells, spot: tuple[int, Window, list[int]]) -> bool:
    """Whether a change of steps gives what was typed at one spot: a first look that costs little."""
    assert question.source is not None
    position, window, cells = spot
    world = joined.world(question.source.call, question.source.own, position)
    value = None if world is None else value_at(question.source, window, world)
    if value is None:
        return world is None or not cells
    return value.size != len(cells) or agree(question, cells, typed, value.reshape(-1).tolist())
