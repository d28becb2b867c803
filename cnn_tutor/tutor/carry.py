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
    return all_carried(network, source, until, [world])[0]


def all_carried(
    network: Sequence[LayerTrace],
    source: LayerTrace,
    until: LayerTrace,
    worlds: Sequence[World],
    *,
    output_alone: bool = False,
) -> list[World | None]:
    """The same for several worlds, which go through each layer together where its op allows it.

    With ``output_alone`` only the output ``y`` of layer ``until`` is worked out.
    """
    given = [np.asarray(world["y"]) for world in worlds]
    fitting = [n for n, y in enumerate(given) if y.shape == source.own.output.shape and np.isfinite(y).all()]
    found: list[World | None] = [None] * len(worlds)
    if not fitting:
        return found
    values = {source.output: np.array([given[n] for n in fitting])}
    for layer in network[network.index(source) + 1 : network.index(until) + 1]:
        changed = {argument: values[name] for argument, name in layer.names.items() if name in values}
        if changed and layer is until and not output_alone:
            for n, number in enumerate(fitting):
                found[number] = _tensors(layer, {argument: many[n] for argument, many in changed.items()})
        elif changed:
            values[layer.output] = _through(layer, changed, len(fitting))
    if output_alone and until.output in values:
        for n, number in enumerate(fitting):
            found[number] = {"y": values[until.output][n]}
    return found


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
