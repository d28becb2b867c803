"""What is seen of one step of a film: the tensors it needs, what it reads in brackets, what it writes marked too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnn_tutor.engine import Step, Window
from cnn_tutor.engine.links import fed_by
from cnn_tutor.engine.trace import Array, Cell, Index
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.cut import Cut, cuts
from cnn_tutor.tutor.drawn import ONE_EACH, behind, is_drawn, padding_of, subjects, title
from cnn_tutor.tutor.film import Film, writers
from cnn_tutor.tutor.panel import Cell as Entry
from cnn_tutor.tutor.panel import Mark, Panel, matrices
from cnn_tutor.tutor.sizes import by, table
from cnn_tutor.tutor.symbols import integers, symbol

SHOWN = 6
"""Panels at most."""

_RESULTS = ("output", "weighted_sum")
"""Kinds of step that write one output cell."""


def shot(film: Film, position: int) -> tuple[Panel, ...]:
    """The panels for the step at ``position``: what is worked out by then, with what this step reads and writes."""
    source, local = film.locate(position)
    step = source.trace.steps[local]
    if source.layer is None:
        return (_tracked(film, source, local),)
    panels: list[Panel] = []
    for tensor, windows in _windows(source, step, local).items():
        panels += _panels(source, tensor, windows, step, local)
    return tuple(panels[:SHOWN])


def _tracked(film: Film, source: LayerTrace, local: int) -> Panel:
    """The table of a tracked network as far as it is worked out."""
    known: dict[str, Entry] = {}
    for position in range(local + 1):
        step = source.trace.steps[position]
        mark = Mark.CURSOR if position == local else Mark.PLAIN
        if step.op == "table":
            known |= {
                read.tensor: Entry(by(value), mark) for read, value in zip(step.reads, step.operands, strict=True)
            }
        known[step.target.tensor] = Entry(by(step.value) if step.op != "table" else "", mark)
    return table(film.exercise, known)


def _windows(source: LayerTrace, step: Step, local: int) -> dict[str, list[Index]]:
    """The windows to mark in each tensor, in the order in which they stand side by side: what stays comes first."""
    block, item, own = source.trace.steps.locate(local)
    plan = source.trace.steps.blocks[block].plan
    read = list(behind(step, [plan(item, part) for part in range(own)]))
    if all(window.tensor not in source.trace.inputs for window in read) and step.op in _RESULTS:
        read += _far(source, step)
    stays = [*subjects(source), *([source.output] if is_drawn(source, source.output) else [])]
    marked: dict[str, list[Index]] = {name: [] for name in stays}
    for window in (*reversed(read[len(step.reads) :]), *step.reads):
        if is_drawn(source, window.tensor):
            marked.setdefault(window.tensor, []).append(window.index)
    if is_drawn(source, step.target.tensor):
        marked.setdefault(step.target.tensor, [])
    return marked


def _far(source: LayerTrace, step: Step) -> Iterator[Window]:
    """The given cells that a result came from, where the steps of its own item read none of them."""
    linked = fed_by(source.trace, step.target.tensor, [integers(step.target.index)])
    for tensor in source.trace.inputs:
        yield from (Window(tensor, cell) for cell in sorted(linked.get(tensor, ())))


def _panels(source: LayerTrace, tensor: str, windows: list[Index], step: Step, local: int) -> Iterator[Panel]:
    base, _, own = tensor.partition(".")
    name = title(source, own) if own else symbol(base)
    is_target = tensor == step.target.tensor
    if own in ONE_EACH:
        for index in [step.target.index] if is_target else windows[:1]:
            yield from _one(source, tensor, index, name, Mark.CURSOR if is_target else Mark.READ)
        return
    array = source.trace.tensors[tensor]
    if array.ndim == 0 and own:
        return
    for cut in cuts(array.shape, _focus(windows, step, is_target)):
        marks = _marks(source, tensor, cut, windows, local)
        if is_target:
            marks[cut.inside(step.target.index)] = Mark.CURSOR
        if own and all(mark is Mark.HIDDEN for mark in marks.reshape(-1)):
            continue
        yield from matrices(cut.title(name), cut.values(source.trace, tensor), marks)


def _one(source: LayerTrace, tensor: str, index: Index, name: str, mark: Mark) -> Iterator[Panel]:
    """Of a tensor that holds one matrix for each output cell, that of the cell in question."""
    values = np.asarray(source.trace.tensors.read(Window(tensor, index)))
    for cut in cuts(values.shape):
        part = values[tuple(slice(one.start, one.stop) for one in cut.axes)].reshape(cut.size)
        yield from matrices(cut.title(name), part, np.full(cut.size, mark, dtype=object))


def _focus(windows: list[Index], step: Step, is_target: bool) -> Cell:
    """The cell of a tensor that must be seen: where the step writes, or reads first."""
    index = step.target.index if is_target or not windows else windows[0]
    return tuple((one.start or 0) if isinstance(one, slice) else one for one in index)


def _marks(source: LayerTrace, tensor: str, cut: Cut, windows: list[Index], local: int) -> Array:
    """What is worked out before this step, what it reads of that, and what is padding."""
    marks = np.full(cut.size, Mark.PLAIN, dtype=object)
    if tensor not in source.trace.inputs:
        places = writers(source, tensor, cut.axes)
        late = [places.get(cell, -1) >= local for cell in cut.cells()]
        marks[np.array(late, dtype=bool).reshape(cut.size)] = Mark.HIDDEN
    for index in windows:
        marks[cut.inside(index) & (marks == Mark.PLAIN)] = Mark.READ
    if tensor == f"{source.output}.padded":
        inside = cut.inside(padding_of(source, len(cut.shape)))
        marks[~inside & (marks == Mark.PLAIN)] = Mark.PADDING
        marks[~inside & (marks == Mark.READ)] = Mark.READ_PADDING
    return marks
