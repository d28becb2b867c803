"""Which numbers share one mean: the sets of batch, layer, group and instance normalisation.

BN takes all samples of one unit or channel, LN the features of one sample, GN the channels of one group of one sample,
IN one channel of one sample. Definition: worksheet 4, sections 2 to 4, and ``torch.nn.functional``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cnn_tutor.engine.arguments import axis_of, entries, integer, shown
from cnn_tutor.engine.trace import (
    Array,
    Cell,
    Index,
)
from cnn_tutor.errors import ShapeError


@dataclass(frozen=True, slots=True)
class Sets:
    """Which cells of x share one mean.

    ``shape`` numbers the sets; ``cells(set)`` is the index of its cells in x; ``affine(set)`` that of its γ and β.
    ``grouped`` is the shape of x with every set spread over ``axes``; γ and β vary along ``affine_axes`` of x.
    """

    shape: tuple[int, ...]
    grouped: tuple[int, ...]
    axes: tuple[int, ...]
    cells: Callable[[Cell], Index]
    affine: Callable[[Cell], Index]
    affine_axes: tuple[int, ...]


def batch_sets(x: Array) -> Sets:
    """The sets of batch normalisation; one sample (F,) has a set for each of its features."""
    channel = 0 if x.ndim == 1 else 1
    others = tuple(axis for axis in range(x.ndim) if axis != channel)
    return _over(x, others, (channel,), affine=lambda one: one)


def layer_sets(x: Array, axes: object) -> Sets:
    """The sets of layer normalisation; raises ShapeError for axes that x lacks."""
    listed = entries(axes)
    shared = [axis_of("axes", axis, x) for axis in ([axes] if listed is None else listed)]
    if not shared or len(set(shared)) != len(shared):
        raise ShapeError(f"axes must name different axes of x, at least one; got {shown(axes)}")
    shared.sort()
    return _over(x, tuple(shared), tuple(shared), affine=lambda _: ())


def group_sets(x: Array, num_groups: object) -> Sets:
    """The sets of group normalisation; raises ShapeError where the groups do not fit."""
    groups = integer("num_groups", num_groups, 1)
    if x.ndim == 0:
        raise ShapeError("x must have a channel axis: (C,), (N, C) or (N, C, *spatial)")
    lead = () if x.ndim == 1 else x.shape[:1]
    channels = x.shape[len(lead)]
    if channels % groups:
        raise ShapeError(f"num_groups must divide the {channels} channels of x, got {groups}")
    size = channels // groups

    def run(one: Cell) -> slice:
        return slice(one[-1] * size, (one[-1] + 1) * size)

    spatial = x.shape[len(lead) + 1 :]
    grouped = (*lead, groups, size, *spatial)
    return Sets(
        shape=(*lead, groups),
        grouped=grouped,
        axes=tuple(range(len(lead) + 1, len(grouped))),
        cells=lambda one: (*one[:-1], run(one)),
        affine=lambda one: (run(one),),
        affine_axes=(len(lead),),
    )


def instance_sets(x: Array) -> Sets:
    """The sets of instance normalisation; raises ShapeError where x has no positions."""
    if x.ndim < 3:
        raise ShapeError(f"x must have positions to average over, (N, C, *spatial); got shape {x.shape}")
    return _over(x, tuple(range(2, x.ndim)), (1,), affine=lambda one: one[1:])


def _over(x: Array, axes: tuple[int, ...], affine_axes: tuple[int, ...], *, affine: Callable[[Cell], Index]) -> Sets:
    """Sets that reach over whole ``axes`` of x."""
    kept = [axis for axis in range(x.ndim) if axis not in axes]

    def cells(one: Cell) -> Index:
        index: list[int | slice] = [slice(None)] * x.ndim
        for axis, at in zip(kept, one, strict=True):
            index[axis] = at
        return tuple(index)

    return Sets(tuple(x.shape[axis] for axis in kept), x.shape, axes, cells, affine, affine_axes)
