"""A hundred students at once against one host, by real SSH: what it costs, and that nothing is lost.

``python -m tests.bench.classroom [STUDENTS] [--apart N] [--own-numbers | --learn LESSON | --practice LESSON]`` prints a
table. They sit a drill; or they work through a lesson, or a problem of practice, and look at all pages there are.
Every tenth is cut off at any key and comes again (not in practice, which would go on with another problem). At the end
each log, each score and the report are held against what the scripts did.
``--apart N`` sets N programs of their own beside it (as many as students unless said otherwise; 0 leaves them out).
Needs Linux.
"""

import argparse
import asyncio
import contextlib
import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cnn_tutor.cli import main as cnn_tutor
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.practice import tasks, wanted
from cnn_tutor.tutor.session import start
from cnn_tutor.tutor.sitting import Sitting
from tests.course import LESSONS
from tests.host.class_ import Script, check, learner, script, work
from tests.host.hosting import MANY, Host, children, hosting, sitting, until

LESSON, SEED, COUNT = "conv1d", 7, 2
PAUSE, THINK, EVERY = 1 / 3, 8.0, 7.0
"""Mean seconds between two keys of a student, and before an answer; seconds between two looks at the memory."""
TASK = ("drill", LESSON, "--seed", str(SEED), "--count", str(COUNT))


def memory(pid: int) -> float:
    """MiB of a process, each shared page counted by its share (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(pid)


def quantile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def row(what: str, value: float, unit: str, note: str = "") -> None:
    print(f"{what:<52} {value:>9.1f} {unit:<5} {note}", flush=True)


async def alone(host: Host, shows: str, times: int = 7) -> None:
    """One student in an empty room: from the login to the first frame, which ``shows`` something."""
    spent, used = [], []
    for number in range(times):
        name = host.enrol(f"alone{number}")
        async with sitting(host, name, term="xterm-256color") as student:
            await until(lambda student=student: shows in student.text)
            spent.append(1000 * (student.first - student.asked))
            (child,) = children(host.warm)
            used.append(1000 * sum(map(int, Path(f"/proc/{child}/stat").read_text().split()[13:15])) / os.sysconf(2))
    row("first frame after the login, alone (median)", statistics.median(spent), "ms", f"best {min(spent):.0f}")
    row("processor time of a session so far (median)", statistics.median(used), "ms")


async def class_at_once(host: Host, scripts: list[Script]) -> None:
    """All of them, from the login to the result."""
    gate, taken = asyncio.Event(), list[float]()
    began = time.perf_counter()
    working = asyncio.gather(*(work(host, one, PAUSE, gate, THINK) for one in scripts))
    await until(lambda: all(one.first_frame for one in scripts) or working.done(), "all first frames", 300)
    row("all logged in, first question on the screen", time.perf_counter() - began, "s")
    await asyncio.sleep(1)
    report_memory(host, len(scripts))
    gate.set()
    await asyncio.sleep(10)
    report_memory(host, len(scripts), "at work: ")
    while not working.done():
        await asyncio.wait([working], timeout=EVERY)
        found = await asyncio.to_thread(sessions, host)
        if len(found) > len(scripts) / 2:
            taken.append(max(found))
    await working
    row("at work: memory of a session, most of all", max(taken, default=0.0), "MiB", f"looked at {len(taken)} times")
    row("all have finished", time.perf_counter() - began, "s")
    keys = [1000 * one for each in scripts for one in each.latencies]
    row("keys typed", len(keys), "")
    for part in (0.5, 0.95, 0.99):
        row(f"key to screen, p{100 * part:.0f}", quantile(keys, part), "ms")
    row("cut off and resumed", sum(one.resumed for one in scripts), "")


def report_memory(host: Host, count: int, when: str = "") -> None:
    found = sessions(host)
    server, warm = memory(host.process.pid), memory(host.warm)
    row(f"{when}memory of a session (PSS, median)", statistics.median(found), "MiB", f"most {max(found):.1f}")
    row(f"{when}memory of the server, the warm process", server, "MiB", f"{warm:.1f}")
    row(f"{when}memory of everything, for each student", (sum(found) + server + warm) / count, "MiB")


def sessions(host: Host) -> list[float]:
    """The memory of each session there is (MiB)."""
    found = []
    for pid in children(host.warm):
        with contextlib.suppress(OSError, AssertionError):
            found.append(memory(pid))
    return found


def apart(count: int, data: Path) -> None:
    """As many programs of their own, each with a terminal: what they take, and how long until all have begun."""
    began, programs = time.perf_counter(), []
    for number in range(count):
        ours, theirs = os.openpty()
        command = [*(sys.executable, "-m", "cnn_tutor", "--data", str(data / f"apart{number}")), *TASK]
        one = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment())
        os.close(theirs)
        os.set_blocking(ours, False)
        programs.append((one, ours, bytearray()))
    while any(b"uestion" not in shown for _, _, shown in programs):
        for _, ours, shown in programs:
            with contextlib.suppress(BlockingIOError):
                shown += os.read(ours, 65536)
        time.sleep(0.01)
    row(f"{count} programs of their own: all have begun", time.perf_counter() - began, "s")
    row(
        f"{count} programs of their own: memory of each",
        statistics.mean(memory(one.pid) for one, *_ in programs),
        "MiB",
    )
    for one, ours, _ in programs:
        os.close(ours)
        one.kill()
        one.wait()


def environment() -> dict[str, str]:
    return {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def faults(host: Host, scripts: list[Script]) -> list[str]:
    """Where logs or the report differ from what was done."""
    found = [fault for one in scripts for fault in check(host, one)]
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        cnn_tutor(["report", "--json", str(host.premises.students)])
    report = json.loads(written.getvalue())
    if scripts[0].begins:
        asked = sum(len({key for key, _ in one.answers}) for one in scripts), sum(one.score for one in scripts)
        told = tuple(sum(one[what] for one in report["questions"]) for what in ("met", "first"))
        return found + ([] if told == asked else [f"reported {told} met and right at first, was {asked}"])
    scores = {one["student"]: (one["score"], one["total"]) for one in report["scores"]}
    wanted = {one.name: (one.score, len(one.answers)) for one in scripts}
    found += [
        f"{name}: reported {scores.get(name)}, was {wanted[name]}"
        for name in wanted
        if scores.get(name) != wanted[name]
    ]
    answers = sum(one["met"] for one in report["questions"])
    return found + ([] if answers == sum(len(one.answers) for one in scripts) else [f"{answers} answers reported"])


def planned(
    options: argparse.Namespace, names: Sequence[str], chance: random.Random
) -> tuple[Sequence[str], list[Script]]:
    """What is served, and what each student does."""
    cut = [number % 10 == 3 for number in range(len(names))]
    if options.learn:
        lesson = LESSONS[options.learn]
        session = start(lesson)
        scripts = [learner(name, lesson.title, session, chance, off) for name, off in zip(names, cut, strict=True)]
        return ("learn", options.learn), scripts
    if options.practice:
        chosen, skills = wanted([options.practice], tasks(LESSONS.values()))
        problem = Sitting(chosen, skills, SEED, []).following()
        assert problem is not None
        scripts = [learner(name, "Practice", problem.session, chance, False) for name in names]
        return ("practice", options.practice, "--seed", str(SEED)), scripts
    drills = [Drill((LESSON,), SEED, COUNT, name=name if options.own_numbers else "") for name in names]
    return TASK, [script(name, drill, chance, off) for name, drill, off in zip(names, drills, cut, strict=True)]


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("students", type=int, nargs="?", default=100)
    reader.add_argument("--apart", type=int)
    kind = reader.add_mutually_exclusive_group()
    kind.add_argument("--own-numbers", action="store_true")
    kind.add_argument("--learn", metavar="LESSON", choices=list(LESSONS))
    kind.add_argument("--practice", metavar="LESSON", choices=list(LESSONS))
    options = reader.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    chance = random.Random(1)
    names = [f"student{number:03}" for number in range(options.students)]
    task, scripts = planned(options, names, chance)
    print(
        f"{options.students} students, {os.cpu_count()} processors, {sum(len(one.answers) for one in scripts)} answers"
    )
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with hosting(data, names, task, options=[*MANY, *(["--own-numbers"] if options.own_numbers else [])]) as host:
            asyncio.run(alone(host, scripts[0].waits))
            asyncio.run(class_at_once(host, scripts))
            wrong = faults(host, scripts)
        apart_count = options.students if options.apart is None else options.apart
        if apart_count:
            apart(apart_count, data)
    print("\n".join(wrong) or "every log, every score and the report are what the scripts did")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
