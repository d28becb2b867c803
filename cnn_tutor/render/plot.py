"""Plots as SVG that stands inside a page: no scripts, colours from the page, every number also said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from cnn_tutor.render.ascii import clean

WIDTH = 720
_ROW, _LABEL, _NUMBER = 22, 270, 44
_HEIGHT, _LEFT, _BOTTOM, _TOP = 190, 44, 26, 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of ``whole``, of which ``full`` is drawn full and the rest light."""

    label: str
    whole: float
    full: float


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Bars that lie, one a row, with their names on the left and their numbers on the right."""
    most = max((row.whole for row in rows), default=1) or 1
    room = WIDTH - _LABEL - _NUMBER
    parts = []
    for number, row in enumerate(rows):
        y, whole, full = number * _ROW, row.whole / most * room, row.full / most * room
        parts.append(
            f"<g><title>{_text(row.label)}: {row.whole:g} ({row.full:g})</title>"
            f'<text x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">{_text(_shortened(row.label, 38))}</text>'
            f'<rect class="full" x="{_LABEL}" y="{y + 3}" width="{full:.1f}" height="{_ROW - 6}"/>'
            f'<rect class="light" x="{_LABEL + full:.1f}" y="{y + 3}" width="{whole - full:.1f}" height="{_ROW - 6}"/>'
            f'<text x="{_LABEL + whole + 6:.1f}" y="{y + 15}">{row.whole:g}</text></g>'
        )
    return _svg(title, len(rows) * _ROW, parts)


def columns(
    title: str, values: Sequence[float | None], names: Sequence[str], ticks: Sequence[tuple[float, str]]
) -> str:
    """Bars that stand, one a value, with ``names`` below and ``ticks`` (value, word) on the left; None is a gap."""
    top = max([value for value, _word in ticks] + [value or 0.0 for value in values]) or 1.0
    room, floor = WIDTH - _LEFT, _HEIGHT - _BOTTOM
    step = min(room / max(1, len(values)), 64.0)
    every = max(1, round(26 / step))
    parts = []
    for value, word in ticks:
        y = floor - value / top * (floor - _TOP)
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_text(word)}</text>')
    for number, (height, name) in enumerate(zip(values, names, strict=True)):
        x = _LEFT + number * step
        tall = (height or 0.0) / top * (floor - _TOP)
        if height is not None:
            parts.append(
                f"<g><title>{_text(name)}: {height:.3g}</title>"
                f'<rect class="full" x="{x + step * 0.1:.1f}" y="{floor - tall:.1f}" '
                f'width="{step * 0.8:.1f}" height="{max(tall, 0.8):.1f}"/></g>'
            )
        if number % every == 0:
            label = f'<text x="{x + step / 2:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{_text(name)}</text>'
            parts.append(label)
    return _svg(title, _HEIGHT, parts)


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    inside = "\n".join(parts)
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return f'<svg {size} role="img" aria-label="{_text(title)}">\n<title>{_text(title)}</title>\n{inside}\n</svg>'


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(text: str) -> str:
    return escape(clean(text))
