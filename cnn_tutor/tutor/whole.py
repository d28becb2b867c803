"""Numbers whose means, roots and sums come out whole: sets to be normalised, and a linear layer that leads to them."""

from __future__ import annotations

import operator
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.stream import Stream, picked

LOW, HIGH = -8, 9
"""The range of numbers that are normalised."""

_FOUR = 4


def nice_sets(count: int, size: int, eps: float, stream: Stream) -> list[list[int]]:
    """``count`` sets of ``size`` whole numbers, with different whole means that are not 0 and a whole √(σ² + ε).

    Sets of four and its multiples have deviations of several sizes; smaller and other sets cannot always, and get a
    whole mean alone, not far from any of their numbers. Of so many sets that the means run out, some share one.
    """
    places = places_of_sets(count, size, eps, stream)
    after = stream.place
    found = []
    for stream.place in places:
        found.append(_nice_set(size, eps, stream))
    stream.place = after
    return found


def _nice_set(size: int, eps: float, stream: Stream) -> list[int]:
    if size % _FOUR:
        sums = _sums(np.array([stream.numbers(size - 1)], dtype=int))
        found: list[int] = (stream.choice(_MEANS) + np.diff(sums[0])).tolist()
        return found
    base = stream.choice(_list_of_fours(round(eps)))
    if size == _FOUR:
        return stream.shuffled(base)
    turned = [2 * sum(base) // _FOUR - one for one in base]
    others = (one for _ in range(size // _FOUR - 1) for one in stream.choice((base, turned)))
    return stream.shuffled([*base, *others])


def places_of_sets(count: int, size: int, eps: float, stream: Stream) -> list[int]:
    """Where in the stream those sets begin. Their means are known before their numbers are."""
    found: list[int] = []
    means: set[int] = set()
    is_four = not size % _FOUR
    possible = _means_of_fours(round(eps)) if is_four else _MEANS
    taken = size + size // _FOUR if is_four else size
    place = stream.place
    for _ in range(20 * count):
        mean = possible[stream.at(place if is_four else place + taken - 1) % len(possible)]
        if mean not in means:
            means.add(mean)
            found.append(place)
        place += taken
        if len(found) == count:
            break
    stream.place = place
    return found + [stream.skip(taken) for _ in range(count - len(found))]


def sets_at(places: Array, size: int, eps: float, numbers: Array) -> Array:
    """The sets that begin at some ``places`` of a row of random ``numbers``, many at once: (*places, size)."""
    flat = places.reshape(-1)
    if size % _FOUR:
        drawn = numbers[flat[:, None] + np.arange(size)]
        found: Array = np.array(_MEANS)[drawn[:, -1:] % len(_MEANS)] + np.diff(_sums(drawn[:, :-1]))
    else:
        fours = _fours(round(eps))
        more = size // _FOUR
        bases = fours[numbers[flat] % len(fours)]
        turned = 2 * bases.sum(axis=1, keepdims=True) // _FOUR - bases
        is_turned = numbers[flat[:, None] + np.arange(1, more)] % 2 == 1
        parts = [bases, *(np.where(one[:, None], turned, bases) for one in is_turned.T)]
        found = picked(np.concatenate(parts, axis=1), numbers[flat[:, None] + np.arange(more, more + size)])
    return found.reshape(*places.shape, size)


_MEANS = (-2, -1, 1, 2, 3, 4)
"""The means of sets whose deviations have no whole root."""

FAR = 3
"""How far the sum of some first deviations of such a set is from 0, which they all add up to."""


def _sums(drawn: Array) -> Array:
    """The sums of the first deviations of sets, from none of them to all, from random numbers: a set a row."""
    sums = np.zeros((len(drawn), drawn.shape[1] + 2), dtype=int)
    sums[:, 1:-1] = drawn % (2 * FAR + 1) - FAR
    first = drawn[:, :1] % (2 * FAR) - FAR
    sums[:, 1:2] = first + (first >= 0) if drawn.shape[1] else 0
    return sums


@lru_cache(maxsize=4)
def _fours(eps: int) -> Array:
    """Sets of four whose mean and √(σ² + ε) are whole, for ε = 0 (a small one) or a whole number; a set a row."""
    each = np.arange(LOW, HIGH + 1)
    threes = np.stack(np.meshgrid(each[each < 0], each, each, indexing="ij"), axis=-1).reshape(-1, 3)
    threes = threes[(np.diff(threes) >= 0).all(axis=1)]
    least = threes[:, 2] + -(threes.sum(axis=1) + threes[:, 2]) % _FOUR
    last = (least[:, None] + np.arange(0, HIGH - LOW + 1, _FOUR)).reshape(-1)
    fours = np.column_stack([threes.repeat(last.size // len(threes), axis=0), last])[last <= HIGH]
    deviations = np.abs(fours - fours.sum(axis=1, keepdims=True) // _FOUR)
    squares = (deviations**2).sum(axis=1)
    roots = np.rint(np.sqrt(squares // _FOUR + eps))
    is_whole = (squares % _FOUR == 0) & (squares > 0) & (roots**2 == squares // _FOUR + eps)
    differ = (np.diff(fours) > 0).sum(axis=1) > 1
    found: Array = fours[is_whole & differ & (np.ptp(deviations, axis=1) > 0) & (fours.sum(axis=1) != 0)]
    return found


@lru_cache(maxsize=4)
def _list_of_fours(eps: int) -> list[list[int]]:
    found: list[list[int]] = _fours(eps).tolist()
    return found


@lru_cache(maxsize=4)
def _means_of_fours(eps: int) -> tuple[int, ...]:
    return tuple((_fours(eps).sum(axis=1) // _FOUR).tolist())


def solved_batches(rest: Array, inverses: Array) -> Array:
    """``x`` so that ``x @ weightᵀ`` is ``rest``, for whole ``inverses`` of many weights: (draws, samples, inputs)."""
    solved: Array = np.rint(rest @ inverses.transpose(0, 2, 1)).astype(int)
    return solved


def solve_sample(
    rest: Array, x: Array, weight: Array, stream: Stream, *, x_is_free: bool
) -> tuple[list[Any], list[list[Any]]] | None:
    """One sample ``x`` and ``weight`` changed so that ``weight @ x`` is ``rest``; None where small numbers cannot.

    An entry of x becomes ±1, and a weight that it meets is solved for in each row.
    """
    entries, rows = x.tolist(), weight.tolist()
    of_x, of_weight = (type(one.item(0)) for one in (x, weight))
    if x_is_free:
        entries[stream.between(0, x.size - 1)] = of_x(stream.choice((-1, 1)))
    solved = next((place for place, one in enumerate(entries) if abs(one) == 1), None)
    if solved is None:
        return None
    others = [column for column in range(x.size) if column != solved]
    for row, wanted in zip(rows, rest.tolist(), strict=True):
        turned = stream.choice(others) if others else solved
        kept = wanted - sum(row[column] * entries[column] for column in others if column != turned)
        fitting = []
        for one in range(-LARGEST_WEIGHT, LARGEST_WEIGHT + 1):
            missing = int(kept - (one * entries[turned] if others else 0)) * int(entries[solved])
            if abs(missing) <= LARGEST_WEIGHT:
                fitting.append((one, missing))
        if not fitting:
            return None
        row[turned], row[solved] = map(of_weight, stream.choice(fitting))
    return entries, rows


LARGEST_INPUT, LARGEST_WEIGHT = 12, 4
"""No input, and no weight, that is solved for is larger."""


def unimodular(size: int, stream: Stream) -> tuple[Matrix, Matrix]:
    """A whole matrix with its whole inverse, not equal to its transpose: the identity after some additions of rows."""
    moduli = _moduli(size)
    while True:
        chosen = tuple(map(operator.mod, stream.numbers(len(moduli)), moduli))
        found = _after_additions(size, chosen)
        if found is not None:
            return found


@lru_cache(maxsize=8)
def _moduli(size: int) -> tuple[int, ...]:
    """Of how many each random number chooses one: a row, another row, nothing, how often it is added; then signs."""
    addition = (size, size - 1, *[1] * (size - 2), len(_TIMES)) if size > 1 else ()
    return (*addition * size, *[2] * size)


_TIMES = (-2, -1, 1, 2)

Matrix: TypeAlias = list[list[int]]


@lru_cache(maxsize=512)
def _after_additions(size: int, chosen: tuple[int, ...]) -> tuple[Matrix, Matrix] | None:
    """The identity, and its inverse, after what is ``chosen`` is done to it; None for a symmetric matrix."""
    matrix, columns = ([[int(row == column) for column in range(size)] for row in range(size)] for _ in range(2))
    for first in range(0, len(chosen) - size, size + 1):
        one, other, times = chosen[first], chosen[first + 1], _TIMES[chosen[first + size]]
        other += other >= one
        matrix[one] = [a + times * b for a, b in zip(matrix[one], matrix[other], strict=True)]
        columns[other] = [a - times * b for a, b in zip(columns[other], columns[one], strict=True)]
    signs = [2 * one - 1 for one in chosen[len(chosen) - size :]]
    matrix = [[sign * entry for entry in row] for sign, row in zip(signs, matrix, strict=True)]
    if size > 1 and all(matrix[row][column] == matrix[column][row] for row in range(size) for column in range(row)):
        return None
    return matrix, [[sign * column[row] for sign, column in zip(signs, columns, strict=True)] for row in range(size)]
