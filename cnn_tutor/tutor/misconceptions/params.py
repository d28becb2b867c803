"""Ideas about counting parameters and flattened sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Among, Cells, Change, Counterfactual, Given
from cnn_tutor.tutor.misconceptions.row import Misconception, by_whole
from cnn_tutor.tutor.remembered import remembered

TRACK = ("track",)


def is_conv(layer: Mapping[str, Any]) -> bool:
    """Whether a layer is a convolution."""
    return bool(layer["op"].startswith("conv"))


def _is_flatten(layer: Mapping[str, Any]) -> bool:
    return bool(layer["op"] == "flatten")


def _count(
    id_: str,
    name: str,
    believes: str,
    says: str,
    count: Change,
    where: Callable[[Mapping[str, Any]], bool] = is_conv,
) -> Misconception:
    """A row about the parameters of one kind of layer in a tracked network."""
    return counted(id_, name, believes, says, "parameters", where, count)


def counted(
    id_: str,
    name: str,
    believes: str,
    says: str,
    kind: str,
    where: Callable[[Mapping[str, Any]], bool],
    count: Change,
) -> Misconception:
    """A row about one kind of count, in the layers of a tracked network ``where`` it can go wrong."""

    def steps(given: Given) -> dict[str, Change]:
        layers = layers_of(given.call, where)
        return {kind: Among(layers, count)} if layers else {}

    return Misconception(id_, name, believes, says, TRACK, (kind,), Counterfactual(steps=steps))


@remembered(64)
def layers_of(call: Call, where: Callable[[Mapping[str, Any]], bool]) -> frozenset[str]:
    """The names of some layers of a tracked network."""
    return frozenset([layer["name"] for layer in call.options["layers"] if where(layer)])


def is_biased(layer: Mapping[str, Any]) -> bool:
    """Whether a layer is a convolution with biases."""
    return is_conv(layer) and bool(layer.get("bias", True))


def _biases(c: Cells) -> Any:
    """How many biases a convolution has in truth: one for each filter, or none."""
    return (c.parameters_per_filter - c.weights_per_filter) * c.filters


def _flat(id_: str, name: str, believes: str, says: str, count: Callable[[Any], Any]) -> Misconception:
    """A row about how long a flattened map is: the length of flatten, the shape after it in a tracked network."""

    def steps(given: Given) -> dict[str, Change]:
        if given.call.op == "flatten":
            return {"length": lambda cells: count(given.x.shape)} if given.x.ndim in (2, 3) else {}
        flat = layers_of(given.call, _is_flatten)
        return {"shape": Among(flat, lambda cells: np.reshape(count(cells.operands[0]), -1))} if flat else {}

    return Misconception(
        id_, name, believes, says, (*TRACK, "flatten"), ("length", "shape"), Counterfactual(steps=steps)
    )


def _before_pooling(given: Given) -> dict[str, Change]:
    """The size that a map had before the pooling layer in front of a flatten."""
    layers = [{"name": "in", "op": ""}, *given.layers]
    earlier = {
        flat["name"]: f"{before['name']}.shape"
        for before, pool, flat in zip(layers, layers[1:], layers[2:], strict=False)
        if flat["op"] == "flatten" and "pool" in pool["op"]
    }

    def change(cells: Cells) -> Any:
        return np.reshape(np.prod(cells.tensor(earlier[cells.layer])), -1)

    return {"shape": Among(frozenset(earlier), change)} if earlier else {}


ROWS = (
    _count(
        "PAR.NO_CHANNELS",
        "Input channels forgotten",
        "a filter is one slice",
        "That counts one slice for each filter. How many slices does a filter have?",
        lambda c: c.weights_per_slice * c.filters + _biases(c),
    ),
    _count(
        "PAR.NO_BIAS",
        "Biases forgotten",
        "a layer learns its weights only",
        "Those are the weights alone. What else does each filter learn?",
        lambda c: c.weights_per_filter * c.filters,
        is_biased,
    ),
    _count(
        "PAR.BIAS_ONE",
        "One bias for the layer",
        "a layer has a single bias",
        "There seems to be one bias for the whole layer. To what does a bias belong?",
        lambda c: c.weights_per_filter * c.filters + 1,
        is_biased,
    ),
    _count(
        "PAR.BIAS_PER_INPUT_CHANNEL",
        "One bias for each slice",
        "every slice has a bias",
        "There seems to be a bias for each slice. To what does a bias belong?",
        lambda c: (c.weights_per_filter + c.channels) * c.filters,
        is_biased,
    ),
    _count(
        "PAR.NO_FILTERS",
        "Number of filters forgotten",
        "a layer has one filter",
        "That is one filter. How many are there?",
        lambda c: c.parameters_per_filter,
    ),
    _count(
        "PAR.SPATIAL",
        "Multiplied by the output size",
        "every position has its own weights",
        "The size of the map seems to be in it. Does each position have weights of its own?",
        lambda c: c.parameters_per_filter * c.filters * np.prod(c.shape[1:]),
    ),
    _count(
        "PAR.K_NOT_SQUARED",
        "Kernel side not squared",
        "a kernel of side k has k weights",
        "Only one side of the kernel seems to be in it. How many weights has a slice?",
        lambda c: c.kernel_size[0] * c.channels * c.filters + _biases(c),
    ),
    _count(
        "PAR.CIN_PLUS_F",
        "Channels and filters added",
        "channels and filters add up",
        "Channels and filters seem to be added. How many slices does each filter have?",
        lambda c: c.weights_per_slice * (c.channels + c.filters) + _biases(c),
    ),
    _count(
        "BNI.PARAMS_2C",
        "Running statistics counted as parameters",
        "batch normalisation learns four numbers a channel",
        "The running mean and variance seem to be counted. Which numbers are trained?",
        lambda c: 4 * c.channels,
        lambda layer: layer["op"] == "batch_norm",
    ),
    _flat(
        "FLAT.NO_CHANNELS",
        "Channels forgotten",
        "a flattened map is one channel long",
        "That is the size of one map. How many maps are there?",
        lambda shape: np.prod(shape[-2:]),
    ),
    _flat(
        "FLAT.ADD",
        "Sizes added",
        "the sizes of the axes add up",
        "The sizes seem to be added. How many entries does a map of that shape have?",
        lambda shape: np.sum(shape),
    ),
    Misconception(
        "FLAT.PREPOOL",
        "Size before pooling",
        "the map is flattened with the size it had before pooling",
        "That is the size before pooling. Which shape does flatten get?",
        TRACK,
        ("shape",),
        Counterfactual(steps=_before_pooling),
    ),
    by_whole(
        "FLAT.WITH_BATCH",
        "Batch axis flattened too",
        "all axes go into one vector",
        "The samples have run into one vector. Which axis stays when a batch is flattened?",
        ("flatten",),
        {"y": lambda t: t.y.reshape(-1) if t.y.ndim == 2 and len(t.y) > 1 else None},
    ),
)
