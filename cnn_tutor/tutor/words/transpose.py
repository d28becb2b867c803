"""Words for transposed convolution."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("", "shifts"): Wording(
        "{D} − 1",
        "How many shifts lie between the first copy of the kernel and the last{along}?",
        point="Each entry of {x} lays down one copy.",
        rule="One less than the number of entries.",
    ),
    ("", "laid_size"): Wording(
        "length of what is laid down",
        "How many cells do all the copies cover{along}, one beside or over the other?",
        point="Each shift moves on by the stride s = {s}; the last copy lies there as a whole.",
        rule="(entries − 1)·s + kernel size.",
    ),
    ("conv_transpose", "out_size"): Wording(
        "{sizes}",
        "So how many outputs{along}? {D}_out = ?",
        "What is the output size: {Dall}?",
        point="Padding takes cells away at both ends here.",
        rule="What is laid down, minus the padding on both ends, plus the output padding.",
    ),
    ("", "scaled_copies"): Wording(
        "copy for {x}{i}",
        "Multiply {w} by {x}{i}: write that copy of the kernel.",
        point="Every weight is multiplied by the same entry of {x}.",
        rule="The kernel as it is written, times the entry.",
    ),
    ("conv_transpose", "weighted_sum"): Wording(
        "{o}{i} without bias",
        "Add what the copies lay on cell {at}.",
        point="Where copies overlap, all of them count.",
        rule="Add everything that lands on this cell; nothing is written over.",
    ),
    ("conv_transpose", "output"): Wording(
        "{o}{i}",
        "Add what the copies lay on cell {at}: {o}{i} = ?",
        "Write the whole output {o}.",
        point="Where copies overlap, all of them count.",
        rule="Add everything that lands on this cell; nothing is written over.",
    ),
    ("conv_transpose biased", "output"): Wording(
        "{o}{i}",
        "Add the bias: {o}{i} = ?",
        "Write the whole output {o}.",
        point="There is one bias for each filter, added once.",
        rule="Sum of what was laid down, plus the bias.",
    ),
}
