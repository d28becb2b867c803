"""How good fresh numbers are and what they cost: ``python -m tests.bench.variants [SEEDS] [LESSON...]``.

Each exercise is drawn by itself, as practice, drills and review draw it. Its row says what the first draw of a process
costs (one that has loaded modules and lessons, and has drawn nothing) and what the others cost, in processor time. They
are drawn once more to be looked at, since what such a look leaves in memory would count as the cost of later draws.
After that, for each operation, in how many exercises it stands, and on how many seeds an idea about it is hidden though
other numbers would show it.
"""

import gc
import subprocess
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

PROMISED = 10.0
"""Milliseconds within which an exercise is drawn."""


def main(seeds: int, names: tuple[str, ...]) -> int:
    exercises = {name: lesson for one in names for name, lesson in _alone(one)}
    first = {name: _first(name) for name in exercises}
    titles = ("first", "median", "95 %", "99 %", "slowest", "late", "hidden on")
    print(f"{'exercise':<38}{''.join(f'{one:>10}' for one in titles)}   of {seeds} seeds")
    asked, hiding, where, late = Counter(), Counter(), defaultdict(list), Counter()
    for name, lesson in exercises.items():
        gc.collect()
        gc.freeze()  # what was kept of other exercises is no garbage that a draw has to look through
        times, before = [], sum(hiding.values())
        for seed in range(seeds):
            start = time.process_time()
            variant(lesson, seed)
            times.append((time.process_time() - start) * 1e3)
        for seed in range(seeds):
            (fresh,) = variant(lesson, seed).exercise
            for op, ideas in _hidden_by_op(fresh).items():
                asked[op] += 1
                hiding[op] += bool(ideas)
                if ideas:
                    where[op].append(f"{name} seed {seed}: {ideas}")
        times.sort()
        late[name] = sum(one > PROMISED for one in times)
        shares = (times[len(times) * share // 1000] for share in (500, 950, 990))
        columns = "".join(f"{one:>7.1f} ms" for one in (first[name], *shares, times[-1]))
        print(f"{name:<38}{columns}{late[name]:>10}{sum(hiding.values()) - before:>10}", flush=True)
    total = len(exercises) * seeds
    print(f"\n{late.total()} of {total} draws took longer than {PROMISED:.0f} ms: {late.total() / total:.3%}")
    print(f"\n{'operation':<18}{'variants':>10}{'an idea hidden on':>20}")
    for op, count in sorted(asked.items()):
        print(f"{op:<18}{count:>10}{hiding[op]:>20}", *where[op][:3])
    return 1 if any(hiding.values()) else 0


def _alone(name):
    """The exercises of a lesson that compute something, each as a lesson of its own."""
    lesson = ALL[name]
    own = [one for one in lesson.exercise if one.layer or one.track is not None]
    for exercise in own:
        alone = msgspec.structs.replace(lesson, exercise=[exercise])
        yield (f"{name}/{exercise.id}" if len(own) > 1 else name), alone


def _first(name: str) -> float:
    """Milliseconds that the first draw of a process takes, which has loaded its modules and lessons."""
    code = "import sys; from tests.bench.variants import time_first; time_first(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
    return float(done.stdout)


def time_first(name: str) -> None:
    """Print how long an exercise takes to draw in this process, which has drawn nothing."""
    lesson = next(lesson for one in ALL for key, lesson in _alone(one) if key == name)
    start = time.process_time()
    variant(lesson, 0)
    sys.stdout.write(str((time.process_time() - start) * 1e3))


def _hidden_by_op(exercise) -> dict[str, list[tuple[str, ...]]]:
    """For each op of an exercise the ideas, and pairs, that its numbers hide."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for place, source in enumerate(run(exercise)):
        found[source.call.op] += hidden(exercise, place)
    return found


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sys.exit(main(count, tuple(sys.argv[2:]) or tuple(ALL)))
