"""Words for "same" padding and receptive fields."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("same_padding", "out_length"): Wording(
        "outputs",
        "With “same” padding, how many outputs are there?",
        point="It depends on the length and the stride alone.",
        rule="⌈L / s⌉: divide the length by the stride and round up.",
    ),
    ("same_padding", "reach"): Wording(
        "cells reached",
        "How many cells must there be, from the first cell of the first window to the last of the last?",
        point="The windows start a stride apart, and the last one lies there as a whole.",
        rule="(outputs − 1)·s + K.",
    ),
    ("same_padding", "total"): Wording(
        "zeros in all",
        "So how many zeros are missing in all?",
        point="The input has some of those cells already.",
        rule="Cells reached minus the length; never less than 0.",
    ),
    ("same_padding", "output"): Wording(
        "zeros before, behind",
        "How many zeros stand before the input, and how many behind it?",
        "How many zeros stand before the input, and how many behind it?",
        point="Both ends get the same number, or nearly.",
        rule="Half of them, rounded down, stand before; the rest stands behind.",
    ),
    ("receptive_field", "growth"): Wording(
        "layer {at}: cells added",
        "By how many input cells does layer {at} widen the field?",
        point="It looks at k neighbours, and neighbours lie as far apart as the layers before it left them.",
        rule="(k − 1) times the jump before this layer; the jump is 1 before the first layer.",
    ),
    ("receptive_field", "output"): Wording(
        "r{i}",
        "So how many input cells does one entry see after layer {at}?",
        "Write the receptive field after each layer.",
        point="A single entry of the input sees itself: the field starts at 1.",
        rule="The field before the layer, plus what the layer adds.",
    ),
    ("receptive_field", "jump"): Wording(
        "jump{i}",
        "After layer {at}, how many input cells lie from one entry to the next?",
        "Write the jump after each layer.",
        point="Every stride spreads the entries further.",
        rule="The jump before the layer times its own stride.",
    ),
}
