"""Which words belong to a kind of step: found by op family and kind, then by kind alone.

A kind without a row is asked by its name.
"""

from __future__ import annotations

import re

from cnn_tutor.language import _
from cnn_tutor.tutor.words import WORDS, Wording

_WIDER = {
    "max_pool": "pool",
    "global_max_pool": "max_pool pool",
    "avg_pool": "pool",
    "global_avg_pool": "avg_pool pool",
    "batch_norm": "norm",
    "layer_norm": "norm",
    "group_norm": "norm",
    "instance_norm": "norm",
    "batch_norm_backward": "norm_backward",
    "layer_norm_backward": "norm_backward",
    "group_norm_backward": "norm_backward",
    "instance_norm_backward": "norm_backward",
}
"""Families that an op belongs to beyond its own."""


def families(op: str) -> tuple[str, ...]:
    """The families an op belongs to, the narrowest first: its name without the dimensions, then wider ones."""
    own = re.sub("[12]d", "", op)
    return own, *_WIDER.get(own, "").split()


def wording(op: str, kind: str, *, biased: bool = False, of_maps: bool = False) -> Wording:
    """The words for a ``kind`` of step of ``op``, which may have a bias or work on feature maps."""
    known = families(op)
    marked = [f"{family} biased" for family in known if biased] + [f"{family} maps" for family in known if of_maps]
    for family in (*marked, *known, ""):
        found = WORDS.get((family, kind))
        if found is not None:
            return found
    return Wording(kind.replace("_", " "))


def set_words(op: str, index: tuple[int, ...], *, of_maps: bool = False) -> str:
    """The numbers that share one mean, in words, for the set at a 0-based index."""
    numbers = [one + 1 for one in index]
    match op.removesuffix("_backward"), numbers:
        case "batch_norm", [channel] if of_maps:
            return _("channel {number}").format(number=channel)
        case "layer_norm", [sample] if of_maps:
            return _("sample {number}").format(number=sample)
        case "layer_norm", [sample, row, column]:
            return _("position ({row},{column}) of sample {sample}").format(row=row, column=column, sample=sample)
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
