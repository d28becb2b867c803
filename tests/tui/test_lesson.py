"""The lesson screen: answers, hints, skipping, looking back, modes, all by keyboard while the answer line has focus."""

import pytest

from cnn_tutor.errors import ProgressError
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.answer import write
from cnn_tutor.tutor.candidate import candidates
from tests.course import LESSONS
from tests.tui.student import MATRICES, SIZES, desk


@pytest.mark.parametrize("size", SIZES)
async def test_a_perfect_student_finishes_by_keyboard(size: tuple[int, int]) -> None:
    async with desk(size=size) as student:
        await student.begin()
        assert student.at == "LessonScreen"
        await student.answer_all()
        assert student.at == "SummaryScreen"
        assert "Each output looks at its own window." in student.page


@pytest.mark.parametrize("size", SIZES)
async def test_everything_needed_is_in_sight(size: tuple[int, int]) -> None:
    async with desk(size=size) as student:
        await student.begin()
        for part in ("Two windows", "Three entries", "[2  0]", "Which entries does window 1 cover?", "> ", "? hint"):
            assert part in student.page


async def test_a_right_answer_says_so_and_asks_the_next_question() -> None:
    async with desk() as student:
        await student.begin()
        await student.answer("2 0")
        assert "Correct. window 1 = 2 0." in student.page
        assert "question 2 of 9" in student.page
        assert student.line.value == ""


async def test_a_wrong_answer_keeps_right_cells_and_asks_for_the_others() -> None:
    async with desk() as student:
        await student.begin()
        await student.answer("2 5")
        assert "Not yet." in student.page
        assert "entry 2 of 2" in student.page
        await student.answer("0")
        assert "question 2 of 9" in student.page


async def test_a_wrong_number_is_selected_so_that_typing_replaces_it() -> None:
    async with desk(start_key="sheet/y[1]", lesson=_first()) as student:
        await student.press("enter")
        await student.answer("7")
        assert "Not yet." in student.page
        await student.answer("2")
        assert "Correct." in student.page


@pytest.mark.parametrize("text", ["", "banana", "1 2 3 4"])
async def test_what_cannot_be_read_does_not_count(text: str) -> None:
    async with desk() as student:
        await student.begin()
        await student.answer(text)
        assert "Unreadable." in student.page
        assert "This does not count." in " ".join(student.page.split())
        assert student.session.record(student.session.current).misses == 0
        assert student.line.value == text


async def test_hints_come_one_by_one_and_stay() -> None:
    async with desk() as student:
        await student.begin()
        await student.type("?")
        assert "Hint 1:" in student.page
        await student.press("ctrl+t")
        await student.press("ctrl+t")
        for part in ("Hint 1:", "Hint 2:", "Hint 3:", "It is 2 0."):
            assert part in student.page
        await student.answer("2 0")
        assert "Hint" not in student.page
        assert not student.session.record(student.session.questions[0]).first_try


async def test_the_end_of_the_newest_hint_is_in_sight_where_there_is_little_room() -> None:
    async with desk(catalog=Catalog((LESSONS["whole-network"],)), lesson=LESSONS["whole-network"], size=(60, 20)) as at:
        await at.press("enter")
        while not at.session.current.key.endswith("N[1,1].variance"):
            await at.answer(at.session.current.text)
        for last in ("squares.", "/ 8 = ?", "credit."):
            await at.press("?")
            assert at.page.splitlines()[-2].endswith(last) or at.page.splitlines()[-3].endswith(last)


async def test_a_sign_is_a_command_only_in_an_untouched_line() -> None:
    async with desk() as student:
        await student.begin()
        await student.type("2?")
        assert student.line.value == "2?"
        assert "Hint" not in student.page


async def test_showing_the_answer() -> None:
    async with desk() as student:
        await student.begin()
        await student.press("ctrl+y")
        assert "It is 2 0." in student.page


async def test_a_skipped_question_comes_back_last() -> None:
    async with desk() as student:
        await student.begin()
        skipped = student.session.current.key
        await student.press("ctrl+n")
        assert "Left for later" in student.page
        while student.session.current.key != skipped:
            await student.answer(student.session.current.text)
        await student.answer("2 0")
        assert student.at == "SummaryScreen"


async def test_looking_back_shows_the_answer_and_enter_goes_on() -> None:
    async with desk() as student:
        await student.begin()
        await student.answer("2 0")
        await student.press("up")
        assert "Answered. window 1 = 2 0." in student.page
        await student.press("enter")
        assert "question 2 of 9" in student.page
        await student.press("up")
        await student.press("down")
        assert "question 2 of 9" in student.page


async def test_switching_to_fast_and_back() -> None:
    async with desk() as student:
        await student.begin()
        await student.press("ctrl+f")
        assert "fast" in student.page
        assert "Write the whole output y." in student.page
        await student.press("f4")
        assert "Every step is asked." in student.page
        assert "question 1 of 9, guided" in student.page


async def test_a_choice_shows_its_options_and_takes_a_number() -> None:
    async with desk(start_key="sheet/why", lesson=_first()) as student:
        await student.press("enter")
        assert "1  the weights" in student.page
        await student.answer("2")
        assert "Each window has its own." in student.page
        await student.answer("1")
        assert "Correct. the weights." in student.page


async def test_an_answer_that_cannot_be_kept_is_told_and_tried_again() -> None:
    progress = _Full()
    async with desk(progress=progress) as student:  # type: ignore[arg-type]
        await student.begin()
        await student.answer("2 0")
        assert "Not kept: the disk is full" in student.page
        progress.full = False
        await student.answer("2 0")
        assert "Not kept" not in student.page
        assert len(progress.kept) == 2


async def test_the_log_is_written_before_the_feedback_is_shown() -> None:
    async with desk(progress=(progress := _Full(full=False))) as student:  # type: ignore[arg-type]
        await student.begin()
        progress.look = lambda: student.page
        await student.answer("2 0")
        assert "Correct" not in progress.seen
        assert "Correct" in student.page


async def test_pasting_lines_gives_the_rows_of_a_matrix() -> None:
    from textual.events import Paste

    async with desk(lesson=parse(MATRICES)) as student:
        await student.press("enter")
        student.line.post_message(Paste("1 2\n\n3 4\n"))
        await student.settle()
        assert student.line.value == "1 2; 3 4"


async def test_the_cursor_does_not_blink() -> None:
    async with desk() as student:
        await student.begin()
        assert not student.line.cursor_blink


def _first():
    from tests.tui.student import WINDOWS

    return parse(WINDOWS)


class _Full:
    """A log on a full disk."""

    notice = ""

    def __init__(self, full: bool = True) -> None:
        self.full = full
        self.kept: list[object] = []
        self.look = lambda: ""
        self.seen = ""

    def attempts(self, lesson: str) -> list[object]:
        return []

    def rows(self) -> list[object]:
        return []

    def append(self, timed) -> None:
        self.seen = self.look()
        if self.full:
            raise ProgressError("the disk is full")
        self.kept += timed


@pytest.mark.parametrize("size", SIZES)
async def test_what_the_student_seems_to_have_used_is_drawn_until_the_next_answer(size: tuple[int, int]) -> None:
    async with desk(lesson=LESSONS["conv1d-padding"], start_key="sheet/y[2].windows", size=size) as student:
        await student.press("enter")
        await student.answer("2 0 3")
        for part in ("as you seem to read it", "{2  0  3}", "Maybe: ", "Which entries does", "> "):
            assert part in student.page
        await student.press("ctrl+t")
        assert "{2  0  3}" in student.page
        await student.answer("8 8 8")
        assert "as you seem to" not in student.page
        await student.answer("2 0 3")
        assert "as you seem to" in student.page
        await student.press("ctrl+n")
        assert "as you seem to" not in student.page


@pytest.mark.parametrize("size", SIZES)
async def test_a_wrong_patch_is_drawn_below_a_board_of_many_rows(size: tuple[int, int]) -> None:
    async with desk(lesson=LESSONS["pooling"], start_key="max/P[1,2].blocks", size=size) as student:
        await student.press("enter")
        block = student.session.current
        wrong = next(one for one in candidates(block) if one.row.id == "POOL.STRIDE1")
        await student.answer(write(wrong.value))
        assert "{" in student.page
        assert block.prompt in student.page
        assert "Not yet." in student.page


async def test_a_kind_of_step_that_goes_well_is_folded_only_when_asked() -> None:
    from cnn_tutor.lesson.catalog import catalog

    async with desk(catalog=catalog()) as student:
        await student.begin()
        while not student.session.current.key.endswith("y[2].products"):
            assert "leaves out" not in student.page
            await student.answer(student.session.current.text)
        assert "F5 fold" in student.page
        assert "“window” until one goes wrong" in student.page
        asked = len(student.session.asked)
        await student.press("f5")
        assert "Folded." in student.page
        assert len(student.session.asked) == asked - 1
        await student.answer(student.session.current.text)
        await student.answer(student.session.current.text)
        assert student.session.current.key.endswith("y[3].products")
        await student.answer("9 9 9")
        assert student.session.current.key.endswith("y[3].windows")
        assert "step by step" in student.page
