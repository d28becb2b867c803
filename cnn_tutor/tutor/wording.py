"""Which words belong to a kind of step: found by op family and kind, then by kind alone.

A kind without a row is asked by its name.
"""

from __future__ import annotations

from cnn_tutor.language import _
from cnn_tutor.tutor.words import WORDS, Wording

_FAMILIES = {
    "conv1d": ("conv",),
    "conv2d": ("conv",),
    "conv_transpose1d": ("conv_transpose",),
    "conv_transpose2d": ("conv_transpose",),
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
            return _("column {number}").format(number=unit)
        case "layer_norm", [sample]:
            return _("row {number}").format(number=sample)
        case "group_norm", [group]:
            return _("group {number}").format(number=group)
        case "group_norm", [sample, group]:
            return _("group {number} of sample {sample}").format(number=group, sample=sample)
        case "instance_norm", [sample, channel]:
            return _("channel {number} of sample {sample}").format(number=channel, sample=sample)
        case _, []:
            return _("the sample")
        case _:
            return _("set {number}").format(number=",".join(map(str, numbers)))
