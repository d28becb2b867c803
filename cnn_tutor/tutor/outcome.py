"""What ideas about a layer make of some of its cells: ideas of one kind are worked out together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.layout import layout
from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.counterfactual import Ran, World, own_name, rewritten, tried, value_at
from cnn_tutor.tutor.many import all_outputs
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.misconceptions.row import CONVS, ONE, reaches_output
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.sweep import Changes, in_worlds


def outcomes(
    source: LayerTrace,
    rows: Iterable[Misconception],
    window: Window,
    until: int | None = None,
    *,
    alike: bool = False,
) -> dict[Misconception, Array]:
    """What each of some ideas gives in a ``window`` of the layer; those that do not reach it are left out.

    With ``until`` the window is what the step at that position writes, and no more is worked out than leads to it. Of
    outputs only those are looked for that are ``alike`` in shape to the right one there, if that is set.
    """
    rows = seen_in(source, rows, window)
    known = changes_of(source)
    changes = {row: known[row] for row in rows if row in known}
    found = dict(others(source, rows, window, alike=alike))
    found |= zip(changes, by_steps(source, list(changes.values()), window, until), strict=True)
    return {row: value for row in rows if (value := found.get(row)) is not None}


def seen_in(source: LayerTrace, rows: Iterable[Misconception], window: Window) -> list[Misconception]:
    """Those of some ideas that may show in a ``window`` of the layer."""
    is_output = own_name(source, window) == "y"
    return [row for row in rows if not is_output or reaches_output(row)]


def others(
    source: LayerTrace, rows: Iterable[Misconception], window: Window, *, alike: bool
) -> Iterator[tuple[Misconception, Array | None]]:
    """The same for ideas that are not about steps."""
    is_output = own_name(source, window) == "y"
    rows = [row for row in seen_in(source, rows, window) if row.counterfactual.steps is None]
    called = tuple(row for row in rows if is_output and row.counterfactual.call is not None)
    together = _called(source, called, _integers(window) if alike else None)
    for row in rows:
        world = together.get(row) if row in called else _world(source, row)
        yield row, None if world is None else value_at(source, window, world)


def by_steps(source: LayerTrace, ideas: Sequence[Changes], window: Window, until: int | None) -> list[Array | None]:
    """The same for ideas that do some kinds of step otherwise."""
    own = Window(own_name(source, window), window.index)
    found, alone = in_worlds(source.call, source.own, ideas, own, until)
    for number in alone:
        found[number] = _alone(source, ideas[number], window, until)
    return found


def _alone(source: LayerTrace, idea: Changes, window: Window, until: int | None) -> Array | None:
    with np.errstate(all="ignore"):
        world = tried(rewritten, source.call, source.own, idea, until)
    return None if world is None else value_at(source, window, world)


def by_calls(source: LayerTrace, calls: Sequence[Call | None], window: Window) -> list[Array | None]:
    """The same for some changed calls; those of one form are run together where only the output is looked at."""
    given = [call for call in calls if call is not None]
    with np.errstate(all="ignore"):
        if own_name(source, window) == "y":
            worlds = [_of_output(output) for output in all_outputs(given)]
        else:
            worlds = [tried(_ran, call) for call in given]
        found = iter([None if world is None else value_at(source, window, world) for world in worlds])
    return [None if call is None else next(found) for call in calls]


def _of_output(output: Array | None) -> World | None:
    return None if output is None else {"y": output}


def _ran(call: Call) -> World:
    return Ran(call.run())


@remembered(64)
def changes_of(source: LayerTrace) -> Mapping[Misconception, Changes]:
    """What those do otherwise who have an idea about steps of a layer."""
    return {row: one for row in about(source.call.op) if (one := row.counterfactual.changes(source.call))}


@remembered(64)
def _called(source: LayerTrace, rows: tuple[Misconception, ...], axis: int | None) -> Mapping[Misconception, World]:
    """What ideas about the call give: with an ``axis``, only what is as the right output in its shape from there on."""
    calls = {row: tried(row.counterfactual.changed_call, source.call) for row in rows}
    changed = {row: call for row, call in calls.items() if call is not None}
    if axis is not None:
        right = source.own.output.shape[axis:]
        changed = {
            row: call for row, call in changed.items() if (shape := _shape(call)) is None or shape[axis:] == right
        }
    with np.errstate(all="ignore"):
        outputs = all_outputs(list(changed.values()))
    return {row: {"y": output} for row, output in zip(changed, outputs, strict=True) if output is not None}


def _integers(window: Window) -> int | None:
    """How many axes a window fixes; None where it cuts something out of others."""
    return len(window.index) if all(isinstance(one, int) for one in window.index) else None


def _shape(call: Call) -> tuple[int, ...] | None:
    """The shape of what a convolution gives, which takes no work to know; None for other ops."""
    if call.op not in CONVS:
        return None
    options = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, **call.options}
    try:
        x, weight = call.tensors["x"].shape, call.tensors["weight"].shape
        return layout(1 if call.op in ONE else 2, x, weight, **options).result.shape
    except ShapeError:
        return ()


@remembered(4096)
def _world(source: LayerTrace, row: Misconception) -> World | None:
    """What an idea makes of one layer on right inputs."""
    return row.world(source.call, source.own)


@remembered(64)
def all_outcomes(source: LayerTrace) -> Mapping[Misconception, Array]:
    """The whole output of a layer for the ideas about it: the right one for an idea that does not reach so far.

    An output of another shape, with which nobody could go on, may be left out.
    """
    rows = about(source.call.op)
    right = np.asarray(source.own.output, dtype=np.float64)
    changes = changes_of(source)
    reaching = [row for row in changes if reaches_output(row)]
    values = by_steps(source, [changes[row] for row in reaching], Window(source.output), None)
    found = dict.fromkeys(changes, right)
    found |= {row: value for row, value in zip(reaching, values, strict=True) if value is not None}
    worlds = dict(_called(source, tuple(row for row in rows if row.counterfactual.call is not None), 0))
    for row in rows:
        world = _world(source, row) if row.counterfactual.wholes is not None else None
        if world is not None:
            worlds[row] = world
    found |= {row: np.asarray(world["y"], dtype=np.float64) for row, world in worlds.items()}
    return {row: found[row] for row in rows if row in found}
