"""Every hostile file that the tests know, timed: ``python -m tests.bench.hostile [FUZZED]``.

Each is refused four ways: read as a lesson, checked with all advice, learned from, and by ``cnn-tutor check`` as a
program, whose start is taken off. Times are the processor's. The slowest are printed; one of a second means exit 1.
"""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from cnn_tutor.cli import main as cnn_tutor
from cnn_tutor.errors import CnnTutorError
from cnn_tutor.lesson.load import load
from cnn_tutor.tutor.lint import findings
from tests.bench.fuzz import fuzzed
from tests.lesson.test_fuzz import mutated, revalued, with_more_arguments
from tests.lesson.test_packs import HOSTILE, LAYERS, damaged, oversized

LIMIT = 1.0
"""Seconds in which a hostile file is refused."""

SHOWN = 12
"""Lines about the slowest."""


def cases(folder: Path) -> Iterator[tuple[str, Path]]:
    """A name and a file for every case: kinds of file, layers of a billion cells, damaged archives."""
    for name, text in HOSTILE.items():
        yield f"file: {name}", _written(folder / "hostile.toml", text.encode())
    for op in LAYERS:
        yield f"layer: {op}", _written(folder / "big.toml", oversized(op).encode())
    for number, content in enumerate(damaged()):
        yield f"archive {number}", _written(folder / "damaged.zip", content)
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("01-bomb.toml", b"#" * 50_000_000)
    yield "archive: bomb", folder / "bomb.zip"


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def inside(work: Callable[[], object]) -> float:
    """Seconds of the processor that ``work`` takes here, whatever it says."""
    began = time.process_time()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), suppress(CnnTutorError):
        work()
    return time.process_time() - began


def outside(*arguments: str) -> float:
    """Seconds of the processor that the program takes, from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "cnn_tutor", *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr, (arguments, done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(examples: int) -> int:
    """Print the slowest of each way; 1 where one took too long."""
    times: dict[str, list[tuple[float, str]]] = {"read": [], "checked": [], "learn": [], "program": []}
    with tempfile.TemporaryDirectory() as name:
        start = min(outside("--version") for _ in range(3))
        for case, file in cases(Path(name)):
            is_lesson = file.suffix == ".toml"
            times["checked"].append((inside(lambda file=file: findings(file)), case))
            if is_lesson:
                times["read"].append((inside(lambda file=file: load(file)), case))
                times["learn"].append((inside(lambda file=file: cnn_tutor(["learn", str(file), "--plain"])), case))
            times["program"].append((outside("check", str(file)) - start, case))
    for what, strategy in (("cut", mutated), ("values", revalued), ("arguments", with_more_arguments)):
        random.seed(what)
        times[f"fuzzed: {what}"] = [(one, "") for one in fuzzed(strategy(), examples)[0]]
    for way, found in times.items():
        found.sort(reverse=True)
        print(f"{way}: {len(found)} cases, slowest {found[0][0]:.3f} s")
        for seconds, case in found[: SHOWN if found[0][1] else 0]:
            print(f"    {seconds:6.3f} s  {case}")
    return int(any(found[0][0] >= LIMIT for found in times.values()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
