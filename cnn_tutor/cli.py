"""The command line: one run from arguments to exit code. Errors are one line on stderr, never a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from cnn_tutor.commands import DONE, HOME, INTERRUPTED, NAMES, USAGE, command
from cnn_tutor.errors import CnnTutorError
from cnn_tutor.language import _
from cnn_tutor.options import parser
from cnn_tutor.surroundings import Surroundings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    _open_streams()
    options = parser({name: command(name) for name in NAMES}).parse_args(arguments)
    here = Surroundings(options)
    # One thread is enough for worksheet sizes, and idle BLAS threads burn time; this must precede NumPy's import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        chosen = command(options.command or HOME)
        if getattr(chosen, "SCREEN", False):
            here.announce()
        code = chosen.run(options, here)
        sys.stdout.flush()
        return code
    except CnnTutorError as error:
        here.complain(error)
        return USAGE
    except KeyboardInterrupt:
        print("\n" + _("Paused. What you answered is kept."), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; give the interpreter nothing left to flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE

    except Exception as error:
        here.confess(error)
        return USAGE


def _open_streams() -> None:
    """Streams that the caller has closed are empty ones; what cannot be read or written as text is replaced."""
    if sys.stdin is None:
        sys.stdin = io.StringIO()
    if sys.stdout is None:
        sys.stdout = io.StringIO()
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
