"""The command line: one run from arguments to exit code. Errors are one line on stderr, never a traceback."""

from __future__ import annotations

import errno
import io
import os
import sys

from cnn_tutor import language
from cnn_tutor.commands import DONE, HOME, INTERRUPTED, NAMES, USAGE, command
from cnn_tutor.errors import CnnTutorError
from cnn_tutor.language import _
from cnn_tutor.options import parser
from cnn_tutor.surroundings import Surroundings, speak

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    _open_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    speak(given)
    options = parser({name: command(name) for name in _needed(given)}, _columns()).parse_args(given)
    here = Surroundings(options)
    if getattr(options, "lang", "") and (unknown := language.unknown(given)):
        text = _("there is no language {name}; known are {languages}")
        here.complain(text.format(name=repr(unknown), languages=", ".join(language.known())))
    # One thread is enough for worksheet sizes, and idle BLAS threads burn time; this must precede NumPy's import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        chosen = command(options.command or HOME)
        if getattr(chosen, "SCREEN", False):
            here.announce()
            here.deliver(first=True)
        code = chosen.run(options, here)
        sys.stdout.flush()
        return code
    except CnnTutorError as error:
        here.complain(error)
        return USAGE
    except KeyboardInterrupt:
        text = _("Paused.") if here.book.loss() else _("Paused. What you answered is kept.")
        print(f"\n{text}", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; give the interpreter nothing left to flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            here.complain(_("cannot write: {error}").format(error=error.strerror))
        else:
            from cnn_tutor.trouble import confess

            confess(error, here)
        return USAGE
    finally:
        here.part()
        here.deliver()


def run() -> NoReturn:
    """The whole process: ends at once, without waiting for threads that still compute, or for memory to be freed."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            continue
    os._exit(code)


def _needed(given: Sequence[str]) -> Sequence[str]:
    """The commands of which the parser has to know: one that is named first, else all, so that help lists them."""
    if not given or given == ["--version"]:
        return ()
    return given[:1] if given[0] in NAMES else NAMES


def _columns() -> int:
    """How wide help may be."""
    try:
        return int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        try:
            return os.get_terminal_size().columns or 80
        except OSError:
            return 80


def _open_streams() -> None:
    """Streams that the caller has closed are empty ones; what cannot be read or written as text is replaced."""
    if sys.stdin is None:
        sys.stdin = io.StringIO()
    if sys.stdout is None:
        sys.stdout = io.StringIO()
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
