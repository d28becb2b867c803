"""Ideas about counting work, dense weights and groups in a tracked network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnn_tutor.tutor.counterfactual import Cells
from cnn_tutor.tutor.misconceptions.params import counted, is_conv


def _is_any(_layer: Mapping[str, Any]) -> bool:
    return True


def _is_grouped(layer: Mapping[str, Any]) -> bool:
    return (layer.get("groups") or 1) != 1


def _is_partly_grouped(layer: Mapping[str, Any]) -> bool:
    """Whether there are several groups, and not one for each filter."""
    return _is_grouped(layer) and layer["groups"] != layer["filters"]


def _groups(c: Cells) -> Any:
    """How many groups a convolution has."""
    return c.taken[0] // c.channels


def _ungrouped(c: Cells) -> Any:
    each = c.parameters_per_filter - c.weights_per_filter
    return c.filters * (c.weights_per_slice * c.taken[0] + each)


ROWS = (
    counted(
        "FLOP.EQ_MAC",
        "FLOPs taken for MACs",
        "a multiply-add is one operation",
        "That counts a multiplication and its addition as one. How many operations are they?",
        "flops",
        _is_any,
        lambda c: c.macs,
    ),
    counted(
        "MAC.INPUT_SIZE",
        "Input size instead of output size",
        "work is done for every input cell",
        "The size of the input seems to be in it. How many outputs are computed?",
        "macs",
        is_conv,
        lambda c: np.prod(c.taken[1:]) * c.filters * c.weights_per_filter,
    ),
    counted(
        "MAC.ONCE",
        "Positions left out",
        "each weight is used once",
        "That is how many weights there are. How often is each of them used?",
        "macs",
        is_conv,
        lambda c: c.filters * c.weights_per_filter,
    ),
    counted(
        "DENSE.ADDED",
        "Inputs and outputs added",
        "a dense layer has a weight for each input and each output",
        "Inputs and outputs seem to be added. How many weights does each output have?",
        "dense_weights",
        _is_any,
        lambda c: np.prod(c.taken) + np.prod(c.shape),
    ),
    counted(
        "DENSE.PER_MAP",
        "One input map only",
        "an output looks at one map",
        "Only one map of the input seems to be in it. How many inputs does each output of a dense layer have?",
        "dense_weights",
        _is_any,
        lambda c: np.prod(c.taken[1:]) * np.prod(c.shape),
    ),
    counted(
        "GRP.IGNORED",
        "Groups ignored",
        "every filter sees all channels",
        "Every filter seems to see all channels. How many of them are in its group?",
        "parameters",
        _is_grouped,
        _ungrouped,
    ),
    counted(
        "GRP.AS_FILTERS",
        "Groups taken for filters",
        "there is one filter for each group",
        "There seems to be one filter for each group. How many filters are there?",
        "parameters",
        _is_partly_grouped,
        lambda c: c.parameters_per_filter * _groups(c),
    ),
    counted(
        "GRP.TWICE",
        "Divided by the groups twice",
        "a group has fewer channels and the layer fewer filters",
        "The groups seem to divide the filters as well. Are there fewer filters, or only shorter ones?",
        "parameters",
        _is_grouped,
        lambda c: c.parameters_per_filter * c.filters // _groups(c),
    ),
)
