"""What becomes of many draws of a stage, as far as it shows when all are looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.diagnostic import Network, Structure
from cnn_tutor.tutor.draw import Stage, Tensors
from cnn_tutor.tutor.nice import may_be_nice
from cnn_tutor.tutor.survey import UNSTEADY, Survey

FEW = 3
"""So many draws are sooner looked at one by one."""


class Outlook(NamedTuple):
    """For each draw, whether it may be good for work by hand, and whether it surely has a fault."""

    nice: Array
    faulty: Array


def outlook(
    model: Network, following: Sequence[str], stage: Stage, draws: Sequence[Tensors], before: Network, known: Structure
) -> Outlook:
    """What becomes of ``draws``; ``model`` are the layers on other numbers, ``following`` the op after each of them.

    Where a layer cannot be followed so, nothing is said of those after it.
    """
    nice, faulty = np.ones(len(draws), dtype=bool), np.zeros(len(draws), dtype=bool)
    done = {one.output: np.broadcast_to(one.own.output, (len(draws), *one.own.output.shape)) for one in before}
    surveys: dict[int, Survey] = {}
    for number in range(stage.first, stage.last + 1):
        source = model[number]
        if source.call.op in UNSTEADY or nice.sum() < FEW:
            break
        given = {
            argument: done[name] if name in done else np.array([draw[name] for draw in draws])
            for argument, name in source.names.items()
        }
        survey = surveys[number] = Survey(source.call, source.own, given)
        done[source.output] = survey.right
        own = source.names.get("x") not in {one.output for one in model[:number]}
        found = survey.right.reshape(len(draws), -1)
        nice &= may_be_nice(source.call.op, given, source.call.options, found, following[number], own=own)
    for number in known.in_order(list(surveys)):
        for what, rows in known.collisions(number):
            if (nice & ~faulty).sum() < FEW:
                return Outlook(nice, faulty)
            faulty |= surveys[number].holds(what, *rows)
    return Outlook(nice, faulty)
