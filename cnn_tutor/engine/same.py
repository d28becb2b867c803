"""How much padding "same" asks for: so much that the output has ⌈L / s⌉ entries, an odd zero behind.

    out = ⌈L / s⌉      total = max(0, (out − 1)·s + d·(K − 1) + 1 − L)      before = ⌊total / 2⌋

Definition: ``padding="same"`` of the frameworks; torch has it for stride 1 only.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import integer
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.trace import Block, Plan, Story, Tensors, Trace, Window, block
from cnn_tutor.engine.windows import same_padding as ends

_REACH = Formula(lambda n, stride, extent: (n - 1) * stride + extent, f.each("({} − 1)·{} + {}"))
_MISSING = Formula(lambda reach, length: np.maximum(reach - length, 0), f.each("max(0, {} − {})"))
_SHARED = Formula(
    lambda total: np.stack([total // 2, total - total // 2]), lambda t: f"[⌊{t[0]} / 2⌋, {t[0]} − ⌊{t[0]} / 2⌋]"
)


def same_padding(length: int, kernel_size: int, stride: int = 1, dilation: int = 1) -> Trace:
    """(zeros before, zeros behind) along one axis of ``length`` cells.

    ``reach`` is how many cells the windows cover from the first to the last, ``total`` how many of them are missing.
    Raises ShapeError.
    """
    sizes = {
        "length": integer("length", length, 1),
        "kernel_size": integer("kernel_size", kernel_size, 1),
        "stride": integer("stride", stride, 1),
        "dilation": integer("dilation", dilation, 1),
    }
    extent = sizes["dilation"] * (sizes["kernel_size"] - 1) + 1
    before, after = ends(sizes["length"], extent, sizes["stride"])
    out = -(-sizes["length"] // sizes["stride"])
    numbers = sizes | {
        "out_length": out,
        "reach": (out - 1) * sizes["stride"] + extent,
        "total": before + after,
    }
    is_dilated = sizes["dilation"] > 1
    if is_dilated:
        numbers["extent"] = extent
    tensors: Named = {name: np.array(number) for name, number in numbers.items()}
    y = np.array([before, after])
    tensors["y"] = y

    return Trace(y, lambda: Story(Tensors(tensors), (_steps(is_dilated),), tuple(sizes)))


@lru_cache(maxsize=2)
def _steps(is_dilated: bool) -> Block:
    """The steps, which are the same for all numbers."""

    def plan(kind: str, formula: Formula, *reads: str, to: str = "") -> Plan:
        return Plan(kind, formula, tuple(map(Window, reads)), Window(to or kind))

    return block(
        plan("out_length", f.CEIL_OVER, "length", "stride"),
        *([plan("extent", f.EXTENT, "kernel_size", "dilation")] if is_dilated else []),
        plan("reach", _REACH, "out_length", "stride", "extent" if is_dilated else "kernel_size"),
        plan("total", _MISSING, "reach", "length"),
        plan("output", _SHARED, "total", to="y"),
    )
