"""Memory that is shared and stays so: what the warm process has, a forked session should not need a copy of.

A page is copied when anything in it is written, and Python writes a count into every object it touches. From CPython
3.12 on, an object whose count says *immortal* (PEP 683) is never written for that; before, nothing can be done.
"""

from __future__ import annotations

import ctypes
import gc
import sys
import sysconfig
from types import FrameType

IMMORTAL = 0xFFFFFFFF
"""What the low half of an object's count holds when nobody counts any more."""
POOL, HEADER, STEP = 14, 48, 16
"""CPython keeps small objects of one size in pools of 2¹⁴ bytes; sizes grow by ``STEP`` up to ``LARGEST``."""
LARGEST = 512


def settle() -> None:
    """Do all that keeps pages shared; to be called last before the first fork."""
    gc.collect()
    gc.disable()
    _holes.extend(_fill())
    if can_be_immortal():
        _make_immortal()
    gc.freeze()


_holes: list[bytes] = []
"""What fills the holes; it is never freed."""


def can_be_immortal() -> bool:
    """Whether the interpreter knows immortal objects, laid out as is expected here."""
    return (
        sys.implementation.name == "cpython"
        and (3, 12) <= sys.version_info < (3, 15)
        and sys.byteorder == "little"
        and sys.maxsize > 2**32
        and not sysconfig.get_config_var("Py_GIL_DISABLED")
        and not sysconfig.get_config_var("Py_TRACE_REFS")
    )


def _fill() -> list[bytes]:
    """Objects in all holes of pools in use, so that a session's new objects lie together in pages of their own."""
    empty, kept = sys.getsizeof(b""), list[bytes]()
    for size in range(-(-empty // STEP) * STEP, LARGEST + 1, STEP):
        capacity, run, last = ((1 << POOL) - HEADER) // size, 0, -1
        while run < capacity:  # a pool that is filled from end to end was new: no hole of this size is left
            kept.append(bytes(size - empty))
            pool = id(kept[-1]) >> POOL
            run, last = (run + 1 if pool == last else 1), pool
    return kept


def _make_immortal() -> None:
    """Mark everything that can be reached as immortal; what runs just now is left alone."""
    seen: set[int] = set()
    waiting: list[object] = list(gc.get_objects())
    own = {id(seen), id(waiting)}
    while waiting:
        one = waiting.pop()
        if id(one) not in seen and id(one) not in own and not isinstance(one, FrameType):
            seen.add(id(one))
            waiting.extend(gc.get_referents(one))
    count = ctypes.c_uint32.from_address
    for address in seen:
        count(address).value = IMMORTAL
