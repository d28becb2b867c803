"""Ideas about γ and β."""

from __future__ import annotations

from typing import Any

from cnn_tutor.tutor.counterfactual import Change, Counterfactual, Given, Tensors
from cnn_tutor.tutor.misconceptions.row import NORMS, Misconception, by_whole


def _is_affine(given: Given) -> bool:
    return given.gamma is not None and given.beta is not None


def _affine(id_: str, name: str, believes: str, says: str, change: Change) -> Misconception:
    """A row about γ and β."""
    steps: dict[str, Change] = {"output": change}
    counterfactual = Counterfactual(steps=lambda given: steps if _is_affine(given) else {})
    return Misconception(id_, name, believes, says, NORMS, ("output",), counterfactual)


def _per_sample(t: Tensors) -> Any:
    """γ and β by rows instead of columns."""
    given = t.given
    if not _is_affine(given) or given.x.ndim != 2 or len(set(given.x.shape)) != 1:
        return None
    return given.gamma[:, None] * t.normalised + given.beta[:, None]


ROWS = (
    _affine(
        "AFF.SWAP",
        "γ and β exchanged",
        "β scales and γ shifts",
        "γ and β seem to have changed roles. Which one multiplies?",
        lambda c: c.beta * c.normalised + c.gamma,
    ),
    _affine(
        "AFF.BETA_FIRST",
        "β added before scaling",
        "the shift comes first",
        "β seems to be scaled as well. Which comes first, scaling or shifting?",
        lambda c: c.gamma * (c.normalised + c.beta),
    ),
    by_whole(
        "AFF.PER_SAMPLE",
        "γ and β by sample",
        "γ₁ belongs to sample 1",
        "γ and β seem to go with the rows. Does γ₁ belong to a sample or to a unit?",
        ("batch_norm", "layer_norm"),
        {"y": _per_sample},
    ),
    _affine(
        "AFF.NO_GAMMA",
        "γ forgotten",
        "only the shift is applied",
        "The scale seems to be missing. What does γ do?",
        lambda c: c.normalised + c.beta,
    ),
    _affine(
        "AFF.NO_BETA",
        "β forgotten",
        "only the scale is applied",
        "The shift seems to be missing. What does β do?",
        lambda c: c.gamma * c.normalised,
    ),
    _affine(
        "AFF.ON_RAW",
        "γ and β on z itself",
        "scale and shift act on z",
        "γ and β seem to act on z. On which values do they act?",
        lambda c: c.gamma * c.x + c.beta,
    ),
)
