"""Ideas about counting work, dense weights and groups in a tracked network."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.tutor.counterfactual import Cells, Change, Counterfactual, Given
from cnn_tutor.tutor.misconceptions.params import TRACK
from cnn_tutor.tutor.misconceptions.row import Misconception


def _tracked(id_: str, name: str, believes: str, says: str, kind: str, change: Any) -> Misconception:
    """A row about one kind of count; ``change(cells, layer, before)`` also gets the layer and the one before it."""

    def steps(given: Given) -> dict[str, Change]:
        layers = {layer["name"]: layer for layer in given.layers}
        before = dict(zip(layers, ["in", *layers], strict=False))

        def one(cells: Cells) -> Any:
            layer = layers.get(cells.layer)
            return None if layer is None else change(cells, layer, f"{before[cells.layer]}.shape")

        return {kind: one}

    return Misconception(id_, name, believes, says, TRACK, (kind,), Counterfactual(steps=steps))


def _input_size(c: Cells, layer: Any, before: str) -> Any:
    """Work for every cell of the input instead of the output."""
    if not layer["op"].startswith("conv"):
        return None
    return np.prod(c.tensor(before)[1:]) * c.filters * c.weights_per_filter


def _no_positions(c: Cells, layer: Any, _: str) -> Any:
    return c.filters * c.weights_per_filter if layer["op"].startswith("conv") else None


def _groups(layer: Any) -> int:
    return int(layer.get("groups") or 1)


def _ungrouped(c: Cells, layer: Any, before: str) -> Any:
    if _groups(layer) == 1:
        return None
    each = c.parameters_per_filter - c.weights_per_filter
    return c.filters * (c.weights_per_slice * c.tensor(before)[0] + each)


def _groups_as_filters(c: Cells, layer: Any, _: str) -> Any:
    return None if _groups(layer) in (1, c.filters) else c.parameters_per_filter * _groups(layer)


def _divided_twice(c: Cells, layer: Any, _: str) -> Any:
    return None if _groups(layer) == 1 else c.parameters_per_filter * c.filters // _groups(layer)


ROWS = (
    _tracked(
        "FLOP.EQ_MAC",
        "FLOPs taken for MACs",
        "a multiply-add is one operation",
        "That counts a multiplication and its addition as one. How many operations are they?",
        "flops",
        lambda c, layer, before: c.macs,
    ),
    _tracked(
        "MAC.INPUT_SIZE",
        "Input size instead of output size",
        "work is done for every input cell",
        "The size of the input seems to be in it. How many outputs are computed?",
        "macs",
        _input_size,
    ),
    _tracked(
        "MAC.ONCE",
        "Positions left out",
        "each weight is used once",
        "That is how many weights there are. How often is each of them used?",
        "macs",
        _no_positions,
    ),
    _tracked(
        "DENSE.ADDED",
        "Inputs and outputs added",
        "a dense layer has a weight for each input and each output",
        "Inputs and outputs seem to be added. How many weights does each output have?",
        "dense_weights",
        lambda c, layer, before: np.prod(c.tensor(before)) + np.prod(c.shape),
    ),
    _tracked(
        "DENSE.PER_MAP",
        "One input map only",
        "an output looks at one map",
        "Only one map of the input seems to be in it. How many inputs does each output of a dense layer have?",
        "dense_weights",
        lambda c, layer, before: np.prod(c.tensor(before)[1:]) * np.prod(c.shape),
    ),
    _tracked(
        "GRP.IGNORED",
        "Groups ignored",
        "every filter sees all channels",
        "Every filter seems to see all channels. How many of them are in its group?",
        "parameters",
        _ungrouped,
    ),
    _tracked(
        "GRP.AS_FILTERS",
        "Groups taken for filters",
        "there is one filter for each group",
        "There seems to be one filter for each group. How many filters are there?",
        "parameters",
        _groups_as_filters,
    ),
    _tracked(
        "GRP.TWICE",
        "Divided by the groups twice",
        "a group has fewer channels and the layer fewer filters",
        "The groups seem to divide the filters as well. Are there fewer filters, or only shorter ones?",
        "parameters",
        _divided_twice,
    ),
)
