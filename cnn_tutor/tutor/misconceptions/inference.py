"""Ideas about running statistics, and about folding batch normalisation into a convolution."""

from __future__ import annotations

import numpy as np

from cnn_tutor.tutor.counterfactual import Given
from cnn_tutor.tutor.misconceptions.row import by_call, by_step

MEAN, VARIANCE = ("update_running_mean",), ("update_running_var",)
WEIGHT, BIAS = ("fold_weight",), ("fold_bias",)


def _is_lopsided(given: Given) -> bool:
    return bool(given.momentum != 1 - given.momentum)


ROWS = (
    by_step(
        "BNI.BIASED_RUNNING_VAR",
        "Divided by m for the store",
        "the stored variance is the one the layer uses",
        "That divides by m, as the layer itself does. Which variance is stored, the biased or the unbiased one?",
        VARIANCE,
        {"batch_var": lambda c: np.mean(c.squares)},
    ),
    by_call(
        "BNI.MOMENTUM_REVERSED",
        "Momentum reversed",
        "momentum is the share of the old value",
        "The old value and the new one seem to have changed shares. Which of them gets the momentum here?",
        (*MEAN, *VARIANCE),
        ("kept", "added"),
        lambda g: g.changed(momentum=1 - g.momentum) if _is_lopsided(g) else None,
    ),
    by_call(
        "BNI.REPLACED",
        "Old value thrown away",
        "the statistics of the last batch are stored",
        "Only this batch seems to count. What share of the old value is kept?",
        (*MEAN, *VARIANCE),
        ("kept", "added"),
        lambda g: g.changed(momentum=1.0),
    ),
    by_step(
        "BNI.ADDED",
        "Old value kept in full",
        "the new share is added to the old value",
        "The old value seems to be kept in full. What share of it stays?",
        (*MEAN, *VARIANCE),
        {"kept": lambda c: c.operands[0]},
    ),
    by_step(
        "FOLD.VAR_FOR_STD",
        "Divided by the variance",
        "the factor is γ / (σ² + ε)",
        "The root seems to be missing. By what does batch normalisation divide?",
        (*WEIGHT, *BIAS),
        {"denominator": lambda c: c.running_var + c.eps},
    ),
    by_step(
        "FOLD.EPS_FORGOT",
        "ε left out",
        "the denominator is √σ²",
        "ε seems to be missing. Where does it stand?",
        (*WEIGHT, *BIAS),
        {"denominator": lambda c: np.sqrt(c.running_var)},
    ),
    by_step(
        "FOLD.GAMMA_ALONE",
        "Only γ in the factor",
        "the factor is γ",
        "γ alone seems to be the factor. What is ẑ divided by before γ meets it?",
        (*WEIGHT, *BIAS),
        {"factor": lambda c: c.gamma},
    ),
    by_step(
        "FOLD.BIAS_UNSCALED",
        "Bias not scaled",
        "the factor is for the weights only",
        "The bias seems to have kept its size. Does normalisation scale it as well?",
        BIAS,
        {"scaled_bias": lambda c: c.shifted_bias},
    ),
    by_step(
        "FOLD.NO_MEAN",
        "Running mean left out",
        "the mean has no place in a convolution",
        "The running mean seems to be left out. What is subtracted from the convolution's result?",
        BIAS,
        {"shifted_bias": lambda c: c.x},
    ),
    by_step(
        "FOLD.NO_BETA",
        "β left out",
        "the new bias is the scaled old one",
        "That is the bias before β. What comes last in batch normalisation?",
        BIAS,
        {"output": lambda c: c.scaled_bias},
    ),
    by_step(
        "FOLD.BETA_SCALED",
        "β scaled too",
        "everything is scaled",
        "β seems to be scaled as well. Does it come before the scaling or after?",
        BIAS,
        {"output": lambda c: c.scaled_bias + c.factor * c.beta},
    ),
)
