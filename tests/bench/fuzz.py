"""Lesson files changed at random, many of them: ``python -m tests.bench.fuzz [EXAMPLES]`` says what the slowest took.

Each is loaded, checked with all advice and, where it is sound, begun. Anything but a lesson or a message ends it.
"""

import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from cnn_tutor.errors import LessonError
from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.lint import findings
from cnn_tutor.tutor.session import start
from tests.lesson.test_fuzz import mutated, revalued, with_more_arguments

SLOW = 10.0
"""Seconds of work for one file that are called a hang."""


def main(examples: int) -> None:
    """Print how many files of each sort there were, how many were sound, and the times."""
    for name, strategy in (("cut", mutated), ("other values", revalued), ("arguments", with_more_arguments)):
        seconds, sound = fuzzed(strategy(), examples)
        median, slowest = seconds[len(seconds) // 2], seconds[-1]
        print(f"{name:<13} {len(seconds):>6} files, {sound} sound; median {median:.3f} s, slowest {slowest:.3f} s")


def fuzzed(strategy: SearchStrategy[str], examples: int) -> tuple[list[float], int]:
    """The seconds that each file took, in order, and how many were sound."""
    seconds: list[float] = []
    sound: list[str] = []

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fuzzed.toml"

        @given(text=strategy)
        @settings(max_examples=examples, deadline=None, derandomize=False, suppress_health_check=list(HealthCheck))
        def run(text: str) -> None:
            file.write_bytes(text.encode("utf-8", "surrogatepass"))
            began = time.process_time()
            errors = [one for one in findings(file) if one.severity == "error"]
            try:
                lesson = parse(text)
            except LessonError:
                assert errors
            else:
                if not errors:
                    start(lesson)
                    sound.append(lesson.id)
            seconds.append(time.process_time() - began)
            assert seconds[-1] < SLOW, text

        run()
    return sorted(seconds), len(sound)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
