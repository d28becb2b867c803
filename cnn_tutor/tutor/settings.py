"""The hyper-parameters of a layer in words, as they stand on paper and beside a question that says nothing else."""

from __future__ import annotations

import msgspec

from cnn_tutor.lesson.layer import Layer, references


def settings(layer: Layer) -> list[str]:
    """What is not as usual: ``["stride 2", "padding 1"]``."""
    named = {*references(layer), "output", "input", "op"}
    own = {key: value for key, value in msgspec.to_builtins(layer).items() if key not in named}
    return [f"{key.replace('_', ' ')} {value}" for key, value in own.items()]
