"""A report on a class, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import JustifyMethod, RenderableType
from rich.table import Table
from rich.text import Text

from cnn_tutor.language import _, plural
from cnn_tutor.render.ascii import clean, to_ascii
from cnn_tutor.tutor.report.advice import idea_name, percent, topics
from cnn_tutor.tutor.report.sheets import Sheet, brief, hardest, helped, ideas, questions, scores, students, written
from cnn_tutor.tutor.report.tally import Report

MOST = 15
"""Rows of a table; files have them all."""

BAR = 30
"""Cells of the longest bar."""


def drawn(report: Report, *, ascii_only: bool = False) -> Iterator[RenderableType]:
    """Paragraph after paragraph, table after table; what is empty is left out."""

    def text(words: str, style: str = "") -> Text:
        return Text(to_ascii(words) if ascii_only else clean(words), style=style)

    yield text(headline(report), "bold")
    for number, topic in enumerate(topics(report), 1):
        if number == 1:
            yield text("\n" + _("What to teach next"), "bold")
        practise = f" (cnn-tutor practice {' '.join(topic.lessons)})" if topic.lessons else ""
        yield text(f"{number}. {topic.subject}: {topic.text}{practise}")
    if report.ideas:
        yield text("\n" + _("Wrong ideas, by students"), "bold")
        yield _bars(report, ascii_only=ascii_only)
        yield text(ideas(report).note, "italic")
    for sheet, most in (
        (hardest(questions(report), MOST), len(report.questions)),
        (helped(report), 0),
        (students(report), 0),
        (scores(report), 0),
    ):
        if sheet.rows:
            yield text("\n" + sheet.title, "bold")
            yield _table(sheet, ascii_only=ascii_only)
            more = max(most, len(sheet.rows)) - min(MOST, len(sheet.rows))
            if more:
                yield text(
                    plural("{count} more; --csv and --html have all.", "{count} more; --csv and --html have all.", more)
                )
            if sheet.note:
                yield text(sheet.note, "italic")


def headline(report: Report) -> str:
    """How many students, how many answers, how many of them right at once."""
    met, first = sum(one.met for one in report.students), sum(one.first for one in report.students)
    who = plural("{count} student", "{count} students", len(report.students))
    what = plural("{count} answer", "{count} answers", met)
    rate = percent(first / met if met else None)
    return _("{students}, {answers}, {rate} right at once").format(students=who, answers=what, rate=rate)


def _bars(report: Report, *, ascii_only: bool) -> Table:
    """The histogram of misconceptions: full for students who have it on record, light for those who showed it once."""
    grid = Table(box=None, show_header=False, pad_edge=False)
    grid.add_column(max_width=34)
    grid.add_column(justify="right")
    grid.add_column()
    most = max(one.students for one in report.ideas)
    scale = BAR / max(BAR, most)
    for one in report.ideas[:MOST]:
        full = round(one.recorded * scale)
        bar = "█" * full + "░" * (max(1, round(one.students * scale)) - full)
        cells = (idea_name(one.id), str(one.students), bar)
        grid.add_row(*(Text(to_ascii(cell) if ascii_only else clean(cell)) for cell in cells))
    return grid


def _table(sheet: Sheet, *, ascii_only: bool) -> Table:
    table = Table(box=box.ASCII if ascii_only else box.SIMPLE_HEAD, pad_edge=False)
    shown = list(brief(sheet))
    for column, _values in shown:
        heading = to_ascii(column.heading) if ascii_only else column.heading
        justify: JustifyMethod = "left" if column.kind in ("text", "word") else "right"
        table.add_column(Text(heading), justify=justify, overflow="fold", no_wrap=column.name == "key")
    for row in list(zip(*(values for _column, values in shown), strict=True))[:MOST]:
        cells = [written(value, column.kind) for value, (column, _values) in zip(row, shown, strict=True)]
        table.add_row(*(Text(to_ascii(cell) if ascii_only else clean(cell)) for cell in cells))
    return table
