"""The first pass over a lesson file: every key is known, every key is there, every value is of its type.

msgspec stops at the first fault; here each table is looked at by itself, so that an author hears of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from cnn_tutor.language import _
from cnn_tutor.lesson.layer import Layer
from cnn_tutor.lesson.layers import LAYERS, AnyLayer
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.plainly import named, record

Fault = tuple[Path, str]

_OPS = {str(layer.__struct_config__.tag): layer for layer in LAYERS}


def faults(value: Any, kind: Any, path: Path = ()) -> Iterator[Fault]:
    """Where ``value`` is not what ``kind`` (a Struct, or the type of a field) says, in the order of the file."""
    bare = _bare(kind)
    if bare == AnyLayer:
        yield from _layer(value, path)
    elif _is_record(bare):
        yield from _record(value, bare, path)
    elif get_origin(bare) is list and isinstance(value, list) and _has_records(bare):
        for number, one in enumerate(value):
            yield from faults(one, get_args(bare)[0], (*path, number))
        yield from _leaf(value, _without_records(kind), path)
    elif get_origin(bare) is dict and isinstance(value, dict):
        yield from _table(value, bare, path)
    else:
        yield from _leaf(value, kind, path)


def _record(value: Any, record: type[msgspec.Struct], path: Path) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield path, _("expected a table, got {got}").format(got=_named(value))
        return
    fields = _fields(record)
    names = sorted(["op", *fields]) if issubclass(record, Layer) else list(fields)
    missing = [key for key, field in fields.items() if field.required and key not in value]
    for key, one in value.items():
        if key in fields:
            yield from faults(one, fields[key].type, (*path, key))
        elif key not in names:
            yield (*path, key), _("unknown key") + suggest(key, names)
            missing = [one for one in missing if one not in _near(key, names)]
    for key in missing:
        yield path, _("the key {key} is missing").format(key=repr(key))


@cache
def _fields(record: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(record)}


def _layer(value: Any, path: Path) -> Iterator[Fault]:
    """A layer is one of many records; its ``op`` says which."""
    if not isinstance(value, dict) or "op" not in value:
        yield path, _("the key {key} is missing").format(key="'op'")
    elif not isinstance(value["op"], str) or value["op"] not in _OPS:
        op = value["op"]
        yield (
            (*path, "op"),
            _("unknown op {op}").format(op=repr(op)) + (suggest(op, list(_OPS)) if isinstance(op, str) else ""),
        )
    else:
        yield from _record(value, _OPS[value["op"]], path)


def _table(value: dict[str, Any], kind: Any, path: Path) -> Iterator[Fault]:
    """A table whose keys are an author's names."""
    of_names, of_values = get_args(kind)
    for name, one in value.items():
        for _place, message in _leaf(name, of_names, path):
            yield path, _("a name in this table: {message}").format(message=message[:1].upper() + message[1:])
        yield from faults(one, of_values, (*path, name))


def _leaf(value: Any, kind: Any, path: Path) -> Iterator[Fault]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _at, where = str(error).partition(" - at `")
        within = (int(number) if number else name for name, number in re.findall(r"\.([\w-]+)|\[(\d+)\]", where))
        yield (*path, *within), record(message, get_args(_bare(kind)) if get_origin(_bare(kind)) is Literal else ())
    except RecursionError:
        yield path, _("values are nested too deeply")


def _near(name: str, known: list[str]) -> list[str]:
    """The one that ``name`` was probably meant to be, if there is one."""
    import difflib

    return difflib.get_close_matches(name, known, 1)


def suggest(name: str, known: Iterable[str]) -> str:
    """The nearest known name, or all of them, to be put behind a complaint about ``name``."""
    listed = list(known)
    close = _near(name, listed)
    return (
        _("; did you mean {value}?").format(value=repr(close[0]))
        if close
        else _("; known: {names}").format(names=", ".join(listed))
        if listed
        else ""
    )


def _bare(kind: Any) -> Any:
    """A type without its constraints, and without None."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType) and kind != AnyLayer:
        others = [one for one in get_args(kind) if one is not NoneType]
        if len(others) == 1:
            return _bare(others[0])
    return kind


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _has_records(kind: Any) -> bool:
    (member,) = get_args(kind)
    return _bare(member) == AnyLayer or _is_record(_bare(member))


def _without_records(kind: Any) -> Any:
    """The type of a list of records with all that is asked of the list itself: its length."""
    meta = kind.__metadata__ if get_origin(kind) is Annotated else ()
    return Annotated[(list[Any], *meta)] if meta else list[Any]


def _named(value: Any) -> str:
    """How TOML calls a value of this type."""
    kinds = {bool: "bool", int: "int", float: "float", str: "str", list: "array", dict: "object"}
    return named(kinds.get(type(value), "date"))
