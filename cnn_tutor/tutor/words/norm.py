"""Words for normalisation."""

from cnn_tutor.tutor.words.row import Wording

_SHARED = Wording(
    "cells of μ{i}",
    "Which cells of {t} share the mean μ{i}?",
    point="One mean, one set of numbers: which ones does this method put together?",
    rule="A mean belongs to all cells over which it is taken.",
)
_OF_BATCH = _SHARED._replace(
    point="Batch normalisation looks at one feature at a time.",
    rule="Each feature has a mean of its own, taken over every sample.",
)
_OF_LAYER = _SHARED._replace(
    point="Layer normalisation looks at one sample at a time.",
    rule="Each sample has a mean of its own, taken over all its features.",
)
_OF_GROUP = _SHARED._replace(
    point="Neighbouring features form a group, and all groups are of one size.",
    rule="Cut the features of a sample into equal runs, in their order; each run has its own mean.",
)

WORDS = {
    ("", "set_size"): Wording(
        "m",
        "How many numbers share one mean?",
        point="Look at {set}.",
        rule="Count the numbers in it.",
    ),
    ("batch_norm", "set_size"): Wording(
        "m", "How large is the batch: m = ?", point="Rows are samples.", rule="Count the rows of {x}."
    ),
    ("norm maps", "set_size"): Wording(
        "m",
        "How many numbers share one mean: m = ?",
        point="Look at {set}: which samples, channels and positions belong to it?",
        rule="Multiply the sizes of the axes over which the mean is taken.",
    ),
    ("batch_norm maps", "set_size"): Wording(
        "m",
        "How many numbers share one mean: m = ?",
        point="A channel has its positions in every sample.",
        rule="Samples times height times width.",
    ),
    ("group_norm", "set_size"): Wording(
        "C/G",
        "How many features are in one group: C/G = ?",
        point="G is the number of groups, not their size.",
        rule="Divide the number of features C by the number of groups G.",
    ),
    ("", "set"): Wording(
        "{set}",
        "Which values of {x} are in {set}?",
        point="Neighbours belong together.",
        rule="Copy the values of {set} in their order.",
    ),
    **{("norm", f"{kind}.cells"): _SHARED for kind in ("set", "sum")},
    **{("batch_norm", f"{kind}.cells"): _OF_BATCH for kind in ("set", "sum")},
    **{("layer_norm", f"{kind}.cells"): _OF_LAYER for kind in ("set", "sum")},
    **{("group_norm", f"{kind}.cells"): _OF_GROUP for kind in ("set", "sum")},
    ("norm", "sum"): Wording(
        "sum of {set}",
        "Add up {set}.",
        point="Only {set}.",
        rule="Add its numbers.",
    ),
    ("", "mean"): Wording(
        "μ{i}",
        "The mean of {set}: μ{i} = ?",
        "Write all means μ.",
        point="The mean belongs to {set}.",
        rule="Sum divided by how many numbers there are.",
    ),
    ("", "deviations"): Wording(
        "{x} − μ{i}",
        "Subtract the mean from {set}.",
        point="One deviation for each number of {set}; they add up to zero.",
        rule="Number minus mean, in that order.",
    ),
    ("", "squares"): Wording(
        "({x} − μ{i})²",
        "Square these deviations.",
        point="Square what you have just found, not {x} itself.",
        rule="Each deviation times itself; no square is negative.",
    ),
    ("", "variance"): Wording(
        "σ²{i}",
        "The variance of {set}: σ²{i} = ?",
        "Write all variances σ².",
        point="It is the mean of the squares.",
        rule="Add the squares and divide by how many there are (m, not m − 1).",
    ),
    ("", "denominator"): Wording(
        "√(σ²{i} + ε)",
        "The denominator for {set}: √(σ²{i} + ε) = ?",
        point="ε stands under the root, so that nothing is ever divided by zero.",
        rule="Add ε to the variance, then take the square root.",
    ),
    ("", "normalised"): Wording(
        "ẑ",
        "Normalise {set}: ẑ = ?",
        "Write all normalised values ẑ.",
        point="You have the deviations and the denominator.",
        rule="Deviation divided by denominator.",
    ),
    ("norm", "output"): Wording(
        "{o}",
        "Scale and shift {set}: γ·ẑ + β = ?",
        "Write the whole of {o} = γ·ẑ + β.",
        point="γ multiplies, β is added.",
        rule="γ times ẑ, plus β.",
    ),
}
