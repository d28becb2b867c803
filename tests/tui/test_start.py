"""The first frame waits for neither NumPy nor Markdown; a fresh interpreter proves it."""

import subprocess
import sys

PROGRAM = """
import asyncio, sys
from cnn_tutor.tui.seat import Seat
from cnn_tutor.lesson.catalog import Catalog, catalog
from cnn_tutor.tui.app import TutorApp
from cnn_tutor.tui.course import Course

async def main():
    app = TutorApp(Course(catalog(), None, lambda: 0.0), Seat())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        print(type(app.screen).__name__, *sorted({"numpy", "rich.markdown", "markdown_it"} & set(sys.modules)))

asyncio.run(main())
"""


def test_the_list_of_lessons_loads_neither_numpy_nor_markdown() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["LessonsScreen"]
