"""Words for gradients."""

from cnn_tutor.tutor.words.row import Wording

WORDS = {
    ("", "weight_grad"): Wording(
        "d{w}{i}",
        "The gradient of {w}{i}: what it met, times the gradients of what that went into, added up = ?",
        "Write the gradient of all weights.",
        point="This weight met {range} of {x}, window by window.",
        rule="Entry it met times gradient of that output, for every window; add them.",
    ),
    ("", "bias_grad"): Wording(
        "db{i}",
        "The gradient of the bias: = ?",
        "Write the gradients of the biases.",
        point="The bias went into every output of its filter, as it is.",
        rule="Add all gradients of that filter's outputs.",
    ),
    ("conv_backward", "scaled_copies"): Wording(
        "what {grad}{i} sends back",
        "What does {grad}{i} send back to the entries of its window? {w} times {grad}{i} = ?",
        point="Each entry of the window reached this output through one weight.",
        rule="Every weight times this gradient.",
    ),
    ("conv_backward", "output"): Wording(
        "{o}{i}",
        "Add what lands on entry {at}: {o}{i} = ?",
        "Write the gradient of the whole input, {o}.",
        point="An entry under several windows hears from each of them.",
        rule="Lay each copy where its window stood, and add what lands on the entry.",
    ),
    ("max_pool_backward", "shares"): Wording(
        "what block {at} sends back",
        "Where does the gradient of block {at} go? Write what each entry of the block gets, row by row.",
        point="Only the entry that won has moved the maximum.",
        rule="The largest entry (the first of equals) gets all of it, the others get 0.",
    ),
    ("max_pool_backward", "block"): Wording(
        "block {at}",
        "Which entries are in block {at}? Row by row.",
        point="As going forward: blocks lie a stride apart.",
        rule="Copy the entries of the block, row by row.",
    ),
    ("avg_pool_backward", "shares"): Wording(
        "share of block {at}",
        "What does each entry of block {at} get?",
        point="A mean moves little when one entry moves.",
        rule="The gradient of the block divided by how many entries it has.",
    ),
    **{
        (op, "output"): Wording(
            "{o}{i}",
            "The gradient of entry {at}: {o}{i} = ?",
            "Write the gradient of the whole input, {o}.",
            point="Every entry gets what its block sends; in several blocks it gets all of that.",
            rule="Put what each block sends into its place; entries that get nothing have 0.",
        )
        for op in ("max_pool_backward", "avg_pool_backward")
    },
    ("", "scaled_grad"): Wording(
        "dẑ",
        "Backward through γ: what is the gradient of ẑ in {set}?",
        point="ẑ was multiplied by γ.",
        rule="γ times {grad}.",
    ),
    ("", "grad_mean"): Wording(
        "mean of dẑ",
        "The mean of these gradients, for {set}: = ?",
        point="All of the set that shares one μ.",
        rule="Add them and divide by how many there are.",
    ),
    ("", "grad_products"): Wording(
        "dẑ · ẑ",
        "Multiply each of them with its ẑ.",
        point="Entry by entry.",
        rule="Gradient times normalised value.",
    ),
    ("", "grad_share"): Wording(
        "mean of dẑ · ẑ",
        "The mean of these products, for {set}: = ?",
        point="It says how far the gradients pull at the spread of the set.",
        rule="Add them and divide by how many there are.",
    ),
    ("", "centred_grad"): Wording(
        "dẑ − mean − ẑ · mean of dẑ·ẑ",
        "Take away what goes through μ and through σ² in {set}: dẑ − mean(dẑ) − ẑ · mean(dẑ·ẑ) = ?",
        point="Moving one number moves μ and σ² as well, and so every ẑ of the set.",
        rule="Subtract the mean, then ẑ times the mean of the products; the results add up to 0.",
    ),
    ("norm_backward", "output"): Wording(
        "{o}",
        "At last divide by the denominator, for {set}: = ?",
        "Write the gradient of the whole input, {o}.",
        point="Going forward, everything was divided by it.",
        rule="Each of them divided by √(σ² + ε).",
    ),
    ("", "gamma_grad"): Wording(
        "dγ{i}",
        "The gradient of γ{i}: = ?",
        "Write the gradient of γ.",
        point="γ met every ẑ of its unit.",
        rule="Gradient times ẑ, added up.",
    ),
    ("", "beta_grad"): Wording(
        "dβ{i}",
        "The gradient of β{i}: = ?",
        "Write the gradient of β.",
        point="β went into every output of its unit, as it is.",
        rule="Add the gradients.",
    ),
    ("transpose", "output"): Wording(
        "row {at} of {o}",
        "Write row {at} of {o}.",
        "Write {o}, with the rows of {x} as its columns.",
        point="Column {at} of {x} becomes row {at}.",
        rule="Read {x} column by column.",
    ),
    ("flip", "output"): Wording(
        "{o}{i}",
        "{o}{i} = ?",
        "Write {x} back to front.",
        point="What stood last stands first now.",
        rule="Read it from the end.",
    ),
}
