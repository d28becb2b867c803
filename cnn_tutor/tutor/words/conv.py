"""Words for convolution and parameters."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("", "window"): Wording(
        "window {at}",
        "Which entries does window {at} cover?",
        point="The window for {o}{i} covers {range}.",
        rule="Copy the entries under the window, {range}, in their order.",
    ),
    ("", "window.cells"): Wording(
        "place of window {at}",
        "Which cells of {t} does window {at} cover?",
        point="Window 1 lies at the very start of {t}; each next one is one stride further on.",
        rule="Find its first cell, then take as many cells along each axis as {w} has.",
    ),
    ("", "products"): Wording(
        "window {at} ⊙ {w}",
        "Multiply window {at} entry by entry with {w}.",
        point="Each entry of the window meets the weight that lies on the same place; nothing is turned round.",
        rule="Entry times weight, place by place. Do not add yet.",
    ),
    ("", "channel_sums"): Wording(
        "channel sums at {at}",
        "Add the products of each channel.",
        point="One sum for each channel.",
        rule="Within a channel, add all products.",
    ),
    ("", "weighted_sum"): Wording(
        "Σ products for {o}{i}",
        "Add the products, without the bias yet.",
        point="All products of this window go into one number.",
        rule="Add them, minding the signs.",
    ),
    ("conv", "output"): Wording(
        "{o}{i}",
        "Add up: {o}{i} = ?",
        "Write the whole output {o}.",
        point="All products of this window make one output.",
        rule="Add the products, minding the signs.",
    ),
    ("conv biased", "output"): Wording(
        "{o}{i}",
        "Add the bias: {o}{i} = ?",
        "Write the whole output {o}.",
        point="There is one bias for each filter, added once.",
        rule="Weighted sum plus bias.",
    ),
    ("", "weights"): Wording(
        "weights",
        "How many different weights were used for all of {o} together?",
        point="Every window uses the same {w}.",
        rule="Count the entries of {w} once: they are shared by all positions.",
    ),
    ("", "biases"): Wording(
        "biases", "How many biases does this layer have?", rule="One for each output channel or unit."
    ),
    ("", "parameters"): Wording(
        "parameters",
        "How many parameters does this layer learn?",
        point="Ask what would change during training.",
        rule="Count weights and biases; a layer with neither learns nothing.",
    ),
}
