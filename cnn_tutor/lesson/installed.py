"""Course packs that were installed as Python packages: found by their entry points, and never imported.

A package offers its folder of lessons in its ``pyproject.toml``::

    [project.entry-points."cnn_tutor.lessons"]
    my-course = "my_course.lessons"
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

GROUP = "cnn_tutor.lessons"


def folders() -> Iterator[Path]:
    """The folders that installed packages offer, by the name of the entry point."""
    if not _is_offered():
        return
    from importlib.metadata import entry_points

    for one in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        parts = one.value.partition(":")[0].strip().split(".")
        if all(part.isidentifier() for part in parts):
            top = _top(parts[0])
            folder = None if top is None else top.joinpath(*parts[1:])
            if folder is not None and folder.is_dir():
                yield folder


def _is_offered() -> bool:
    """Whether any installed package has such an entry point; a look at files, since importlib.metadata is slow."""
    for place in dict.fromkeys(sys.path):
        try:
            with os.scandir(place or ".") as entries:
                names = [one.path for one in entries if one.name.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue
        for name in names:
            try:
                if f"[{GROUP}]" in (Path(name) / "entry_points.txt").read_text(encoding="utf-8", errors="replace"):
                    return True
            except OSError:
                continue
    return False


def _top(name: str) -> Path | None:
    """The folder of a top-level package, which is located and not imported."""
    from importlib.util import find_spec

    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return None
    places = list(spec.submodule_search_locations or []) if spec is not None else []
    return Path(places[0]) if places else None
