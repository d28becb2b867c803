"""A report on a class as one page of HTML: plots and tables, no scripts, nothing to load, for screen and paper."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from html import escape

from cnn_tutor.language import _
from cnn_tutor.render.ascii import clean
from cnn_tutor.render.plot import Bar, bars, columns
from cnn_tutor.render.report import headline
from cnn_tutor.tutor.report.advice import idea_name, topics
from cnn_tutor.tutor.report.sheets import (
    Column,
    Sheet,
    helped,
    ideas,
    left_out,
    questions,
    scores,
    students,
    written,
)
from cnn_tutor.tutor.report.tally import Report

BINS = 10
MOST_BARS = 30

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #595959; --paper: #fff; --line: #c9c9c9; --full: #1f5f95;
  --light: #a8c8e2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --soft: #b0b0b0; --paper: #16181b; --line: #44484d; --full: #7fb6e6; --light: #35597a; }
}
@page { size: A4; margin: 15mm; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, 'DejaVu Sans', sans-serif; color: var(--ink); background: var(--paper);
  max-width: 1000px; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .3rem 0; } .note { color: var(--soft); font-size: .88rem; }
ol li { margin: .4rem 0; } code { font-family: 'DejaVu Sans Mono', Consolas, monospace; font-size: .9em; }
figure { margin: .8rem 0; } figcaption { color: var(--soft); font-size: .88rem; }
svg { width: 100%; height: auto; font: 12px system-ui, 'DejaVu Sans', sans-serif; }
svg text { fill: var(--ink); } svg .full { fill: var(--full); } svg .grid { stroke: var(--line); }
svg .light { fill: var(--light); stroke: var(--full); stroke-width: .5; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th.text, td.text, th.word, td.word { text-align: left; }
td.seconds { white-space: nowrap; }
td.text { overflow-wrap: break-word; min-width: 5rem; } td code { word-break: break-all; }
.said { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
thead th { border-bottom: 2px solid var(--soft); vertical-align: bottom; }
tbody th { font-weight: 600; text-align: left; overflow-wrap: break-word; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --paper: #fff; --line: #999; --full: #333; --light: #bbb; }
  body { max-width: none; padding: 0; font-size: 10pt; } table { font-size: 8pt; }
  th, td { padding: .15rem .3rem; } td.text { min-width: 0; } td.text, tbody th { overflow-wrap: anywhere; }
  .wide { overflow: visible; } h2, figure { break-after: avoid; } tr, figure, h2 { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""

_CODE = ("key", "code")
"""Columns in a typewriter's letters."""

_ELSEWHERE = ("id", "first", "skill", "misses")
"""Columns that only data and spreadsheets have."""


def page(report: Report, language: str = "en") -> str:
    """The page."""
    title = _("Report on a class")
    head = (
        f'<meta charset="utf-8"/>\n<meta name="viewport" content="width=device-width"/>\n<title>{_text(title)}</title>'
    )
    body = "\n".join(
        [f"<header><h1>{_text(title)}</h1><p>{_text(headline(report))}</p></header>", "<main>", *_main(report)]
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(language)}">\n<head>\n{head}\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _main(report: Report) -> Iterator[str]:
    yield from _topics(report)
    yield from _section(ideas(report), _idea_plot(report))
    yield from _section(helped(report))
    yield from _section(_numbered(questions(report)), _question_plot(report))
    yield from _section(students(report), _student_plot(report))
    yield from _section(scores(report), *_score_plots(report))
    yield from _section(left_out(report))


def _topics(report: Report) -> Iterator[str]:
    found = topics(report)
    if not found:
        return
    yield f"<section><h2>{_text(_('What to teach next'))}</h2>\n<ol>"
    for one in found:
        practise = f" <code>cnn-tutor practice {_text(' '.join(one.lessons))}</code>" if one.lessons else ""
        yield f"<li><b>{_text(one.subject)}</b>: {_text(one.text)}.{practise}</li>"
    yield "</ol></section>"


def _section(sheet: Sheet, *plots: str) -> Iterator[str]:
    """A heading, plots and the table; nothing where the table is empty."""
    if not sheet.rows:
        return
    yield f'<section id="{sheet.name}"><h2>{_text(sheet.title)}</h2>'
    yield from plots
    caption = _text(sheet.note) or f'<span class="said">{_text(sheet.title)}</span>'
    yield f'<div class="wide"><table>\n<caption>{caption}</caption>\n<thead><tr>'
    shown = [(place, column) for place, column in enumerate(sheet.columns) if column.name not in _ELSEWHERE]
    yield "".join(f'<th scope="col" class="{column.kind}">{_text(column.heading)}</th>' for _place, column in shown)
    yield "</tr></thead>\n<tbody>"
    for row in sheet.rows:
        yield f"<tr>{''.join(_cell(row[place], column, first=place == shown[0][0]) for place, column in shown)}</tr>"
    yield "</tbody></table></div></section>"


def _cell(value: str | int | float | None, column: Column, *, first: bool) -> str:
    text = _text(written(value, column.kind))
    inside = f"<code>{text}</code>" if column.name in _CODE and text else text
    return f'<th scope="row">{inside}</th>' if first else f'<td class="{column.kind}">{inside}</td>'


def _numbered(sheet: Sheet) -> Sheet:
    """The table with the numbers that the plot names its bars by."""
    rows = tuple((number, *row) for number, row in enumerate(sheet.rows, 1))
    return Sheet(sheet.name, sheet.title, (Column("number", _("no.")), *sheet.columns), rows, sheet.note)


def _figure(plot: str, caption: str) -> str:
    return f"<figure>{plot}<figcaption>{_text(caption)}</figcaption></figure>"


def _idea_plot(report: Report) -> str:
    rows = [Bar(idea_name(one.id), one.students, one.recorded) for one in report.ideas[:MOST_BARS]]
    caption = _("Students with each wrong idea: dark, on record (two questions or more); light, in one question.")
    return _figure(bars(_("Wrong ideas, by students"), rows), caption)


_PERCENT = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))


def _question_plot(report: Report) -> str:
    rates = [one.rate if one.met else None for one in report.questions]
    names = [str(number) for number in range(1, len(rates) + 1)]
    caption = _("Right at once, question by question in the order of the course; the numbers are those of the table.")
    return _figure(columns(_("Right at once, by question"), rates, names, _PERCENT), caption)


def _student_plot(report: Report) -> str:
    counts = Counter(min(int(one.rate * BINS), BINS - 1) for one in report.students if one.rate is not None)
    names = [f"{100 * place // BINS}–{100 * (place + 1) // BINS} %" for place in range(BINS)]
    values = [float(counts[place]) for place in range(BINS)]
    caption = _("How many students had how much right at once.")
    return _figure(columns(_("Students by what they had right at once"), values, names, _ticks(max(values))), caption)


def _score_plots(report: Report) -> Iterator[str]:
    """For each drill that several students ended, how many reached which score."""
    ended = defaultdict(list)
    for one in report.scores:
        if one.total is not None:
            ended[one.drill].append(one)
    for drill, found in ended.items():
        most = max(one.total or 0 for one in found)
        if len(found) < 2 or most > 60:
            continue
        counts = Counter(min(one.score, most) for one in found)
        values = [float(counts[score]) for score in range(most + 1)]
        title = _("Scores in {drill}").format(drill=drill)
        yield _figure(columns(title, values, [str(score) for score in range(most + 1)], _ticks(max(values))), title)


def _ticks(most: float) -> list[tuple[float, str]]:
    """Zero, the middle where it is whole, and the top."""
    top = max(1, int(most))
    return [(float(one), str(one)) for one in ((0, top // 2, top) if top % 2 == 0 else (0, top))]


def _text(text: str) -> str:
    return escape(clean(text))
