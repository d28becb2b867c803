"""What sessions touch, brought together in memory, because Python writes into what it touches.

It counts in the code that runs how well its shortcuts go and, before it had immortal objects, in every object who uses
it. Names and code that sessions use lie scattered between those that nobody uses, and each costs a session a page of
its own. So a first warm process notes what a session uses and begins anew: it makes those names before anything else,
and gives those functions new code, side by side.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, TypeAlias

import msgspec

from cnn_tutor.host import holes

IMPORTING = "_find_and_load"
"""The function that runs as long as a module is imported; what that runs is run once."""

LONGEST = 80
"""Characters of a text in code that may be used; a longer one most likely says what a function does."""

Place: TypeAlias = tuple[str, str, int]
"""Where code comes from: file, qualified name, line."""

_names: list[str] = []
"""Names that were made first; they are kept."""


class Used(msgspec.Struct, frozen=True):
    """What a session uses: modules in the order of their import, names, and where the code that runs is written."""

    modules: list[str] = []
    names: list[str] = []
    code: list[Place] = []


@contextmanager
def noted(file: Path) -> Iterator[None]:
    """Note what is used meanwhile, apart from imports, and write it to ``file``."""
    called: dict[int, CodeType] = {}
    depth = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal depth
        code = frame.f_code
        if code.co_name == IMPORTING:
            depth += {"call": 1, "return": -1}.get(event, 0)
        elif event == "call" and not depth:
            called[id(code)] = code

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    used = list(called.values())
    names = dict.fromkeys(name for code in used for name in _names_in(code))
    places = dict.fromkeys(map(_place, used))
    file.write_bytes(msgspec.json.encode(Used(list(sys.modules), list(names), list(places))))


def read(file: str) -> Used:
    """What was noted; nothing, if nothing was."""
    try:
        return msgspec.json.decode(Path(file).read_bytes(), type=Used)
    except (OSError, msgspec.MsgspecError):
        return Used()


def make_names(used: Used) -> None:
    """Make the names that are used; to be called before the modules that use them are imported."""
    _names.extend(map(sys.intern, used.names))


def bring(used: Used) -> None:
    """Import the modules, and give the functions that are used new code in the order of use. It has to warm up."""
    for name in used.modules:
        if name not in sys.modules:
            with suppress(Exception):  # whoever needs it will say what is wrong
                import_module(name)
    gc.collect()
    holes.fill()
    wanted = {place: number for number, place in enumerate(used.code)}
    copies, words = dict[int, tuple[CodeType, CodeType]](), dict[str, str]()

    def copy(code: CodeType) -> CodeType:
        if id(code) not in copies:
            constants = tuple(constant(one) for one in code.co_consts)
            copies[id(code)] = code, code.replace(co_qualname=word(code.co_qualname), co_consts=constants)
        return copies[id(code)][1]

    def constant(value: Any) -> Any:
        if isinstance(value, CodeType):
            return copy(value) if _place(value) in wanted else value
        is_text = isinstance(value, str) and len(value) <= LONGEST and not value.isidentifier()
        return word(value) if is_text else value

    def word(text: str) -> str:
        return words.setdefault(text, "".join(list(text)))

    functions = [one for one in gc.get_objects() if type(one) is FunctionType and _place(one.__code__) in wanted]
    for one in sorted(functions, key=lambda one: wanted[_place(one.__code__)]):
        one.__code__ = copy(one.__code__)
        one.__qualname__ = word(one.__qualname__)
    sys._clear_type_cache()  # it counts the names that it holds


def _place(code: CodeType) -> Place:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _names_in(code: CodeType) -> Iterator[str]:
    yield code.co_name
    yield from code.co_names
    yield from (one for one in code.co_consts if isinstance(one, str) and one.isidentifier())
