"""Every key of the tutor as data: bindings, key lines and the help screen are made from these rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. ``typed`` is a sign that does the same when the answer line is empty."""

    id: str
    keys: str
    action: str
    label: str
    help: str
    typed: str = ""
    shown: str = ""
    first: bool = False
    """Taken before the focused widget sees it."""

    @property
    def face(self) -> str:
        """How the key is written on a key line."""
        return self.shown or self.typed or spell(self.keys.split(",")[0])

    @property
    def faces(self) -> str:
        """All ways to give it, for the help screen."""
        return ", ".join([*([self.typed] if self.typed else []), *map(spell, self.keys.split(","))])

    def binding(self) -> Binding:
        """The Textual binding, with an id that a keymap may name."""
        return Binding(self.keys, self.action, self.label, show=False, id=self.id, priority=self.first)


_NAMES = {"escape": "Esc", "enter": "Enter", "pageup": "PgUp", "pagedown": "PgDn", "up": "Up", "down": "Down"}


def spell(key: str) -> str:
    """``ctrl+t`` → ``Ctrl+T``, ``f1`` → ``F1``."""
    return "+".join(_NAMES.get(part, part.capitalize()) for part in key.split("+"))


HELP = Key("app.help", "f1,ctrl+g", "help", "help", "what can be typed, and all keys", first=True)
QUIT = Key("app.quit", "ctrl+q", "quit", "quit", "leave the tutor; everything is kept", first=True)
STOP = Key("app.stop", "ctrl+c", "stop", "stop", "leave at once", first=True)
APP = (HELP, QUIT, STOP)

OPEN = Key("list.open", "enter", "open", "open", "open the lesson at its first open question")
LIST_UP = Key("list.up", "up,k", "cursor_up", "up", "the lesson above", shown="Up/Down")
LIST_DOWN = Key("list.down", "down,j", "cursor_down", "choose", "the lesson below", shown="Up/Down")
LIST_WATCH = Key("list.watch", "w", "watch", "watch", "watch how the lesson's exercises are worked out", shown="w")
LIST_EXPLORE = Key("list.explore", "e", "explore", "explore", "try things out on the lesson's exercises", shown="e")
LIST_OFFER = Key(
    "list.offer", "o", "offer", "operations", "try things out on any operation, or on a picture", shown="o"
)
LIST = (OPEN, LIST_UP, LIST_DOWN, LIST_WATCH, LIST_EXPLORE, LIST_OFFER)

SUBMIT = Key("lesson.submit", "enter", "submit", "answer", "hand in the answer; on an answered question: go on")
HINT = Key("lesson.hint", "ctrl+t", "hint", "hint", "the next hint: where to look, then the rule, then the value", "?")
SHOW = Key("lesson.show", "ctrl+y", "reveal", "show", "show the answer now; it earns no credit", "!")
SKIP = Key("lesson.skip", "ctrl+n", "skip", "skip", "leave it for later; when looking back: forward", ">")
BACK = Key("lesson.back", "up", "back", "back", "look back at the question before", "<")
FORWARD = Key("lesson.forward", "down", "forward", "forward", "look at the question after")
NOTES = Key("lesson.notes", "f2,ctrl+r", "notes", "notes", "read the exercise, conventions and key ideas again")
MODE = Key("lesson.mode", "f4,ctrl+f", "mode", "fast/guided", "guided: every step; fast: whole results only")
CELL = Key("answer.cell", "tab", "step(1)", "next cell", "the next cell of a vector or matrix; what is typed stays")
CELL_BACK = Key("answer.cell_back", "shift+tab", "step(-1)", "cell before", "the cell before")
POINT = Key("answer.point", "left,right,up,down", "point", "point", "move to another cell", shown="Arrows")
MARK = Key("answer.mark", "space", "mark", "mark", "where single cells are asked: mark one, or unmark it")
PAGE_UP = Key("lesson.pageup", "pageup", "page(-1)", "scroll up", "scroll the tensors")
PAGE_DOWN = Key("lesson.pagedown", "pagedown", "page(1)", "scroll down", "scroll the tensors")
SEE = Key(
    "lesson.watch", "f3,ctrl+b", "watch", "watch", "watch this exercise worked out; on other numbers while it is open"
)
TRY = Key("lesson.explore", "f6,ctrl+l", "explore", "explore", "try things out; on other numbers while it is open")
LEAVE = Key("lesson.leave", "escape", "leave", "list", "back to the list of lessons; everything is kept")
LESSON = (
    *(
        SUBMIT,
        HINT,
        SHOW,
        SKIP,
        BACK,
        FORWARD,
        NOTES,
        MODE,
        SEE,
        TRY,
        CELL,
        CELL_BACK,
        POINT,
        MARK,
        PAGE_UP,
        PAGE_DOWN,
        LEAVE,
    ),
)
IN_LINE = (SUBMIT, CELL, CELL_BACK, POINT, MARK)
ON_SCREEN = tuple(key for key in LESSON if key not in IN_LINE)
"""What the lesson screen does; the answer line does the others."""

TAKE = replace(SUBMIT, id="drill.take", help="hand in the answer; you hear at the end whether it is right")
END = Key("drill.end", "f8,ctrl+o", "end", "end", "end the drill and see the result")
PAUSE = replace(
    LEAVE, id="drill.pause", action="pause", label="pause", help="leave; the same command goes on, the clock too"
)
DRILL = (TAKE, SKIP, BACK, FORWARD, NOTES, END, CELL, CELL_BACK, POINT, MARK, PAGE_UP, PAGE_DOWN, PAUSE)
ON_DRILL = tuple(key for key in DRILL if key not in (TAKE, *IN_LINE))

PLAY = Key("watch.play", "space", "play", "play/pause", "play, or pause; from the end it plays again")
ON = Key("watch.on", "right,l", "step(1)", "step", "one step on", shown="Left/Right")
OFF = Key("watch.off", "left,h", "step(-1)", "step back", "one step back", shown="Left/Right")
CELL_ON = Key("watch.cell_on", "down,j", "cell(1)", "next cell", "to the next output cell", shown="Up/Down")
CELL_OFF = Key("watch.cell_off", "up,k", "cell(-1)", "cell before", "to the output cell before", shown="Up/Down")
FIRST = Key("watch.first", "home,g", "first", "first", "to the first step")
LAST = Key("watch.last", "end,G", "last", "last", "to the last step")
FASTER = Key("watch.faster", "plus,equals_sign", "pace(1)", "faster", "more steps a second", shown="+")
SLOWER = Key("watch.slower", "minus", "pace(-1)", "slower", "fewer steps a second", shown="-")
NUMBERS = Key("watch.numbers", "n", "numbers", "numbers", "the same exercise with other numbers", shown="n")
EXERCISE_ON = Key("watch.exercise_on", "pagedown", "exercise(1)", "exercise", "the next exercise of the lesson")
EXERCISE_OFF = Key("watch.exercise_off", "pageup", "exercise(-1)", "exercise", "the exercise before")
LOOK = Key("watch.explore", "e,enter", "explore", "look around", "try things out on these numbers", shown="e")
DONE = Key("watch.close", "escape", "close", "back", "back to where you came from")
WATCH = (
    *(PLAY, ON, OFF, CELL_ON, CELL_OFF, FIRST, LAST, FASTER, SLOWER, NUMBERS, EXERCISE_ON, EXERCISE_OFF, LOOK, DONE),
)

SET = Key("explore.set", "enter", "set", "set", "change what the cursor is on; or any other: w = 1 0 -1, stride = 2")
ROAM = Key(
    "explore.move", "left,right,up,down", "move", "move", "move the cursor; on a setting: another value", shown="Arrows"
)
MAPS = Key("explore.maps", "pageup,pagedown", "move", "maps", "another map of the tensor under the cursor")
JUMP = Key("explore.jump", "tab", "jump", "next", "the next tensor or setting; Shift+Tab: the one before")
UNDO = Key("explore.undo", "f5,ctrl+b", "undo", "undo", "take back the last change", "<")
RESET = Key("explore.reset", "f7,ctrl+r", "reset", "reset", "everything as it was at first", "!")
REPLAY = Key("explore.watch", "f3,ctrl+n", "watch", "watch", "watch these numbers being worked out", ">")
SHADED = Key("explore.shaded", "f4,ctrl+f", "shaded", "picture", "maps as pictures, or as numbers alone", "#")
STOPPED = replace(DONE, id="explore.close")
EXPLORE = (SET, ROAM, JUMP, UNDO, RESET, REPLAY, SHADED, MAPS, STOPPED)
ON_EXPLORE = (UNDO, RESET, REPLAY, SHADED, STOPPED)
"""What the explore screen does; its line does the others."""

ONWARD = Key("page.onward", "enter", "onward", "go on", "go on")
BEGIN = replace(ONWARD, label="begin")
TWIN = Key("page.twin", "t", "twin", "twin", "after a lesson: its twin, the same with other numbers", shown="t")
DOWN = Key("page.down", "down,j", "scroll_down", "down", "a line down")
UP = Key("page.up", "up,k", "scroll_up", "up", "a line up")
NEXT = Key("page.next", "pagedown,space", "page_down", "scroll", "a page down", shown="Space")
PREVIOUS = Key("page.previous", "pageup,b", "page_up", "page up", "a page up")
CLOSE = Key("page.close", "escape", "close", "back", "back")
PAGE = (ONWARD, TWIN, DOWN, UP, NEXT, PREVIOUS, CLOSE)

SECTIONS = (
    ("Everywhere", APP),
    ("Lesson list", LIST),
    ("At a question", LESSON),
    ("In a drill", (TAKE, END, PAUSE)),
    ("Watching", WATCH),
    ("Exploring", EXPLORE),
    ("Pages to read", PAGE),
)
"""What the help screen lists."""


def bindings(*keys: Key) -> list[BindingType]:
    """The bindings of some keys."""
    return [key.binding() for key in keys]
