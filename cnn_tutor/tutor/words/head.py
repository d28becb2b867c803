"""Words for global pooling, softmax and cross-entropy."""

from cnn_tutor.tutor.words.row import Wording

_SUM = Wording(
    "Σ e^{x}{i}",
    "Add the exponentials.",
    "Add the exponentials.",
    point="All classes of the sample go into it.",
    rule="Add up e to the power of every logit.",
)
_EXPONENTIAL = Wording(
    "e^{x}{i}",
    "Exponentiate every logit of the sample.",
    point="Every logit on its own; a large one becomes very large.",
    rule="e is 2.71828…; a formula such as e^2 may be typed.",
)

WORDS = {
    **{
        (op, "largest"): Wording(
            "max {x}",
            "Which is the largest logit?",
            rule="The largest logit is taken off all of them: that changes no quotient, and no power gets too large.",
        )
        for op in ("softmax", "cross_entropy")
    },
    **{
        (op, "shifted"): Wording("{x} − max", "Subtract the largest logit.", rule="Logit minus the largest one.")
        for op in ("softmax", "cross_entropy")
    },
    ("softmax", "exponential"): _EXPONENTIAL,
    ("softmax", "sum"): _SUM,
    ("softmax", "output"): Wording(
        "{o}{i}",
        "Divide each exponential by their sum.",
        "{o} = softmax({x}) = ?",
        point="The results must add up to 1.",
        rule="Each exponential divided by the sum of all.",
    ),
    ("cross_entropy", "exponential"): _EXPONENTIAL,
    ("cross_entropy", "sum"): _SUM,
    ("cross_entropy", "probabilities"): Wording(
        "p{i}",
        "Divide each exponential by their sum: p{i} = ?",
        "Write all probabilities p.",
        point="They must add up to 1.",
        rule="Each exponential divided by the sum of all.",
    ),
    ("cross_entropy", "losses"): Wording(
        "loss{i}",
        "The loss of sample {at}: −ln of the probability of its right class = ?",
        "Write the loss of each sample.",
        point="{target} has a 1 at the right class; the other classes are multiplied by 0.",
        rule="−ln p, where p is the probability that the right class got.",
    ),
    ("cross_entropy", "output"): Wording(
        "{o}",
        "The loss: {o} = ?",
        "The loss: {o} = ?",
        point="{target} has a 1 at the right class; the other classes are multiplied by 0.",
        rule="−ln p of the right class; over a batch, the mean of these.",
    ),
    ("global_avg_pool", "sum"): Wording(
        "sum of map {at}",
        "Add up map {at}.",
        point="One whole map goes into one number.",
        rule="Add all its entries.",
    ),
    ("global_avg_pool", "output"): Wording(
        "{o}{i}",
        "The mean of the map: {o}{i} = ?",
        "Write the mean of each map.",
        point="There is one number for each map.",
        rule="The sum of a map divided by how many entries it has.",
    ),
}
