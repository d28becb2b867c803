"""Memory that goes back: what a session wrote, and what is as it was before, it shares again with all others.

Python counts references in the objects themselves, so that whatever code runs, pages are copied. Most counts go up and
down again, and then a copy says what the original said. So the warm process puts its memory into a file that nobody
changes, mapped privately at the same addresses; and a session that rests drops the copies that equal the file.

A copy is dropped by moving it aside: in one step the file's page stands in its place. What was moved is compared once
more, so that nothing can be lost unseen.
"""

from __future__ import annotations

import fcntl
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import MAP_PRIVATE, MAP_SHARED, PAGESIZE, PROT_READ, PROT_WRITE

from cnn_tutor.host import holes
from cnn_tutor.host.memory import (
    AT,
    COPIED,
    ENTRY,
    LEAVING,
    MAP_FIXED,
    MAYMOVE,
    NEVER,
    TOP,
    TRIM_THRESHOLD,
    Calls,
    Mapping,
    entries,
    is_alone,
    map_file,
    mappings,
    read_entries,
    reserve,
    snapshot,
    undisturbed,
)

NAME = "cnn-tutor"
SMALLEST, NEAR = 64 * PAGESIZE, 16 * PAGESIZE
"""A mapping of fewer bytes stays as it is, and so does one so near to what the C library keeps for the thread: the
kernel itself writes there."""
NOT_AT_ALL = 8
"""A flag that ``mremap`` does not know."""
LARGE = 470
"""Bytes of an object that takes as much as CPython keeps in its own pools."""
SPOILT = 70
"""The exit code of a session whose memory is not what it should be."""

_PRIVATE = re.compile(rb"[\x80\x81]+")
"""Pages that are there and not the file's, by the bits of their entries."""

Page = tuple[int, int, int, int]
"""A page's address, its length, its place in the file, and where its entry says of whom it is."""
Copies = tuple[int, int, int]
"""From a page's address to that behind the last: copies; and how far away from each its original is."""
Dropped = tuple[int, int, int]
"""Where a copy was put, where its original is, and its length."""


@dataclass(frozen=True, slots=True)
class Image:
    """What memory was; it can be read from ``view`` on."""

    calls: Calls
    view: int
    kept: list[bytes]


_image: Image | None = None


def take() -> bool:
    """Put the memory of this process into a file; whether that could be done. There has to be one thread only."""
    global _image
    if sys.platform == "linux" and _image is None and is_alone():
        try:
            with undisturbed():
                _image = _take(Calls())
        except (OSError, AttributeError):
            return False
    return _image is not None


def _take(calls: Calls) -> Image:
    """Map the file where memory is. Between reading a page and mapping it nothing may write to it.

    So a loop runs twice, the first time for nothing, and pages that were written to since the fork are left out.
    """
    calls.tune(TRIM_THRESHOLD, NEVER)  # the heap shall not shrink while its pages are looked at
    there = list(mappings())
    spans = [(start, stop) for start, stop, access, _, name in there if _is_ours(calls, start, stop, access, name)]
    kept = _fill(there)
    holes.fill()
    length = sum(stop - start for start, stop in spans)
    buffer = memoryview(bytearray(length // PAGESIZE * ENTRY))
    pages: list[Page] = []
    parts = []
    for start, stop in spans:
        first = len(pages)
        pages += [
            (address, PAGESIZE, PAGESIZE * number, ENTRY * number + TOP)
            for number, address in enumerate(range(start, stop, PAGESIZE), first)
        ]
        parts.append((start, buffer[ENTRY * first : ENTRY * len(pages)]))
    descriptor = os.memfd_create(NAME, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(descriptor, length)
        with snapshot():
            for address, size, place, _ in pages:
                calls.write(descriptor, address, size, place)
            _drop(calls, NOT_AT_ALL, [(start, stop, 0) for start, stop in spans], 0)
            for file in (-1, descriptor):
                read_entries(parts)
                _put(calls, file, pages, buffer)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
        return Image(calls, map_file(calls, descriptor, length, PROT_READ, MAP_SHARED), kept)
    finally:
        os.close(descriptor)


def _is_ours(calls: Calls, start: int, stop: int, access: str, name: str) -> bool:
    """Whether this is memory of Python or of the C library, apart from what is the thread's own."""
    near = start - NEAR < calls.thread < stop + NEAR
    return (
        access == "rw-p" and (name in ("", "[heap]") or "libpython" in name) and stop - start >= SMALLEST and not near
    )


def _fill(there: list[Mapping]) -> list[bytes]:
    """Objects that take all that is free in CPython's own pools: what comes next lies elsewhere.

    So nothing of what is there now is returned to the system while a session looks at it.
    """
    kept = [bytes(LARGE)]
    while any(start <= id(kept[-1]) < stop for start, stop, *_ in there):
        kept.append(bytes(LARGE))
    return kept


def _put(calls: Calls, descriptor: int, pages: list[Page], entries: memoryview) -> None:
    put = calls.put
    for address, length, place, entry in pages:
        if entries[entry] == COPIED:
            put(address, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, descriptor, place)


def give_back() -> int:
    """Drop the copies that equal the file; how many bytes that is. Nothing happens where there is another thread."""
    if _image is None or not is_alone():
        return 0
    try:
        with undisturbed():
            return _give_back(_image)
    except OSError:
        return 0


def _give_back(image: Image) -> int:
    """Raises OSError where there is no room to put anything aside."""
    image.calls.trim(0)
    calls, there = image.calls, _mapped()
    copies = list(_copies(image, there))
    length = sum(stop - start for start, stop, _ in copies)
    if not copies:
        return 0
    aside = reserve(calls, length)
    dropped = []
    if _mapped() == there:  # else something was freed meanwhile that lay there
        dropped = _drop(calls, MAYMOVE | AT | LEAVING, copies, aside)
    if any(calls.compare(place, original, size) for place, original, size in dropped):
        os._exit(SPOILT)
    calls.unmap(aside, length)
    return sum(size for _, _, size in dropped)


def _mapped() -> list[Mapping]:
    """Where the file is mapped in the place of memory."""
    return [one for one in mappings() if one[2] == "rw-p" and one[4].startswith(f"/memfd:{NAME} ")]


def _copies(image: Image, there: list[Mapping]) -> Iterator[Copies]:
    """Where in it there are copies."""
    for start, stop, _, place, _ in there:
        for found in _PRIVATE.finditer(bytes(entries(start, stop)[TOP::ENTRY])):
            first, last = (start + PAGESIZE * number for number in found.span())
            yield first, last, image.view + place - start


def _drop(calls: Calls, how: int, copies: list[Copies], aside: int) -> list[Dropped]:
    """Move aside what equals its original, as many pages at once as lie side by side."""
    compare, move, dropped = calls.compare, calls.move, []
    for start, stop, away in copies:
        while start < stop:
            end = start
            while end < stop and not compare(end, end + away, PAGESIZE):
                end += PAGESIZE
            size = end - start
            if size and not move(start, size, size, how, aside):
                dropped.append((aside, start + away, size))
                aside += size
            start = end + PAGESIZE
    return dropped
