"""What is worked out once for a question or a trace, and let go together when they are not needed any more."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

Owner = TypeVar("Owner")

_all: list[Any] = []
_lasting: list[Any] = []
_kept: WeakKeyDictionary[Any, dict[Any, Any]] = WeakKeyDictionary()


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


def remembered_with(
    function: Callable[Concatenate[Owner, Arguments], Result],
) -> Callable[Concatenate[Owner, Arguments], Result]:
    """A function that remembers its results as long as its first argument is there, or until ``forget`` is called."""

    @wraps(function)
    def wrapped(owner: Owner, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        known = _kept.setdefault(owner, {})
        key = (function, arguments, *named.values())
        if key not in known:
            known[key] = function(owner, *arguments, **named)
        return known[key]  # type: ignore[no-any-return]

    return wrapped  # type: ignore[return-value]


def forget(*, everything: bool = False) -> None:
    """Another lesson is opened: what was worked out for the one before would stay in memory with all its tensors.

    ``everything``, what is lasting as well, is forgotten only to see what the first diagnosis of a process costs.
    """
    _kept.clear()
    for one in (*_all, *_lasting) if everything else _all:
        one.cache_clear()
