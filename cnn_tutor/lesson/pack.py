"""A course pack: lessons that go together, with a name and a version that every attempt at them records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from cnn_tutor import __version__
from cnn_tutor.language import _
from cnn_tutor.lesson.folder import PACK, Folder
from cnn_tutor.lesson.layer import Record
from cnn_tutor.lesson.load import convert
from cnn_tutor.lesson.schema import FORMAT_VERSION, Lesson


class Pack(Record, frozen=True, kw_only=True):
    """What ``pack.toml`` says; lessons that belong to no pack have neither an id nor a version.

    ``titles`` are its titles in other languages, by their codes.
    """

    format_version: int = FORMAT_VERSION
    id: Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9-]*)?$", max_length=40)] = ""
    title: str = ""
    titles: dict[str, str] = {}
    version: Annotated[str, Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9.+-]*)?$", max_length=40)] = ""


SHIPPED = Pack(id="cnn-tutor", title="Convolutional Neural Networks by Hand", version=__version__)
"""The lessons that come with the program."""


class Packed(Lesson, frozen=True, kw_only=True):
    """A lesson that knows its pack, which its file does not say.

    ``whose`` gives the packs of its exercises by their ids, where it was put together out of several lessons.
    """

    pack: Pack
    whose: dict[str, Pack] = {}


def pack_in(folder: Folder, languages: Sequence[str] = ()) -> Pack:
    """What a folder says of itself, its title in the first of ``languages`` that it has one in, else in its own.

    A pack without a name where it says nothing. Raises LessonError.
    """
    if PACK not in folder.names:
        return Pack()
    pack = convert(folder.read(PACK), folder.shown(PACK), Pack)
    title = next((pack.titles[one] for one in languages if one in pack.titles), pack.title)
    return replace(pack, title=title)


def packed(lesson: Lesson, pack: Pack, whose: dict[str, Pack] | None = None) -> Packed:
    """``lesson`` as one of ``pack``, with exercises that may be others'."""
    fields = {field: getattr(lesson, field) for field in Lesson.__struct_fields__}
    return Packed(**fields, pack=pack, whose=whose or {})


def pack_of(lesson: Lesson, exercise: str = "") -> Pack:
    """The pack of ``lesson``, or of one of its exercises; a lesson that was not told any comes with the program."""
    return lesson.whose.get(exercise, lesson.pack) if isinstance(lesson, Packed) else SHIPPED


def title_of(pack: Pack) -> str:
    """What a pack is called, in the language that is spoken if it comes with the program; nothing if it has no name."""
    return _("Convolutional Neural Networks by Hand") if pack == SHIPPED else pack.title or pack.id


def together(packs: Iterable[Pack]) -> Pack:
    """Several packs named as one: ids and versions in the same order, each pack once; one alone is itself."""
    found = dict.fromkeys((one.id, one.version) for one in packs)
    ids, versions = zip(*found, strict=True) if found else ((), ())
    return Pack(id=", ".join(ids), version=", ".join(versions))
