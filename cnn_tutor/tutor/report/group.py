"""Which logs are one student's, and which rows count: none twice, and none for two students."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from cnn_tutor.errors import ProgressError, UsageError
from cnn_tutor.language import _
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.report.entry import Entry, in_order
from cnn_tutor.tutor.report.source import LeftOut, Source


@dataclass(frozen=True, slots=True)
class Logs:
    """A student with everything they did, in order."""

    name: str
    entries: list[Entry]


def students(sources: Sequence[Source]) -> Iterator[Logs | LeftOut]:
    """Student after student; no more than one student's rows are held at a time, but for logs that several share."""
    shared = _shared(sources)
    seen: set[int] = set()
    together, apart = _grouped(sources)
    parts: dict[str, list[list[Entry]]] = defaultdict(list)
    for one in apart:
        fresh = yield from _fresh(one, shared, seen)
        for name, entries in _by_drill(one, fresh).items():
            parts[name].append(entries)
    for name in sorted({*together, *parts}):
        found = parts.pop(name, [])
        for one in sorted(together.get(name, ()), key=lambda source: -source.count):
            fresh = yield from _fresh(one, shared, seen)
            if fresh is not None:
                found.append(fresh)
        if found:
            yield Logs(name, in_order(found))


def _shared(sources: Iterable[Source]) -> frozenset[str]:
    """The origins that stand in several sources: only there can a row be doubled."""
    counts = Counter(origin for one in sources for origin in one.origins)
    return frozenset(origin for origin, count in counts.items() if count > 1)


def _grouped(sources: Sequence[Source]) -> tuple[dict[str, list[Source]], list[Source]]:
    """Sources by student, and those in which several students worked.

    Whose a log is, it says itself, or its drills do; a log without a name belongs to the one whose rows it shares.
    """
    together: dict[str, list[Source]] = defaultdict(list)
    apart, nameless = [], []
    owners: dict[str, set[str]] = defaultdict(set)
    for one in sources:
        if not one.name and len(one.names) > 1:
            apart.append(one)
            continue
        name = one.name or next(iter(one.names), "")
        if not name:
            nameless.append(one)
            continue
        together[name].append(one)
        for origin in one.origins:
            owners[origin].add(name)
    for name, group in _chained(nameless):
        origins = {origin for one in group for origin in one.origins}
        named = set().union(*(owners[origin] for origin in origins if origin in owners))
        together[named.pop() if len(named) == 1 else _free(name, together)] += group
    return together, apart


def _chained(sources: Sequence[Source]) -> Iterator[tuple[str, list[Source]]]:
    """Sources that share an origin, directly or through others, under the label of the largest."""
    root: dict[str, str] = {}

    def top(origin: str) -> str:
        while root.setdefault(origin, origin) != origin:
            root[origin] = root[root[origin]]
            origin = root[origin]
        return origin

    for one in sources:
        first, *others = sorted(one.origins) or [one.path]
        for other in others:
            root[top(other)] = top(first)
    chains: dict[str, list[Source]] = defaultdict(list)
    for one in sources:
        chains[top(min(one.origins, default=one.path))].append(one)
    for chain in chains.values():
        yield max(chain, key=lambda one: one.count).label, chain


def _free(label: str, taken: dict[str, list[Source]]) -> str:
    """``label``, or the first of ``label 2``, ``label 3`` … that nobody has."""
    name, number = label, 1
    while name in taken:
        number += 1
        name = f"{label} {number}"
    return name


def _fresh(one: Source, shared: frozenset[str], seen: set[int]) -> Generator[LeftOut, None, list[Entry] | None]:
    """The rows that were not seen before; None, with the reason, for a source that adds nothing."""
    try:
        entries = one.load()
    except ProgressError as error:
        yield LeftOut(one.path, str(error))
        return None
    if shared.isdisjoint(one.origins):
        return entries
    fresh = []
    for entry in entries:
        if entry.origin in shared:
            if entry.identity in seen:
                continue
            seen.add(entry.identity)
        fresh.append(entry)
    if not fresh and entries:
        yield LeftOut(one.path, _("{name} is doubled: all its rows are in others").format(name=one.path))
        return None
    doubled = len(entries) - len(fresh)
    if doubled and one.name:
        text = _("{name}: {count} of its rows are in others as well and count only there")
        yield LeftOut(one.path, text.format(name=one.path, count=doubled))
    return fresh


def _by_drill(one: Source, entries: list[Entry] | None) -> dict[str, list[Entry]]:
    """The rows of a log that several students share: those of a drill belong to the name it was begun for."""
    names: dict[str, str] = {}
    parts: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries or ():
        did = entry.attempt
        if did.action == "begin" and did.mode == "drill":
            with suppress(UsageError):
                names[did.run] = Drill.read(did.text).name
        parts[names.get(did.run) or one.label].append(entry)
    return parts
