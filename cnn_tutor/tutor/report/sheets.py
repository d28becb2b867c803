"""A report as tables of plain values, which the terminal, a spreadsheet and a web page each write in their own way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cnn_tutor.language import _
from cnn_tutor.tutor.misconceptions import BY_ID
from cnn_tutor.tutor.report.advice import idea_name, needs
from cnn_tutor.tutor.report.student import LESSON, PRACTICE
from cnn_tutor.tutor.report.tally import Question, Report

Kind: TypeAlias = Literal["text", "word", "count", "rate", "seconds"]
Value: TypeAlias = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in data, its heading for people, what stands in it. ``brief`` ones fit a terminal."""

    name: str
    heading: str
    kind: Kind = "count"
    brief: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``note`` says how to read it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


def sheets(report: Report) -> tuple[Sheet, ...]:
    """All tables, in the order in which an instructor wants them."""
    return (questions(report), ideas(report), helped(report), students(report), scores(report), left_out(report))


def questions(report: Report) -> Sheet:
    """Question by question, in the order of the course."""
    columns = (
        Column("where", _("asked in"), "word", brief=False),
        Column("key", _("question"), "text"),
        Column("prompt", _("in words"), "text", brief=False),
        Column("skill", _("skill"), "text", brief=False),
        Column("students", _("students"), brief=False),
        Column("met", _("answers")),
        Column("first", _("count at once"), brief=False),
        Column("rate", _("at once"), "rate"),
        Column("seconds", _("time"), "seconds"),
        Column("misses", _("misses"), brief=False),
        Column("hints", _("hints")),
        Column("shown", _("shown"), brief=False),
        Column("ideas", _("wrong ideas (students)"), "text"),
    )
    note = _("At once: right at the first try, and without a hint. Time: the median.")
    return Sheet("questions", _("Questions"), columns, tuple(_question(one, report) for one in report.questions), note)


def _question(one: Question, report: Report) -> tuple[Value, ...]:
    counts = (one.students, one.met, one.first, one.rate if one.met else None, one.seconds)
    listed = ", ".join(f"{idea_name(idea)} ({count})" for idea, count in one.ideas[:3])
    words = (one.where, one.key, report.prompts.get(one.place, ""), one.skill)
    return (*words, *counts, one.misses, one.hints, one.shown, listed)


def ideas(report: Report) -> Sheet:
    """The misconceptions, those first that most students have."""
    columns = (
        Column("id", _("id"), "text", brief=False),
        Column("name", _("wrong idea"), "text"),
        Column("believes", _("who has it believes that"), "text", brief=False),
        Column("students", _("students")),
        Column("recorded", _("in two questions or more")),
        Column("once", _("in one"), brief=False),
        Column("answers", _("answers")),
        Column("shows", _("shows most at"), "text"),
    )
    rows = tuple(
        (
            one.id,
            idea_name(one.id),
            _(BY_ID[one.id].believes) if one.id in BY_ID else "",
            one.students,
            one.recorded,
            one.once,
            one.answers,
            ", ".join(dict.fromkeys(key for _where, key in one.places)),
        )
        for one in report.ideas
    )
    note = _("An idea counts where it alone explains a wrong answer; it is on record once it explains two questions.")
    return Sheet("ideas", _("Wrong ideas"), columns, rows, note)


def helped(report: Report) -> Sheet:
    """Students who need help, and why."""
    columns = (Column("student", _("student"), "text"), Column("why", _("why"), "text"))
    rows = tuple((need.student.name, "; ".join(need.reasons)) for need in needs(report))
    return Sheet("help", _("Who needs help"), columns, rows)


def students(report: Report) -> Sheet:
    """Every student."""
    columns = (
        Column("student", _("student"), "text"),
        Column("met", _("answers")),
        Column("first", _("count at once"), brief=False),
        Column("rate", _("at once"), "rate"),
        Column("each", _("time"), "seconds"),
        Column("hints", _("hints")),
        Column("shown", _("shown")),
        Column("minutes", _("minutes")),
        Column("ideas", _("wrong ideas"), "text"),
        Column("stuck", _("stuck at"), "text", brief=False),
    )
    rows = tuple(
        (
            one.name,
            one.met,
            one.first,
            one.rate,
            one.each,
            one.hints,
            one.shown,
            round(one.seconds / 60),
            ", ".join(map(idea_name, one.ideas)),
            ", ".join(key for _where, key in one.stuck),
        )
        for one in report.students
    )
    note = _("Time: the median for a question. Minutes: at work, without long pauses. Wrong ideas: those on record.")
    return Sheet("students", _("Students"), columns, rows, note)


def scores(report: Report) -> Sheet:
    """Every drill of every student."""
    columns = (
        Column("drill", _("drill"), "text"),
        Column("student", _("student"), "text"),
        Column("score", _("score")),
        Column("total", _("of")),
        Column("seed", _("seed")),
        Column("minutes", _("min")),
        Column("sitting", _("no.")),
        Column("answered", _("answered"), brief=False),
        Column("code", _("result code"), "text", brief=False),
        Column("check", _("code"), "word"),
    )
    rows = tuple(
        (
            *(one.drill, one.student, one.score, one.total, one.seed, one.minutes, one.sitting),
            *(one.answered, one.code, one.check),
        )
        for one in report.scores
    )
    note = _("The score comes from the log; where the code that the drill ended with says otherwise, it differs.")
    again = _("No. 2: the student had drilled these numbers before.")
    return Sheet("scores", _("Drills"), columns, rows, f"{note} {again}")


def left_out(report: Report) -> Sheet:
    """What does not count, and why."""
    columns = (Column("file", _("file"), "text"), Column("reason", _("why"), "text"))
    rows = tuple((one.path, one.reason) for one in report.left_out)
    return Sheet("left_out", _("Left out"), columns, rows)


def hardest(sheet: Sheet, count: int) -> Sheet:
    """The questions that fewest students had right at once, of those that were answered."""
    place = [column.name for column in sheet.columns].index("rate")
    asked = [row for row in sheet.rows if row[place] is not None]
    rows = tuple(sorted(asked, key=lambda row: float(row[place] or 0))[:count])
    return Sheet(sheet.name, sheet.title, sheet.columns, rows, sheet.note)


def written(value: Value, kind: Kind) -> str:
    """A value for people."""
    if value is None:
        return "–"
    if kind == "word":
        said = {"open": _("not ended"), LESSON: _("lesson"), PRACTICE: _("practice"), "agrees": _("agrees")}
        said["differs"] = _("differs")
        return said.get(str(value), str(value))
    if kind == "rate":
        return f"{round(100 * float(value))} %"
    if kind == "seconds":
        seconds = round(float(value))
        return f"{seconds} s" if seconds < 100 else _("{count} min").format(count=round(seconds / 60))
    return str(value)


def brief(sheet: Sheet) -> Iterator[tuple[Column, Sequence[Value]]]:
    """The columns that fit a terminal, each with its values."""
    for place, column in enumerate(sheet.columns):
        if column.brief:
            yield column, [row[place] for row in sheet.rows]
