"""What ideas about a layer make of some of its cells: ideas of one kind are worked out together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.counterfactual import Ran, World, own_name, rewritten, tried, value_at
from cnn_tutor.tutor.many import all_outputs
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.sweep import Changes, in_worlds


def outcomes(
    source: LayerTrace, rows: Iterable[Misconception], window: Window, until: int | None = None
) -> dict[Misconception, Array]:
    """What each of some ideas gives in a ``window`` of the layer; those that do not reach it are left out.

    With ``until`` the window is what the step at that position writes, and no more is worked out than leads to it.
    """
    rows = list(rows)
    changes = {row: row.counterfactual.changes(source.call) for row in rows if row.counterfactual.steps is not None}
    changes = {row: one for row, one in changes.items() if one}
    found = dict(zip(changes, by_steps(source, list(changes.values()), window, until), strict=True))
    together = _called(source) if own_name(source, window) == "y" else {}
    for row in rows:
        if row.counterfactual.steps is None:
            world = together.get(row) if row.counterfactual.call is not None and together else _world(source, row)
            found[row] = None if world is None else value_at(source, window, world)
    return {row: value for row in rows if (value := found.get(row)) is not None}


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
def _changed(source: LayerTrace) -> Mapping[Misconception, Call]:
    """The calls of those who have an idea about the call, where they make sense."""
    rows = [row for row in about(source.call.op) if row.counterfactual.call is not None]
    calls = {row: tried(row.counterfactual.changed_call, source.call) for row in rows}
    return {row: call for row, call in calls.items() if call is not None}


@remembered(64)
def _called(source: LayerTrace) -> Mapping[Misconception, World]:
    """What these give."""
    changed = _changed(source)
    with np.errstate(all="ignore"):
        outputs = all_outputs(list(changed.values()))
    return {row: {"y": output} for row, output in zip(changed, outputs, strict=True) if output is not None}


@remembered(4096)
def _world(source: LayerTrace, row: Misconception) -> World | None:
    """What an idea makes of one layer on right inputs."""
    return row.world(source.call, source.own)


@remembered(64)
def all_outcomes(source: LayerTrace) -> Mapping[Misconception, Array]:
    """The whole output of a layer for every idea about it; the right one for an idea that does not reach so far."""
    rows = about(source.call.op)
    right = np.asarray(source.own.output, dtype=np.float64)
    found: dict[Misconception, Array] = {}
    changes = {row: one for row in rows if (one := row.counterfactual.changes(source.call))}
    values = by_steps(source, list(changes.values()), Window(source.output), None)
    found |= {row: right if value is None else value for row, value in zip(changes, values, strict=True)}
    worlds = dict(_called(source))
    for row in rows:
        world = _world(source, row) if row.counterfactual.wholes is not None else None
        if world is not None:
            worlds[row] = world
    found |= {row: np.asarray(world["y"], dtype=np.float64) for row, world in worlds.items()}
    return {row: found[row] for row in rows if row in found}
