"""A fault of the program: one line for the student, the rest in a file for a programmer."""

from __future__ import annotations

from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings

FILE = "trouble.txt"


def confess(error: Exception, here: Surroundings) -> None:
    """Say in one line that the program has failed; what a programmer needs to know goes into a file."""
    import traceback

    file = here.folder / FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        where = _("What a programmer needs to know is in {file}.").format(file=file)
    except OSError:
        where = ""
    told = _("This is a fault of the program: {error}.")
    if not here.book.loss():
        told = _("This is a fault of the program: {error}. What you answered is kept.")
    here.complain(f"{told.format(error=f'{type(error).__name__}: {error}')} {where}")
