"""Every screen but the lesson's own: the list, the way in, notes, the summary, help, and too small a window."""

import gc
from pathlib import Path
from weakref import ref

import msgspec
import pytest

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.progress import Progress
from tests.tui.student import MATRICES, SIZES, WINDOWS, desk, small_catalog


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_shows_every_lesson_and_its_standing(size: tuple[int, int]) -> None:
    async with desk(size=size) as student:
        for part in (">  1  Two windows", "2  One matrix", "new", "Section: 1D", "A kernel slides.", "Enter open"):
            assert part in student.page


async def test_the_list_counts_what_is_done() -> None:
    async with desk() as student:
        await student.begin()
        await student.answer("2 0")
        await student.press("escape")
        assert "1 of 9" in student.page


async def test_a_finished_lesson_is_done_and_the_next_one_is_chosen_on_return(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    async with desk(progress=progress, fast=True) as student:
        await student.begin()
        await student.answer_all()
        await student.press("escape")
        assert "━━━━━━━━  done" in student.page
    async with desk(progress=progress) as student:
        assert ">  2  One matrix" in student.page
    progress.close()


async def test_vi_keys_move_in_the_list() -> None:
    async with desk() as student:
        await student.press("j")
        assert ">  2  One matrix" in student.page
        await student.press("k")
        assert ">  1  Two windows" in student.page


async def test_unreadable_files_are_a_line_on_the_list() -> None:
    catalog = Catalog(small_catalog().lessons, ("bad.toml:1:1: the key 'id' is missing",))
    async with desk(catalog=catalog) as student:
        assert "bad.toml:1:1: the key 'id' is missing" in student.page


async def test_without_a_log_the_list_says_so() -> None:
    keep = Keeper(None, lambda: 1.0, trouble="the disk is full")
    async with desk(keep=keep) as student:
        assert "the disk is full. You can go on; it is tried again with each answer." in " ".join(student.page.split())


@pytest.mark.parametrize("size", SIZES)
async def test_the_way_in_shows_what_to_read_first(size: tuple[int, int]) -> None:
    async with desk(size=size) as student:
        await student.press("enter")
        assert student.at == "OpeningScreen"
        for part in ("A kernel slides.", "Conventions", "count from 1", "Key ideas", "Enter begin"):
            assert part in student.page
        await student.press("escape")
        assert student.at == "LessonsScreen"


async def test_a_lesson_whose_numbers_do_not_fit_is_explained() -> None:
    broken = parse(WINDOWS.replace("w = [1, -1]", "w = [1, -1, 2, 3]"))
    async with desk(lesson=broken) as student:
        await student.press("enter")
        assert "This lesson cannot be opened:" in student.page
        assert student.at == "OpeningScreen"


async def test_an_unknown_question_is_told_and_the_lesson_opens_anyway() -> None:
    async with desk(lesson=parse(WINDOWS), start_key="nowhere") as student:
        assert "There is no question 'nowhere'" in student.page
        await student.press("enter")
        assert "question 1 of 9" in student.page


async def test_notes_can_be_read_at_any_question() -> None:
    async with desk() as student:
        await student.begin()
        await student.type("2")
        await student.press("f2")
        for part in ("Slide w over x.", "count from 1", "Mind the signs."):
            assert part in student.page
        await student.press("escape")
        assert student.line.value == "2"


@pytest.mark.parametrize("size", SIZES)
async def test_the_summary_tells_what_was_learned_and_what_comes_next(size: tuple[int, int]) -> None:
    async with desk(size=size, fast=True) as student:
        await student.begin()
        await student.answer("9 9")
        await student.press("ctrl+t")
        await student.answer_all()
        for part in ("What you have learned", "own window", "Worth another look", "With a hint: "):
            assert part in student.page
        await student.press("end")
        assert "What comes next" in student.page
        await student.press("enter")
        assert student.at == "OpeningScreen"
        assert "One matrix" in student.page


async def test_the_end_of_the_worksheet_is_celebrated() -> None:
    async with desk(fast=True) as student:
        await student.begin()
        await student.answer_all()
        await student.press("enter")
        await student.press("enter")
        await student.answer_all()
        assert "Convolutional Neural Networks by Hand: all of it is done." in student.page
        assert "Every lesson is done." in student.page
        await student.press("escape")
        assert student.at == "LessonsScreen"
        await student.begin()
        await student.press("enter")
        assert student.at == "SummaryScreen"
        assert "all of it is done" not in student.page


async def test_after_the_last_lesson_comes_the_first_that_is_open() -> None:
    async with desk(lesson=parse(MATRICES), fast=True) as student:
        await student.press("enter")
        await student.answer_all()
        assert "Two windows: Enter opens it" in student.page


async def test_a_finished_lesson_can_be_looked_through() -> None:
    async with desk(fast=True) as student:
        await student.begin()
        await student.answer_all()
        await student.press("escape")
        await student.press("home")
        await student.begin()
        assert "All done" in student.page
        await student.press("down")
        assert "Answered." in student.page
        await student.press("enter")
        assert student.at == "SummaryScreen"


@pytest.mark.parametrize("size", SIZES)
async def test_help_opens_anywhere_and_closes(size: tuple[int, int]) -> None:
    async with desk(size=size) as student:
        await student.press("f1")
        assert "How to begin" in student.page
        await student.press("escape")
        await student.begin()
        await student.type("7")
        await student.press("ctrl+g")
        assert "sqrt(2)/2" in student.page
        await student.press("escape")
        assert student.line.value == "7"


async def test_help_lists_every_key() -> None:
    async with desk(size=(120, 180)) as student:
        await student.press("f1")
        for part in ("Ctrl+T", "Ctrl+Y", "Ctrl+N", "F4", "Esc", "PgDn", "Ctrl+Q", "(0)", "More digits"):
            assert part in student.page


async def test_too_small_a_window_says_what_it_needs_and_keeps_the_state() -> None:
    async with desk() as student:
        await student.begin()
        await student.type("2")
        for size in ((59, 24), (80, 19), (1, 1), (59, 20)):
            await student.pilot.resize_terminal(*size)
            await student.settle()
            assert student.at == "SmallScreen"
        assert "60 x 20" in " ".join(student.page.split())
        await student.pilot.resize_terminal(60, 20)
        await student.settle()
        assert student.at == "LessonScreen"
        assert student.line.value == "2"


async def test_starting_too_small() -> None:
    async with desk(size=(40, 10)) as student:
        assert student.at == "SmallScreen"
        await student.pilot.resize_terminal(80, 24)
        await student.settle()
        assert student.at == "LessonsScreen"


async def test_leaving_and_opening_again_resumes_at_the_same_question(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    async with desk(progress=progress) as student:
        await student.begin()
        await student.answer("2 0")
        await student.answer("5 0")
        await student.press("ctrl+t")
        before = student.session
        await student.press("ctrl+q")
    progress.close()
    progress = Progress(tmp_path)
    async with desk(progress=progress) as student:
        await student.begin()
        assert "question 2 of 9" in student.page
        assert "Hint 1:" in student.page
        assert "entry 1 of 2" in student.page
        assert student.session.records == before.records
    progress.close()


async def test_the_mode_is_resumed_too(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    async with desk(progress=progress, fast=True) as student:
        await student.begin()
        await student.answer("2 -3")
    async with desk(progress=progress) as student:
        await student.begin()
        assert "question 2 of 2, fast" in student.page
    progress.close()


async def test_ctrl_c_leaves_as_an_interrupted_program() -> None:
    async with desk() as student:
        await student.begin()
        await student.press("ctrl+c")
    assert student.app.return_code == 130


async def test_ctrl_q_leaves_with_no_error() -> None:
    async with desk() as student:
        await student.press("ctrl+q")
    assert not student.app.return_code


async def test_markup_in_a_lesson_or_an_answer_is_shown_as_it_is() -> None:
    lesson = parse(WINDOWS)
    odd = msgspec.structs.replace(lesson, title="[red]Two[/red] [@click=app.quit]x[/]", section="[b]1D[/b]")
    async with desk(catalog=Catalog((odd,))) as student:
        assert "[red]Two[/red] [@click=app.quit]x[/]" in student.page
        assert "Section: [b]1D[/b]" in student.page
        await student.begin()
        assert "[red]Two[/red]" in student.page
        await student.answer("[/] [bold]x")
        assert "[/] [bold]x" in student.page
        assert "Unreadable." in student.page


@pytest.mark.parametrize("size", SIZES)
async def test_ascii_only_draws_nothing_else(size: tuple[int, int]) -> None:
    async with desk(size=size, ascii_only=True) as student:
        assert student.page.isascii()
        await student.press("enter")
        assert student.page.isascii()
        await student.press("enter")
        await student.answer("2 5")
        await student.press("ctrl+y")
        await student.answer("−∞ é")
        assert student.page.isascii()
        for key in ("f1", "end", "escape", "f2", "escape"):
            await student.press(key)
            assert student.page.isascii()


async def test_a_screen_that_is_left_is_let_go() -> None:
    async with desk() as student:
        await student.begin()
        seen = [ref(student.app.screen)]
        for key in ("f1", "f2", "f12"):
            await student.press(key)
            seen.append(ref(student.app.screen))
            await student.press("escape")
        await student.press("escape")
        assert len(student.app.screen_stack) == 1
        assert len(set(seen)) == 4
        for _ in range(500):  # a thread may still be at work for it
            gc.collect()
            if not any(one() for one in seen):
                return
            await student.pilot.pause(0.01)
        raise AssertionError([one() for one in seen])


def test_every_binding_has_an_id_of_its_own() -> None:
    from cnn_tutor.tui import keys

    for _, rows in keys.SECTIONS:
        assert len({key.id for key in rows}) == len(rows)
    assert all(binding.id for binding in keys.bindings(*(key for _, rows in keys.SECTIONS for key in rows)))
