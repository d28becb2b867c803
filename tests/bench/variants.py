"""How good fresh numbers are and what they cost: ``python -m tests.bench.variants [SEEDS] [LESSON...]``.

For each lesson: how long a variant takes, and on how many seeds an idea is hidden though other numbers would show it.
"""

import sys
import time

from cnn_tutor.tutor.variant import hidden, variant
from tests.course import IDS, LESSONS


def main(seeds: int, lessons: tuple[str, ...]) -> int:
    print(f"{'lesson':<16}{'exercises':>10}{'median':>10}{'95 %':>10}{'each':>10}{'hidden on':>12}   of {seeds} seeds")
    bad = 0
    for name in lessons:
        lesson = LESSONS[name]
        exercises = [one for one in lesson.exercise if one.layer or one.track is not None]
        if not exercises:
            continue
        variant(lesson, -1)
        times, hiding = [], []
        for seed in range(seeds):
            start = time.perf_counter()
            fresh = variant(lesson, seed)
            times.append((time.perf_counter() - start) * 1e3)
            if any(hidden(one) for one in fresh.exercise if one.layer or one.track is not None):
                hiding.append(seed)
        times.sort()
        median, high = times[len(times) // 2], times[len(times) * 95 // 100]
        each = median / len(exercises)
        bad += len(hiding)
        row = f"{name:<16}{len(exercises):>10}{median:>7.1f} ms{high:>7.1f} ms{each:>7.1f} ms{len(hiding):>12}"
        print(row, hiding[:5], flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sys.exit(main(count, tuple(sys.argv[2:]) or IDS))
