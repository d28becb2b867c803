"""Every check in one go: format, lint, types, import contracts, tests. ``python -m tests`` from the project's root.

All of them run even if one fails; the tests come last, so that their closing line is the last one.
"""

import subprocess
import sys
from pathlib import Path

PYTHON = Path(sys.executable)
CHECKS = (
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("lint", [PYTHON, "-m", "ruff", "check", "."]),
    ("types", [PYTHON, "-m", "mypy"]),
    ("import contracts", [PYTHON.with_name("lint-imports"), "--no-cache"]),
    ("tests", [PYTHON, "-m", "pytest", *sys.argv[1:]]),
)


def main() -> int:
    """Run the checks; 1 if any failed."""
    root = Path(__file__).resolve().parent.parent
    failed = []
    for name, command in CHECKS:
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=root, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
