"""A clock that was set back, or was ahead once: what the log says of it."""

from __future__ import annotations

from collections.abc import Iterable

from cnn_tutor.language import _
from cnn_tutor.tutor.progress import Row

TOLERANCE = 600.0
"""Seconds by which two clocks may differ without a word."""

LONGEST = 1e9
"""Seconds that are still spelt out; a log may say anything."""


def ahead(rows: Iterable[Row], now: float) -> float:
    """By how many seconds the log is ahead of the clock; 0 where that is not worth a word."""
    found = min(max((row.at for row in rows), default=now) - now, LONGEST)
    return found if found > TOLERANCE else 0.0


def said(seconds: float) -> str:
    """What to say of a log that is so far ahead; nothing where it is not."""
    if not seconds:
        return ""
    text = _(
        "Your log is {time} ahead of this computer's clock, so one of them is wrong, or was. Nothing is lost; times "
        "count on from the log."
    )
    return text.format(time=spell_wait(seconds))


def spell_wait(seconds: float) -> str:
    """A time to wait, in the two units that matter."""
    minutes = int(-(-seconds // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, _("{count} d")), (hours, _("{count} h")), (minutes, _("{count} min"))]
    said = [text.format(count=count) for count, text in parts if count][:2]
    return " ".join(said) or _("{count} min").format(count=0)
