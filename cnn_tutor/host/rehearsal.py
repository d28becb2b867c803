"""The one who sits at the terminal of a rehearsal: types a little, waits until all is drawn, leaves with Ctrl+C."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress

QUIET, PATIENCE = 0.05, 0.3
"""Seconds without output after which all is drawn; and until something is drawn at all."""
_ANSWERS = (b"\r", b"1", b"\r", b"2 1 0", b"\r", b"1", b"\x7f", b"3", b"\r")
_LOOKS = (
    *(b"\x1bOP", b"\x1b", b"\x12", b"\x1b", b"\x10", b"\x1b"),
    *(b"\x02", b"\x1b[C", b"e", b"\x1b[C", b"\x1b", b"\x1b", b"\x0c", b"\x1b"),
)
"""Help, notes, commands, watching, exploring, whatever of it there is, each closed again."""
_END = b"\x0f"
KEYS = (*_ANSWERS, _END)
"""Past an introduction, then answers, and the end of a drill: what every session does is what it should find warm."""
ALL_KEYS = (*_ANSWERS, *_LOOKS, _END)
"""The same, and all pages there are beside a question."""
LEAVE = b"\x03"


async def watch(terminal: int, over: asyncio.Event, most: float, typed: Iterable[bytes] = KEYS) -> None:
    """Read ``terminal`` and type what is to be ``typed``, until ``over`` or for ``most`` seconds."""
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
