"""Numbers whose means, roots and sums come out whole: sets to be normalised, and a linear layer that leads to them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.stream import Stream

LOW, HIGH = -8, 9
"""The range of numbers that are normalised."""

_FOUR = 4


def nice_sets(count: int, size: int, eps: float, stream: Stream) -> list[list[int]]:
    """``count`` sets of ``size`` whole numbers, with different whole means that are not 0 and a whole √(σ² + ε).

    Sets of four and its multiples have deviations of several sizes; smaller and other sets cannot always, and get a
    whole mean alone. Of so many sets that the means run out, some share one.
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
        numbers = [LOW + drawn % (HIGH - size - LOW + 1) for drawn in stream.numbers(size - 1)]
        return [*numbers, stream.choice(_MEANS) * size - sum(numbers)]
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
    for _ in range(20 * count):
        place = stream.skip(taken)
        mean = possible[stream.at(place if is_four else place + taken - 1) % len(possible)]
        if mean not in means:
            means.add(mean)
            found.append(place)
        if len(found) == count:
            return found
    return found + [stream.skip(taken) for _ in range(count - len(found))]


def sets_at(places: Array, size: int, eps: float, numbers: Array) -> Array:
    """The sets that begin at some ``places`` of a row of random ``numbers``, many at once: (*places, size)."""
    flat = places.reshape(-1)
    if size % _FOUR:
        drawn = numbers[flat[:, None] + np.arange(size)]
        free = LOW + drawn[:, :-1] % (HIGH - size - LOW + 1) if size > 1 else drawn[:, :-1]
        last = np.array(_MEANS)[drawn[:, -1] % len(_MEANS)] * size - free.sum(axis=1)
        found = np.concatenate([free, last[:, None]], axis=1)
    else:
        fours = _fours(round(eps))
        more = size // _FOUR
        bases = fours[numbers[flat] % len(fours)]
        turned = 2 * bases.sum(axis=1, keepdims=True) // _FOUR - bases
        is_turned = numbers[flat[:, None] + np.arange(1, more)] % 2 == 1
        parts = [bases, *(np.where(one[:, None], turned, bases) for one in is_turned.T)]
        found = _shuffled(np.concatenate(parts, axis=1), numbers[flat[:, None] + np.arange(more, more + size)])
    return found.reshape(*places.shape, size)


def _shuffled(rows: Array, drawn: Array) -> Array:
    """Each row in another order, as :meth:`Stream.shuffled` has it for the random numbers in a row of ``drawn``."""
    every, found = np.arange(len(rows)), np.empty_like(rows)
    for place, numbers in enumerate(drawn.T):
        chosen = numbers % rows.shape[1]
        found[:, place] = rows[every, chosen]
        stays = np.ones(rows.shape, dtype=bool)
        stays[every, chosen] = False
        rows = rows[stays].reshape(len(rows), -1)
    return found


_MEANS = (-2, -1, 1, 2, 3, 4)
"""The means of sets whose deviations have no whole root."""


@lru_cache(maxsize=4)
def _fours(eps: int) -> Array:
    """Sets of four whose mean and √(σ² + ε) are whole, for ε = 0 (a small one) or a whole number; a set a row."""
    each = np.arange(LOW, HIGH + 1)
    all_four = np.stack(np.meshgrid(each[each < 0], each, each, each, indexing="ij"), axis=-1).reshape(-1, _FOUR)
    fours = all_four[(np.diff(all_four) >= 0).all(axis=1) & (all_four.sum(axis=1) % _FOUR == 0)]
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
    while True:
        drawn = stream.numbers(size * (size + 1)) if size > 1 else []
        additions = []
        for first in range(0, len(drawn), size + 1):
            one, other = drawn[first] % size, drawn[first + 1] % (size - 1)
            additions.append((one, other + (other >= one), (-2, -1, 1, 2)[drawn[first + size] % 4]))
        found = _after_additions(tuple(additions), tuple(stream.choices((-1, 1), size)))
        if found is not None:
            return found


Matrix: TypeAlias = list[list[int]]


@lru_cache(maxsize=512)
def _after_additions(
    additions: tuple[tuple[int, int, int], ...], signs: tuple[int, ...]
) -> tuple[Matrix, Matrix] | None:
    """The identity, and its inverse, after adding some times a row to another; None for a symmetric matrix."""
    size = len(signs)
    matrix, columns = ([[int(row == column) for column in range(size)] for row in range(size)] for _ in range(2))
    for one, other, times in additions:
        matrix[one] = [a + times * b for a, b in zip(matrix[one], matrix[other], strict=True)]
        columns[other] = [a - times * b for a, b in zip(columns[other], columns[one], strict=True)]
    matrix = [[sign * entry for entry in row] for sign, row in zip(signs, matrix, strict=True)]
    if size > 1 and all(matrix[row][column] == matrix[column][row] for row in range(size) for column in range(row)):
        return None
    return matrix, [[sign * column[row] for sign, column in zip(signs, columns, strict=True)] for row in range(size)]
