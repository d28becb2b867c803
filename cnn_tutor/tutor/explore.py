"""Trying things out: any number of an exercise can be changed, everything follows, and every change can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from cnn_tutor.engine.links import written_at
from cnn_tutor.engine.trace import Array, Cell
from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson import fitting
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor import linked
from cnn_tutor.tutor.change import Illegal, changed
from cnn_tutor.tutor.cut import COLUMNS, NEAR, ROWS, Cut, cuts
from cnn_tutor.tutor.film import Film, film
from cnn_tutor.tutor.framework import call
from cnn_tutor.tutor.hyper import Field, fields, legal, spans
from cnn_tutor.tutor.panel import Mark, Panel, matrices
from cnn_tutor.tutor.sizes import table
from cnn_tutor.tutor.symbols import symbol
from cnn_tutor.tutor.told import tell, written

UNDONE = 100
"""Changes that can be undone."""

_STEPS = {"left": (-1, -1), "right": (-1, 1), "up": (-2, -1), "down": (-2, 1), "pageup": (-3, -1), "pagedown": (-3, 1)}
"""Which axis, from the last, a key moves along, and which way."""


@dataclass(frozen=True, slots=True)
class Explore:
    """An exercise as it is now, those before it, and the place of the cursor: a cell, or a hyper-parameter.

    ``at`` is the tensor's name or the hyper-parameter's label; ``said`` is what came of the last thing done.
    """

    film: Film
    first: Exercise
    at: str
    cell: Cell = ()
    past: tuple[Film, ...] = ()
    said: str = ""

    @property
    def field(self) -> Field | None:
        """The hyper-parameter under the cursor."""
        return next((one for one in fields(self.film.exercise) if one.label == self.at), None)

    @property
    def before(self) -> Film | None:
        """What it was before the last change."""
        return self.past[-1] if self.past else None


def begin(exercise: Exercise) -> Explore:
    """At the first cell of an exercise. Raises ShapeError when something in it does not fit."""
    now = film(exercise)
    return _settle(Explore(now, exercise, next(iter(places(now)), "")))


def places(now: Film) -> list[str]:
    """What the cursor can be on: tensors, then hyper-parameters."""
    return [*linked.tensors(now), *(field.label for field in fields(now.exercise))]


def _shape(now: Film, tensor: str) -> tuple[int, ...]:
    return now.trace.tensors[tensor].shape


def _settle(explore: Explore) -> Explore:
    """With the cursor on something that is there."""
    now, at = explore.film, explore.at
    if at not in places(now):
        at = next(iter(places(now)), "")
    if at not in linked.tensors(now):
        return replace(explore, at=at, cell=())
    shape = _shape(now, at)
    cell = (*explore.cell, *(0,) * len(shape))[: len(shape)]
    return replace(explore, at=at, cell=tuple(min(one, size - 1) for one, size in zip(cell, shape, strict=True)))


def enter(explore: Explore, line: str) -> Explore:
    """After a line typed: ``name = value``, or a value for what the cursor is on. What cannot be done is said."""
    text = line if "=" in line else f"{_here(explore)} = {line}"
    if "=" not in line and explore.field is None and explore.at not in explore.film.exercise.tensors:
        return replace(explore, said=_("{name} follows from the rest.").format(name=symbol(explore.at)))
    try:
        now = film(changed(explore.film.exercise, text))
    except (Illegal, ShapeError) as error:
        return replace(explore, said=fitting.said(error))
    return _after(explore, now, (*explore.past, explore.film)[-UNDONE:])


def _here(explore: Explore) -> str:
    """The name of what the cursor is on, as it may be typed."""
    if explore.field is not None or not explore.cell:
        return explore.at
    return f"{explore.at}[{','.join(str(one + 1) for one in explore.cell)}]"


def choose(explore: Explore, by: int) -> Explore:
    """The next legal value of the hyper-parameter under the cursor, or the one before."""
    field = explore.field
    if field is None:
        return explore
    values = legal(explore.film.exercise, field)
    texts = [replace(field, value=value).text for value in values]
    at = texts.index(field.text) + by if field.text in texts else 0
    return enter(explore, texts[at]) if 0 <= at < len(texts) else explore


def undo(explore: Explore) -> Explore:
    """As it was before the last change."""
    if explore.before is None:
        return replace(explore, said=_("There is nothing to undo."))
    return _after(explore, explore.before, explore.past[:-1])


def reset(explore: Explore) -> Explore:
    """As it was at first; that can be undone too."""
    return _after(explore, film(explore.first), (*explore.past, explore.film)[-UNDONE:])


def _after(explore: Explore, now: Film, past: tuple[Film, ...]) -> Explore:
    said = " ".join(differences(explore.film, now)) or _("Nothing has changed.")
    return _settle(replace(explore, film=now, past=past, said=said))


def differences(old: Film, new: Film) -> Iterator[str]:
    """In words what is not as it was: the results, before and after."""
    if new.exercise.track is not None:
        for name, value in new.trace.tensors.items():
            was = old.trace.tensors.get(name)
            if name.endswith(("shape", "parameters")) and (was is None or not np.array_equal(was, value)):
                between = "×" if name.endswith("shape") else " "
                yield _was(name, "—" if was is None else written(was, between), written(value, between))
        return
    for source in new.network:
        before, now = old.source(source.output), source.own.output
        if before is not None and not np.array_equal(before.own.output, now):
            yield _was(symbol(source.output), _short(before.own.output), _short(now))


def _was(name: str, old: str, new: str) -> str:
    return _("{name} was {old} and is {new}.").format(name=name, old=old, new=new)


def _short(array: Array) -> str:
    if array.size <= 8:
        return written(array)
    return _("{shape}, from {low} to {high}").format(
        shape="×".join(map(str, array.shape)), low=written(array.min()), high=written(array.max())
    )


def move(explore: Explore, key: str) -> Explore:
    """The cursor after an arrow key, within its tensor; a hyper-parameter takes another value."""
    axis, way = _STEPS[key]
    if explore.field is not None:
        return choose(explore, way)
    if len(explore.cell) < -axis:
        return explore
    cell = list(explore.cell)
    cell[axis] = min(max(0, cell[axis] + way), _shape(explore.film, explore.at)[axis] - 1)
    return replace(explore, cell=tuple(cell))


def jump(explore: Explore, by: int) -> Explore:
    """The cursor on the next tensor or hyper-parameter, or the one before."""
    every = places(explore.film)
    if not every:
        return explore
    return _settle(replace(explore, at=every[(every.index(explore.at) + by) % len(every)], cell=()))


def point(explore: Explore, tensor: str, cell: Cell) -> Explore:
    """The cursor on a cell that is there, or as near as can be."""
    return _settle(replace(explore, at=tensor, cell=cell))


def links(explore: Explore) -> linked.Linked | None:
    """What hangs together with the cell under the cursor; None where it is on a setting."""
    if explore.field is not None or not explore.at or explore.film.exercise.track is not None:
        return None
    return linked.linked(explore.film, explore.at, explore.cell)


def panels(explore: Explore, found: linked.Linked | None) -> tuple[Panel, ...]:
    """Every tensor, with what hangs together with the cell under the cursor, and what the last change has changed."""
    now = explore.film
    if now.exercise.track is not None:
        return (_tracked(now),)
    drawn: list[Panel] = []
    for tensor in linked.tensors(now):
        shape, on = _shape(now, tensor), tensor == explore.at
        room = NEAR if any(size > most for size, most in zip(shape[-2:], (ROWS, COLUMNS), strict=False)) else ()
        for cut in cuts(shape, explore.cell if on else _focus(found, tensor), *room):
            marks = _marks(explore, tensor, cut, found)
            if on and explore.field is None:
                marks[cut.among({explore.cell})] = Mark.CURSOR
            drawn += matrices(cut.title(symbol(tensor)), cut.values(now.trace, tensor), marks)
    return tuple(drawn)


def _focus(found: linked.Linked | None, tensor: str) -> Cell | None:
    """The first cell of a tensor that hangs together with the cursor's."""
    if found is None:
        return None
    cells = found.fed_by.get(tensor) or found.meets.get(tensor) or found.feeds.get(tensor)
    return min(cells) if cells else None


def _marks(explore: Explore, tensor: str, cut: Cut, found: linked.Linked | None) -> Array:
    marks = np.full(cut.size, Mark.PLAIN, dtype=object)
    old = explore.before
    if old is not None and tensor in old.trace.tensors and _shape(old, tensor) == cut.shape:
        differs = cut.values(old.trace, tensor) != cut.values(explore.film.trace, tensor)
        marks[differs.reshape(cut.size)] = Mark.CHANGED
    if found is not None:
        for cells, mark in ((found.feeds, Mark.FED), (found.fed_by, Mark.READ), (found.meets, Mark.READ)):
            if tensor in cells:
                marks[cut.among(cells[tensor])] = mark
    return marks


def _tracked(now: Film) -> Panel:
    from cnn_tutor.tutor.panel import Cell as Entry

    known = {
        name: Entry(written(value, "×" if name.endswith("shape") else " "))
        for name, value in now.trace.tensors.items()
        if name.endswith(("shape", "parameters"))
    }
    return table(now.exercise, known)


def about(explore: Explore, found: linked.Linked | None) -> tuple[str, str]:
    """What is under the cursor: in words, and the formula of the step that wrote it, if one did."""
    field = explore.field
    if field is not None:
        fits = ", ".join(spans(legal(explore.film.exercise, field)))
        return _("{name} = {value}; what fits: {legal}.").format(name=field.label, value=field.text, legal=fits), ""
    if explore.film.exercise.track is not None or not explore.at:
        return "", ""
    return linked.sentence(explore.film, explore.at, explore.cell, found), _formula(explore)


def _formula(explore: Explore) -> str:
    source = explore.film.source(explore.at)
    if source is None:
        return ""
    (local,) = written_at(source.trace, explore.at, [explore.cell]).values()
    start = explore.film.ends[explore.film.network.index(source)] - len(source.trace.steps)
    return tell(explore.film, start + local).formula


def settings(explore: Explore) -> list[str]:
    """The hyper-parameters in one line each, ``stride = 1``; the one under the cursor stands in angle brackets."""
    texts = [(f"{field.label} = {field.text}", field.label == explore.at) for field in fields(explore.film.exercise)]
    return [f"<{text}>" if here else text for text, here in texts]


def calls(explore: Explore) -> list[str]:
    """The same in PyTorch, a line for each layer it has a call for."""
    return [line for line in map(call, explore.film.network) if line]
