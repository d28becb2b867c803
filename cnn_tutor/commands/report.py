"""``cnn-tutor report``: what a class did and did not understand, from any number of logs."""

from __future__ import annotations

import argparse
from contextlib import ExitStack

from cnn_tutor.commands import DONE, FINDINGS
from cnn_tutor.language import OWN, _, choose
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from cnn_tutor.tutor.report.tally import Report

HELP = "what a class did and did not understand, from exports, homes or a host's folder"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FILE... --html --csv --json --anonymous --trust --recompute``."""
    parser.add_argument("files", nargs="+", metavar="FILE", help=_("exports, logs, folders of them, postgresql://…"))
    parser.add_argument("--html", type=to_path, metavar="FILE", help=_("write one page with plots and tables"))
    parser.add_argument(
        "--csv", type=to_path, metavar="FILE", help=_("write tables: the questions to FILE, others beside it")
    )
    parser.add_argument("--json", action="store_true", help=_("as data"))
    parser.add_argument("--anonymous", action="store_true", help=_("pseudonyms in the place of names"))
    parser.add_argument(
        "--trust", action="append", type=to_path, metavar="KEYFILE", help=_("only what these public keys have signed")
    )
    parser.add_argument("--recompute", action="store_true", help=_("judge every drill anew; takes a moment for each"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Write the report; exit code 1 if something was left out. Raises UsageError."""
    from cnn_tutor.errors import UsageError
    from cnn_tutor.tutor.report.build import How, build
    from cnn_tutor.tutor.report.pseudonym import secret
    from cnn_tutor.tutor.shared import is_address, reading
    from cnn_tutor.tutor.signature import trusted

    trust = frozenset().union(*map(trusted, options.trust)) if options.trust else None
    how = How(trust, options.recompute, secret(here.folder) if options.anonymous else None)
    databases = [one for one in options.files if is_address(one)]
    if databases and trust is not None:
        raise UsageError(_("what lies in a database is not signed; --trust is for exports"))
    paths = [to_path(one) for one in options.files if not is_address(one)]
    with ExitStack() as stack:
        more = [found for one in databases for found in stack.enter_context(reading(one))]
        report = build(paths, here.catalog(), how, more)
    for one in report.left_out:
        here.complain(_("left out: {reason}").format(reason=one.reason))
    if options.json:
        here.print_json(_document(report))
    elif not options.html and not options.csv:
        from cnn_tutor.render.report import drawn

        console = here.console()
        for part in drawn(report, ascii_only=here.ascii_only):
            console.print(part)
    if options.html:
        from cnn_tutor.render.report_page import page

        _write(options.html, page(report, choose(here.languages or (OWN,)).replace("_", "-")), here)
        here.say(_("Written: {path}").format(path=options.html)) if not options.json else None
    if options.csv:
        _spreadsheets(report, options.csv, here, quiet=options.json)
    return FINDINGS if report.left_out else DONE


def _spreadsheets(report: Report, path: Path, here: Surroundings, *, quiet: bool) -> None:
    from cnn_tutor.render.spreadsheet import comma_separated
    from cnn_tutor.tutor.report.sheets import sheets

    for number, sheet in enumerate(sheets(report)):
        target = path if number == 0 else path.with_name(f"{path.stem}-{sheet.name.replace('_', '-')}{path.suffix}")
        _write(target, comma_separated(sheet), here)
        if not quiet:
            here.say(_("Written: {path}").format(path=target))


def _document(report: Report) -> dict[str, object]:
    """The tables as data."""
    from cnn_tutor.tutor.report.advice import topics
    from cnn_tutor.tutor.report.sheets import sheets

    tables = {
        sheet.name: [dict(zip([column.name for column in sheet.columns], row, strict=True)) for row in sheet.rows]
        for sheet in sheets(report)
    }
    following = [{"subject": one.subject, "text": one.text, "lessons": one.lessons} for one in topics(report)]
    return {"students_count": len(report.students), "sources": report.sources, "teach_next": following, **tables}


def _write(path: Path, text: str, here: Surroundings) -> None:
    """Write a part of the report, but not in the place of what students have handed in. Raises UsageError."""
    from cnn_tutor.commands.output import begins, write
    from cnn_tutor.errors import UsageError
    from cnn_tutor.tutor.export import MARK

    if begins(path, MARK):
        raise UsageError(_("{path} is an exported log; name another file").format(path=path))
    write(path, text, here)
