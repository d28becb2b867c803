"""Backward through normalisation: μ and σ² depend on every number of a set, so each gradient reaches all of them.

    dẑ = γ · dy      dz = (dẑ − mean(dẑ) − ẑ · mean(dẑ · ẑ)) / √(σ² + ε)      dγ = Σ dy · ẑ      dβ = Σ dy

The means are taken over the sets of the forward pass (see :mod:`cnn_tutor.engine.norm`), so the gradients of a set add
up to 0. Definition: Ioffe and Szegedy 2015, section 3, and the gradients of ``torch.nn.functional``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.arguments import as_tensor
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.norm import normalise, of_shape
from cnn_tutor.engine.sets import Sets, batch_sets, group_sets, instance_sets, layer_sets
from cnn_tutor.engine.trace import Array, Block, Cell, Index, Plan, Story, Tensors, Trace, Window, unravel
from cnn_tutor.errors import ShapeError

_CENTRED = Formula(
    lambda grad, mean, z, along: grad - mean - z * along,
    f.each("{} − ({}) − ({})·({})"),
)


def batch_norm_backward(x: Any, grad: Any, gamma: Any = None, *, eps: float = 1e-5) -> Trace:
    """The gradient of the input of a :func:`batch_norm` in training; ``grad`` and ``gamma`` as there.

    With γ the trace also holds ``gamma_grad`` and ``beta_grad``. Raises ShapeError.
    """
    x = as_tensor("x", x)
    if x.ndim < 2:
        raise ShapeError(f"x must be a batch (N, F) or (N, C, *spatial), got shape {x.shape}")
    return _backward(x, batch_sets(x), grad, gamma, eps)


def layer_norm_backward(
    x: Any, grad: Any, gamma: Any = None, *, eps: float = 1e-5, axes: int | Sequence[int] = -1
) -> Trace:
    """The gradient of the input of a :func:`layer_norm`; see :func:`batch_norm_backward`."""
    x = as_tensor("x", x)
    return _backward(x, layer_sets(x, axes), grad, gamma, eps)


def group_norm_backward(x: Any, grad: Any, num_groups: int, gamma: Any = None, *, eps: float = 1e-5) -> Trace:
    """The gradient of the input of a :func:`group_norm`; see :func:`batch_norm_backward`."""
    x = as_tensor("x", x)
    return _backward(x, group_sets(x, num_groups), grad, gamma, eps)


def instance_norm_backward(x: Any, grad: Any, gamma: Any = None, *, eps: float = 1e-5) -> Trace:
    """The gradient of the input of an :func:`instance_norm`; see :func:`batch_norm_backward`."""
    x = as_tensor("x", x)
    return _backward(x, instance_sets(x), grad, gamma, eps)


@np.errstate(all="ignore")
def _backward(x: Array, sets: Sets, grad: Any, gamma: Any, eps: Any) -> Trace:
    forward = normalise(x, sets, None, None, eps)
    grad = of_shape("grad", grad, x.shape)
    grad = grad if grad.dtype.kind == "f" else grad.astype(np.float64)
    learned = tuple(x.shape[axis] for axis in sets.affine_axes)
    gamma = None if gamma is None else of_shape("gamma", gamma, learned)
    along = tuple(n if axis in sets.affine_axes else 1 for axis, n in enumerate(x.shape))
    scaled = grad if gamma is None else grad * gamma.reshape(along)
    z, denominator = forward.output, forward.tensors["denominator"]

    def over(values: Array) -> Array:
        return np.asarray(values.reshape(sets.grouped).mean(axis=sets.axes))

    def spread(statistic: Array) -> Array:
        return np.broadcast_to(np.expand_dims(statistic, sets.axes), sets.grouped).reshape(x.shape)

    products = scaled * z
    mean, share = over(scaled), over(products)
    centred = scaled - spread(mean) - z * spread(share)
    y = centred / spread(denominator)
    tensors: Named = {
        "grad": grad,
        "grad_mean": mean,
        "grad_products": products,
        "grad_share": share,
        "centred_grad": centred,
        "y": y,
    }
    if gamma is not None:
        others = tuple(axis for axis in range(x.ndim) if axis not in sets.affine_axes)
        tensors |= {
            "gamma": gamma,
            "scaled_grad": scaled,
            "gamma_grad": np.asarray((grad * z).sum(axis=others)),
            "beta_grad": np.asarray(grad.sum(axis=others)),
        }
    return Trace(y, lambda: _story(forward, sets, tensors, x.shape, learned))


def _story(forward: Trace, sets: Sets, tensors: Named, shape: tuple[int, ...], learned: tuple[int, ...]) -> Story:
    """The forward pass, then set by set its gradients; at the end those of γ and β."""
    first = forward.renamed({"y": "normalised"}).story
    has_gamma = "gamma" in tensors
    source = "scaled_grad" if has_gamma else "grad"

    def plans(one: Cell) -> list[Plan]:
        cells = sets.cells(one)
        scaled, z = Window(source, cells), Window("normalised", cells)
        mean, share = Window("grad_mean", one), Window("grad_share", one)
        products, centred = Window("grad_products", cells), Window("centred_grad", cells)
        reads = (Window("grad", cells), Window("gamma", sets.affine(one)))
        return [
            *([Plan("scaled_grad", f.SCALE, reads, scaled)] if has_gamma else []),
            Plan("grad_mean", f.MEAN, (scaled,), mean),
            Plan("grad_products", f.TIMES, (scaled, z), products),
            Plan("grad_share", f.MEAN, (products,), share),
            Plan("centred_grad", _CENTRED, (scaled, mean, z, share), centred),
            Plan("output", f.OVER, (centred, Window("denominator", one)), Window("y", cells)),
        ]

    def parameters(item: int, part: int) -> Plan:
        cell = unravel(item, learned)
        index: list[int | slice] = [slice(None)] * len(shape)
        for axis, at in zip(sets.affine_axes, cell, strict=True):
            index[axis] = at
        where: Index = tuple(index)
        grad = Window("grad", where)
        if part == 0:
            reads = (grad, Window("normalised", where))
            return Plan("gamma_grad", f.DOT, reads, Window("gamma_grad", cell))
        return Plan("beta_grad", f.SUM, (grad,), Window("beta_grad", cell))

    count, width = math.prod(sets.shape), len(plans((0,) * len(sets.shape)))
    back = Block(count, width, lambda item, part: plans(unravel(item, sets.shape))[part])
    last = [Block(math.prod(learned), 2, parameters)] if has_gamma else []
    kept = [one for one in first.blocks if one.plan(0, 0).op != "parameters"]
    own = {name: tensor for name, tensor in first.tensors.items() if name != "parameters"}
    given = (*first.inputs, "grad", *(["gamma"] if has_gamma else []))
    return Story(Tensors(own) | Tensors(tensors), (*kept, back, *last), given)
