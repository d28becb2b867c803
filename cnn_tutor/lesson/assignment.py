"""An assignment file: the drill that an instructor sets a class, as frozen data read from TOML."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path as File
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Meta

from cnn_tutor.language import _
from cnn_tutor.lesson.layer import Record
from cnn_tutor.lesson.load import convert, fault, read
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.schema import Id, Text

Show: TypeAlias = Literal["nothing", "result", "answers"]
Seed: TypeAlias = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]

MOST_PROBLEMS, MOST_MINUTES = 200, 24 * 60


class AssignmentFile(Record, frozen=True, kw_only=True):
    """What the file says. ``numbers = "own"`` gives each name numbers of its own; ``seeds`` are for single names.

    ``opens`` and ``closes`` carry an offset, or stand in the time zone ``zone``. ``show`` is what a student is shown
    at the end: nothing, the result, or the result with the right answers.
    """

    format_version: int
    id: Id
    title: Text
    lessons: Annotated[list[Id], Meta(min_length=1)]
    seed: Seed | None = None
    seeds: dict[str, Seed] = {}
    numbers: Literal["same", "own"] = "same"
    count: Annotated[int, Meta(ge=1, le=MOST_PROBLEMS)] | None = None
    minutes: Annotated[int, Meta(ge=1, le=MOST_MINUTES)] | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    zone: str = ""
    show: Show = "result"


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment whose times are sure: ``opens`` and ``closes`` are seconds since 1970, shown in ``zone``."""

    file: AssignmentFile
    opens: float | None = None
    closes: float | None = None
    zone: tzinfo | None = None

    def spell(self, at: float) -> str:
        """A time as the class knows it: date, hour and time zone."""
        local = datetime.fromtimestamp(at, self.zone)
        return f"{local:%Y-%m-%d %H:%M} ({self.file.zone or local.tzname()})"


def is_assignment(data: dict[str, Any]) -> bool:
    """Whether a file's tables are meant as an assignment: it names lessons, and has no exercises."""
    return "lessons" in data and "exercise" not in data


def load(file: File) -> Assignment:
    """The assignment in ``file``. Raises LessonError (``file:line:column: path: message``)."""
    return parse(read(file), str(file))


def parse(text: str, source: str = "<text>") -> Assignment:
    """The assignment in ``text``; ``source`` stands for the file in errors."""
    found = convert(text, source, AssignmentFile)
    for path, message in _faults(found):
        raise fault(source, text, path, message)
    times, zone = _times(found), _zone(found.zone)
    placed = dict(zip(times, _placed(times, zone), strict=True))
    seconds = {name: at.timestamp() for name, at in placed.items()}
    offset = next((at.tzinfo for at in placed.values()), None)
    return Assignment(found, seconds.get("opens"), seconds.get("closes"), zone or offset)


def unknown_lessons(found: AssignmentFile, known: Collection[str]) -> Iterator[tuple[Path, str]]:
    """A fault for every lesson that there is not."""
    for number, name in enumerate(found.lessons):
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            message = _("no lesson {name}").format(name=repr(name))
            advice = _("; did you mean {name}?").format(name=repr(close[0])) if close else ""
            yield ("lessons", number), message + advice


def _times(found: AssignmentFile) -> dict[str, datetime]:
    return {name: at for name, at in (("opens", found.opens), ("closes", found.closes)) if at is not None}


def _faults(found: AssignmentFile) -> Iterator[tuple[Path, str]]:
    if found.seed is None and not found.seeds:
        yield ("seed",), _("give seed = 7 for the whole class, or a table [seeds] with a seed for each name")
    zone = _zone(found.zone)
    if found.zone and zone is None:
        yield ("zone",), _('no time zone {name}; one is "Europe/Berlin"').format(name=repr(found.zone))
        return
    times = _times(found)
    for name, at in times.items():
        if at.tzinfo is None and zone is None:
            sentence = _('needs a time zone: write {time}+01:00, or add zone = "Europe/Berlin"')
            yield (name,), sentence.format(time=at.isoformat())
            return
        if at.tzinfo is None and _is_skipped(at, zone):
            yield (name,), _("there is no such time in {zone}: the clocks go forward").format(zone=found.zone)
            return
    opens, closes = (placed.timestamp() for placed in _placed(times, zone)) if len(times) == 2 else (0, 1)
    if opens >= closes:
        yield ("closes",), _("closes before it opens")


def _placed(times: dict[str, datetime], zone: tzinfo | None) -> Iterator[datetime]:
    return (at.replace(tzinfo=at.tzinfo or zone) for at in times.values())


def _zone(name: str) -> ZoneInfo | None:
    """The time zone called ``name``, if there is one."""
    try:
        return ZoneInfo(name) if name else None
    except (OSError, ValueError, KeyError):
        return None


def _is_skipped(at: datetime, zone: tzinfo | None) -> bool:
    """Whether a local time falls into the hour that is left out in spring."""
    placed = at.replace(tzinfo=zone)
    return datetime.fromtimestamp(placed.timestamp(), zone).replace(tzinfo=None) != at.replace(fold=0)
