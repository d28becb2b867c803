"""What a process costs, as Linux counts it: processor time, wake-ups, memory. Of its threads and children too."""

import re
from collections.abc import Iterator
from pathlib import Path


def tree(pid: int) -> Iterator[Path]:
    """The folders of the threads of a process and of all it started."""
    for task in sorted(Path(f"/proc/{pid}/task").glob("*")):
        yield task
        for child in _read(task / "children").split():
            yield from tree(int(child))


def seconds(pid: int) -> float:
    """Processor time so far."""
    return sum(int((_read(task / "schedstat") or "0").split()[0]) for task in tree(pid)) / 1e9


def wake_ups(pid: int) -> int:
    """How often a thread went to sleep and was woken."""
    counts = (
        re.search(r"^voluntary_ctxt_switches:\s+(\d+)", _read(task / "status"), re.MULTILINE) for task in tree(pid)
    )
    return sum(int(one[1]) for one in counts if one)


def memory(pid: int, kind: str = "Pss") -> float:
    """MiB: its share of what is in memory (``Pss``), or all of it (``Rss``)."""
    found = re.search(rf"^{kind}:\s+(\d+) kB", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _read(file: Path) -> str:
    """What a file says; nothing when the process is gone."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""
