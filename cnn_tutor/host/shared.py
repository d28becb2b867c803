"""Memory that is shared and stays so: what the warm process has, a forked session should not need a copy of.

A page is copied when anything in it is written, and Python writes a count into every object it touches. From CPython
3.12 on, an object whose count says *immortal* (PEP 683) is never written for that; before, it helps to have what is
written side by side (:mod:`cnn_tutor.host.together`) and given back where it is as it was (:mod:`.image`).
"""

from __future__ import annotations

import ctypes
import gc
import sys
import sysconfig
from functools import lru_cache
from types import FrameType
from typing import Any

from cnn_tutor.host import holes, image

_Cached: Any = type(lru_cache(print))
"""What keeps results that were asked for of late."""

IMMORTAL = 0xFFFFFFFF
"""What the low half of an object's count holds when nobody counts any more."""


def forget() -> None:
    """Let go what would be let go some time: in the midst of what all share, that makes room for what is new."""
    for one in gc.get_objects():
        if type(one) is _Cached and one.cache_parameters()["maxsize"] is not None:
            one.cache_clear()
    gc.collect()


def settle() -> None:
    """Do all that keeps pages shared; to be called last before the first fork."""
    _forget_lookups()
    gc.collect()
    gc.disable()
    holes.fill()
    if can_be_immortal():
        _make_immortal()
    gc.freeze()
    if not can_be_immortal() and image.take():
        gc.freeze()


def give_back() -> None:
    """Share again what can be shared; for a session that rests."""
    gc.collect()
    _forget_lookups()
    image.give_back()


def _forget_lookups() -> None:
    """Forget in which class which name was found: Python counts these names."""
    if not can_be_immortal():
        sys._clear_type_cache()


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
            waiting.extend(gc.get_referents(one))
    count = ctypes.c_uint32.from_address
    for address in seen:
        count(address).value = IMMORTAL
