"""A lesson on paper, as Markdown or as one HTML page that prints well and needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from cnn_tutor.language import _
from cnn_tutor.render.ascii import clean
from cnn_tutor.tutor.paper import Given, Item, Paper, Problem, Table

GAP = "____"

ON_SCREEN = "The same sheet on a screen, where every step is checked:"

_STYLE = """
@page { size: A4; margin: 18mm 16mm; }
* { box-sizing: border-box; }
body {
  font: 11pt/1.35 Georgia, 'DejaVu Serif', serif;
  color: #000;
  background: #fff;
  max-width: 178mm;
  margin: 0 auto;
}
h1 { font-size: 17pt; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 7mm 0 2mm; break-after: avoid; }
header { border-bottom: 1pt solid #000; padding-bottom: 2mm; }
header p { margin: 1mm 0; }
.name { display: flex; gap: 8mm; }
.name span { flex: 1; border-bottom: .5pt solid #000; padding-top: 5mm; font-size: 9pt; }
.card { border: .75pt solid #000; padding: 1mm 4mm; margin: 4mm 0; font-size: 10pt; break-inside: avoid; }
.givens { display: flex; flex-wrap: wrap; gap: 6mm; break-inside: avoid; margin: 2mm 0; }
figure { margin: 0; }
figcaption { font-style: italic; }
table { border-collapse: collapse; font: 10.5pt 'DejaVu Sans Mono', Consolas, monospace; }
td { text-align: right; padding: .6mm 2mm; }
figure td { border: .4pt solid #777; min-width: 8mm; }
.layers { font-size: 10pt; margin: 2mm 0 3mm; padding-left: 5mm; }
ol { padding: 0; list-style: none; }
li.item { break-inside: avoid; margin: 2.6mm 0; display: flex; gap: 3mm; }
li.item > b { width: 9mm; text-align: right; }
.asked { flex: 1; }
.blank td { border: .75pt solid #000; min-width: 14mm; height: 8mm; }
.line { border-bottom: .75pt solid #000; height: 8mm; }
.answer td { border: .4pt solid #000; font-weight: bold; }
.working { font: 10pt 'DejaVu Sans Mono', monospace; margin: 1mm 0; }
.options { margin: 1mm 0; padding-left: 6mm; list-style: upper-alpha; }
footer { margin-top: 8mm; font-size: 9pt; }
"""


def html(paper: Paper) -> str:
    """The sheet, or its key, as a page of HTML."""
    title = _title(paper)
    body = "\n".join(
        [
            f"<header><h1>{_text(title)}</h1>",
            *([] if paper.key else [f'<p class="name"><span>{_("Name")}</span><span>{_("Date")}</span></p>']),
            "</header>",
            "" if paper.key else _prose(paper.intro),
            f'<section class="card"><b>{_("Conventions")}</b>{_prose(paper.conventions)}</section>',
            *(_problem(one, key=paper.key) for one in paper.problems),
            f"<footer>{_text(_(ON_SCREEN))} <code>{_text(paper.check)}</code></footer>",
        ]
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _title(paper: Paper) -> str:
    if paper.seed is None:
        title = _("{title}: the key") if paper.key else "{title}"
    else:
        title = _("{title}, numbers {seed}: the key") if paper.key else _("{title}, numbers {seed}")
    return title.format(title=paper.title, seed=paper.seed)


def _text(text: str) -> str:
    return escape(clean(text))


def _prose(text: str) -> str:
    """Markdown as HTML; HTML in it is text, and it loads nothing."""
    from markdown_it import MarkdownIt

    return str(
        MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink"]).render(clean(text.strip()))
    )


def _problem(problem: Problem, *, key: bool) -> str:
    givens = "".join(_given(one) for one in problem.givens)
    layers = "".join(f"<li>{_text(one)}</li>" for one in problem.layers)
    items = "\n".join(_item(one, key=key) for one in problem.items)
    parts = [
        f"<section><h2>{_text(problem.title)}</h2>",
        _prose(problem.prose) if problem.prose else "",
        f'<div class="givens">{givens}</div>' if givens else "",
        f'<ul class="layers">{layers}</ul>' if layers else "",
        f"<ol>\n{items}\n</ol></section>",
    ]
    return "\n".join(part for part in parts if part)


def _given(given: Given) -> str:
    return f"<figure><figcaption>{_text(given.name)} =</figcaption>{_grid(given.rows, '')}</figure>"


def _grid(rows: Table, role: str) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="{role}">{lines}</table>' if role else f"<table>{lines}</table>"


def _item(item: Item, *, key: bool) -> str:
    options = "".join(f"<li>{_text(one)}</li>" for one in item.options)
    asked = _text(item.prompt) + (f'<ol class="options">{options}</ol>' if options else "")
    if key:
        working = f'<div class="working">{_text(item.working)}</div>' if item.working else ""
        place = working + _grid(item.answer, "answer")
    elif item.rows:
        place = _grid(((("",) * item.columns),) * item.rows, "blank")
    else:
        place = '<div class="line"></div>'
    return f'<li class="item"><b>{item.number}.</b><div class="asked">{asked}{place}</div></li>'


def markdown(paper: Paper) -> str:
    """The sheet, or its key, as Markdown."""
    return "\n".join(_markdown(paper)) + "\n"


def _markdown(paper: Paper) -> Iterator[str]:
    yield f"# {_plain(_title(paper))}\n"
    if not paper.key:
        yield f"{_('Name')}: {GAP * 5}  {_('Date')}: {GAP * 3}\n"
        yield f"{clean(paper.intro.strip())}\n"
    yield f"**{_('Conventions')}**\n\n{clean(paper.conventions.strip())}\n"
    for problem in paper.problems:
        yield f"## {_plain(problem.title)}\n"
        if problem.prose:
            yield f"{clean(problem.prose)}\n"
        yield from (_block(given.name, given.rows) for given in problem.givens)
        yield from (f"- {_plain(one)}" for one in problem.layers)
        yield ""
        for item in problem.items:
            yield from _markdown_item(item, key=paper.key)
    yield f"---\n\n{_(ON_SCREEN)} `{clean(paper.check)}`"


def _markdown_item(item: Item, *, key: bool) -> Iterator[str]:
    yield f"**{item.number}.** {_plain(item.prompt)}\n"
    yield from (f"    {letter}. {clean(one)}" for letter, one in zip("ABCDEFGHI", item.options, strict=False))
    if item.options:
        yield ""
    if key and item.working:
        yield f"    {clean(item.working)}\n"
    if key and not item.rows:
        yield f"    {clean(item.answer[0][0])}\n"
    elif item.rows:
        rows = item.answer if key else ((GAP,) * item.columns,) * item.rows
        yield _block("", rows)
    else:
        yield f"    {GAP * 4}\n"


def _block(name: str, rows: Table) -> str:
    """A matrix as an indented block."""
    width = max((len(cell) for row in rows for cell in row), default=0)
    lines = ["[ " + "  ".join(f"{clean(cell):>{width}}" for cell in row) + " ]" for row in rows]
    head = f"{clean(name)} = " if name else ""
    indented = [f"    {head if number == 0 else ' ' * len(head)}{line}" for number, line in enumerate(lines)]
    return "\n".join(indented) + "\n"


def _plain(text: str) -> str:
    """``text`` with what Markdown would take for a sign of its own escaped."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", clean(text))
