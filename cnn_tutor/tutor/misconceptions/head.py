"""Ideas about the head of a network: global pooling, softmax, cross-entropy."""

from __future__ import annotations

import numpy as np

from cnn_tutor.tutor.counterfactual import Change, Counterfactual, Given
from cnn_tutor.tutor.misconceptions.row import Misconception, by_step

SOFTMAX, LOSS, GLOBAL = ("softmax",), ("cross_entropy",), ("global_avg_pool",)


def _each_alone(given: Given) -> dict[str, Change]:
    """A sigmoid in the place of softmax, wherever its probabilities stand."""
    kind = "output" if given.call.op == "softmax" else "probabilities"
    return {kind: lambda c: 1 / (1 + np.exp(-c.x))}


def _loss(id_: str, name: str, believes: str, says: str, change: Change) -> Misconception:
    """A row about how probabilities become the loss of one sample."""

    def steps(given: Given) -> dict[str, Change]:
        return {"losses" if given.x.ndim == 2 else "output": change}

    return Misconception(id_, name, believes, says, LOSS, ("losses", "output"), Counterfactual(steps=steps))


ROWS = (
    by_step(
        "SM.NO_EXP",
        "No exponential",
        "softmax divides the logits by their sum",
        "Those are the logits divided by their sum. What is done to each logit first?",
        (*SOFTMAX, *LOSS),
        {"exponential": lambda c: c.x},
    ),
    Misconception(
        "SM.SIGMOID_EACH",
        "Sigmoid on each logit",
        "softmax treats each logit alone",
        "Those are sigmoids, one for each logit. What must the results add up to?",
        (*SOFTMAX, *LOSS),
        ("output", "probabilities"),
        Counterfactual(steps=_each_alone),
    ),
    _loss(
        "CE.NO_LOG",
        "Logarithm left out",
        "the loss is what the probability lacks to 1",
        "That is 1 minus the probability of the right class. What does cross-entropy take of that probability?",
        lambda c: 1 - np.sum(c.target * c.probabilities),
    ),
    _loss(
        "CE.SIGN",
        "Minus sign left out",
        "the loss is the logarithm itself",
        "A logarithm of a probability is never positive. With which sign does it go into a loss?",
        lambda c: np.sum(c.target * np.log(c.probabilities)),
    ),
    _loss(
        "CE.LOG10",
        "Logarithm to base 10",
        "log on the calculator is the natural logarithm",
        "That is the logarithm to another base. Which one goes with e?",
        lambda c: -np.sum(c.target * np.log10(c.probabilities)),
    ),
    _loss(
        "CE.ALL_CLASSES",
        "All classes counted",
        "every class adds its logarithm",
        "The logarithms of all classes seem to be in it. With what is each of them multiplied?",
        lambda c: -np.sum(np.log(c.probabilities)),
    ),
    by_step(
        "CE.SUM",
        "Samples added",
        "the loss of a batch is a sum",
        "The losses of the samples seem to be added. What is done with them in a batch?",
        LOSS,
        {"output": lambda c: np.sum(c.losses)},
        when=lambda g: g.x.ndim == 2 and len(g.x) > 1,
    ),
    by_step(
        "GAP.SUM",
        "Map added up",
        "global pooling adds",
        "That is the sum of the map. What is still to be done with it?",
        GLOBAL,
        {"output": lambda c: c.sum},
    ),
    by_step(
        "GAP.MAX",
        "Largest entry of the map",
        "global pooling keeps the largest entry",
        "That is the largest entry of the map. What does average pooling ask for?",
        GLOBAL,
        {"output": lambda c: np.max(c.blocks)},
    ),
)
