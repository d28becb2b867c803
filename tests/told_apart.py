"""What a set of numbers cannot tell apart, worked out from the questions alone, by brute force."""

import itertools

import numpy as np

from cnn_tutor.tutor.candidate import candidates
from cnn_tutor.tutor.question import questions

SEVERAL = 3


def untold(lesson):
    """For each exercise: ideas and pairs that its numbers hide at a layer's whole output and at every other question.

    An item is ``(id,)`` for an idea that gives the right answer to all it shows in, ``(id, id)`` for two that agree
    everywhere, ``(id, "cell")`` for one that changes a single cell of several in the output.
    """
    found = {}
    for exercise in lesson.exercise:
        asked = [one for one in questions(lesson) if one.exercise.id == exercise.id and one.source is not None]
        layers = {id(one.source): one.source for one in asked}
        found[exercise.id] = set().union(*(_untold(asked, source) for source in layers.values()), set())
    return found


def _untold(asked, source):
    """The same for one layer."""
    own = [one for one in asked if one.source is source and one.kind != "cells"]
    by_rows = any(one.part.ask.kind == "output" and one.part.ask.whole == "rows" for one in own)
    outputs = [one for one in own if _is_output(one)] or ([] if by_rows else own)
    right = [np.asarray(one.wanted.exact, dtype=float) for one in own]
    answers = {}
    for place, one in enumerate(own):
        for candidate in candidates(one):
            answers.setdefault(candidate.row.id, {})[place] = candidate.value
    profiles = {
        idea: [values.get(place, right[place]) for place in range(len(own))] for idea, values in answers.items()
    }
    found = {(idea,) for idea, profile in profiles.items() if _alike(profile, right)}
    pairs = itertools.combinations(sorted(profiles), 2)
    found |= {(a, b) for a, b in pairs if _alike(profiles[a], profiles[b])}
    for output in outputs if source.layer is not None else ():
        wanted = right[own.index(output)]
        for idea, values in answers.items():
            value = values.get(own.index(output))
            if value is not None and wanted.size >= SEVERAL and _in_one_cell(value, wanted):
                found.add((idea, "cell"))
    return found


def _in_one_cell(value, wanted):
    return value.shape == wanted.shape and np.count_nonzero(np.abs(value - wanted) > 1e-3) == 1


def _is_output(question):
    ask = question.part.ask
    return ask.kind in ("output", "normalised") and ask.whole == "all" and len(question.shape) > 0


def _alike(one, other):
    return all(a.shape == b.shape and np.allclose(a, b, rtol=0, atol=1e-3) for a, b in zip(one, other, strict=True))
