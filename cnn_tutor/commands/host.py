"""``cnn-tutor host``: a classroom server; students log in by SSH and are in front of the task."""

from __future__ import annotations

import argparse
import shlex
import sys
from contextlib import suppress

from cnn_tutor.commands import DONE, NAMES, command
from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.options import parser as parser_of
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from cnn_tutor.host.premises import Premises
    from cnn_tutor.lesson.catalog import Catalog

HELP = "a classroom server: students log in by SSH and are in front of the task"

SERVED = ("learn", "practice", "drill", "review", "explore")
"""The commands that students may be put in front of."""

PORT = 2222


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--roster --port --bind --invite --progress --own-numbers --students --idle --memory COMMAND...``."""
    parser.add_argument(
        "--roster", type=to_path, metavar="FILE", help=_("who may come in: a name a line, and a public key")
    )
    parser.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=_("where to listen (2222; 0: any free port)")
    )
    parser.add_argument("--bind", default="", metavar="ADDRESS", help=_("listen there only (every address)"))
    parser.add_argument(
        "--invite", nargs="*", metavar="NAME", help=_("make one-time codes: for these, or for all without key and code")
    )
    parser.add_argument("--progress", action="store_true", help=_("show the room, live"))
    parser.add_argument(
        "--own-numbers", action="store_true", help=_("in a drill, numbers of their own for each student")
    )
    parser.add_argument("--students", type=int, default=250, metavar="N", help=_("so many at once (250)"))
    parser.add_argument("--idle", type=int, default=45, metavar="MINUTES", help=_("end a session after this (45)"))
    parser.add_argument("--memory", type=int, default=256, metavar="MIB", help=_("what one session may take (256)"))
    parser.add_argument("--warm", type=int, help=argparse.SUPPRESS)
    parser.add_argument(
        "task",
        nargs=argparse.REMAINDER,
        metavar="COMMAND",
        help=_("what to serve: learn conv1d, drill conv1d --seed 7 …"),
    )


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Serve until interrupted, or make codes. Raises UsageError."""
    from cnn_tutor.host.premises import Premises

    premises = Premises(here.folder / "host")
    if options.warm is not None:
        return _warm(options, here)
    if options.invite is not None:
        return _invite(options, here, premises)
    if options.progress and options.roster is None:
        return _watch(here, premises)
    return _serve(options, here, premises)


SECONDS = 2.0
"""Between two looks at the room."""


def _watch(here: Surroundings, premises: Premises) -> int:
    """Show the room until interrupted; without a screen, once."""
    import time

    from rich.live import Live

    from cnn_tutor.host.board import plain, table
    from cnn_tutor.host.lookout import Lookout

    lookout = Lookout(premises)
    if here.terminal.why_not:
        for line in plain(lookout.look(here.now())):
            here.say(line)
        return DONE
    console = here.console()
    with suppress(KeyboardInterrupt), Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            live.update(table(lookout.look(here.now()), console.height), refresh=True)
            time.sleep(SECONDS)
    return DONE


def _roster(options: argparse.Namespace) -> Path:
    if options.roster is None:
        raise UsageError(_("who may come in? Name a file with --roster; a name a line is enough"))
    path: Path = options.roster
    return path


def _invite(options: argparse.Namespace, here: Surroundings, premises: Premises) -> int:
    """Print a code for each student named, or for all who have neither key nor code."""
    from cnn_tutor.host.door import Door
    from cnn_tutor.host.roster import plain, read

    roster = read(_roster(options))
    premises.make()
    door = Door(premises.door, here.now)
    has = door.names()
    names = [plain(name) for name in options.invite] or [
        name for name, keys in roster.keys.items() if not keys and name not in has
    ]
    for asked, name in zip(options.invite, names, strict=False):
        if name not in roster:
            raise UsageError(_("{name} is not on the roster").format(name=repr(asked)))
    if not names:
        here.say(_("Everybody on the roster has a key or a code. Name those who shall have another one."))
    for name in names:
        here.say(f"{name}  {door.invite(name)}")
    return DONE


def _serve(options: argparse.Namespace, here: Surroundings, premises: Premises) -> int:
    import asyncio

    from cnn_tutor.host.roster import read

    roster = _roster(options)
    read(roster)
    _set(_task(options), here)
    if not 0 <= options.port < 2**16:
        raise UsageError(_("a port is a number from 0 to 65535"))
    try:
        from cnn_tutor.host.serving import Plan, serve
    except ModuleNotFoundError as error:
        if error.name != "asyncssh":
            raise
        raise UsageError(_("host needs asyncssh: pip install 'cnn-tutor[host]'")) from None
    from cnn_tutor.host.limits import Limits

    premises.make()
    limits = Limits(sessions=options.students, idle_seconds=60.0 * options.idle, memory_mib=options.memory)
    plan = Plan(
        premises=premises,
        roster=roster,
        task=shlex.join(options.task) or _("the list of lessons"),
        warm=_again(
            *(options, here, "--roster", str(roster), "--memory", str(options.memory), "--warm", "{socket}"),
            *options.task,
        ),
        bind=options.bind,
        port=options.port,
        limits=limits,
        push=(sys.executable, "-P", "-m", "cnn_tutor", "push") if here.results else (),
    )
    watch = _again(options, here, "--progress") if options.progress else ()
    asyncio.run(serve(plan, here.say, _quiet if watch else here.say, here.now, watch))
    return DONE


def _quiet(line: str) -> None:
    """The room is on the screen instead."""


def _again(options: argparse.Namespace, here: Surroundings, *arguments: str) -> list[str]:
    """The same command in another process, followed by ``arguments``."""
    lessons = [word for one in getattr(options, "lessons", None) or () for word in ("--lessons", str(one))]
    flags = [flag for flag, name in (("--ascii", "ascii"), ("--no-color", "no_color")) if getattr(options, name, False)]
    words = [
        word for name in ("lang", "theme") if hasattr(options, name) for word in (f"--{name}", getattr(options, name))
    ]
    own = ["--own-numbers"] if options.own_numbers else []
    return [
        *(sys.executable, "-m", "cnn_tutor", "--data", str(here.folder), *lessons, *flags, *words, "host", *own),
        *arguments,
    ]


def _task(options: argparse.Namespace) -> argparse.Namespace:
    """What students are put in front of, as options of their command. Raises UsageError."""
    served = [name for name in SERVED if name in NAMES]
    words = options.task
    if words and words[0] not in served:
        known = ", ".join(served)
        raise UsageError(
            _("a host serves {commands}, or the list of lessons; not {name}").format(
                commands=known, name=repr(words[0])
            )
        )
    return parser_of({name: command(name) for name in served}).parse_args(words)


def _set(task: argparse.Namespace, here: Surroundings) -> Catalog:
    """The lessons that students may see. Raises UsageError for one that is not there, or an assignment that is not."""
    from cnn_tutor.lesson.catalog import Catalog

    catalog = here.catalog()
    if getattr(task, "assignment", None) is not None:
        from cnn_tutor.lesson.assignment import load

        named = load(task.assignment).file.lessons
    else:
        named = [task.lesson] if task.command == "learn" else getattr(task, "lessons_named", [])
    chosen = tuple(catalog.get(name) for name in dict.fromkeys(named)) if task.command in ("learn", "drill") else ()
    return Catalog(chosen) if chosen else catalog


def _names(options: argparse.Namespace) -> Sequence[str]:
    """Who is on the roster; nobody while it cannot be read, since it may be edited at any time."""
    from cnn_tutor.host.roster import read

    try:
        return tuple(read(_roster(options)).keys)
    except UsageError:
        return ()


def _warm(options: argparse.Namespace, here: Surroundings) -> int:
    """Be the warm process: have everything at hand, and fork sessions."""
    import socket

    from cnn_tutor.host.limits import Limits
    from cnn_tutor.host.warm import serve

    def prepare() -> Callable[[str, Path], int]:
        from cnn_tutor.commands.seated import seated

        task = _task(options)
        catalog = _set(task, here)
        by_name = options.own_numbers or getattr(task, "assignment", None) is not None
        for name in ("lessons", "ascii", "no_color", "theme"):
            if hasattr(options, name) and not hasattr(task, name):
                setattr(task, name, getattr(options, name))
        return seated(task, catalog, _names(options) if by_name else None)

    return serve(socket.socket(fileno=options.warm), prepare, Limits(memory_mib=options.memory))
