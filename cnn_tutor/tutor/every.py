"""One layer on several sets of numbers, looked at together: whether something holds on every one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from cnn_tutor.tutor.alike import Alike, same
from cnn_tutor.tutor.ideas import Layer
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.survey import Survey
from cnn_tutor.tutor.tracking import Tracks

What: TypeAlias = Callable[..., bool]
"""A question to a :class:`Layer` and some ideas, as its methods are."""

Rows: TypeAlias = Sequence[Misconception | None]


class Every:
    """The ``layers``, and a survey of all of them if their numbers can be looked at together."""

    def __init__(self, layers: Sequence[Layer], survey: Survey | Tracks | None) -> None:
        self._layers, self._survey = layers, survey

    def holds(self, what: What, rows: Rows) -> bool:
        """Whether ``what(layer, *rows)`` holds of each layer."""
        found = None
        if self._survey is not None:
            found = self._are_untold(self._survey, rows) if what is Layer.are_untold else None
            if isinstance(self._survey, Survey) and what is not Layer.are_untold:
                found = _in_outputs(self._survey, what, rows)
        return all(what(layer, *rows) for layer in self._layers) if found is None else found

    def _are_untold(self, survey: Survey | Tracks, rows: Rows) -> bool | None:
        """Whether everything that is asked is answered alike; None where not all answers are known."""
        answers = survey.answers(self._layers[0].asked)
        if answers is None or any(row not in answers.ideas for row in rows):
            return None
        one, other = (answers.values[answers.ideas.index(row)] for row in rows)
        return same(one, other) if np.isfinite(one).all() and np.isfinite(other).all() else None


@np.errstate(all="ignore")
def _in_outputs(survey: Survey, what: What, rows: Rows) -> bool | None:
    """The same of outputs that ideas give; None where they are not known."""
    if any(row not in survey.outputs for row in rows if row is not None):
        return None
    outputs = [survey.outputs[row] for row in rows if row is not None]
    known = [survey.right, *(one for one in outputs if one is not None)]
    if len(known) <= len(outputs):
        return False
    if what is not Layer.passes_for_slip:
        return same(*known[-2:])
    if known[0].shape != known[1].shape:
        return False
    both = Alike((None, *rows), np.array(known).reshape(2, survey.count, -1))
    return bool(both.slips(slice(1, 2)).all())
