"""A tracked network as a table: each layer with its sizes, its shape and its parameters as far as they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from msgspec.structs import replace

from cnn_tutor.language import _
from cnn_tutor.lesson.network import sizes
from cnn_tutor.lesson.schema import Exercise, TrackedLayer
from cnn_tutor.tutor.panel import Cell, Mark, Panel

_SIZES = {
    "filters": "{} filters",
    "units": "{} units",
    "kernel_size": "kernel {}",
    "stride": "stride {}",
    "padding": "padding {}",
    "dilation": "dilation {}",
    "groups": "{} groups",
    "input": "of {}",
    "other": "and {}",
}
"""How the sizes of a tracked layer are written."""

_SHORT = {
    "filters": "F{}",
    "units": "{} units",
    "kernel_size": "k{}",
    "stride": "s{}",
    "padding": "p{}",
    "dilation": "d{}",
    "groups": "G{}",
    "input": "of {}",
    "other": "and {}",
}
"""The same in letters."""


HIDDEN = Cell("·", Mark.HIDDEN)
"""A number that is not known yet."""


def table(exercise: Exercise, known: Mapping[str, Cell]) -> Panel:
    """The tracked network of an exercise, with those of its numbers that are ``known``, by their tensor."""
    assert exercise.track is not None
    rows = [tuple(Cell(title, Mark.PLAIN) for title in (_("layer"), _("sizes"), _("shape"), _("parameters")))]
    for name, written in [("in", "×".join(map(str, exercise.track.input))), *described(exercise)]:
        shape = known.get(f"{name}.shape", HIDDEN)
        learned = known.get(f"{name}.stack_parameters", HIDDEN)
        parameters = known.get(f"{name}.parameters", learned)
        rows.append((Cell(name), Cell(written), shape, parameters))
    rows.append((Cell("total"), Cell(""), Cell(""), known.get("parameters", HIDDEN)))
    return Panel(_("network"), tuple(_near(rows)))


MOST_ROWS = 14
"""Of a longer network only the layers around the one that is asked are drawn."""


def _near(rows: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The title, the rows around the asked one, and the total."""
    if len(rows) <= MOST_ROWS:
        return rows
    asked = next((at for at, row in enumerate(rows) if any(cell.mark is Mark.ASKED for cell in row)), len(rows) - 1)
    last = min(max(asked + 3, MOST_ROWS - 1), len(rows) - 1)
    first = max(1, last - (MOST_ROWS - 2))
    return [rows[0], *rows[first:last], rows[-1]]


def described(exercise: Exercise, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each layer of a tracked network with its op and sizes: in words, or in letters where those would be too long.

    Layers that begin with ``prefix`` are named without it.
    """
    assert exercise.track is not None
    layers = [_within(layer, prefix) for layer in exercise.track.layers]
    written = [_written(layer, _SIZES, ", ") for layer in layers]
    if max(map(len, written), default=0) > (LONGEST if len(layers) < MANY else NARROW):
        written = [_written(layer, _SHORT, " ") for layer in layers]
    yield from zip((layer.name for layer in exercise.track.layers), written, strict=True)


def _within(layer: TrackedLayer, prefix: str) -> TrackedLayer:
    """The layer with the names of others as they are called in its stage."""
    others = (None if one is None else one.removeprefix(prefix) for one in (layer.input, layer.other))
    return replace(layer, **dict(zip(("input", "other"), others, strict=True)))


LONGEST, NARROW, MANY = 38, 24, 8
"""Columns that the sizes of a layer may take, so that its shape and parameters fit beside them.

In a network of many layers they must fit in a window of 60 columns too: it is scrolled enough as it is.
"""


def _written(layer: TrackedLayer, templates: Mapping[str, str], between: str) -> str:
    values = sizes(layer)
    words = [_(template).format(by(values[field])) for field, template in templates.items() if field in values]
    return between.join([layer.op.replace("_", " ").removesuffix("2d").removesuffix("1d").strip(), *words])


def by(value: Any) -> str:
    """Sizes as they are written, ``64×56×56``."""
    return "×".join(map(str, np.ravel(value).tolist()))
