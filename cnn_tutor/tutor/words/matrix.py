"""Words for the two matrix forms."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("", "shape"): Wording(
        "shape of {o}",
        "How many rows, and how many columns, does {o} have?",
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
}
