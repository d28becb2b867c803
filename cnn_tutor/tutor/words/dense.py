"""Words for affine layers, activations and rearranging."""

from cnn_tutor.tutor.words.row import Wording

_ROW = Wording(
    "cells for {o}{i}",
    "Which cells of {t} does {o}{i} use?",
    point="An output is one row times the whole vector.",
    rule="The number of the output is the number of the row, and all of that row is used.",
)

WORDS = {
    ("", "length"): Wording(
        "length",
        "How many entries does {x} have when it is laid out in one row?",
        point="Rows, columns and channels multiply.",
        rule="Multiply the sizes of all axes.",
    ),
    ("flatten", "output"): Wording(
        "vec({x}){i}",
        "Entry {at} of vec({x})?",
        "Write {x} as one vector, row by row.",
        point="Read as you read a page: along the first row, then the next.",
        rule="Row 1 from left to right, then row 2, and so on.",
    ),
    ("reshape", "output"): Wording(
        "{o}",
        "{o}{i} = ?",
        "Fold the vector back: write {o} row by row.",
        point="The first entries fill the first row.",
        rule="Fill row 1 from left to right, then row 2.",
    ),
    **{("linear", f"{kind}.cells"): _ROW for kind in ("output", "weighted_sum")},
    ("linear", "weighted_sum"): Wording(
        "{row}{w} times {x}{vec}",
        "{row}{w} times {x}{vec}, without the bias: = ?",
        point="Use {row}{w} along its length.",
        rule="Multiply pairwise along the row and add.",
    ),
    ("linear", "output"): Wording(
        "{o}{i}",
        "{o}{i}: {row}{w} times {x}{vec} = ?",
        "{o} = {wx} = ?",
        point="This output comes from {row}{w}.",
        rule="Multiply the row and the vector pairwise, and add.",
    ),
    ("linear biased", "output"): Wording(
        "{o}{i}",
        "Add the bias: {o}{i} = ?",
        "{o} = {wx} + {b} = ?",
        point="Each unit has a bias of its own.",
        rule="Row times vector, plus the bias of that unit.",
    ),
    ("relu", "output"): Wording(
        "{o}{i}",
        "{o}{i} = ReLU({x}{i}) = ?",
        "{o} = ReLU({x}) = ?",
        point="Look at each entry on its own: is it above zero?",
        rule="ReLU(z) = max(0, z): a positive entry stays, a negative one becomes 0.",
    ),
    ("", "exponential"): Wording(
        "e^(−{x}{i})",
        "e^(−{x}{i}) = ? Give three significant digits or more.",
        "Exponentiate every entry.",
        point="Mind the sign of the exponent.",
        rule="Use a calculator: e is 2.71828…; a formula such as e^(-2) may be typed.",
    ),
    ("sigmoid", "output"): Wording(
        "{o}{i}",
        "{o}{i} = σ({x}{i}) = ?",
        "{o} = σ({x}) = ?",
        point="A positive z must give more than 0.5, a negative one less.",
        rule="σ(z) = 1 / (1 + e^(−z)).",
    ),
}
