"""What a report on a large class costs: ``python -m tests.bench.report [STUDENTS] [ROWS]`` prints time and memory.

Each student hands in an export of so many rows (a drill, then a lesson with misses, hints and ideas). Writing the files
is not counted; reading, checking, summing up and the page of HTML are, in a process of their own.
"""

import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.drill import Drill, begin, marker
from cnn_tutor.tutor.export import written
from cnn_tutor.tutor.progress import Row
from cnn_tutor.tutor.question import questions
from tests.course import LESSONS

_MEASURED = """
import resource, sys, time
from pathlib import Path
start = time.perf_counter()
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.render.report_page import page
from cnn_tutor.tutor.report.build import build
report = build([Path(sys.argv[1])], catalog())
text = page(report)
spent, busy = time.perf_counter() - start, time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
counts = len(report.students), sum(one.met for one in report.questions), len(report.ideas), len(report.left_out)
print("{} students, {} answers, {} ideas, {} left out:".format(*counts), end=" ")
print(f"{spent:.1f} s ({busy:.1f} s of CPU), {peak:.0f} MiB at the most, page of {len(text) / 1e6:.1f} MB")
"""


def main(students: int, rows: int) -> None:
    """Write the files, then print what the report costs."""
    with tempfile.TemporaryDirectory() as folder:
        size = sum(_hand_in(Path(folder), number, rows) for number in range(students))
        print(f"{students} exports of {rows} rows, {size / 1e6:.0f} MB")
        done = subprocess.run([sys.executable, "-c", _MEASURED, folder], check=True, capture_output=True, text=True)
        print(done.stdout, end="")


IDEAS = ("CONV.FLIP", "LEN.SAME", "LEN.NO_PLUS_ONE", "PAD.ONE_END")
DRILL = Drill(("conv1d", "baseline"), 7, 2, 0, "", True, "lab-4")
ASKED = [one.key for one in questions(LESSONS["conv1d"])] + [one.key for one in questions(LESSONS["conv2d"])]
SESSION = begin(DRILL, LESSONS.__getitem__)


def _hand_in(folder: Path, number: int, rows: int) -> int:
    """One student's file; its size in bytes."""
    chance, name, at = random.Random(number), f"student {number}", 1_790_000_000.0
    drill = replace(DRILL, name=name)
    made = [marker(drill, "begin", drill.text)]
    score = 0
    for place in SESSION.asked:
        key, right = SESSION.questions[place].key, chance.random() < 0.6
        made.append(_answer("drill", key, right, chance, seed=7, mode="drill", run=drill.run))
        score += right
    made.append(marker(drill, "end", f"CT1-7-{score}of{len(SESSION.asked)}-0123456789ab"))
    while len(made) < rows:
        key, misses = ASKED[len(made) * 2 // 3 % len(ASKED)], 0
        if chance.random() < 0.2:
            made.append(replace(_answer("conv1d", key, True, chance), action="hint", verdict="", hints=0))
        while chance.random() < 0.3:
            made.append(replace(_answer("conv1d", key, False, chance), misses=misses))
            misses += 1
        made.append(replace(_answer("conv1d", key, True, chance), misses=misses))
    listed = []
    for serial, attempt in enumerate(made[:rows], 1):
        at += chance.uniform(5, 90)
        listed.append(Row(at, attempt, f"{number:016x}", serial))
    text = "".join(f"{line}\n" for line in written(listed, name)).encode()
    (folder / f"{number}.jsonl").write_bytes(text)
    return len(text)


def _answer(lesson: str, key: str, right: bool, chance: random.Random, **more: object) -> Attempt:
    idea = "" if right or chance.random() < 0.5 else chance.choice(IDEAS)
    verdict = "Correct" if right else "Not yet"
    base = Attempt(lesson, key, "0123456789abcdef", "answer", text="1 0 -1", verdict=verdict, skill="products")
    return replace(base, charged=not right, diagnosis=idea, **more)  # type: ignore[arg-type]


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [10_000, 60][len(given) :]))
