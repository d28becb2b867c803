"""``cnn-tutor sheet``: the paper twin of a lesson, with blanks or with the worked key."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.options import add_lesson, add_seed
from cnn_tutor.surroundings import Surroundings

HELP = "a lesson on paper: blanks to fill in, or the worked key"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``LESSON --seed --key --format``."""
    add_lesson(parser)
    add_seed(parser, _("with fresh numbers, the same as on the screen"))
    parser.add_argument("--key", action="store_true", help=_("the worked key"))
    parser.add_argument(
        "--format", choices=("md", "html"), default="md", help=_("Markdown, or one page of HTML to print")
    )


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print the sheet."""
    from cnn_tutor.render.ascii import to_ascii
    from cnn_tutor.render.paper import html, markdown
    from cnn_tutor.tutor.paper import paper

    sheet = paper(here.lesson(options.lesson, options.seed), seed=options.seed, key=options.key)
    written = html(sheet) if options.format == "html" else markdown(sheet)
    if here.ascii_only:
        html_escapes = written.encode("ascii", "xmlcharrefreplace").decode()
        written = html_escapes if options.format == "html" else to_ascii(written)
    print(written, end="")
    return DONE
