"""Words for running statistics and for folding batch normalisation."""

from cnn_tutor.tutor.words.row import Wording

_ADDED = Wording(
    "share of the new value{i}",
    "What does the batch add for feature {at}: momentum times its own value = ?",
    point="The momentum is the share of the new value.",
    rule="Momentum times the statistic of this batch.",
)

WORDS = {
    ("", "kept"): Wording(
        "what is kept{i}",
        "What is kept of the old value of feature {at}?",
        point="What is not new is old: both shares add up to 1.",
        rule="(1 − momentum) times the old value.",
    ),
    ("", "added"): _ADDED,
    ("", "batch_var"): Wording(
        "s²{i}",
        "The unbiased variance of feature {at}, which is the one to be stored: = ?",
        point="Add the squares, then mind by what you divide.",
        rule="The sum of squares divided by m − 1, not by m.",
    ),
    ("update_running_mean", "mean"): Wording(
        "μ{i}",
        "The mean of feature {at} over this batch: μ{i} = ?",
        point="All samples of that feature.",
        rule="Sum divided by how many there are.",
    ),
    ("update_running_var", "mean"): Wording(
        "μ{i}",
        "The mean of feature {at} over this batch: μ{i} = ?",
        point="All samples of that feature.",
        rule="Sum divided by how many there are.",
    ),
    ("update_running_var", "deviations"): Wording(
        "{x} − μ{i}",
        "Subtract its mean from feature {at}.",
        point="They add up to zero.",
        rule="Number minus mean, in that order.",
    ),
    ("update_running_var", "squares"): Wording(
        "({x} − μ)²",
        "Square these deviations.",
        point="Square the deviations, not the numbers.",
        rule="Each deviation times itself.",
    ),
    ("update_running_mean", "output"): Wording(
        "{o}{i}",
        "The new running mean of feature {at}: {o}{i} = ?",
        "Write the new running mean {o}.",
        point="Old share and new share.",
        rule="What is kept plus what is added.",
    ),
    ("update_running_var", "output"): Wording(
        "{o}{i}",
        "The new running variance of feature {at}: {o}{i} = ?",
        "Write the new running variance {o}.",
        point="Old share and new share.",
        rule="What is kept plus what is added.",
    ),
    **{
        (op, "denominator"): Wording(
            "√({running_var}{i} + ε)",
            "By what does batch normalisation divide? {label} = ?",
            point="The running variance is used, not that of a batch.",
            rule="The root of running variance plus ε.",
        )
        for op in ("fold_weight", "fold_bias")
    },
    ("", "factor"): Wording(
        "factor{i}",
        "By which factor is everything in the filter multiplied? {label} = ?",
        point="γ scales what has been divided.",
        rule="γ divided by √(σ² + ε).",
    ),
    ("fold_weight", "output"): Wording(
        "{o}{i}",
        "The new weights: {o}{i} = ?",
        "Write the new weights {o}.",
        point="Every weight of the filter is scaled alike.",
        rule="Factor times old weight.",
    ),
    ("", "shifted_bias"): Wording(
        "{x}{i} − {running_mean}{i}",
        "The bias minus the running mean: {label} = ?",
        point="Normalisation subtracts the mean from the result, bias included.",
        rule="Old bias minus running mean.",
    ),
    ("", "scaled_bias"): Wording(
        "factor · ({x}{i} − {running_mean}{i})",
        "Scale that with the factor of the weights: {label} = ?",
        point="The bias is scaled like the weights.",
        rule="Factor times the difference.",
    ),
    ("fold_bias", "output"): Wording(
        "{o}{i}",
        "The new bias: {o}{i} = ?",
        "The new bias {o} = ?",
        point="β comes last and is not scaled.",
        rule="Scaled difference plus β.",
    ),
}
