"""Words for pooling."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("", "block"): Wording(
        "block ({at})",
        "Which entries are in block ({at})? Read row by row.",
        point="Block ({at}) covers {range}.",
        rule="Copy its entries, first row first.",
    ),
    ("", "block.cells"): Wording(
        "place of block ({at})",
        "Which cells of {t} does block ({at}) cover?",
        point="The first block lies in the corner; each next one is one stride further on.",
        rule="Find its first cell, then take as many cells along each axis as a block has.",
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
}
