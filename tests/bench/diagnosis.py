"""How well wrong answers are explained, and how fast: ``python -m tests.bench.diagnosis [SEEDS]`` prints the tables.

The first table has a row for each misconception: with how many sets of fresh numbers it shows, on how many its holder
is told it alone, and on how many together with others that give the same values. The second has the operations. Below
them, how often a random slip in a whole output is called a misconception, and the time of one diagnosis: the first of
its form in a process, with nothing worked out before, and as it is for a student, who thinks while that is done.
"""

import statistics
import sys
import time
from collections import Counter
from functools import partial

import numpy as np

from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.answer import read, write
from cnn_tutor.tutor.candidate import candidates, is_right
from cnn_tutor.tutor.diagnosis import diagnose, prepare
from cnn_tutor.tutor.feedback import diagnosis_of
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.remembered import forget
from cnn_tutor.tutor.variant import variant
from tests.bench.variants import ALL as OWN
from tests.course import DATA
from tests.learners import believers, slippers

OTHERS = (parse((DATA / f"{name}.toml").read_text(encoding="utf-8")) for name in ("every-op", "beyond"))
ALL = {**OWN, **{one.id: one for one in OTHERS}}


def main(seeds: int) -> None:
    """Print the tables for so many seeds of every lesson."""
    shown, alone, among, by_op, told_by_op = Counter(), Counter(), Counter(), Counter(), Counter()
    for lesson in ALL.values():
        for seed in range(seeds):
            best: dict[tuple[str, str], int] = {}
            for one in believers(variant(lesson, seed)):
                score = 2 if one.ids == (one.idea,) else 1 if one.idea in one.ids else 0
                key = one.idea, one.question.source.call.op
                best[key] = max(score, best.get(key, 0))
            for (idea, op), score in best.items():
                shown[idea] += 1
                alone[idea] += score == 2
                among[idea] += score == 1
                by_op[op] += 1
                told_by_op[op] += score > 0
    print(f"{'misconception':<28} shows  alone  among  not told")
    for idea, count in sorted(shown.items()):
        print(f"{idea:<28} {count:>5}  {alone[idea]:>5}  {among[idea]:>5}  {count - alone[idea] - among[idea]:>8}")
    total = shown.total()
    told = alone.total() + among.total()
    print(f"{len(shown)} misconceptions, {total} learners: told {told / total:.2%}, alone {alone.total() / total:.1%}")
    print(f"\n{'operation':<20} learners  told")
    for op, count in sorted(by_op.items()):
        print(f"{op:<20} {count:>8}  {told_by_op[op] / count:.2%}")
    _slips(seeds)
    _times(seeds)


def _slips(seeds: int) -> None:
    verdicts = [
        diagnosis_of(feedback)
        for lesson in ALL.values()
        for seed in range(seeds)
        for _, feedback in slippers(variant(lesson, seed), seed)
    ]
    accused = sum(one is not None and "SLIP" not in one.ids for one in verdicts)
    print(f"\n{len(verdicts)} random slips in whole outputs: {accused / len(verdicts):.2%} called a misconception")


def _times(seeds: int) -> None:
    """One diagnosis of an answer that some idea explains, and of one that nothing does; guided and fast.

    Of the lessons that are shipped and each operation by itself; the least of three, since other programs run as well.
    """
    first, cold, ready = [], [], []
    for name, lesson in OWN.items():
        for seed in range(min(seeds, 3)):
            asked = questions(variant(lesson, seed))
            for place, question in enumerate(asked):
                if question.kind in ("shape", "cells", "choice") or question.wanted is None:
                    continue
                for typed in _answers(question):
                    for upstream in (False, True):
                        cells = read(write(typed), question.shape)
                        arguments = question, cells, _wrong(question, typed), asked[:place]
                        where = f"{name} {question.key}{' fast' * upstream}"
                        work = partial(diagnose, *arguments, upstream=upstream)
                        first.append((min(_milliseconds(work, everything=True) for _ in range(3)), where))
                        cold.append((min(_milliseconds(work) for _ in range(3)), where))
                        prepare(question, upstream=upstream)
                        ready.append((min(_milliseconds(work, afresh=False) for _ in range(3)), where))
    print(f"\n{'milliseconds':<40}{'diagnoses':>10}{'median':>9}{'95 %':>9}{'99 %':>9}{'over 5':>8}  slowest")
    for title, spent in (
        ("not even the form of its layers known", first),
        ("nothing worked out before", cold),
        ("worked out while the student thinks", ready),
    ):
        times = [one for one, _ in spent]
        shares, worst = statistics.quantiles(times, n=100), max(spent)
        row = f"{title:<40}{len(times):>10}{statistics.median(times):>9.2f}{shares[94]:>9.2f}{shares[98]:>9.2f}"
        print(f"{row}{sum(one > 5 for one in times):>8}  {worst[0]:.1f} ({worst[1]})")


def _answers(question):
    wrong = [one.value for one in candidates(question) if not is_right(question, one.value)]
    yield from [value for value in wrong if value.shape == question.shape][:1]
    yield np.asarray(question.wanted.exact, dtype=float) + 7


def _wrong(question, typed) -> list[int]:
    """The cells of an answer that are wrong."""
    right = np.asarray(question.wanted.exact, dtype=float)
    return np.flatnonzero(np.abs(np.asarray(typed) - right) > 1e-3).tolist()


def _milliseconds(work, *, afresh: bool = True, everything: bool = False) -> float:
    if afresh:
        forget(everything=everything)
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
