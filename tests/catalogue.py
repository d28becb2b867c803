"""Every sentence of the interface, for translators: ``python -m tests.catalogue de`` brings the German one up to date.

It reads the code, finds what goes through ``_`` and ``plural``, also out of tables, merges it into
``cnn_tutor/locale/de/LC_MESSAGES/cnn_tutor.po`` and compiles that into the file that the program reads.
"""

import ast
import io
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog, mofile, pofile

from cnn_tutor import __version__, commands
from cnn_tutor.language import DOMAIN, FOLDER
from cnn_tutor.tutor.misconceptions import ALL
from cnn_tutor.tutor.words import WORDS

PACKAGE = Path(commands.__file__).parent.parent

ARGPARSE = (
    *("usage: ", "positional arguments", "options", "show this help message and exit"),
    *("show program's version number and exit", "unrecognized arguments: %s", "expected one argument"),
    *("the following arguments are required: %s", "invalid choice: %(value)r (choose from %(choices)s)"),
    *("invalid %(type)s value: %(value)r", "argument %(argument_name)s: %(message)s", "expected at least one argument"),
    *("subcommands", "%(heading)s:"),
)
"""What Python's own parser of command lines says; it looks into the same catalogue."""

_TITLES = ("tutor.examples:_ROWS#0",)

LOCALS = {
    ("host.board", "one"): ("host.board:ORDER",),
    ("host.board", "now"): ("host.board:ORDER",),
    ("lesson.fitting", "sentence"): ("lesson.fitting:SENTENCES",),
    ("lesson.plainly", "template"): ("lesson.plainly:_SYNTAX#1", "lesson.plainly:_SIZES"),
    ("lesson.plainly", "_NAMES[kind]"): ("lesson.plainly:_NAMES",),
    ("lesson.plainly", "_FORMS[found[1]]"): ("lesson.plainly:_FORMS",),
    ("plain.explore", "exercise.title"): _TITLES,
    ("plain.manual", "meaning"): ("plain.manual:COMMANDS#1", "plain.manual:ANSWERS#1"),
    ("plain.explore", "meaning"): ("plain.explore:COMMANDS#1",),
    ("plain.explore", "shown"): ("plain.explore:PICTURES",),
    ("plain.explore", "title(name)"): _TITLES,
    ("tui.screens.explore", "explore.film.exercise.title"): _TITLES,
    ("tui.screens.help", "left"): (
        "tui.screens.help:TYPING",
        "tui.screens.help:MARKS",
        "tui.screens.help:VERDICTS",
        "tui.screens.help:ON_LIST",
    ),
    ("tui.screens.help", "right"): ("tui.keys:SECTIONS",),
    ("tui.screens.help", "title"): ("tui.keys:SECTIONS",),
    ("tui.screens.help", "topic"): ("tui.keys:SECTIONS",),
    ("tui.screens.themes", "label"): ("render.palette:PALETTES",),
    ("tui.screens.themes", "meant"): ("render.palette:PALETTES",),
    ("tui.screens.offer", "examples.title(name)"): _TITLES,
    ("tui.screens.offer", "shown"): ("plain.explore:PICTURES",),
    ("tui.screens.watch", "watch.film.exercise.title"): _TITLES,
    ("tutor.fields", "entries"): ("tutor.fields:_AXES",),
    ("tutor.fields", "along"): ("tutor.fields:_AXES",),
    ("tutor.reasons", "reason"): ("tutor.reasons:REASONS",),
    ("tutor.sizes", "template"): ("tutor.sizes:_SIZES",),
    ("tutor.slip", "what"): ("tutor.slip:_SLIPS",),
}
"""The tables that an expression runs over, by module; ``#1`` is the second entry of each row."""

FIELDS = ("label", "meant_for", "help", "name", "believes", "says", "one", "whole", "point", "rule")
"""The fields of a row that are sentences."""


class Message(NamedTuple):
    """A sentence, its plural if it has one, and where it stands."""

    text: str
    many: str | None
    place: tuple[str, int]


class Unresolved(Exception):
    """A sentence goes through ``_`` that cannot be found by reading."""


def messages() -> Iterator[Message]:
    """Every sentence that may be looked up."""
    for file in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(file.relative_to(PACKAGE).with_suffix("").parts)
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "plural"):
                place = (str(file.relative_to(PACKAGE.parent)), call.lineno)
                yield from _of_call(call, module, place)
    yield from (Message(text, None, ("argparse", 0)) for text in ARGPARSE)


def _of_call(call: ast.Call, module: str, place: tuple[str, int]) -> Iterator[Message]:
    if call.func.id == "plural":
        yield Message(ast.literal_eval(call.args[0]), ast.literal_eval(call.args[1]), place)
    else:
        found = list(_strings_of(call.args[0], module))
        if not found:
            raise Unresolved(f"{place[0]}:{place[1]}: {ast.unparse(call)}")
        yield from (Message(text, None, place) for text in found if any(one.isalpha() for one in text))


def _strings_of(node: ast.expr, module: str) -> Iterator[str]:
    """What an expression may stand for."""
    if (module, ast.unparse(node)) in LOCALS:
        yield from _of_tables(LOCALS[module, ast.unparse(node)])
        return
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _strings_of(body, module)
            yield from _strings_of(other, module)
        case ast.Name(id=name) if name.isupper():
            yield from _collected(getattr(import_module(f"cnn_tutor.{module}"), name))
        case ast.Subscript(value=table):
            yield from _strings_of(table, module)
        case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, default]):
            yield from _strings_of(table, module)
            yield from _strings_of(default, module) if isinstance(default, ast.Constant) else ()
        case ast.Attribute(attr="HELP"):
            yield from (commands.command(name).HELP for name in (*commands.NAMES, commands.HOME))
        case ast.Attribute(attr="name" | "believes" | "says" as field):
            yield from (getattr(row, field) for row in ALL)
        case ast.Attribute(value=ast.Name(id="key"), attr="label" | "help"):
            yield from _of_tables(("tui.keys:SECTIONS", "tui.keys:OTHERS"))
        case ast.Attribute(value=ast.Name(id="field"), attr="name" | "help"):
            yield from _of_tables(("tui.screens.drill_form:FIELDS",))
        case ast.Attribute(attr="label" | "one" | "whole" | "point" | "rule" as field):
            yield from (getattr(row, field) for row in WORDS.values())
            yield getattr(next(iter(WORDS.values())), "_field_defaults", {}).get(field, "")


def _of_tables(tables: tuple[str, ...]) -> Iterator[str]:
    for table in tables:
        module, _, name = table.partition(":")
        name, _, column = name.partition("#")
        value = getattr(import_module(f"cnn_tutor.{module}"), name)
        rows = value.values() if isinstance(value, dict) else value
        yield from _collected([row[int(column)] for row in rows] if column else value)


def _collected(value: object) -> Iterator[str]:
    """The sentences of a table."""
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _collected(one)
        case tuple() | list() if not hasattr(value, "_fields"):
            for one in value:
                yield from _collected(one)
        case _:
            yield from (getattr(value, field) for field in FIELDS if isinstance(getattr(value, field, None), str))


def catalogue() -> Catalog:
    """All sentences, none translated."""
    found = Catalog(project="cnn-tutor", version=__version__, charset="utf-8", fuzzy=False)
    for one in messages():
        if one.text:
            found.add((one.text, one.many) if one.many else one.text, locations=[one.place])
    return found


def read(file: Path) -> Catalog:
    """The catalogue in a ``.po`` file."""
    with file.open("rb") as stream:
        return pofile.read_po(stream)


def compiled(source: Catalog) -> bytes:
    """What the program reads."""
    out = io.BytesIO()
    mofile.write_mo(out, source)
    return out.getvalue()


def update(language: str, folder: Path = Path(FOLDER)) -> tuple[int, int]:
    """Bring the catalogue of ``language`` up to date; how many sentences there are, and how many lack a translation."""
    file = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    own = read(file) if file.exists() else Catalog(language, project="cnn-tutor", version=__version__, charset="utf-8")
    own.locale = own.locale or language
    own.update(catalogue(), no_fuzzy_matching=True)
    own.obsolete.clear()
    with file.open("wb") as stream:
        pofile.write_po(stream, own, width=110, sort_output=True, include_lineno=False)
    file.with_suffix(".mo").write_bytes(compiled(read(file)))
    entries = [one for one in own if one.id]
    return len(entries), sum(not (all(one.string) if isinstance(one.string, tuple) else one.string) for one in entries)


if __name__ == "__main__":
    for language in sys.argv[1:] or sorted(one.name for one in Path(FOLDER).glob("*") if one.is_dir()):
        print(language, "{} sentences, {} without a translation".format(*update(language)))
