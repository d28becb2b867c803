"""How much of the input one entry sees after each of several layers.

    r₀ = 1, j₀ = 1      r_l = r_{l−1} + (k_l − 1)·d_l · j_{l−1}      j_l = j_{l−1} · s_l

r is the receptive field in input cells, and the jump j how far apart, in input cells, two neighbouring entries look.
Definition: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import integers
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.trace import Block, Plan, Story, Tensors, Trace, Window
from cnn_tutor.errors import ShapeError

_REACH = Formula(lambda k, d: (k - 1) * d, lambda k, d: f"({k[0]} − 1)" + (f"·{d[0]}" if d[0] != "1" else ""))

_FIRST_JUMP = Formula(lambda stride: stride, f.each("1·{}"))
_GROWTH = Formula(lambda k, d, jump: (k - 1) * d * jump, lambda k, d, jump: f"{_REACH.spell(k, d)}·{jump[0]}")


def receptive_field(kernel_size: Any, stride: Any = None, dilation: Any = None) -> Trace:
    """The receptive field after each layer, in cells along one axis.

    ``kernel_size``, ``stride`` and ``dilation`` have one entry a layer, first layer first; strides and dilations are 1
    unless given. ``jump`` is j after each layer, ``growth`` what each layer adds to r. Raises ShapeError.
    """
    given = {"kernel_size": np.array(integers("kernel_size", kernel_size, 1))}
    layers = len(given["kernel_size"])
    for name, value in (("stride", stride), ("dilation", dilation)):
        given[name] = np.array((1,) * layers if value is None else integers(name, value, 1))
        if len(given[name]) != layers:
            raise ShapeError(f"{name} must have {layers} entries, one for each kernel_size; got {len(given[name])}")
    jump = np.cumprod(given["stride"])
    before = np.array([1, *jump[:-1]])
    growth = (given["kernel_size"] - 1) * given["dilation"] * before
    y = 1 + np.cumsum(growth)
    tensors: Named = {**given, "jump": jump, "growth": growth, "y": y}

    def plan(layer: int, part: int) -> Plan:
        own, earlier = (layer,), (layer - 1,)
        reads = (Window("kernel_size", own), Window("dilation", own))
        grown, strode = Window("growth", own), Window("stride", own)
        if layer == 0:
            plans = [
                Plan("growth", _REACH, reads, grown),
                Plan("output", f.PLUS_ONE, (grown,), Window("y", own)),
                Plan("jump", _FIRST_JUMP, (strode,), Window("jump", own)),
            ]
        else:
            plans = [
                Plan("growth", _GROWTH, (*reads, Window("jump", earlier)), grown),
                Plan("output", f.PLUS, (Window("y", earlier), grown), Window("y", own)),
                Plan("jump", f.TIMES, (Window("jump", earlier), strode), Window("jump", own)),
            ]
        return plans[part]

    return Trace(y, lambda: Story(Tensors(tensors), (Block(layers, 3, plan),), tuple(given)))
