"""What is asked and hinted for each kind of step, in the worksheet's words.

A row has the label of the value (the left side of ``label = ?``), the prompt for one step, the prompt for a whole
object, a hint that points at the place and a hint that teaches the rule. Rows are found by op family and kind, then by
kind alone; a kind without a row is asked by its label.

Fields: ``{o}`` output, ``{x}`` input, ``{w}`` weights, ``{row}`` which row of them, ``{b}`` bias, ``{wx}`` the product
of weights and input; ``{i}`` subscript and ``{at}`` plain index of what is written; ``{range}`` the cells read; ``{D}``
the name of the axis's length, ``{axis}`` its cells, ``{along}`` its direction; ``{set}`` the numbers that share a mean;
``{s}`` stride, ``{p}`` padding.
"""

from __future__ import annotations

from typing import NamedTuple


class Wording(NamedTuple):
    """The words for one kind of step."""

    label: str
    one: str = "{label} = ?"
    whole: str = "Write all of {label}."
    point: str = "Look at the highlighted cells: this step uses only those."
    rule: str = "Do to them what the formula says."


WORDS: dict[tuple[str, str], Wording] = {
    # ── length arithmetic ──
    ("", "size"): Wording(
        "{D}",
        "Count: how many {axis} has {x}?",
        point="Count the {axis} of {x}.",
        rule="The length of an axis is the number of entries along it; zeros count.",
    ),
    ("", "kernel_size"): Wording(
        "{K}",
        "Count: how many {axis} has the kernel {w}?",
        point="Count {w}, not {x}.",
        rule="The kernel size is the number of weights along the axis; zeros count.",
    ),
    ("", "extent"): Wording(
        "{K} spread out",
        "With dilation, how many cells does the kernel span?",
        point="Each gap between two taps skips cells.",
        rule="d·(K − 1) + 1: the taps are d apart, and both ends count.",
    ),
    ("", "padded_size"): Wording(
        "{D} + 2p",
        "How many {axis} has {x} after padding?",
        point="Padding goes on both ends.",
        rule="Add what is put before and what is put behind to the length.",
    ),
    ("", "padded"): Wording(
        "{x} padded",
        "Write row {at} of the padded input.",
        "Write the padded input.",
        point="The entries of {x} keep their order; only the ends change.",
        rule="Put p = {p} zeros before and p = {p} zeros behind.",
    ),
    ("", "numerator"): Wording(
        "{D} + 2p − {K}",
        "How many cells can the first window move{along}? {label} = ?",
        point="The last window ends where the (padded) input ends.",
        rule="Take the kernel size away from the padded length.",
    ),
    ("", "moves"): Wording(
        "moves",
        "With stride s = {s}, how many moves does the window make{along}?",
        point="A window that would hang over the end does not count.",
        rule="Divide by the stride and round down.",
    ),
    ("", "out_size"): Wording(
        "{D}_out",
        "So how many outputs{along}? {D}_out = ?",
        "What is the output size: {Dall}?",
        point="The window gives one output before its first move.",
        rule="moves + 1.",
    ),
    ("", "starts"): Wording(
        "first index of each window",
        "Count from 1: at which index does each window start?",
        "Count from 1: at which index does each window start{along}?",
        point="The first window starts at 1, and each next one a stride later.",
        rule="1, 1 + s, 1 + 2s, … with s = {s}, one for each output.",
    ),
    # ── convolution ──
    ("", "window"): Wording(
        "window {at}",
        "Which entries does window {at} cover?",
        point="The window for {o}{i} covers {range}.",
        rule="Copy the entries under the window, {range}, in their order.",
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
    # ── pooling ──
    ("", "block"): Wording(
        "block ({at})",
        "Which entries are in block ({at})? Read row by row.",
        point="Block ({at}) covers {range}.",
        rule="Copy its entries, first row first.",
    ),
    ("pool", "sum"): Wording(
        "sum of block ({at})",
        "Add up block ({at}).",
        point="All entries of the block, zeros too.",
        rule="Add them; the division comes next.",
    ),
    ("max_pool", "output"): Wording(
        "{o}{i}",
        "Which is the largest entry of block ({at})?",
        "Write the whole pooled map {o}.",
        point="Compare all entries of the block, with their signs.",
        rule="Keep the largest value itself, not its place.",
    ),
    ("avg_pool", "output"): Wording(
        "{o}{i}",
        "Divide by the number of entries: {o}{i} = ?",
        "Write the whole pooled map {o}.",
        point="How many numbers are in one block?",
        rule="The mean is the sum divided by how many entries there are.",
    ),
    # ── rearranging ──
    ("", "length"): Wording(
        "length",
        "How many entries has {x} when it is laid out in one row?",
        point="Rows, columns and channels multiply.",
        rule="Multiply the sizes of all axes.",
    ),
    ("flatten", "output"): Wording(
        "vec({x})",
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
    # ── affine layers ──
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
    # ── activations ──
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
    ("softmax", "exponential"): Wording("e^{x}", "Exponentiate every logit."),
    ("softmax", "sum"): Wording("Σ e^{x}", "Add the exponentials."),
    ("softmax", "output"): Wording("{o}", "Divide each exponential by their sum.", "{o} = softmax({x}) = ?"),
    # ── normalisation ──
    ("", "set_size"): Wording(
        "m",
        "How many numbers share one mean?",
        point="Look at {set}.",
        rule="Count the numbers in it.",
    ),
    ("batch_norm", "set_size"): Wording(
        "m", "How large is the batch: m = ?", point="Rows are samples.", rule="Count the rows of {x}."
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
    # ── matrix forms ──
    ("", "shape"): Wording(
        "shape of {o}",
        "{o} has how many rows, and how many columns?",
        "What is the shape of {o} (rows, columns)?",
        point="One row for each output position.",
        rule="Rows: output cells. Columns: what one row is multiplied with.",
    ),
    ("", "gap"): Wording(
        "gap",
        "In row 1, how many zeros stand between the first and the second kernel row?",
        point="In vec(X) a whole image row lies between the two.",
        rule="Image width minus kernel width.",
    ),
    ("", "offsets"): Wording(
        "columns of k₁₁",
        "In which column (from 1) does k₁₁ stand in each row of {o}?",
        point="k₁₁ lies on the first pixel of each window. Where is that pixel in vec(X)?",
        rule="(image row − 1)·width + image column, window by window.",
    ),
    ("", "slots"): Wording(
        "kernel entries",
        "How many places hold a kernel entry?",
        "How many places hold a kernel entry: in one row, and in the whole matrix?",
        point="Count places for k, whether or not that k is zero.",
        rule="Each row holds every kernel entry once.",
    ),
    ("", "dense_weights"): Wording(
        "dense weights",
        "A dense layer of the same shape, without bias: how many weights?",
        point="In a dense layer every place of the matrix is a weight of its own.",
        rule="Rows times columns.",
    ),
    ("", "copies"): Wording(
        "copies of entry ({at})",
        "How often does entry ({at}) of {x} occur in {o}?",
        point="It occurs once for every window that covers it.",
        rule="Count the windows over that entry.",
    ),
    ("toeplitz", "output"): Wording(
        "row {at} of {o}",
        "Write row {at} of {o}.",
        "Write {o}.",
        point="k₁₁ goes to the column of the window's first pixel.",
        rule="Lay the kernel on the image at window {at}, zeros elsewhere, and read the image row by row.",
    ),
    ("im2col", "output"): Wording(
        "row {at} of {o}",
        "Write patch {at} as a row.",
        "Write {o}.",
        point="Patch {at} covers {range}.",
        rule="Read the patch row by row.",
    ),
    # ── tracking ──
    ("track", "shape"): Wording(
        "shape after {layer}",
        "Shape after {layer}?",
        point="Take the shape before it: {before}.",
        rule="Filters give the maps; the length formula gives each side. Pooling keeps the number of maps.",
    ),
    ("track", "weights_per_slice"): Wording(
        "weights of one slice",
        "How many weights has one slice of the kernel (one input channel)?",
        point="The kernel is square.",
        rule="Height times width of the kernel.",
    ),
    ("track", "weights_per_filter"): Wording(
        "weights of one filter",
        "How many weights has one filter over all input channels?",
        "How many weights has one filter over all input channels?",
        point="A filter has one slice for each input channel.",
        rule="Weights of a slice times input channels.",
    ),
    ("track", "parameters_per_filter"): Wording(
        "parameters of one filter",
        "And with its bias?",
        point="How many biases has one filter?",
        rule="Weights of the filter plus one.",
    ),
    ("track", "maps"): Wording(
        "feature maps",
        "How many feature maps come out?",
        point="Each filter gives one map.",
        rule="As many maps as filters.",
    ),
    ("track", "parameters"): Wording(
        "parameters of {layer}",
        "How many parameters has {layer}?",
        "How many parameters has {layer}?",
        point="What does this layer learn?",
        rule="Convolution: filters × parameters of one filter. Dense: inputs × units + units. Others: none.",
    ),
    ("track", "total"): Wording(
        "all parameters",
        "How many parameters has the whole network?",
        "How many parameters has the whole network?",
        point="Every layer counts once.",
        rule="Add the parameters of all layers.",
    ),
}

_FAMILIES = {
    "conv1d": ("conv",),
    "conv2d": ("conv",),
    "max_pool1d": ("max_pool", "pool"),
    "max_pool2d": ("max_pool", "pool"),
    "global_max_pool": ("max_pool", "pool"),
    "avg_pool1d": ("avg_pool", "pool"),
    "avg_pool2d": ("avg_pool", "pool"),
    "global_avg_pool": ("avg_pool", "pool"),
    "batch_norm": ("batch_norm", "norm"),
    "layer_norm": ("layer_norm", "norm"),
    "group_norm": ("group_norm", "norm"),
    "instance_norm": ("instance_norm", "norm"),
}


def wording(op: str, kind: str, *, biased: bool = False) -> Wording:
    """The words for a ``kind`` of step of ``op``."""
    families = _FAMILIES.get(op, (op,))
    for family in (*(f"{family} biased" for family in families if biased), *families, ""):
        found = WORDS.get((family, kind))
        if found is not None:
            return found
    return Wording(kind.replace("_", " "))


def set_words(op: str, index: tuple[int, ...]) -> str:
    """The numbers that share one mean, in words, for the set at a 0-based index."""
    numbers = [one + 1 for one in index]
    match op, numbers:
        case "batch_norm", [unit]:
            return f"column {unit}"
        case "layer_norm", [sample]:
            return f"row {sample}"
        case "group_norm", [group]:
            return f"group {group}"
        case "group_norm", [sample, group]:
            return f"group {group} of sample {sample}"
        case "instance_norm", [sample, channel]:
            return f"channel {channel} of sample {sample}"
        case _, []:
            return "the sample"
        case _:
            return f"set {','.join(map(str, numbers))}"
