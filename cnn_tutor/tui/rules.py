"""Style rules that were parsed once: in a process from which many apps begin, each finds them ready."""

from __future__ import annotations

from typing import Any

from textual.css.stylesheet import Stylesheet


def keep() -> None:
    """Keep what stylesheets parse from now on, for as long as the process runs; doing it again changes nothing.

    Textual itself keeps it only within one app, and forgets it when variables change.
    """
    parse = Stylesheet._parse_rules
    if hasattr(parse, "kept"):
        return
    kept: dict[Any, Any] = {}

    def parsed(self: Stylesheet, css: str, *place: Any, **named: Any) -> Any:
        key = (css, place, tuple(sorted(named.items())), tuple(self._variables.items()))
        if key not in kept:
            kept[key] = parse(self, css, *place, **named)
        return kept[key]

    parsed.kept = kept  # type: ignore[attr-defined]
    Stylesheet._parse_rules = parsed  # type: ignore[method-assign]
