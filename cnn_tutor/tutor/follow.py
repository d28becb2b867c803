"""Follow-through: an answer that is right for an earlier one which is not.

It is only looked for where working is not put right at once, and never where nothing is carried: a value of zeros, or a
copy of the earlier one, proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import equals
from cnn_tutor.tutor.carry import carried
from cnn_tutor.tutor.counterfactual import World, overridden, own_name, value_at
from cnn_tutor.tutor.feedback import FollowsThrough
from cnn_tutor.tutor.question import Question


def follow_through(question: Question, typed: Cells, given: Iterable[tuple[Question, Array]]) -> FollowsThrough | None:
    """The earlier answer, of those ``given`` and not right, from which ``typed`` follows; None if there is none."""
    for earlier, value in given:
        carried_value = _value(question, earlier, value)
        if carried_value is None or not np.any(carried_value):
            continue
        if np.array_equal(np.ravel(carried_value), np.ravel(value)):
            continue
        if equals(question, typed, carried_value):
            return FollowsThrough(earlier.key, earlier.prompt)
    return None


def _value(question: Question, earlier: Question, value: Array) -> Array | None:
    """What the question's value would be if ``value`` were right for an earlier whole object."""
    source, part = earlier.source, earlier.part
    if source is None or part is None or question.source is None or question.part is None or part.target.index:
        return None
    if source not in question.network or source.layer is None:
        return None
    try:
        world: World | None = overridden(source.call, source.own, own_name(source, part.target), value)
    except (ShapeError, ValueError, IndexError, KeyError):
        return None
    if world is not None and source is not question.source:
        world = carried(question.network, source, question.source, world)
    return None if world is None else value_at(question.source, question.part.target, world)
