"""How good fresh numbers are and what they cost: ``python -m tests.bench.variants [SEEDS] [LESSON...]``.

For each operation: in how many exercises it stands, and on how many seeds an idea about it is hidden though other
numbers would show it. Before that, for each lesson, how long a variant takes, counted in time of the processor.
"""

import sys
import time
from collections import Counter, defaultdict

import msgspec

from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.network import run
from cnn_tutor.tutor.variant import hidden, variant
from tests.course import DATA, LESSONS

EACH = parse((DATA / "each-op.toml").read_text(encoding="utf-8"))
ALL = {**LESSONS, **{f"each-op/{one.id}": msgspec.structs.replace(EACH, exercise=[one]) for one in EACH.exercise}}


def main(seeds: int, lessons: tuple[str, ...]) -> int:
    titles = ("exercises", "first", "median", "95 %", "each", "hidden on")
    print(f"{'lesson':<32}{''.join(f'{one:>10}' for one in titles)}   of {seeds} seeds")
    asked, hiding, where = Counter(), Counter(), defaultdict(list)
    for name in lessons:
        lesson = ALL[name]
        exercises = [one for one in lesson.exercise if one.layer or one.track is not None]
        if not exercises:
            continue
        start = time.process_time()
        variant(lesson, -1)
        first = (time.process_time() - start) * 1e3
        times, before = [], sum(hiding.values())
        for seed in range(seeds):
            start = time.process_time()
            fresh = variant(lesson, seed)
            times.append((time.process_time() - start) * 1e3)
            for exercise in fresh.exercise:
                for op, ideas in _hidden_by_op(exercise).items():
                    asked[op] += 1
                    hiding[op] += bool(ideas)
                    if ideas:
                        where[op].append(f"{name}/{exercise.id} seed {seed}: {ideas}")
        times.sort()
        median, high = times[len(times) // 2], times[len(times) * 95 // 100]
        each = median / len(exercises)
        row = f"{name:<32}{len(exercises):>10}{first:>7.1f} ms{median:>7.1f} ms{high:>7.1f} ms{each:>7.1f} ms"
        print(row, f"{sum(hiding.values()) - before:>10}", flush=True)
    print(f"\n{'operation':<18}{'variants':>10}{'an idea hidden on':>20}")
    for op, count in sorted(asked.items()):
        print(f"{op:<18}{count:>10}{hiding[op]:>20}", *where[op][:3])
    return 1 if any(hiding.values()) else 0


def _hidden_by_op(exercise) -> dict[str, list[tuple[str, ...]]]:
    """For each op of an exercise the ideas, and pairs, that its numbers hide."""
    if not exercise.layer and exercise.track is None:
        return {}
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for place, source in enumerate(run(exercise)):
        found[source.call.op] += hidden(exercise, place)
    return found


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sys.exit(main(count, tuple(sys.argv[2:]) or tuple(ALL)))
