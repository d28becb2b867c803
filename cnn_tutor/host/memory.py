"""What Linux knows of this process's memory, page by page, and the few calls of the C library that change it."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, PAGESIZE
from typing import Any

MAYMOVE, AT, LEAVING = 1, 2, 4
"""Flags of ``mremap``: it moves, to this address, and the place that it left stays mapped."""
MAP_FIXED, MAP_NORESERVE, PROT_NONE = 0x10, 0x4000, 0

TRIM_THRESHOLD, NEVER = -1, 2**31 - 1
"""How much free memory at the end of its heap the C library keeps for itself, as ``mallopt`` takes it."""

MOMENT, MOMENTS = 0.001, 20
"""Seconds that a thread which has ended may take to be gone, at most so many times."""
CHUNK = 64 * 1024
ENTRY, TOP = 8, 7
"""Bytes of an entry in ``/proc/self/pagemap``, and which of them has the bits below."""
COPIED, OWN = 0x80, 0x81
"""A page that is no file's, and is shared since a fork; one that this process has for itself."""

Mapping = tuple[int, int, str, int, str]
"""Start, end, access, place in its file, and name of what is mapped."""


class Calls:
    """What is called of the C library; no other thread runs meanwhile.

    Of what a call returns the lowest byte is kept, so that no number has to be made: 0 for an address, 255 for a
    failure. Raises AttributeError where there is none of it.
    """

    def __init__(self) -> None:
        library, size, number, byte = ctypes.PyDLL(None), ctypes.c_size_t, ctypes.c_int, ctypes.c_ubyte
        self.compare = _typed(library["memcmp"], number, size, size, size)
        self.move = _typed(library["mremap"], byte, size, size, size, number, size)
        self.write = _typed(library["pwrite"], byte, number, size, size, size)
        self.put = _typed(library["mmap"], byte, size, size, number, number, number, size)
        self.unmap = _typed(library["munmap"], byte, size, size)
        self.trim = _typed(library["malloc_trim"], number, size)
        self.tune = _typed(library["mallopt"], number, number, number)
        self.place = _typed(library["mmap"], ctypes.c_ssize_t, size, size, number, number, number, size)
        self.thread = int(_typed(library["__errno_location"], size)())
        """Where the C library keeps what belongs to this thread."""


def _typed(function: Any, result: Any, *arguments: Any) -> Any:
    function.restype, function.argtypes = result, arguments
    return function


def map_file(calls: Calls, descriptor: int, length: int, access: int, kind: int) -> int:
    """Where a file is mapped. Raises OSError."""
    place = int(calls.place(0, length, access, kind, descriptor, 0))
    if place == -1:
        raise OSError(f"cannot map {length} bytes")
    return place


def reserve(calls: Calls, length: int) -> int:
    """An address with so many bytes behind it that nothing uses. Raises OSError."""
    return map_file(calls, -1, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)


def mappings() -> Iterator[Mapping]:
    """All that is mapped."""
    parts, file = [], os.open("/proc/self/maps", os.O_RDONLY)
    try:
        while part := os.read(file, CHUNK):
            parts.append(part)
    finally:
        os.close(file)
    for line in b"".join(parts).decode("utf-8", "replace").splitlines():
        where, access, place, _, _, *name = line.split(maxsplit=5)
        start, _, stop = where.partition("-")
        yield int(start, 16), int(stop, 16), access, int(place, 16), "".join(name)


def read_entries(spans: Iterable[tuple[int, memoryview]]) -> None:
    """Fill each buffer with the entries of the pages from its address on."""
    file = os.open("/proc/self/pagemap", os.O_RDONLY)
    try:
        for start, buffer in spans:
            os.preadv(file, [buffer], start // PAGESIZE * ENTRY)
    finally:
        os.close(file)


def entries(start: int, stop: int) -> bytearray:
    """The entries of the pages from ``start`` to ``stop``."""
    buffer = bytearray((stop - start) // PAGESIZE * ENTRY)
    read_entries(((start, memoryview(buffer)),))
    return buffer


def is_alone() -> bool:
    """Whether this thread is the only one; one that has just ended is waited for."""
    for _ in range(MOMENTS):
        if len(os.listdir("/proc/self/task")) == 1:  # noqa: PTH208 - a path would make names, which Python keeps
            return True
        time.sleep(MOMENT)
    return False


@contextmanager
def undisturbed() -> Iterator[None]:
    """Neither signals nor garbage are taken care of meanwhile."""
    collects = gc.isenabled()
    gc.disable()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if collects:
            gc.enable()


@contextmanager
def snapshot() -> Iterator[None]:
    """A fork that waits and shares all pages: what is written to meanwhile, this process has for itself."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    try:
        yield
    finally:
        os.close(reading)
        os.close(writing)
        os.waitpid(pid, 0)
