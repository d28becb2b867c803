"""What is worked out once for a question or a trace, and let go together when they are not needed any more."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_all: list[Any] = []
_lasting: list[Any] = []


def remembered(
    most: int, *, lasting: bool = False
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """A function that remembers its last ``most`` results until ``forget`` is called.

    What is ``lasting`` holds no numbers, and is the same for the next lesson.
    """

    def wrap(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        wrapped = lru_cache(most)(function)
        (_lasting if lasting else _all).append(wrapped)
        return wrapped  # type: ignore[return-value]

    return wrap


def forget(*, everything: bool = False) -> None:
    """Another lesson is opened: what was worked out for the one before would stay in memory with all its tensors.

    ``everything``, what is lasting as well, is forgotten only to see what the first diagnosis of a process costs.
    """
    for one in (*_all, *_lasting) if everything else _all:
        one.cache_clear()
