"""From files to a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cnn_tutor.errors import ProgressError
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.tutor.report.group import students
from cnn_tutor.tutor.report.prompts import worded
from cnn_tutor.tutor.report.pseudonym import anonymous
from cnn_tutor.tutor.report.scores import Judge
from cnn_tutor.tutor.report.source import LeftOut, Source, files, source
from cnn_tutor.tutor.report.student import work
from cnn_tutor.tutor.report.tally import Report, Tally


@dataclass(frozen=True, slots=True)
class How:
    """``trust``: only exports signed by these keys count. ``anew``: the engine judges every drill once more.

    ``secret``: names are replaced by pseudonyms that are made with it.
    """

    trust: frozenset[str] | None = None
    anew: bool = False
    secret: bytes | None = None


def build(paths: Iterable[Path], catalog: Catalog, how: How = How(), more: Iterable[Source] = ()) -> Report:
    """The report on everything in ``paths`` and ``more``. Raises UsageError for a path that is not there."""
    sources, left_out = list(more), []
    for path in files(paths):
        try:
            sources.append(source(path, how.trust))
        except ProgressError as error:
            left_out.append(LeftOut(str(path), str(error)))
    tally = Tally(Judge(catalog.get, anew=how.anew))
    for one in students(sources):
        if isinstance(one, LeftOut):
            left_out.append(one)
        else:
            tally.add(work(one.name, one.entries))
    report = tally.report(left_out, len(sources))
    return worded(report if how.secret is None else anonymous(report, how.secret), catalog)
