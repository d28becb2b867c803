"""How the marks look in each theme. Colour only repeats what brackets, words and signs say already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.style import Style


class Styles(NamedTuple):
    """How each kind of cell looks, beyond its brackets."""

    plain: Style = Style()
    read: Style = Style(bold=True, color="cyan")
    asked: Style = Style(bold=True, reverse=True, color="yellow")
    hidden: Style = Style(dim=True)
    padding: Style = Style(dim=True, italic=True)
    cursor: Style = Style(bold=True, reverse=True)
    used: Style = Style(underline=True, color="magenta")
    changed: Style = Style(bold=True, underline=True)
    typed: Style = Style(bold=True, color="yellow")
    title: Style = Style(bold=True)


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme: its name on the screen, what it is for, and its styles."""

    label: str
    meant_for: str
    styles: Styles
    formula: Style


_YELLOW, _SKY = "#f0e442", "#56b4e9"
"""Hues that stay apart for every kind of colour vision (Okabe and Ito)."""

PALETTES = {
    "dark": Palette("Dark", "the terminal's own colours, on a dark ground", Styles(), Style(color="cyan")),
    "light": Palette(
        "Light",
        "the terminal's own colours, on a light ground",
        Styles(
            read=Style(bold=True, color="blue"),
            asked=Style(bold=True, reverse=True, color="blue"),
            padding=Style(italic=True),
            typed=Style(bold=True, color="magenta"),
        ),
        Style(color="blue"),
    ),
    "contrast": Palette(
        "High contrast",
        "white on black, nothing dim; marks by weight and underline",
        Styles(
            read=Style(bold=True),
            asked=Style(bold=True, reverse=True),
            hidden=Style(),
            padding=Style(italic=True),
            used=Style(underline=True),
            typed=Style(bold=True, underline=True),
        ),
        Style(bold=True),
    ),
    "safe": Palette(
        "Colour-blind safe",
        "sky blue and yellow on black, which nobody confuses",
        Styles(
            read=Style(bold=True, color=_SKY),
            asked=Style(bold=True, color="#000000", bgcolor=_YELLOW),
            used=Style(underline=True, color="#ffffff"),
            typed=Style(bold=True, color=_YELLOW),
        ),
        Style(color=_SKY),
    ),
}
"""By the name that ``--theme`` takes."""
