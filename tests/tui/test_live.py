"""Writing a lesson with the screen beside it: every save is shown at once, at the same question."""

from cnn_tutor.lesson.template import template
from cnn_tutor.tui.live import LiveApp
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tutor.edited import Edited


async def settled(app, pilot):
    """One look at the file, and what follows from it."""
    app._look()
    await app.workers.wait_for_complete()
    await pilot.pause()


def watched(folder, key=None):
    """A lesson file as ``new`` makes it, its text, and the app that watches it, at a question."""
    file = folder / "01-mine.toml"
    text = template(file.name)
    file.write_text(text, encoding="utf-8")
    edited = Edited(file)
    return file, text, LiveApp(edited, edited.session(key), Seat())


def page(app):
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def test_a_change_is_shown_at_the_same_question_and_a_fault_where_it_is(tmp_path):
    file, text, app = watched(tmp_path, "sheet/y[2].products")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Two weights over four entries" in page(app)
        assert app.screen.session.current.key == "mine/sheet/y[2].products"
        file.write_text(text.replace("Two weights over four entries", "Another title") + "\n", encoding="utf-8")
        await settled(app, pilot)
        assert "Another title" in page(app)
        assert "Read anew." in page(app)
        assert app.screen.session.current.key == "mine/sheet/y[2].products"
        file.write_text(text.replace('op = "conv1d"', 'op = "conf1d"') + "\n\n", encoding="utf-8")
        await settled(app, pilot)
        assert "unknown op 'conf1d'" in " ".join(page(app).split())
        assert "Another title" in page(app)
        file.write_text(text.replace("x = [1, 3, -2, 4]", "x = [1, 3, -2, 5]"), encoding="utf-8")
        await settled(app, pilot)
        assert app.screen.session.current.key == "mine/sheet/y[2].products"
        assert app.screen.session.current.exercise.tensors["x"] == [1, 3, -2, 5]


async def test_a_change_leads_back_from_the_list_to_the_question_that_was_left(tmp_path):
    file, text, app = watched(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+n")
        await pilot.pause()
        key = app.screen.session.current.key
        await pilot.press("escape")
        await pilot.pause()
        assert type(app.screen).__name__ == "LessonsScreen"
        file.write_text(text.replace("Two weights over four entries", "Another title") + "\n", encoding="utf-8")
        await settled(app, pilot)
        await pilot.pause()
        assert "Another title" in page(app)
        assert "Read anew." in page(app)
        assert app.screen.session.current.key == key != "mine/sheet/y[1].size"


async def test_what_was_answered_stays_answered_unless_the_task_changes(tmp_path):
    file, text, app = watched(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*app.screen.session.current.text, "enter")
        await pilot.pause()
        assert app.screen.session.done == 1
        file.write_text(text.replace("Slide w over x", "Push w over x"), encoding="utf-8")
        await settled(app, pilot)
        assert app.screen.session.done == 1
        file.write_text(text.replace("w = [2, -1]", "w = [2, -2]"), encoding="utf-8")
        await settled(app, pilot)
        assert app.screen.session.done == 0
