"""The room on the instructor's screen: who is where, who is stuck, which wrong idea is spreading."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cnn_tutor.host.lookout import Look
from cnn_tutor.host.seen import Seen, State, spreading
from cnn_tutor.language import _, plural
from cnn_tutor.render.ascii import clean
from cnn_tutor.tutor.misconceptions import BY_ID

ORDER: tuple[State, ...] = ("stuck", "at work", "away", "finished", "not begun")
STYLES = {"stuck": "bold reverse", "at work": "", "away": "dim", "finished": "dim", "not begun": "dim"}
IDEAS = 5
"""As many wrong ideas as are shown."""


def title(look: Look) -> str:
    """What is served, and how many there are of each sort."""
    if look.room is None:
        return _("No host has run here yet.")
    states = [one for _seen, one in look.class_.values()]
    counts = ", ".join(f"{states.count(one)} {_(one)}" for one in ORDER if one in states)
    served = look.room.task if look.room.is_open else _("{task} (closed)").format(task=look.room.task)
    return f"{served}: {counts}" if counts else _("{task}: nobody yet").format(task=served)


def ideas(look: Look) -> Iterator[str]:
    """A line for each wrong idea that spreads."""
    for idea, students, recent in spreading([seen for seen, _state in look.class_.values()], look.at)[:IDEAS]:
        row = BY_ID.get(idea)
        name = idea if row is None else f"{_(row.name)} ({_(row.believes)}) [{idea}]"
        many = plural("{count} student", "{count} students", students)
        new = _(", {count} of them in the last 10 minutes").format(count=recent) if recent else ""
        yield f"{name}: {many}{new}"


def rows(look: Look) -> Iterator[tuple[str, State, tuple[str, ...]]]:
    """A row for each student, those first who need somebody."""
    ranked = sorted(look.class_, key=lambda name: (ORDER.index(look.class_[name][1]), -look.seconds(name), name))
    for name in ranked:
        seen, now = look.class_[name]
        waiting = _spell(look.seconds(name)) if now in ("stuck", "at work", "away") else ""
        yield name, now, (_(now), waiting, *_work(seen))


def _work(seen: Seen) -> tuple[str, str, str, str]:
    rate = f"{seen.at_once} / {seen.answered}" if seen.answered else ""
    return seen.key.partition("/")[2] or seen.key, str(seen.misses or ""), rate, ", ".join(_latest(seen))


def _latest(seen: Seen) -> list[str]:
    """The student's latest wrong ideas, by id."""
    return sorted(seen.ideas, key=lambda idea: -seen.ideas[idea])[:2]


def _spell(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    return _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def table(look: Look, lines: int) -> RenderableType:
    """The room as a table that fits into ``lines``."""
    known = [Text(one) for one in ideas(look)]
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (_("Student"), _("State"), _("For"), _("Last at"), _("Misses"), _("At once"), _("Ideas")):
        grid.add_column(heading, no_wrap=True)
    listed = list(rows(look))
    room = max(1, lines - len(known) - 4)
    for name, now, cells in listed[:room]:
        grid.add_row(*(Text(clean(cell)) for cell in (name, *cells)), style=STYLES[now])
    more = len(listed) - room
    rest = [Text(plural("and {count} more", "and {count} more", more), style="dim")] if more > 0 else []
    return Group(Text(title(look), style="bold"), *known, grid, *rest)


def plain(look: Look) -> Iterator[str]:
    """The room in lines."""
    yield title(look)
    yield from ideas(look)
    for name, _state, cells in rows(look):
        yield "  ".join(clean(cell) for cell in (name, *cells) if cell)
