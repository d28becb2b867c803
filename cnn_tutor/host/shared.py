"""Memory that is shared and stays so: what the warm process has, a forked session should not need a copy of.

A page is copied when anything in it is written, and Python writes a count into every object it touches. From CPython
3.12 on, an object whose count says *immortal* (PEP 683) is never written for that. What is written all the same is best
side by side (:mod:`cnn_tutor.host.together`).
"""

from __future__ import annotations

import ctypes
import gc
import sys
import sysconfig
from types import FrameType, ModuleType

from cnn_tutor.host import holes

OFTEN = (700, 5, 1)
"""When garbage is collected in a session, which has little beyond what all share: about once for each page closed."""

PR_SET_MEMORY_MERGE = 67
"""``prctl(2)``, from Linux 6.4 on; what is forked inherits it. An earlier one refuses it."""

IMMORTAL = 0xFFFFFFFF
"""What the low half of an object's count holds when nobody counts any more."""


def settle() -> None:
    """Do all that keeps pages shared; to be called last before the first fork.

    Linux may make one page of those that have become equal again (KSM), if its administrator has turned that on.
    """
    gc.collect()
    gc.disable()
    holes.fill()
    if can_be_immortal():
        _make_immortal()
    gc.freeze()
    gc.collect()  # tells the collector that hardly anything is left to it, so that a closed page is worth its while
    gc.set_threshold(*OFTEN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_MEMORY_MERGE, 1, 0, 0, 0)


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


def _make_immortal() -> None:
    """Mark everything that can be reached as immortal; what runs just now is left alone."""
    seen: set[int] = set()
    waiting: list[object] = list(gc.get_objects())
    own = {id(seen), id(waiting)}
    while waiting:
        one = waiting.pop()
        if id(one) not in seen and id(one) not in own and not isinstance(one, FrameType):
            seen.add(id(one))
            # A module in C may show what it has put by for later (asyncio in 3.12); to hold that frees it once more.
            waiting.extend((vars(one),) if isinstance(one, ModuleType) else gc.get_referents(one))
    count = ctypes.c_uint32.from_address
    for address in seen:
        count(address).value = IMMORTAL
