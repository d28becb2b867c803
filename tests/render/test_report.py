"""A report to look at: on a terminal, in a spreadsheet, and as a page in a real browser."""

import csv
import io
import re

import pytest
from rich.console import Console

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.render.plot import Bar, bars, columns
from cnn_tutor.render.report import drawn
from cnn_tutor.render.report_page import page
from cnn_tutor.render.spreadsheet import comma_separated
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.report.build import build
from cnn_tutor.tutor.report.sheets import questions, sheets, students
from cnn_tutor.tutor.report.source import LeftOut
from cnn_tutor.tutor.report.tally import Report
from tests import browser
from tests.classroom import Scripted
from tests.course import LESSONS

CATALOG = Catalog(tuple(LESSONS.values()))
EVIL = "<script>alert(1)</script>"
EMPTY = Report((), (), (), (), (), 0)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Six students, of whom two turn the kernel round, and one has a name that is no text to trust."""
    folder = tmp_path_factory.mktemp("class")
    for number, name in enumerate(("ann", "bo", "cem", "dora", EVIL.replace("/", "∕"), "=cmd()")):
        student = Scripted(name, number, folder / name, "CONV.FLIP" if number < 2 else "")
        student.learn(LESSONS["conv1d"], 14)
        student.drill(Drill(("conv1d",), 7, 1, 0, name, True, "lab-4"), CATALOG.get)
        student.progress.close()
    return build([folder], CATALOG)


def told(report, **options):
    out = io.StringIO()
    for part in drawn(report, **options):
        Console(file=out, width=80, color_system=None).print(part)
    return out.getvalue()


class TestOnATerminal:
    def test_it_says_what_to_teach_who_needs_help_and_how_each_question_went(self, report):
        text = told(report)
        for words in ("6 students", "What to teach next", "Kernel reversed", "█", "conv1d/sheet/y[1].size", "lab-4"):
            assert words in text
        assert all(len(line) <= 80 for line in text.splitlines())

    def test_names_are_text_and_no_markup(self, report):
        assert EVIL.replace("/", "∕") in told(report)

    def test_ascii_is_enough(self, report):
        assert told(report, ascii_only=True).isascii()

    def test_nothing_at_all_can_be_said_too(self):
        assert told(EMPTY) == "0 students, 0 answers, – right at once\n"


class TestSpreadsheet:
    def test_it_reads_back_with_the_numbers_of_the_report(self, report):
        rows = list(csv.DictReader(io.StringIO(comma_separated(questions(report)), newline="")))
        assert [(row["key"], int(row["met"]), int(row["first"])) for row in rows] == [
            (one.key, one.met, one.first) for one in report.questions
        ]

    def test_no_text_becomes_a_formula(self, report):
        for sheet in sheets(report):
            for row in csv.reader(io.StringIO(comma_separated(sheet), newline="")):
                assert not any(cell.startswith(("=", "+", "@")) for cell in row)
        assert "'=cmd()" in comma_separated(students(report))


class TestPage:
    def test_it_needs_nothing_else_and_runs_nothing(self, report):
        text = page(report)
        assert "<script" not in text and "∕script" in text
        assert not re.search(r"https?://|url\(|@import|\bsrc=|\bhref=", text)

    def test_every_table_and_plot_can_be_read_aloud(self, report):
        text = page(report)
        assert text.count("<table>") == text.count("<caption>") == 5
        assert len(re.findall(r"<svg [^>]*role=\"img\" aria-label=\"[^\"]+\"", text)) == text.count("<svg") == 4
        assert '<th scope="col"' in text and '<th scope="row"' in text

    def test_an_empty_report_is_a_page_too(self):
        text = page(EMPTY)
        assert "0 students" in text and "<table>" not in text

    def test_what_was_left_out_stands_on_it(self):
        left = Report((), (), (), (), (LeftOut("a&b.txt", "a&b.txt is not a log"),), 0)
        assert "a&amp;b.txt is not a log" in page(left)


class TestInABrowser:
    @pytest.fixture
    def chromium(self, system):
        return system("chromium")

    @pytest.fixture
    def file(self, report, tmp_path):
        (tmp_path / "report.html").write_text(page(report), encoding="utf-8")
        return tmp_path / "report.html"

    def test_it_is_laid_out_as_it_should_be(self, chromium, file, report):
        found = browser.measured(
            chromium,
            file,
            """{
              overflow: document.documentElement.scrollWidth - innerWidth,
              rows: [...document.querySelectorAll('#questions tbody tr')].length,
              bars: [...document.querySelectorAll('#questions svg rect.full')]
                .map(one => one.getBoundingClientRect().height),
              ideas: [...document.querySelectorAll('#ideas svg g')]
                .map(one => [...one.querySelectorAll('rect')].map(part => part.getBoundingClientRect().width)),
              labels: [...document.querySelectorAll('svg text')]
                .filter(one => one.getBoundingClientRect().left < 0).length,
              faults: document.querySelectorAll('parsererror').length,
              evil: [...document.querySelectorAll('#students tbody th')]
                .filter(one => one.textContent.includes('<script>')).length
            }""",
            "--window-size=1000,1200",
        )
        assert found["overflow"] <= 0
        assert found["rows"] == len(report.questions)
        assert (found["labels"], found["faults"], found["evil"]) == (0, 0, 1)
        rates = [one.rate for one in report.questions if one.met]
        tallest = max(found["bars"])
        assert len(found["bars"]) == len(rates)
        for height, rate in zip(found["bars"], rates, strict=True):
            assert height == pytest.approx(tallest * rate / max(rates), abs=2)
        for (full, light), idea in zip(found["ideas"], report.ideas, strict=True):
            assert full / (full + light) == pytest.approx(idea.recorded / idea.students, abs=0.02)

    def test_a_narrow_window_scrolls_tables_and_not_the_page(self, chromium, file):
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert browser.measured(chromium, file, overflow, "--window-size=500,900") <= 0

    def test_on_paper_every_column_fits(self, chromium, file):
        """A4 without its margins is 180 mm wide, 680 pixels."""
        file.write_text(file.read_text(encoding="utf-8").replace("@media print", "@media all"), encoding="utf-8")
        right = (
            "Math.max(...[...document.querySelectorAll('td, th, svg')].map(one => one.getBoundingClientRect().right))"
        )
        assert browser.measured(chromium, file, right, "--window-size=680,900") <= 680

    @pytest.mark.parametrize(("scheme", "paper"), [(1, (255, 255, 255)), (0, (22, 24, 27))], ids=["light", "dark"])
    def test_it_is_seen_in_light_and_dark(self, chromium, file, scheme, paper, tmp_path):
        picture = tmp_path / "page.png"
        browser.run(
            chromium,
            file,
            f"--blink-settings=preferredColorScheme={scheme}",
            "--window-size=600,900",
            f"--screenshot={picture}",
        )
        seen = browser.colours(picture)
        assert paper in seen
        assert len(seen) > 10

    def test_words_stand_out_from_the_paper(self, chromium, file):
        """WCAG's contrast of at least 4.5 for all text, in both schemes."""
        contrast = """(() => {
          const light = colour => {
            const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(one => one / 255)
              .map(one => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const paper = light(getComputedStyle(document.body).backgroundColor);
          return Math.min(...[...document.querySelectorAll('body *, svg text')].map(one => {
            const style = getComputedStyle(one);
            const ink = light(one.closest('svg') ? getComputedStyle(document.body).color : style.color);
            return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
          }));
        })()"""
        for scheme in (0, 1):
            assert browser.measured(chromium, file, contrast, f"--blink-settings=preferredColorScheme={scheme}") >= 4.5


class TestPlots:
    def test_zero_and_nothing_draw_no_bar_out_of_place(self):
        for text in (
            bars("none", []),
            bars("zero", [Bar("a", 0, 0)]),
            columns("gap", [None, 0.0], ["a", "b"], [(0.0, "0")]),
        ):
            assert "nan" not in text and "inf" not in text and 'width="-' not in text
