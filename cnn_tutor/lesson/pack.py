"""A course pack: lessons that go together, with a name and a version that every attempt at them records."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from cnn_tutor import __version__
from cnn_tutor.lesson.folder import PACK, Folder
from cnn_tutor.lesson.layer import Record
from cnn_tutor.lesson.load import convert
from cnn_tutor.lesson.schema import FORMAT_VERSION, Lesson


class Pack(Record, frozen=True, kw_only=True):
    """What ``pack.toml`` says; lessons that belong to no pack have neither an id nor a version."""

    format_version: int = FORMAT_VERSION
    id: Annotated[str, Meta(pattern=r"^([a-z0-9][a-z0-9-]*)?$", max_length=40)] = ""
    title: str = ""
    version: Annotated[str, Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9.+-]*)?$", max_length=40)] = ""


SHIPPED = Pack(id="cnn-tutor", title="Convolutional Neural Networks by Hand", version=__version__)
"""The lessons that come with the program."""


class Packed(Lesson, frozen=True, kw_only=True):
    """A lesson that knows its pack, which its file does not say."""

    pack: Pack


def pack_in(folder: Folder) -> Pack:
    """What a folder says of itself; a pack without a name where it says nothing. Raises LessonError."""
    if PACK not in folder.names:
        return Pack()
    return convert(folder.read(PACK), folder.shown(PACK), Pack)


def packed(lesson: Lesson, pack: Pack) -> Lesson:
    """``lesson`` as one of ``pack``."""
    fields = {field: getattr(lesson, field) for field in Lesson.__struct_fields__}
    return Packed(**fields, pack=pack)


def pack_of(lesson: Lesson) -> Pack:
    """The pack of ``lesson``; a lesson that was not told any comes with the program."""
    return lesson.pack if isinstance(lesson, Packed) else SHIPPED
