"""The one who sits at the terminal of a rehearsal: types, waits until all is drawn, leaves with Ctrl+C."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress

QUIET, PATIENCE = 0.05, 0.3
"""Seconds without output after which all is drawn; and until something is drawn at all."""
LEAVE = b"\x03"
ENTER, ESCAPE, UP, DOWN, LEFT, RIGHT = b"\r", b"\x1b", b"\x1b[A", b"\x1b[B", b"\x1b[D", b"\x1b[C"
HELP, NOTES, COMMANDS, THEMES = b"\x1bOP", b"\x12", b"\x10", b"\x1b[20~"
HINT, SHOW, SKIP, MODE, SEE, TRY, END = b"\x14", b"\x19", b"\x0e", b"\x06", b"\x02", b"\x0c", b"\x0f"

ANSWERS = (b"1", ENTER, b"2 1 0", ENTER, b"1", b"\x7f", b"3", ENTER)
BRIEFLY = (ENTER, *ANSWERS, END, END)
"""Past an introduction, then answers, and the end of a drill: what every session does is what it should find warm."""

PAGES = (HELP, b" ", ESCAPE, NOTES, ESCAPE, COMMANDS, b"h", ESCAPE, THEMES, ESCAPE)
QUESTION = (*ANSWERS, HINT, HINT, HINT, SHOW, UP, DOWN, SKIP, *ANSWERS, *PAGES, MODE, *ANSWERS, MODE)
LOOKED = (SEE, RIGHT, DOWN, LEFT, b"n", b"e", RIGHT, b"5", ENTER, b"<", ENTER, ESCAPE, ESCAPE, TRY, ESCAPE)
LESSON = (ENTER, *QUESTION, *LOOKED, ESCAPE)
PROBLEM = (*LESSON, ENTER, ESCAPE, ESCAPE)
THOROUGHLY = {
    "drill": (*ANSWERS, SKIP, UP, DOWN, *PAGES, *ANSWERS, END, END, ENTER, b" "),
    "learn": LESSON,
    "practice": PROBLEM,
    "review": PROBLEM,
    "explore": (RIGHT, b"5", ENTER, DOWN, b"<", ENTER, b">", RIGHT, ESCAPE, *PAGES),
    "": (DOWN, UP, b"s", ESCAPE, b"m", ESCAPE, b"d", ESCAPE, b"b", *ANSWERS, ESCAPE, ENTER, *LESSON),
}
"""By command, what a student may come to: every page, hints, watching and exploring, the end."""


def keys(command: str) -> tuple[bytes, ...]:
    """What is typed at a thorough rehearsal of ``command``."""
    return THOROUGHLY.get(command, BRIEFLY)


async def watch(terminal: int, over: asyncio.Event, most: float, typed: Iterable[bytes]) -> None:
    """Read ``terminal`` and type, until ``over`` or for ``most`` seconds."""
    loop = asyncio.get_running_loop()
    os.set_blocking(terminal, False)
    heard, keys = asyncio.Event(), iter(typed)
    loop.add_reader(terminal, _drain, terminal, heard)
    try:
        async with asyncio.timeout(most):
            await _first(heard, over)
            while not over.is_set():
                await _calm(heard, over)
                if not over.is_set():
                    os.write(terminal, next(keys, LEAVE))
                    with suppress(TimeoutError):
                        async with asyncio.timeout(PATIENCE):
                            await _first(heard, over)
    except (TimeoutError, OSError):
        return
    finally:
        loop.remove_reader(terminal)


async def _calm(heard: asyncio.Event, over: asyncio.Event) -> None:
    """Wait until nothing more is heard, or it is over."""
    with suppress(TimeoutError):
        while not over.is_set():
            heard.clear()
            async with asyncio.timeout(QUIET):
                await _first(heard, over)


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waiting = [asyncio.ensure_future(one.wait()) for one in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()


def _drain(terminal: int, heard: asyncio.Event) -> None:
    try:
        os.read(terminal, 65536)
    except BlockingIOError:
        return
    except OSError:
        asyncio.get_running_loop().remove_reader(terminal)
    heard.set()
