"""Holes in memory, filled: what a session makes anew shall lie in pages of its own, not between what all share.

CPython keeps small objects of one size in pools, everything larger lies in the heap of the C library, and both hand
out holes first. What is put into them here is never freed.
"""

from __future__ import annotations

import ctypes
import sys

POOL, HEADER, STEP = 14, 48, 16
"""Small objects of one size are kept in pools of 2¹⁴ bytes; sizes grow by ``STEP`` up to ``LARGEST``."""
LARGEST = 512
SLAB, SMALLEST, FINE = 96 * 1024, 24, 8 * 1024
"""The largest and smallest block that is tried in the C library's heap; up to ``FINE`` in steps of ``STEP``."""

_kept: list[bytes] = []


def fill() -> None:
    """Fill the holes in CPython's pools and, where the C library is glibc, in its heap."""
    _fill_pools()
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), "gnu_get_libc_version"):
        _fill_heap()


def _fill_pools() -> None:
    empty = sys.getsizeof(b"")
    for size in range(-(-empty // STEP) * STEP, LARGEST + 1, STEP):
        capacity, run, last = ((1 << POOL) - HEADER) // size, 0, -1
        while run < capacity:  # a pool that is filled from end to end was new: no hole of this size is left
            _kept.append(bytes(size - empty))
            pool = id(_kept[-1]) >> POOL
            run, last = (run + 1 if pool == last else 1), pool


def _fill_heap() -> None:
    """Take blocks, large ones first, until the heap has to give them from its end, where there are no holes."""
    libc = ctypes.CDLL(None)
    take, free, end = libc.malloc, libc.free, libc.sbrk
    take.restype = end.restype = ctypes.c_void_p
    take.argtypes, free.argtypes, end.argtypes = [ctypes.c_size_t], [ctypes.c_void_p], [ctypes.c_ssize_t]
    before, slabs = end(0), [take(SLAB)]
    while end(0) == before:
        slabs.append(take(SLAB))
    first = slabs.pop()
    free(first)
    while slabs and 0 < first - slabs[-1] <= SLAB + 2 * STEP:
        first = slabs.pop()
        free(first)
    size = SLAB
    while size >= SMALLEST:
        block = take(size)
        if not block:
            return
        if block >= first:
            free(block)
            size -= STEP if size <= FINE else STEP**2
