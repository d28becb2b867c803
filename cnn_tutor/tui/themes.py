"""The themes as Textual needs them: two keep the colours of the terminal, two bring their own."""

from __future__ import annotations

from textual.theme import Theme

_OWN = {
    "contrast": ("#ffffff", "#000000"),
    "safe": ("#e6e6e6", "#000000"),
}


def textual_theme(name: str) -> str:
    """Textual's name for a theme of ours."""
    return name if name in _OWN else f"ansi-{name}"


def own_theme(name: str) -> Theme | None:
    """The theme of that name as Textual needs it; None for one that Textual has."""
    if name not in _OWN:
        return None
    foreground, background = _OWN[name]
    return Theme(
        name=name,
        primary=foreground,
        foreground=foreground,
        background=background,
        surface=background,
        panel=background,
        boost=background,
        text_alpha=1.0,
    )
