"""A tracked network beside a question: all of it, or the stage that is asked, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cnn_tutor.engine import Step
from cnn_tutor.language import _
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.lesson.schema import Exercise, TrackedLayer
from cnn_tutor.tutor.panel import Cell, Mark, Panel
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Session
from cnn_tutor.tutor.sizes import HIDDEN, MOST_ROWS, by, described, table

_AXES = {2: ("C", "L"), 3: ("C", "H", "W")}
"""The letters of a shape's sizes by their number."""

ASKED = Cell("?", Mark.ASKED)


def tracked(session: Session, question: Question, source: LayerTrace) -> Panel:
    """What of a tracked network stands beside a question.

    Where its table or its sum is asked, the stage; for the totals of a long network a row for each stage; else the
    layers around the one that is asked.
    """
    assert question.exercise.track is not None and question.part is not None
    known: dict[str, Cell] = {}
    for place, one in enumerate(session.questions if session.mode != "drill" else ()):
        record = session.record(one)
        is_known = record.done or record.covered or (place < session.position and not record.skipped)
        if one.source is source and one is not question and is_known:
            known |= {tensor: Cell(text) for tensor, text in _told(one)}
    target = question.part.target.tensor
    name, _dot, what = target.partition(".")
    if question.part.ask.kind == "table":
        kept = session.record(question).kept
        return _stage(question.exercise, source, name, _Asked(question, kept, known))
    known |= {target: ASKED}
    if what == "stack_parameters" and f"{name}.table" in source.trace.tensors:
        return _stage(question.exercise, source, name, _Known(known))
    if not what and len(question.exercise.track.layers) > MOST_ROWS:
        return _stages(question.exercise, known)
    return table(question.exercise, known)


def _told(question: Question) -> Iterator[tuple[str, str]]:
    """The tensors that an answer tells, with their values as text: of a stage's table those of its layers."""
    if question.part is not None and question.part.ask.kind == "table":
        for step in question.steps:
            yield from ((read.tensor, by(value)) for read, value in zip(step.reads, step.operands, strict=True))
    elif question.part is not None:
        yield question.part.target.tensor, question.text.replace("x", "×")


class _Known:
    """What fills the cells of a stage: the sizes and the parameters that are known."""

    def __init__(self, known: Mapping[str, Cell]) -> None:
        self.known = known

    def row(self, _number: int, step: Step) -> Sequence[Cell]:
        """The cells of one layer."""
        shape, count = (self.known.get(read.tensor) for read in step.reads)
        axes = len(step.operands[0])
        return (*([HIDDEN] * axes if shape is None else map(Cell, shape.text.split("×"))), count or HIDDEN)


class _Asked(_Known):
    """The same where they are asked; those in ``kept`` were right."""

    def __init__(self, question: Question, kept: frozenset[int], known: Mapping[str, Cell]) -> None:
        super().__init__(known)
        self.kept = kept

    def row(self, number: int, step: Step) -> Sequence[Cell]:
        """The cells of one layer."""
        values = step.value.tolist()
        first = number * len(values)
        return [Cell(str(value)) if first + at in self.kept else ASKED for at, value in enumerate(values)]


def _stage(exercise: Exercise, source: LayerTrace, stage: str, cells: _Known) -> Panel:
    """The layers of a stage below the layer that it begins with, and its sum where that is asked."""
    assert exercise.track is not None
    layer = _layer(exercise, stage)
    steps = [one for one in source.trace.steps[:] if one.target.tensor == f"{stage}.table"]
    prefix = f"{stage}_1_" if (layer.repeat or 1) > 1 else f"{stage}_"
    written = dict(described(exercise, prefix))
    axes = len(steps[0].operands[0])
    titles = (_("layer"), _("sizes"), *_AXES.get(axes, (_("units"),)), _("params"))
    rows = [tuple(Cell(title) for title in titles), _before(exercise, steps[0], axes, cells.known)]
    for number, step in enumerate(steps):
        name = _name(step)
        rows.append((Cell(name.removeprefix(prefix)), Cell(written[name]), *cells.row(number, step)))
    if f"{stage}.stack_parameters" in cells.known and not isinstance(cells, _Asked):
        blanks = [Cell("")] * (axes + 1)
        rows.append((Cell(stage), *blanks, cells.known[f"{stage}.stack_parameters"]))
    several = _("{name}, one of {count} blocks").format(name=stage, count=layer.repeat)
    return Panel(several if (layer.repeat or 1) > 1 else stage, tuple(rows))


def _name(step: Step) -> str:
    """The layer that a row of a table is about."""
    return step.reads[0].tensor.partition(".")[0]


def _layer(exercise: Exercise, name: str) -> TrackedLayer:
    assert exercise.track is not None
    return next(one for one in exercise.track.layers if one.name == name)


def _before(exercise: Exercise, first: Step, axes: int, known: Mapping[str, Cell]) -> tuple[Cell, ...]:
    """The layer that a stage takes in, with its shape if that is known."""
    assert exercise.track is not None
    names = ["in", *(layer.name for layer in exercise.track.layers)]
    before = names[names.index(_name(first)) - 1]
    shape = by(exercise.track.input) if before == "in" else _leaves(exercise, before, known).text
    return Cell(before), Cell(shape), *[Cell("")] * (axes + 1)


def _leaves(exercise: Exercise, name: str, known: Mapping[str, Cell]) -> Cell:
    """The shape that leaves a layer, or the last layer of a stage, if it is known."""
    members = [one for one in (_layer(exercise, name).of or ()) if f"{one}.shape" in known]
    return known.get(f"{name}.shape", known[f"{members[-1]}.shape"] if members else HIDDEN)


def _stages(exercise: Exercise, known: Mapping[str, Cell]) -> Panel:
    """A long network with one row for each stage, and for each layer that is in none."""
    assert exercise.track is not None
    layers = exercise.track.layers
    inside = {name for layer in layers for name in layer.of or ()}
    written = dict(described(exercise))
    rows = [tuple(Cell(title) for title in (_("layer"), _("sizes"), _("shape"), _("parameters")))]
    for layer in layers:
        if layer.name not in inside:
            count = known.get(f"{layer.name}.stack_parameters", known.get(f"{layer.name}.parameters", HIDDEN))
            rows.append((Cell(layer.name), Cell(written[layer.name]), _leaves(exercise, layer.name, known), count))
    rows.append((Cell("total"), Cell(""), Cell(""), known.get("parameters", HIDDEN)))
    return Panel(_("network"), tuple(rows))
