"""What the screens cost, next to a minimal app of the same library: start, bytes, latency, idling, memory, quitting.

``python -m tests.bench.terminal [--runs N] [--fleet N] [--soak]`` prints a table; starts are interleaved, so that the
ratios hold on a busy machine too. Needs Linux. ``limit`` is what the tutor shall keep to.
"""

import argparse
import os
import select
import signal
import statistics
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.terminal.process import memory, seconds, wake_ups
from tests.terminal.session import ROOT, Session

TUTOR = (str(Path(sys.executable).with_name("cnn-tutor")),)
MINIMAL = (sys.executable, str(ROOT / "tests/bench/minimal.py"))
LIST = TUTOR
LESSON = (*TUTOR, "learn", "conv1d")
POINTING = (*TUTOR, "learn", "conv2d", "--from", "conv2d/sheet/Y[1,2].windows.cells")
DIGITS = "12{BS}{BS}"


@dataclass
class Table:
    """Lines of what was measured, and whether each keeps to its limit."""

    failed: list[str] = field(default_factory=list)

    def row(self, what: str, value: float, unit: str, limit: float | None = None, note: str = "") -> None:
        bad = limit is not None and value > limit
        if bad:
            self.failed.append(what)
        shown = "" if limit is None else f"{limit:g}"
        print(f"{what:<44} {value:>10.4g} {unit:<10} {shown:>7}  {'MISSED' if bad else '':<6} {note}", flush=True)


def started(command: Sequence[str], wanted: str, keys: Sequence[str] = ()) -> tuple[float, float, int]:
    """Seconds and processor seconds until ``wanted`` is on the screen, and bytes until all is quiet."""
    with Session(command) as session:
        session.wait(wanted)
        spent, used = session.last - session.began, seconds(session.pid)
        session.rest(0.4)
        received = len(session.received)
        session.press("ctrl+q").ends()
    return spent, used, received


def starts(table: Table, runs: int) -> None:
    """First usable frames, by turns."""
    programs = {"minimal": (MINIMAL, "Quit"), "list": (LIST, "F1 help"), "lesson": (LESSON, "F1 help")}
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in programs}
    for number in range(runs + 1):
        for name, (command, wanted) in programs.items():
            one = started(command, wanted)
            if number:
                found[name].append(one)
    wall = {name: statistics.median(one[0] for one in found[name]) for name in found}
    used = {name: statistics.median(one[1] for one in found[name]) for name in found}
    least = {name: min(one[0] for one in found[name]) for name in found}
    for name, limit in (("minimal", None), ("list", 1.15), ("lesson", 1.35)):
        table.row(f"{name}: first usable frame", wall[name] * 1e3, "ms", None, f"least {least[name] * 1e3:.0f}")
        table.row(f"{name}: processor until then", used[name] * 1e3, "ms")
        if limit:
            ratios = [one[0] / other[0] for one, other in zip(found[name], found["minimal"], strict=True)]
            table.row(f"{name}: ratio, time", statistics.median(ratios), "x minimal", limit)
            table.row(f"{name}: ratio, processor", used[name] / used["minimal"], "x minimal", limit)
    table.row("minimal: bytes to open", found["minimal"][-1][2], "bytes")
    table.row("list: bytes to open", found["list"][-1][2], "bytes")


def firsts(table: Table, runs: int) -> None:
    """Help, version and the splash, in time and processor time."""
    for name, command, limit in (
        ("splash", LIST, 40),
        ("--version", (*TUTOR, "--version"), 50),
        ("--help", (*TUTOR, "--help"), 50),
        ("an interpreter alone", (sys.executable, "-c", "print()"), None),
    ):
        times = []
        for _ in range(runs):
            with Session(command, shows=False) as session:
                session.until(lambda: session.received)
                times.append(session.last - session.began)
        table.row(f"{name}: first byte", min(times) * 1e3, "ms", limit, f"median {statistics.median(times) * 1e3:.0f}")


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def typed(session: Session, keys: Sequence[str], times: int) -> tuple[list[int], list[float]]:
    """Bytes, and milliseconds until the last of them, for each key."""
    sizes, delays = [], []
    for key in keys * times:
        session.rest(0.03)
        before, began = len(session.received), time.perf_counter()
        session.press(key)
        session.until(lambda: len(session.received) > before, f"an answer to {key}")  # noqa: B023
        session.rest(0.06)
        sizes.append(len(session.received) - before)
        delays.append((session.last - began) * 1e3)
    return sizes, delays


def question(command: Sequence[str]) -> Session:
    """A session at the first question."""
    session = Session(command)
    session.wait("F1 help").press("enter").wait("question")
    session.rest(0.5)
    return session


def keys(table: Table, times: int) -> None:
    """Typing, moving a window, resizing, idling, leaving."""
    with Session(LIST) as session:
        session.wait("F1 help").rest(0.5)
        before = len(session.received)
        session.press("enter").wait("Conventions").rest(0.3).press("enter").wait("question").rest(0.6)
        table.row("opening a lesson, to its first question", len(session.received) - before, "bytes", 8000)
        sizes, delays = typed(session, ("1", "2", "backspace", "backspace"), times)
        table.row("a key in the answer line, median", statistics.median(sizes), "bytes", 60)
        table.row("a key in the answer line, 95 %", quantile(sizes, 0.95), "bytes")
        table.row("a key to its last byte, median", statistics.median(delays), "ms", 5)
        table.row("a key to its last byte, 95 %", quantile(delays, 0.95), "ms", 10)
        for size in ((100, 30), (60, 20), (80, 24)):
            before = len(session.received)
            session.resize(*size).rest(0.4)
            table.row(f"a resize to {size[0]}x{size[1]}", len(session.received) - before, "bytes", 10_000)
        idle(table, session)
        table.row("memory with NumPy, alone", memory(session.pid), "MiB PSS")
        began = time.perf_counter()
        session.press("ctrl+q").until(lambda: session.code is not None, "the end")
        table.row("leaving", (time.perf_counter() - began) * 1e3, "ms", 100, f"modes left: {session.model.modes_left}")
    with question(POINTING) as session:
        session.wait("Which cells")
        sizes, delays = typed(session, ("down", "up"), times)
        table.row("a moved window, median", statistics.median(sizes), "bytes", 250)
        table.row("a moved window to its last byte, 95 %", quantile(delays, 0.95), "ms", 20)
        session.press("f3").wait("step 1 of").rest(0.5)
        sizes, delays = typed(session, ("right",), 2 * times)
        table.row(
            "a step of watching, median", statistics.median(sizes), "bytes", 250, f"most {max(sizes)}; with its text"
        )
        table.row("a step of watching to its last byte, 95 %", quantile(delays, 0.95), "ms", 20)
    with Session(MINIMAL) as session:
        session.wait("Quit").rest(0.5)
        sizes, delays = typed(session, ("1", "2", "backspace", "backspace"), max(1, times // 4))
        table.row("minimal: a key, median", statistics.median(sizes), "bytes", None, f"{quantile(delays, 0.95):.1f} ms")
        began = time.perf_counter()
        session.press("ctrl+q").until(lambda: session.code is not None, "the end")
        table.row("minimal: leaving", (time.perf_counter() - began) * 1e3, "ms")


def ends(table: Table, runs: int = 5) -> None:
    """From what ends it to its end: a terminal that goes, a signal, a signal on a terminal that takes nothing."""

    def stall(session: Session) -> None:
        termios.tcflow(session._tty, termios.TCOOFF)
        session.press("7").rest(0.3)
        session.signal(signal.SIGTERM)

    ways: dict[str, tuple[Callable[[Session], object], float]] = {
        "hang-up": (Session.hang_up, 0.2),
        "SIGTERM": (lambda session: session.signal(signal.SIGTERM), 0.2),
        "SIGTERM on a stalled terminal": (stall, 2.0),
    }
    for name, (way, limit) in ways.items():
        spent = []
        for _ in range(runs):
            with Session(LESSON) as session:
                session.wait("Conventions").press("enter").wait("question").send("12").rest(0.5)
                way(session)
                began = time.perf_counter()
                session.until(lambda: session.code is not None, "the end")
                spent.append(time.perf_counter() - began)
        table.row(f"{name}: gone after", statistics.median(spent), "s", limit, f"most {max(spent):.2f}")


def idle(table: Table, session: Session, length: float = 15.0) -> None:
    session.rest(2.0)
    before, used, woken, began = len(session.received), seconds(session.pid), wake_ups(session.pid), time.perf_counter()
    while time.perf_counter() < began + length:
        session.read(length)
    spent = time.perf_counter() - began
    table.row("idle", len(session.received) - before, "bytes", 0)
    table.row("idle, processor", (seconds(session.pid) - used) / spent * 100, "%", 0.02)
    table.row("idle, wake-ups", (wake_ups(session.pid) - woken) / spent, "a second", 0.2)


def soak(table: Table, lessons: int = 200, questions: int = 1000) -> None:
    """Opening lessons and going through questions for hours: what stays in memory."""
    with Session(LIST) as session:
        session.wait("F1 help")
        for opened in range(-20, lessons):
            if not opened:
                before = memory(session.pid, "Rss")
            session.press("enter").wait("Conventions").press("enter").wait(r"question \d").press("escape").wait(
                "Enter open"
            )
            session.press("down" if opened % 13 else "home")
        table.row(f"growth over {lessons} lessons opened", memory(session.pid, "Rss") - before, "MiB", 3)
        session.press("enter").wait("Conventions").press("enter").wait(r"question \d")
        for number in range(-50, questions):
            if not number:
                before = memory(session.pid, "Rss")
            if number % 5 == 0:
                session.send("99.5\r").rest(0.05)
            session.press("ctrl+n").rest(0.03)
        table.row(f"growth over {questions} questions", memory(session.pid, "Rss") - before, "MiB", 3)
        session.press("ctrl+q").ends()


def fleet(table: Table, count: int, length: float = 20.0, rate: float = 3.0) -> None:
    """Many at once: starting, then typing."""
    began = time.perf_counter()
    many = [Session(LIST) for _ in range(count)]
    try:
        _all(many, lambda one: "F1 help" in one.text)
        table.row(f"{count} starts at once, all painted", time.perf_counter() - began, "s", 4.5)
        for text in ("Conventions", "question"):
            for one in many:
                one.press("enter")
            _all(many, lambda one: text in one.text)  # noqa: B023
        _quiet(many, 1.0)
        table.row(f"memory, each of {count}", statistics.mean(memory(one.pid) for one in many), "MiB PSS", 40)
        used = sum(seconds(one.pid) for one in many)
        delays = _typing(many, length, rate)
        used = (sum(seconds(one.pid) for one in many) - used) / length * 100
        table.row(f"{count} typing {rate:g} keys a second, 95 %", quantile(delays, 0.95), "ms", 20, f"{used:.0f} % CPU")
        table.row(f"{count} typing {rate:g} keys a second, 99 %", quantile(delays, 0.99), "ms", 35)
    finally:
        for one in many:
            one.__exit__()


def _all(many: Sequence[Session], ready: Callable[[Session], bool]) -> None:
    """Until all are ready. Only those that send something are looked at: the sessions need the processor."""
    waiting = {one._end: one for one in many if not ready(one)}
    while waiting:
        for end in select.select(list(waiting), [], [])[0]:
            waiting[end].read(0)
            if ready(waiting[end]):
                del waiting[end]


def _quiet(many: Sequence[Session], seconds: float) -> None:
    """Until nothing has come from any for so long."""
    by_end = {one._end: one for one in many}
    while ends := select.select(list(by_end), [], [], seconds)[0]:
        for end in ends:
            by_end[end].read(0)


def _typing(many: Sequence[Session], length: float, rate: float) -> list[float]:
    """Milliseconds from key to paint, everybody typing evenly and out of step."""
    gap, began = 1 / rate / len(many), time.perf_counter()
    by_end = {one._end: one for one in many}
    sent: dict[int, float] = {}
    delays: list[float] = []
    for number in range(int(length / gap)):
        while (now := time.perf_counter()) < began + number * gap:
            for end in select.select(list(by_end), [], [], began + number * gap - now)[0]:
                by_end[end].read(0)
                if end in sent:
                    delays.append((time.perf_counter() - sent.pop(end)) * 1e3)
        one = many[number % len(many)]
        sent[one._end] = time.perf_counter()
        one.press("1" if number // len(many) % 2 == 0 else "backspace")
    return delays


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9, help="starts of each program")
    parser.add_argument("--fleet", type=int, default=20, help="sessions at once")
    parser.add_argument("--only", default="", help="firsts, starts, keys, ends, soak or fleet")
    options = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CNN_TUTOR_DATA"] = folder
        print(f"{'':<44} {'measured':>10} {'':<10} {'limit':>7}")
        parts = {
            "firsts": lambda: firsts(table, options.runs),
            "starts": lambda: starts(table, options.runs),
            "keys": lambda: keys(table, 15),
            "ends": lambda: ends(table),
            "soak": lambda: soak(table),
            "fleet": lambda: fleet(table, options.fleet),
        }
        for name, part in parts.items():
            if options.only in ("", name):
                part()
    print(f"missed: {', '.join(table.failed) or 'nothing'}")


if __name__ == "__main__":
    main()
