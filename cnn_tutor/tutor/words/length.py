"""Words for the length arithmetic, padding and where windows start."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("", "size"): Wording(
        "{D}",
        "Count: how many {axis} does {x} have?",
        point="Count the {axis} of {x}.",
        rule="The length of an axis is the number of entries along it; zeros count.",
    ),
    ("", "kernel_size"): Wording(
        "{K}",
        "Count: how many {axis} does the kernel {w} have?",
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
        "How many {axis} does {x} have after padding?",
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
        "{sizes}",
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
}
