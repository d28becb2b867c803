"""The cursor both ways: for any cell of an exercise, what it comes from, what it feeds, which pairs it is half of."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnn_tutor.engine.links import Pair, fed_by, feeds, pairs
from cnn_tutor.engine.trace import Cell
from cnn_tutor.language import _, plural
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.film import Film
from cnn_tutor.tutor.place import write
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.symbols import number, subscript, symbol

QUICK = 600
"""Steps."""

NAMED = 3
"""Pairs that are written out."""


@dataclass(frozen=True, eq=False)
class Linked:
    """Cells by tensor, of the tensors that are given or that a layer writes; the cell itself is in none of them."""

    fed_by: Mapping[str, frozenset[Cell]]
    feeds: Mapping[str, frozenset[Cell]]
    meets: Mapping[str, frozenset[Cell]]
    """For a weight, what it is multiplied with."""
    pairs: tuple[str, ...] = ()
    """The first of those pairs, written out."""
    more: int = 0
    """How many pairs there are beside them."""


def tensors(film: Film) -> list[str]:
    """The tensors one can point into: those given, then what the layers write."""
    given = [name for name in film.exercise.tensors if name in film.trace.tensors]
    return given + [source.output for source in film.network if source.layer is not None]


@remembered(64)
def linked(film: Film, tensor: str, cell: Cell) -> Linked:
    """What hangs together with a cell."""
    there, one = tensors(film), [cell]
    back, on = fed_by(film.trace, tensor, one), feeds(film.trace, tensor, one)
    met, named, count = _pairs(film, tensor, cell)
    visible = [_visible(found, there, tensor, cell) for found in (back, on, met)]
    return Linked(visible[0], visible[1], visible[2], named, count)


def _visible(
    found: Mapping[str, set[Cell]], there: Sequence[str], tensor: str, cell: Cell
) -> dict[str, frozenset[Cell]]:
    kept = {name: frozenset(found.get(name, set()) - ({cell} if name == tensor else set())) for name in there}
    return {name: cells for name, cells in kept.items() if cells}


def _pairs(film: Film, tensor: str, cell: Cell) -> tuple[dict[str, set[Cell]], tuple[str, ...], int]:
    """What a weight meets; nothing for a tensor that is no weight of a layer."""
    if not any(tensor in (source.names.get("weight"), source.names.get("gamma")) for source in film.network):
        return {}, (), 0
    every = list(pairs(film.trace, tensor, cell))
    others: dict[str, set[Cell]] = {}
    for pair in every:
        others.setdefault(pair.other[0], set()).add(pair.other[1])
    met: dict[str, set[Cell]] = {}
    for name, cells in others.items():
        for source, own in _nearest(film, name, cells).items():
            met.setdefault(source, set()).update(own)
    named = tuple(_written(film, pair) for pair in every[:NAMED])
    return met, named, len(every) - len(named)


def _nearest(film: Film, name: str, cells: set[Cell]) -> dict[str, set[Cell]]:
    """Cells of a tensor one can point into that hold the same numbers: the window of an input, for instance."""
    source = film.source(name.partition(".")[0])
    if source is None:
        return {name: cells}
    if name == source.output:
        is_same = source.call.op in ("flatten", "reshape")
        return {name: cells} | (_input(film, source, name, cells) if is_same else {})
    return _input(film, source, name, cells)


def _input(film: Film, source: LayerTrace, name: str, cells: set[Cell]) -> dict[str, set[Cell]]:
    """The cells of a layer's input that some cells of the layer come from."""
    x = source.names.get("x", "")
    found = set(fed_by(film.trace, name, cells).get(x, ()))
    return {x: found} if found else {}


def _written(film: Film, pair: Pair) -> str:
    """``x₂·w₁ → y₁``; for padding, which is no cell of the input, the number alone."""
    near = _nearest(film, pair.other[0], {pair.other[1]})
    other = next((name(tensor, cell) for tensor, cells in near.items() for cell in cells), "0")
    output = pair.target[0].partition(".")[0]
    into = feeds(film.trace, pair.target[0], [pair.target[1]]).get(output, set())
    return f"{other}·{name(*pair.one)} → {', '.join(name(output, cell) for cell in sorted(into)[:1])}"


def name(tensor: str, cell: Cell) -> str:
    """``x₂``, ``Y₂₁``."""
    return symbol(tensor) + subscript(cell)


def names(found: Mapping[str, frozenset[Cell]]) -> str:
    """``x[2-4], w[1-3]``; many cells that form no block are counted."""
    return ", ".join(itertools.starmap(_named, found.items()))


def _named(tensor: str, cells: frozenset[Cell]) -> str:
    if cells == {()}:
        return symbol(tensor)
    if len(cells) == 1:
        return name(tensor, next(iter(cells)))
    text = write(frozenset(tuple(one + 1 for one in cell) for cell in cells))
    if len(text) <= 24:
        return f"{symbol(tensor)}[{text}]"
    return plural("{count} cell of {tensor}", "{count} cells of {tensor}", len(cells), tensor=symbol(tensor))


def is_quick(film: Film) -> bool:
    """Whether what hangs together is found while a key is pressed; else it belongs on a thread."""
    return len(film) <= QUICK


def sentence(film: Film, tensor: str, cell: Cell, found: Linked | None) -> str:
    """The cell with its number, and what hangs together with it, in words."""
    parts = [f"{name(tensor, cell)} = {number(film.trace.tensors[tensor][cell].item(), 4)}."]
    if found is None:
        return parts[0]
    if found.fed_by:
        parts.append(_("[…] It comes from {cells}.").format(cells=names(found.fed_by)))
    if found.meets:
        parts.append(_("[…] It meets {cells}.").format(cells=names(found.meets)))
    if found.feeds:
        parts.append(_("{{…}} It feeds {cells}.").format(cells=names(found.feeds)))
    if found.pairs:
        more = ", …" if found.more else ""
        parts.append(_("Pairs: {pairs}.").format(pairs=", ".join(found.pairs) + more))
    return " ".join(parts)
