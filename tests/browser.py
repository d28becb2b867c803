"""A page in a real browser without a window, which loads nothing else: what it looks like, and what it measures."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import tempfile
import zlib
from html import unescape
from pathlib import Path

_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--proxy-server=127.0.0.1:9",
)


def run(program: Path, page: Path, *options: str) -> str:
    """What the browser prints."""
    with tempfile.TemporaryDirectory() as profile:
        command = [str(program), *_QUIET, f"--user-data-dir={profile}", *options, page.as_uri()]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def measured(program: Path, page: Path, expression: str, *options: str) -> object:
    """The value of a JavaScript ``expression`` in the page, which itself has no scripts."""
    probe = page.with_name(f"probe-{page.name}")
    script = f"<script>document.title = 'MEASURED' + JSON.stringify({expression})</script>"
    probe.write_text(page.read_text(encoding="utf-8").replace("</body>", f"{script}</body>"), encoding="utf-8")
    found = re.search(r"<title>MEASURED(.*?)</title>", run(program, probe, "--dump-dom", *options), re.S)
    assert found, "the page was not laid out"
    return json.loads(unescape(found[1]))


def colours(png: Path) -> set[tuple[int, ...]]:
    """The colours of every 97th pixel of a picture (8 bits a channel, not interlaced, as browsers write it)."""
    content, at, packed = png.read_bytes(), 8, b""
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, form = struct.unpack(">IIBB", body[:10])
            assert depth == 8
        packed += body if kind == b"IDAT" else b""
        at += size + 12
    channels = {2: 3, 6: 4}[form]
    rows = _unfiltered(zlib.decompress(packed), width * channels, height, channels)
    pixels = [row[at : at + 3] for row in rows for at in range(0, len(row), channels)]
    return {tuple(pixel) for pixel in pixels[::97]}


def _unfiltered(data: bytes, stride: int, height: int, channels: int) -> list[bytearray]:
    """The rows of a PNG, whose filters predict each byte from those to the left and above."""
    rows, before = [], bytearray(stride)
    for number in range(height):
        start = number * (stride + 1)
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + stride])
        if kind == 2:
            row = bytearray((one + up) & 255 for one, up in zip(row, before, strict=True))
        elif kind:
            for at in range(stride):
                left = row[at - channels] if at >= channels else 0
                up, corner = before[at], before[at - channels] if at >= channels else 0
                row[at] = (row[at] + _predicted(kind, left, up, corner)) & 255
        rows.append(row)
        before = row
    return rows


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + up) // 2
    return min((left, up, corner), key=lambda one: abs(left + up - corner - one))
