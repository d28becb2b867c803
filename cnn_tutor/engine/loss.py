"""Cross-entropy: how little probability softmax gives to the right class.

    p = softmax(z)      loss = −Σ_k t_k · ln p_k      (the mean over the samples of a batch)

Definition and name: ``torch.nn.functional.cross_entropy``, which takes logits and does the softmax itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.activation import softmax
from cnn_tutor.engine.arguments import as_tensor
from cnn_tutor.engine.formula import Formula
from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.trace import Array, Block, Plan, Story, Tensors, Trace, Window, block, unravel
from cnn_tutor.errors import ShapeError


def _spell_loss(target: Sequence[str], p: Sequence[str]) -> str:
    terms = [f"ln {one}" if t == "1" else f"{t}·ln {one}" for t, one in zip(target, p, strict=True) if t != "0"]
    return f"−({' + '.join(terms)})" if len(terms) != 1 else f"−{terms[0]}"


def _spell_steep(target: Sequence[str], z: Sequence[str], total: Sequence[str]) -> str:
    terms = (f"{t}·(ln {total[0]} − {one})" for t, one in zip(target, z, strict=True) if t != "0")
    return " + ".join(terms) or "0"


_LOSS = Formula(lambda t, p: -np.sum(np.where(t == 0, 0, t * np.log(p))), _spell_loss)
_STEEP_LOSS = Formula(lambda t, z, total: np.sum(np.where(t == 0, 0, t * (np.log(total) - z))), _spell_steep)
"""The same from shifted logits, where a probability may be too small for a float."""


def _losses(shares: Array, scores: Array, total: Array | None = None) -> Array:
    """The formula for each sample: from its probabilities, or from shifted logits and the sum of their exponentials."""
    logarithms = -np.log(scores) if total is None else np.log(total)[..., None] - scores
    return np.asarray(np.where(shares == 0, 0, shares * logarithms).sum(axis=-1))


@np.errstate(all="ignore")
def cross_entropy(x: Any, target: Any) -> Trace:
    """The loss of logits ``x`` (K,) or (N, K): one number.

    ``target`` is the class of each sample, () or (N,), counting from 0 as in torch, or its probabilities, of x's shape.
    ``probabilities`` are the softmax of x, ``losses`` those of the samples of a batch. Raises ShapeError.
    """
    logits = as_tensor("x", x)
    if logits.ndim not in (1, 2):
        raise ShapeError(f"x must be logits (K,) or (N, K), got shape {logits.shape}")
    classes = as_tensor("target", target)
    is_index = classes.shape == logits.shape[:-1]
    if not is_index and classes.shape != logits.shape:
        raise ShapeError(
            f"target must be the class of each sample, of shape {logits.shape[:-1]}, or its probabilities, of shape "
            f"{logits.shape}; got {classes.shape}"
        )
    inner = softmax(logits).renamed({"y": "probabilities"})
    tensors: Named = {name: inner.tensors[name] for name in inner.tensors}
    shares = _marked(classes, logits.shape[-1]) if is_index else classes
    tensors |= {"target": classes, "marked": shares} if is_index else {"target": classes}
    is_steep = "shifted" in tensors
    samples = logits.shape[:-1]
    formula = _STEEP_LOSS if is_steep else _LOSS
    read = ("shifted", "sum") if is_steep else ("probabilities",)
    losses = np.asarray(_losses(shares, *(np.asarray(tensors[name]) for name in read)))
    y = np.asarray(losses.mean())
    tensors |= {"y": y} | ({"losses": losses} if samples else {})

    def plan(item: int, part: int) -> Plan:
        one = unravel(item, samples)
        reads = (Window("marked" if is_index else "target", one), *(Window(name, one) for name in read))
        loss = Plan("losses", formula, reads, Window("losses", one)) if samples else None
        loss = loss or Plan("output", formula, reads, Window("y"))
        if not is_index:
            return loss
        return [Plan("marked", _mark(logits.shape[-1]), (Window("target", one),), Window("marked", one)), loss][part]

    def tell() -> Story:
        blocks = [*map(_before_the_loss, inner.blocks), Block(math.prod(samples), 1 + is_index, plan)]
        if samples:
            blocks.append(block(Plan("output", f.MEAN, (Window("losses"),), Window("y"))))
        return Story(Tensors(tensors), tuple(blocks), ("x", "target"))

    return Trace(y, tell)


def _before_the_loss(softmax_block: Block) -> Block:
    """The steps of softmax, whose result is not yet the output."""

    def plan(item: int, part: int) -> Plan:
        was = softmax_block.plan(item, part)
        return Plan("probabilities" if was.op == "output" else was.op, was.formula, was.reads, was.target)

    return Block(softmax_block.count, softmax_block.width, plan)


def _mark(classes: int) -> Formula:
    """The class as a vector with a 1 in its place."""
    return Formula(
        lambda k: (np.arange(classes) == k).astype(np.int64), lambda k: f"a 1 at class {k[0]}, counted from 0"
    )


def _marked(target: Array, classes: int) -> Array:
    if target.dtype.kind != "i" or target.min() < 0 or target.max() >= classes:
        raise ShapeError(f"target must hold whole numbers from 0 to {classes - 1}")
    return np.asarray(np.arange(classes) == target[..., None], dtype=np.int64)
