"""A folder of lesson files, on disk or in a zip archive. Files are data: nothing is run, nothing leaves the folder."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_tutor.errors import LessonError, UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson.limits import LARGEST_FILE
from cnn_tutor.lesson.load import decode

if TYPE_CHECKING:
    from zipfile import ZipInfo

MOST_FILES = 500
"""Lessons and translations of one pack."""

MOST_MEMBERS = 5000
"""Members of an archive, whatever they are."""

_NAME = re.compile(r"(?:[a-z]{2,3}(?:_[A-Z][A-Za-z]{1,3})?/)?[^/\\:\0]{1,120}\.toml")


@dataclass(frozen=True, slots=True)
class Folder:
    """What may be read: ``names`` like ``01-conv1d.toml`` and ``de/01-conv1d.toml``; ``faults`` are names refused."""

    where: str
    names: tuple[str, ...]
    content: Callable[[str], bytes]
    faults: tuple[str, ...] = ()

    @property
    def lessons(self) -> tuple[str, ...]:
        """The names of lessons; all others are translations, or about the pack."""
        return tuple(name for name in self.names if "/" not in name and name != PACK)

    def shown(self, name: str) -> str:
        """A name as it stands in messages."""
        return f"{self.where}/{name}"

    def read(self, name: str) -> str:
        """The text of a file. Raises LessonError."""
        try:
            content = self.content(name)
        except Exception as error:
            if not _is_of_a_file(error):
                raise
            said = _("cannot be read: {reason}").format(reason=getattr(error, "strerror", None) or error)
            raise LessonError(f"{self.shown(name)}:1:1: {said}") from None
        return decode(content, self.shown(name))


PACK = "pack.toml"


def _is_of_a_file(error: Exception) -> bool:
    """Whether an error is one of reading a file, or a member of an archive."""
    import zlib
    from zipfile import BadZipFile

    kinds = (OSError, BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError)
    return isinstance(error, kinds)


def open_folder(path: Path) -> Folder:
    """The folder or zip archive at ``path``. Raises UsageError where there is none."""
    if path.is_dir():
        return _on_disk(path)
    if path.is_file() and path.suffix == ".zip":
        return _in_archive(path)
    raise UsageError(_("no folder of lessons at {path}").format(path=path))


def _on_disk(path: Path) -> Folder:
    root = path.resolve()
    faults, names = [], []
    for file in sorted([*path.glob("*.toml"), *path.glob("*/*.toml")]):
        name = file.relative_to(path).as_posix()
        if not _NAME.fullmatch(name) or not file.is_file():
            continue
        if file.resolve().is_relative_to(root):
            names.append(name)
        else:
            faults.append(f"{file}:1:1: " + _("leads out of its folder"))

    def content(name: str) -> bytes:
        with (path / name).open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)

    return Folder(str(path), *_bounded(str(path), names, faults, content))


def _in_archive(path: Path) -> Folder:
    """An archive is never unpacked: what a member's name says cannot matter."""
    import stat
    import zipfile

    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # zipfile trusts what it reads: damage shows as any kind of error
        raise UsageError(_("{path} is no zip archive: {reason}").format(path=path, reason=error)) from None
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise UsageError(_("{path} has more than {count} members").format(path=path, count=MOST_MEMBERS))
    files = [one for one in members if one.filename and not one.filename.endswith("/")]
    top = _common(files)
    found: dict[str, ZipInfo] = {}
    faults = []
    for one in files:
        name = one.filename.removeprefix(top)
        if not name.endswith(".toml"):
            continue
        if stat.S_ISLNK(one.external_attr >> 16) or ".." in name.split("/") or name.startswith("/"):
            faults.append(f"{path}/{name}:1:1: " + _("leads out of its folder"))
        elif _NAME.fullmatch(name):
            found.setdefault(name, one)

    def content(name: str) -> bytes:
        with archive.open(found[name]) as stream:
            return stream.read(LARGEST_FILE + 1)

    return Folder(str(path), *_bounded(str(path), sorted(found), faults, content))


def _common(files: list[ZipInfo]) -> str:
    """The one folder that holds everything, as archives of repositories have it."""
    tops = {one.filename.partition("/")[0] + "/" if "/" in one.filename else "" for one in files}
    top = tops.pop() if len(tops) == 1 else ""
    return "" if top in ("../", "/") else top


def _bounded(
    where: str, names: list[str], faults: list[str], content: Callable[[str], bytes]
) -> tuple[tuple[str, ...], Callable[[str], bytes], tuple[str, ...]]:
    if len(names) > MOST_FILES:
        said = _("has {count} files; the first {most} are used").format(count=len(names), most=MOST_FILES)
        faults = [*faults, f"{where}:1:1: {said}"]
    return tuple(names[:MOST_FILES]), content, tuple(faults)
