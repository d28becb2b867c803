"""What the readers of TOML and of records complain about, in this program's own words; the unknown stays as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from contextlib import suppress

from cnn_tutor.language import _

_SYNTAX = (
    (r"Invalid statement", "here should stand a key or the name of a table"),
    (r"Expected newline or end of document after a statement", "the line should end here"),
    (r"Expected (?P<what>['\"].+['\"])", "{what} is missing"),
    (r"(?:Found invalid|Illegal) character (?P<what>.+)", "the character {what} may not stand here"),
    (r"Cannot declare (?P<key>.+) twice", "the table {key} is there already"),
    (r"Cannot (?:mutate immutable|redefine) namespace (?P<key>.+)", "nothing can be added to {key} any more"),
    (r"Cannot overwrite a value", "this key has a value already"),
    (r"Expected ']' at the end of a table declaration", "a ] is missing behind the name of the table"),
    (r"Expected '\]\]' at the end of an array declaration", "a ]] is missing behind the name of the table"),
    (r"Expected '=' after a key in a key/value pair", "a = is missing behind the key"),
    (r"Invalid initial character for a key part", "a key cannot begin like this"),
    (r"Duplicate inline table key (?P<key>.+)", "the key {key} stands here twice"),
    (r"Unclosed array", "this list has no end: its closing bracket is missing"),
    (r"Unclosed inline table", "this table has no end: its closing brace is missing"),
    (r"Unterminated string", "this text has no end: a quotation mark is missing"),
    (r"Unescaped '\\' in a string", "a backslash in a text is written twice"),
    (r"Invalid hex value|Escaped character is not a Unicode scalar value", "no character has this number"),
    (r"Invalid date or datetime", "there is no such day or time"),
    (r"Invalid value", "this is no value"),
)
"""What ``tomllib`` says, and what it means; the most general last of those that begin alike."""

_NAMES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "a truth value",
    "array": "a list",
    "object": "a table",
    "datetime": "a date with a time",
    "date": "a date",
    "time": "a time",
}
"""How TOML calls a value of a type."""

_FORMS = {
    r"^[a-z0-9][a-z0-9-]*$": "small letters, digits and hyphens, as in my-lesson",
    r"^([a-z0-9][a-z0-9-]*)?$": "small letters, digits and hyphens, as in my-course",
    r"^[A-Za-z][A-Za-z0-9_]*$": "a letter, then letters, digits and _",
    r"^([A-Za-z0-9][A-Za-z0-9.+-]*)?$": "letters, digits and dots, as in 1.0",
}
"""What texts of a certain form consist of."""

_SIZES = {
    ("array", ">=", "1"): "expected a list that is not empty",
    ("str", ">=", "1"): "expected a text that is not empty",
    ("array", ">="): "expected a list of {count} entries or more",
    ("array", "<="): "expected a list of {count} entries at most",
    ("str", ">="): "expected a text of {count} letters or more",
    ("str", "<="): "expected a text of {count} letters at most",
}
"""What is said of a list or a text that is too short or too long."""


def syntax(message: str) -> str:
    """A complaint of ``tomllib``, without its place."""
    for pattern, template in sorted(_SYNTAX, key=lambda row: "(?P" in row[0]):
        found = re.fullmatch(pattern, message)
        if found:
            return _(template).format(**{name: _key(text) for name, text in found.groupdict().items()})
    return message


def _key(text: str) -> str:
    """``('a', 'b')`` as it stands in the file, ``a.b``; any other text unchanged."""
    with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        parts = ast.literal_eval(text) if text.startswith("(") and len(text) < 500 else None
        if isinstance(parts, tuple):
            return ".".join(map(str, parts))
    return text


def record(message: str, options: Sequence[object] = ()) -> str:
    """A complaint of ``msgspec``, without its place; ``options`` are the values that a type lists, if it does."""
    if found := re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", message):
        wanted = [one for one in found[1].split(" | ") if one != "null"]
        if "float" in wanted and "int" in wanted:
            wanted.remove("int")
        names = _(" or ").join(map(named, wanted))
        return _("expected {wanted}, got {got}").format(wanted=names, got=named(found[2]))
    if found := re.fullmatch(r"Expected `(array|str)` of length (>=|<=) (\d+)", message):
        template = _SIZES.get((found[1], found[2], found[3])) or _SIZES[found[1], found[2]]
        return _(template).format(count=found[3])
    if (found := re.fullmatch(r"Expected `str` matching regex '(.*)'", message)) and found[1] in _FORMS:
        return _("expected {form}").format(form=_(_FORMS[found[1]]))
    if found := re.fullmatch(r"Expected `\w+` (>=|<=) (\S+)", message):
        text = _("expected {limit} or more") if found[1] == ">=" else _("expected {limit} or less")
        return text.format(limit=found[2])
    if message.startswith("Invalid enum value") and options:
        return _("expected one of: {options}").format(options=", ".join(map(repr, options)))
    return message[:1].lower() + message[1:]


def named(kind: str) -> str:
    """A type, by msgspec's name for it, in TOML's words."""
    return _(_NAMES[kind]) if kind in _NAMES else kind
