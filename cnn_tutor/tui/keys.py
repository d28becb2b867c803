"""Every key of the tutor as data: bindings, key lines and the help screen are made from these rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from textual.binding import Binding, BindingType

from cnn_tutor.language import _


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
    fixed: bool = False
    """Always these keys: they move on the board as they do in a line."""

    def under(self, keymap: Mapping[str, str]) -> Key:
        """With the keys that ``keymap`` gives it, if it does."""
        keys = keymap.get(self.id)
        return self if keys is None else replace(self, keys=keys, shown="")

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
COMMANDS = Key(
    "app.commands", "ctrl+p,f12", "commands", "commands", "everything that can be done here, by name", first=True
)
THEME = Key("app.theme", "f9", "theme", "theme", "dark, light, high contrast, colour-blind safe", first=True)
APP = (HELP, COMMANDS, THEME, QUIT, STOP)

OPEN = Key("list.open", "enter", "select", "open", "open the lesson at its first open question")
FIND = Key("list.find", "slash,ctrl+f", "find", "find", "type a part of a title; digits go to that number", shown="/")
PRACTICE = Key(
    "list.practice", "p", "practice", "practice", "fresh numbers for this lesson, with hints, no clock", shown="p"
)
DRILL_IT = Key(
    "list.drill", "d", "drill", "drill", "this lesson without hints; you choose how many and how long", shown="d"
)
REVIEW = Key("list.review", "r", "review", "review", "what is due today", shown="r")
STANDING = Key("list.standing", "s", "standing", "standing", "what you have done, skill by skill", shown="s")
LIST_UP = Key("list.up", "up,k", "cursor_up", "up", "the lesson above", shown="Up/Down")
LIST_DOWN = Key("list.down", "down,j", "cursor_down", "choose", "the lesson below", shown="Up/Down")
LIST_WATCH = Key("list.watch", "w", "watch", "watch", "watch how the lesson's exercises are worked out", shown="w")
LIST_EXPLORE = Key("list.explore", "e", "explore", "explore", "try things out on the lesson's exercises", shown="e")
LIST_OFFER = Key(
    "list.offer", "o", "offer", "operations", "try things out on any operation, or on a picture", shown="o"
)
LIST_PLACE = Key(
    "list.place", "b", "place", "where to begin", "a dozen questions at most, to find out where to begin", shown="b"
)
LIST_MAP = Key("list.map", "m", "map", "map", "which lessons stand before which, and what is open", shown="m")
LIST_HOME = Key("list.home", "home,g", "first", "first", "the first lesson")
LIST_END = Key("list.last", "end,G", "last", "last", "the last lesson")
ON_LIST = (*(FIND, PRACTICE, DRILL_IT, REVIEW, STANDING, LIST_WATCH, LIST_EXPLORE, LIST_OFFER, LIST_PLACE, LIST_MAP),)
LIST = (OPEN, LIST_UP, LIST_DOWN, LIST_HOME, LIST_END, *ON_LIST)

SUBMIT = Key("lesson.submit", "enter", "submit", "answer", "hand in the answer; on an answered question: go on")
HINT = Key("lesson.hint", "ctrl+t", "hint", "hint", "the next hint: where to look, then the rule, then the value", "?")
SHOW = Key("lesson.show", "ctrl+y", "reveal", "show", "show the answer now; it earns no credit", "!")
SKIP = Key("lesson.skip", "ctrl+n", "skip", "skip", "leave it for later; when looking back: forward", ">")
BACK = Key("lesson.back", "up", "back", "back", "look back at the question before", "<")
FORWARD = Key("lesson.forward", "down", "forward", "forward", "look at the question after")
NOTES = Key("lesson.notes", "f2,ctrl+r", "notes", "notes", "read the exercise, conventions and key ideas again")
MODE = Key("lesson.mode", "f4,ctrl+f", "mode", "fast/guided", "guided: every step; fast: whole results only")
FOLD = Key("lesson.fold", "f5,ctrl+o", "fold", "fold", "leave out further steps of a kind that goes well, until a miss")
CELL = Key("answer.cell", "tab", "step(1)", "next cell", "the next cell of a vector or matrix; what is typed stays")
CELL_BACK = Key("answer.cell_back", "shift+tab", "step(-1)", "cell before", "the cell before")
POINT = Key("answer.point", "left,right,up,down", "point", "point", "move to another cell", shown="Arrows", fixed=True)
MARK = Key("answer.mark", "space", "mark", "mark", "where single cells are asked: mark one, or unmark it", fixed=True)
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
        FOLD,
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

GUESS = replace(SUBMIT, id="place.take", help="hand in the answer; nobody says whether it is right")
UNKNOWN = replace(
    SKIP, id="place.unknown", action="unknown", label="don't know", help="you do not know: the next question"
)
FOUND = replace(END, id="place.end", label="end", help="end here, and hear where to begin")
AWAY = replace(LEAVE, id="place.pause", action="pause", help="back to the list; it goes on at the same question")
PLACING = (GUESS, UNKNOWN, NOTES, FOUND, CELL, CELL_BACK, POINT, MARK, PAGE_UP, PAGE_DOWN, AWAY)
ON_PLACE = tuple(key for key in PLACING if key not in (GUESS, *IN_LINE))

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
    "explore.move",
    "left,right,up,down",
    "move",
    "move",
    "move the cursor; on a setting: another value",
    shown="Arrows",
    fixed=True,
)
MAPS = Key("explore.maps", "pageup,pagedown", "move", "maps", "another map of the tensor under the cursor", fixed=True)
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
OPEN_IT = replace(ONWARD, label="open")
TWIN = Key("page.twin", "t", "twin", "twin", "after a lesson: its twin, the same with other numbers", shown="t")
DOWN = Key("page.down", "down,j", "scroll_down", "down", "a line down")
UP = Key("page.up", "up,k", "scroll_up", "up", "a line up")
NEXT = Key("page.next", "pagedown,space", "page_down", "scroll", "a page down", shown="Space")
PREVIOUS = Key("page.previous", "pageup,b", "page_up", "page up", "a page up")
CLOSE = Key("page.close", "escape", "close", "back", "back")
STOP_HERE = replace(CLOSE, label="leave")
PAGE = (ONWARD, TWIN, DOWN, UP, NEXT, PREVIOUS, CLOSE)

LIST_TOPIC, QUESTION, IN_DRILL = "Lesson list", "At a question", "In a drill"
IN_PLACEMENT = "Where to begin"
WATCHING, EXPLORING, PAGES = "Watching", "Exploring", "Pages to read"

SECTIONS = (
    ("Everywhere", APP),
    (LIST_TOPIC, LIST),
    (QUESTION, LESSON),
    (IN_DRILL, DRILL),
    (IN_PLACEMENT, PLACING),
    (WATCHING, WATCH),
    (EXPLORING, EXPLORE),
    (PAGES, PAGE),
)
"""All keys, by the screen on which they are."""


DO_IT = Key("commands.do", "enter", "submit", "do it", "do what is marked")
KEEP = Key("themes.take", "enter", "select", "keep", "keep this theme")
START = Key("form.begin", "enter", "submit", "begin", "begin the drill")
NEXT_LINE = Key("form.move", "tab,down", "move(1)", "next line", "the next line", first=True)
LINE_BEFORE = Key("form.back", "shift+tab,up", "move(-1)", "line before", "the line before", first=True)
OTHERS = (DO_IT, KEEP, START, NEXT_LINE, LINE_BEFORE, STOP_HERE, BEGIN, OPEN_IT)
"""What only a key line says."""


def bindings(*keys: Key) -> list[BindingType]:
    """The bindings of some keys."""
    return [key.binding() for key in keys]


_KEY = re.compile(r"((ctrl|shift|alt|super|hyper|meta)\+)*([a-z_]+|f?\d+|[A-Z])")
_WRITING = ("lesson", "drill", "place", "answer", "app")
"""Where letters are typed, so that a bare letter cannot be a command."""


def checked(keymap: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What of ``keymap`` can be used, and in a line each why the rest cannot."""
    known = {key.id: key for _title, keys in SECTIONS for key in keys}
    good: dict[str, str] = {}
    faults = []
    for name, keys in keymap.items():
        fault = _fault(name, keys.split(","), known, good)
        if fault:
            faults.append(f"keys.toml: {fault}")
        else:
            good[name] = keys
    return good, faults


def _fault(name: str, keys: list[str], known: Mapping[str, Key], taken: Mapping[str, str]) -> str:
    """What is wrong with ``keys`` for ``name``, if anything."""
    if name not in known:
        import difflib

        close = next(iter(difflib.get_close_matches(name, known, 1)), "")
        text = (
            _("there is no {name}; did you mean {close}?") if close else _("there is no {name}; F1 shows what there is")
        )
        return text.format(name=name[:40], close=close)
    if known[name].fixed:
        return _("{name} cannot have other keys").format(name=name)
    for key in keys:
        if not _KEY.fullmatch(key):
            return _("{key} is no key; write ctrl+t, f5, alt+up or the like").format(key=repr(key)[:40])
        if len(key) == 1 and name.split(".")[0] in _WRITING:
            return _("{key} is needed for typing; {name} must have another key").format(key=key, name=name)
        for other in _beside(name, known):
            if key in taken.get(other.id, other.keys).split(","):
                text = _("{key} is already {other}; {name} must have another key")
                return text.format(key=key, other=other.id, name=name)
    return ""


def _beside(name: str, known: Mapping[str, Key]) -> Iterator[Key]:
    """What else is on the same screens as ``name``."""
    for _title, keys in SECTIONS:
        ids = [key.id for key in keys]
        if name in ids or name.startswith("app."):
            yield from (key for key in (*keys, *APP) if key.id != name and key is not known[name])
