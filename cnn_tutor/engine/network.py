"""Shape and parameter tracking: a shape followed through the layers of a network, and what they learn in all.

No data is needed, only sizes. What each layer makes of a shape is in :mod:`cnn_tutor.engine.tracked`. Definition:
worksheet 4, "Channels and parameter count", and ``torch.nn``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import entries, integers, shown
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.repeated import Done
from cnn_tutor.engine.trace import Plan, Story, Tensors, Trace, Window, block
from cnn_tutor.engine.tracked import BETWEEN_LAYERS, LAYERS, TOTAL, known_layer, layer_block
from cnn_tutor.errors import ShapeError


@np.errstate(all="ignore")
def track(input_shape: Sequence[int], layers: Sequence[Mapping[str, Any]]) -> Trace:
    """Follow ``input_shape`` (C, *spatial) or (features,) through ``layers``.

    A layer takes what the one before it gives, or the layer named as its ``input``; ``add`` adds the maps of ``other``.
    ``stack`` sums up the layers ``of`` a stage, which is one block ``repeat`` times. A layer is a mapping with its
    ``name``, its ``op`` (``conv1d``, ``conv2d``, ``max_pool1d`` … ``linear``, ``relu``, ``batch_norm``) and
    that op's sizes: ``filters``, ``kernel_size``, ``stride``, ``padding``, ``dilation``, ``groups``, ``ceil_mode``,
    ``units``, ``bias``. For each layer the trace holds ``<name>.shape`` and ``<name>.parameters``, for a convolution
    also ``<name>.weights_per_slice``, ``.weights_per_filter``, ``.parameters_per_filter`` and ``.maps``, for a layer
    with weights ``.macs`` (multiply-adds, biases apart), ``.flops`` and ``.dense_weights`` (of a dense layer in its
    place), and for a stage ``.table``. ``macs`` is the sum of all. The output is the total number of parameters. Raises
    ShapeError.
    """
    shape = integers("input_shape", input_shape, 1)
    names = ["in", *(_name(layer) for layer in _listed(layers))]
    if len(set(names)) != len(names):
        raise ShapeError(f"layers must have different names, got {', '.join(names)}")
    tensors: Named = {"input_shape": np.array(shape)}
    given = ["input_shape"]
    done: dict[object, Done] = {}
    blocks = [layer_block(tensors, "in", Window("input_shape"), f.COPY)]
    earlier = dict.fromkeys(names[:1])
    for previous, name, layer in zip(names, names[1:], layers, strict=False):
        before = known_layer(layer.get("input", previous), earlier)
        earlier[name] = None
        op = layer.get("op")
        if not isinstance(op, str) or op not in LAYERS:
            raise ShapeError(f"op must be one of {', '.join(sorted(LAYERS))}; got {shown(op)}")
        sizes = {key: value for key, value in layer.items() if key not in ("op", "name", "input")}
        like = op, repr(sizes), np.asarray(tensors[f"{before}.shape"][()]).tobytes()
        if like in done:
            blocks.append(done[like].again(tensors, given, name, f"{before}.shape"))
            continue
        start = len(given)
        blocks.append(LAYERS[op](tensors, given, name, f"{before}.shape", sizes))
        if op not in BETWEEN_LAYERS:
            done[like] = Done(name, f"{before}.shape", tuple(given[start:]), blocks[-1])
    totals = [_total(tensors, names, "total_macs", "macs"), _total(tensors, names, "total", "parameters")]
    y = np.asarray(tensors["parameters"][()])
    return Trace(y, lambda: Story(Tensors(tensors), (*blocks, block(*totals)), tuple(given), "parameters"))


def _total(tensors: Named, names: Sequence[str], kind: str, what: str) -> Plan:
    """The step that adds up ``what`` of every layer that has some."""
    parts = tuple(Window(f"{name}.{what}") for name in names if f"{name}.{what}" in tensors)
    tensors[what] = np.array(TOTAL.bare(*(tensors[part.tensor][()] for part in parts)))
    return Plan(kind, TOTAL, parts, Window(what))


def _listed(layers: object) -> list[Mapping[str, Any]]:
    listed = entries(layers)
    if listed is None or not all(isinstance(layer, Mapping) for layer in listed):
        raise ShapeError(f"layers must be a list of layers, each with its name and op; got {shown(layers)}")
    return listed


def _name(layer: Mapping[str, Any]) -> str:
    if "name" not in layer:
        raise ShapeError(f"name is missing from layer {shown(dict(layer))}")
    return str(layer["name"])
