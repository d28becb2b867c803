"""What a mistake in one layer makes of a later one, everything between done right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.counterfactual import World
from cnn_tutor.tutor.many import outputs


def carried(network: Sequence[LayerTrace], source: LayerTrace, until: LayerTrace, world: World) -> World | None:
    """The tensors of layer ``until`` when layer ``source`` came out as in ``world``; None where that cannot be."""
    return all_carried(network, until, [(source, np.asarray(world["y"]))])[0]


def all_carried(
    network: Sequence[LayerTrace],
    until: LayerTrace,
    mistakes: Sequence[tuple[LayerTrace, Array]],
    *,
    output_alone: bool = False,
) -> list[World | None]:
    """The same for several mistakes, each an earlier layer and what came out of it, in the order of their layers.

    All that have been made so far go through each layer together where its op allows it. With ``output_alone`` only the
    output ``y`` of layer ``until`` is worked out.
    """
    found: list[World | None] = [None] * len(mistakes)
    reaching = set(leading_to(network, until))
    fitting = [number for number, mistake in enumerate(mistakes) if mistake[0] in reaching and _fits(*mistake)]
    if not fitting:
        return found
    last = network.index(until)
    values: dict[str, Array] = {}
    count = 0
    for place, layer in enumerate(network[:last]):
        own = [mistakes[number][1] for number in fitting if mistakes[number][0] is layer]
        changed = _changed(layer, values)
        if not own and not changed:
            continue
        rows = _through(layer, changed, count) if changed else _right(layer, count)
        values[layer.output] = np.concatenate([rows, own]) if own else rows
        count += len(own)
        later = {name for one in network[place + 1 : last + 1] for name in one.names.values()}
        values = {name: _filled_up(network, name, many, count) for name, many in values.items() if name in later}
    changed = _changed(until, values)
    if output_alone:
        reached: Sequence[World | None] = [{"y": one} for one in _through(until, changed, count)]
    else:
        reached = [_tensors(until, {argument: many[n] for argument, many in changed.items()}) for n in range(count)]
    for number, world in zip(fitting, reached, strict=True):
        found[number] = world
    return found


def leading_to(network: Sequence[LayerTrace], until: LayerTrace) -> list[LayerTrace]:
    """The earlier layers of a network whose outputs a layer comes from."""
    needed = set(until.names.values())
    found: list[LayerTrace] = []
    for layer in reversed(network[: network.index(until)]):
        if layer.output in needed:
            needed |= set(layer.names.values())
            found.insert(0, layer)
    return found


def _fits(source: LayerTrace, output: Array) -> bool:
    """Whether somebody could go on from what came out of a layer."""
    return output.shape == source.own.output.shape and bool(np.isfinite(output).all())


def _changed(layer: LayerTrace, values: Mapping[str, Array]) -> dict[str, Array]:
    """The arguments of a layer that are not the right ones everywhere."""
    return {argument: values[name] for argument, name in layer.names.items() if name in values}


def _right(layer: LayerTrace, count: int) -> Array:
    """The right output of a layer, so many times."""
    output = layer.own.output
    return np.broadcast_to(output, (count, *output.shape))


def _filled_up(network: Sequence[LayerTrace], name: str, many: Array, count: int) -> Array:
    """The outputs under a ``name`` with right ones behind them, until there are so many."""
    if len(many) == count:
        return many
    layer = next(one for one in network if one.output == name)
    return np.concatenate([many, _right(layer, count - len(many))])


def _tensors(layer: LayerTrace, changed: Mapping[str, Array]) -> World | None:
    """The tensors of a layer with some of its arguments changed; None where the op refuses them."""
    try:
        return Call(layer.call.op, {**layer.call.tensors, **changed}, layer.call.options).run().tensors
    except ShapeError:
        return None


def _through(layer: LayerTrace, changed: Mapping[str, Array], count: int) -> Array:
    """What comes out of a layer for ``count`` sets of changed arguments, a set a row; NaN where the op refuses one."""
    shape = layer.own.output.shape
    if count > 1:
        every = {
            argument: changed[argument] if argument in changed else np.broadcast_to(tensor, (count, *tensor.shape))
            for argument, tensor in layer.call.tensors.items()
        }
        together = outputs(layer.call.op, every, layer.call.options)
        if together is not None:
            return together.reshape(count, *shape)
    each = (_tensors(layer, {argument: many[n] for argument, many in changed.items()}) for n in range(count))
    return np.array([np.full(shape, np.nan) if one is None else one["y"] for one in each])
