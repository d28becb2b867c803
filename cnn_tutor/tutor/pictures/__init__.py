"""Small pictures to convolve, and kernels to do it with. The pictures are text: a sign a pixel, ``.`` and 1 to 9."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from msgspec.structs import replace

from cnn_tutor.lesson.layers import AnyLayer, Conv2d, MaxPool2d, Relu
from cnn_tutor.lesson.schema import Data, Exercise

NAMES = {"seven": "a 7, 8×8", "edges": "a square, 8×8", "three": "a 3, 28×28", "house": "a house, 28×28"}
"""The pictures, with what they show; translated where it is shown."""

KERNELS: dict[str, list[list[float]]] = {
    "upright": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "level": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "outline": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "blur": [[0.0625, 0.125, 0.0625], [0.125, 0.25, 0.125], [0.0625, 0.125, 0.0625]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "same": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "sheet": [[1, 0], [0, -1]],
}
"""Upright and level edges, outlines, blur, sharpening, one that changes nothing, and the worksheet's K."""


def read(name: str) -> list[list[int]]:
    """The rows of a picture, 0 (dark) to 9 (bright). Raises KeyError for one that is not there."""
    if name not in NAMES:
        raise KeyError(name)
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    return [[0 if one == "." else int(one) for one in line] for line in text.splitlines()[1:]]


def picture(name: str, kernel: str = "upright") -> Exercise:
    """A picture convolved, with what ReLU and pooling make of the map. Raises KeyError for unknown names."""
    tensors: dict[str, Data] = {"X": read(name), "K": KERNELS[kernel]}
    layers: list[AnyLayer] = [
        Conv2d(output="Y", input="X", weight="K", padding="same"),
        Relu(output="R"),
        MaxPool2d(output="P", kernel_size=2),
    ]
    return Exercise(id=name, title=NAMES[name], tensors=tensors, layer=layers)


def with_kernel(exercise: Exercise, kernel: str) -> Exercise | None:
    """The exercise with another of :data:`KERNELS` in its first convolution; None where it has none of a bare image."""
    for layer in exercise.layer:
        if isinstance(layer, Conv2d) and np.ndim(exercise.tensors.get(layer.weight, 0)) == 2:
            return replace(exercise, tensors={**exercise.tensors, layer.weight: KERNELS[kernel]})
    return None
