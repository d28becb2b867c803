"""How well wrong answers are explained, and how fast: ``python -m tests.bench.diagnosis [SEEDS]`` prints the tables.

The first table has a row for each misconception: in how many lessons with fresh numbers it shows, in how many its
holder is told it alone, and in how many together with others that give the same values. Below it, how often a random
slip in a whole output is called a misconception, and the time of one diagnosis.
"""

import statistics
import sys
import time
from collections import Counter

from cnn_tutor.tutor.answer import read, write
from cnn_tutor.tutor.candidate import candidates, is_right
from cnn_tutor.tutor.diagnosis import diagnose
from cnn_tutor.tutor.feedback import diagnosis_of
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.variant import variant
from tests.course import IDS, LESSONS
from tests.learners import believers, slippers


def main(seeds: int) -> None:
    """Print the tables for so many seeds of every lesson."""
    shown, alone, among = Counter(), Counter(), Counter()
    for lesson in IDS:
        for seed in range(seeds):
            best: dict[str, int] = {}
            for one in believers(variant(LESSONS[lesson], seed)):
                score = 2 if one.ids == (one.idea,) else 1 if one.idea in one.ids else 0
                best[one.idea] = max(score, best.get(one.idea, 0))
            for idea, score in best.items():
                shown[idea] += 1
                alone[idea] += score == 2
                among[idea] += score == 1
    print(f"{'misconception':<28} shows  alone  among")
    for idea, count in sorted(shown.items()):
        print(f"{idea:<28} {count:>5}  {alone[idea]:>5}  {among[idea]:>5}")
    total = shown.total()
    told = alone.total() + among.total()
    print(f"{len(shown)} misconceptions, {total} learners: told {told / total:.1%}, alone {alone.total() / total:.1%}")
    _slips(seeds)
    _times(seeds)


def _slips(seeds: int) -> None:
    verdicts = [
        diagnosis_of(feedback)
        for lesson in IDS
        for seed in range(seeds)
        for _, feedback in slippers(variant(LESSONS[lesson], seed), seed)
    ]
    accused = sum(one is not None and "SLIP" not in one.ids for one in verdicts)
    print(f"{len(verdicts)} random slips in whole outputs: {accused / len(verdicts):.2%} called a misconception")


def _times(seeds: int) -> None:
    """One diagnosis of a wrong answer, the first at a layer included."""
    spent = []
    for lesson in IDS:
        for seed in range(seeds):
            asked = questions(variant(LESSONS[lesson], seed))
            for place, question in enumerate(asked):
                wrong = [one.value for one in candidates(question) if not is_right(question, one.value)]
                typed = next((value for value in wrong if value.shape == question.shape), None)
                if typed is None or question.kind in ("shape", "cells"):
                    continue
                cells = read(write(typed), question.shape)
                start = time.perf_counter()
                diagnose(question, cells, range(len(cells)), asked[:place])
                spent.append(1000 * (time.perf_counter() - start))
    median, high = statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
    print(f"{len(spent)} diagnoses: median {median:.2f} ms, 95 % under {high:.2f} ms, slowest {max(spent):.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
