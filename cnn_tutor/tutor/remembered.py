"""What is worked out once for a question or a trace, and let go together when they are not needed any more."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_all: list[Any] = []


def remembered(most: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """A function that remembers its last ``most`` results until ``forget`` is called."""

    def wrap(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        wrapped = lru_cache(most)(function)
        _all.append(wrapped)
        return wrapped  # type: ignore[return-value]

    return wrap


def forget() -> None:
    """Another lesson is opened: what was worked out for the one before would stay in memory with all its tensors."""
    for one in _all:
        one.cache_clear()
