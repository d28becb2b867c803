"""Where a wrong whole object first went wrong: the guided step to go down to from a fast answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnn_tutor.tutor.candidate import candidates, is_right
from cnn_tutor.tutor.feedback import Diagnosis, Incorrect
from cnn_tutor.tutor.question import Question


def first_differing(steps: Sequence[Question], whole: Question, feedback: Incorrect) -> Question:
    """The first of the ``steps`` to a ``whole`` that its answer does otherwise.

    That is the step which tells several ideas apart, the first at which the idea shows, or else the first step to a
    wrong cell; where none of these is known, the first step.
    """
    diagnosis = feedback.diagnosis
    found = None if diagnosis is None else _shown(steps, diagnosis)
    return found or _to_cell(steps, whole, feedback) or steps[0]


def _shown(steps: Sequence[Question], diagnosis: Diagnosis) -> Question | None:
    """The step at which the ideas of a diagnosis show."""
    for step in steps:
        if step.key == diagnosis.leads_to:
            return step
    for step in steps:
        ideas = (one for one in candidates(step) if one.row.id in diagnosis.ids)
        if any(not is_right(step, one.value) for one in ideas):
            return step
    return None


def _to_cell(steps: Sequence[Question], whole: Question, feedback: Incorrect) -> Question | None:
    """The first step to the first wrong cell of the whole."""
    if whole.part is None or whole.source is None or not feedback.cells or whole.kind == "cells":
        return None
    target, trace = whole.part.target, whole.source.trace
    places = np.full(trace.tensors[target.tensor].shape, -1)
    places[target.index] = np.arange(feedback.total).reshape(whole.shape)
    own = [one for one in steps if one.source is whole.source and one.part is not None]
    items = [None if one.part is None else trace.steps.locate(one.part.positions[0])[:2] for one in own]
    for one, item in zip(own, items, strict=True):
        window = one.part.target if one.part is not None else target
        if window.tensor == target.tensor and feedback.cells[0] in np.ravel(places[window.index]):
            return own[items.index(item)]
    return None
