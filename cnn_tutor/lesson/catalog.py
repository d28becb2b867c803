"""Which lessons there are: those of folders and packs that the caller names, of installed packs, and the shipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cnn_tutor.errors import LessonError, UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson import installed
from cnn_tutor.lesson.folder import PACK, Folder, open_folder
from cnn_tutor.lesson.load import load
from cnn_tutor.lesson.pack import Pack, pack_in, packed
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.lesson.shelf import Reader

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Catalog:
    """The lessons in course order, and what could not be read with the reason why.

    ``files`` are lessons that were named by their file.
    """

    lessons: tuple[Lesson, ...]
    faults: tuple[str, ...] = ()
    files: Mapping[str, Lesson] = field(default_factory=dict)

    def get(self, name: str) -> Lesson:
        """The lesson with id ``name``; raises UsageError with the nearest id there is."""
        if name in self.files:
            return self.files[name]
        for lesson in self.lessons:
            if lesson.id == name:
                return lesson
        import difflib

        known = [lesson.id for lesson in self.lessons]
        close = difflib.get_close_matches(name.lower(), known, 1)
        listed = _("there are: {lessons}").format(lessons=", ".join(known))
        suggestion = _("did you mean {name}?").format(name=repr(close[0])) if close else listed
        raise UsageError(_("no lesson {name}; {suggestion}").format(name=repr(name), suggestion=suggestion))


def shipped() -> Path:
    """The folder of the shipped lessons: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / "lessons"
    return inside if inside.is_dir() else _PACKAGE.parent / "lessons"


def catalog(
    folders: Iterable[Path] = (),
    languages: Sequence[str] = (),
    *,
    user: Path | None = None,
    files: Iterable[str] = (),
    shelf: Path | None = None,
    common: Path | None = None,
) -> Catalog:
    """The lessons of ``folders`` (or zip archives), of the folder ``user`` and packs in it, installed, and shipped.

    Of two with one id the first in this order counts. Each is in the first of ``languages`` that it is translated to,
    else in its own. What cannot be read is left out and reported in ``faults``. ``files`` are lessons beside these, by
    path. ``shelf`` is a file that remembers what was read, ``common`` one for the shipped lessons alone. Raises
    UsageError for a folder that is not one, and LessonError for a file.
    """
    found: dict[str, Lesson] = {}
    reader = Reader(shelf)
    shipped_reader = Reader(common, reader)
    faults: list[str] = []
    for folder in map(open_folder, folders):
        _take(folder, found, faults, languages, reader)
    for path in [*_packs(user), *installed.folders()]:
        try:
            _take(open_folder(path), found, faults, languages, reader)
        except UsageError as error:
            faults.append(str(error))
    _take(open_folder(shipped()), found, faults, languages, shipped_reader, is_shipped=True)
    shipped_reader.keep()
    reader.keep()
    named = {name: _single(Path(name), languages) for name in files}
    return Catalog(tuple(found.values()), tuple(faults), named)


def _packs(user: Path | None) -> Iterator[Path]:
    """A user's own folder, and the archives and folders with a ``pack.toml`` in it."""
    if user is not None and user.is_dir():
        yield user
        yield from (one for one in sorted(user.iterdir()) if one.suffix == ".zip" or (one / PACK).is_file())


def _take(
    folder: Folder,
    found: dict[str, Lesson],
    faults: list[str],
    languages: Sequence[str],
    reader: Reader,
    *,
    is_shipped: bool = False,
) -> None:
    """Add the lessons of a folder to those ``found`` before."""
    faults += folder.faults
    try:
        pack = pack_in(folder, languages)
    except LessonError as error:
        faults.append(str(error))
        pack = Pack()
    for name in folder.lessons:
        try:
            lesson = reader.lesson(folder.read(name), folder.shown(name))
        except LessonError as error:
            if not _is_assignment(folder, name):
                faults.append(str(error))
            continue
        if languages:
            lesson = _translated(lesson, folder, name, languages, faults)
        found.setdefault(lesson.id, lesson if is_shipped else packed(lesson, pack))


def _is_assignment(folder: Folder, name: str) -> bool:
    """Whether a file that is no lesson is an assignment, which may lie beside the lessons that it names."""
    from cnn_tutor.lesson.assignment import is_assignment
    from cnn_tutor.lesson.load import document

    try:
        return is_assignment(document(folder.read(name), name))
    except LessonError:
        return False


def _translated(lesson: Lesson, folder: Folder, name: str, languages: Sequence[str], faults: list[str]) -> Lesson:
    from cnn_tutor.lesson.translation import in_language

    try:
        return in_language(lesson, folder, name, languages)
    except LessonError as error:
        faults.append(str(error))
        return lesson


def _single(file: Path, languages: Sequence[str]) -> Lesson:
    """A lesson named by its file, in the pack of its folder. Raises LessonError."""
    lesson = load(file)
    folder = open_folder(file.parent)
    if languages:
        lesson = _translated(lesson, folder, file.name, languages, [])
    return packed(lesson, pack_in(folder))


def is_file(name: str) -> bool:
    """Whether the name of a lesson is the path of a file."""
    return name.endswith(".toml") and Path(name).is_file()
