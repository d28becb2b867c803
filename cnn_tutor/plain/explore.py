"""Exploring line by line: each change is typed, what follows is said, and any step can be heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cnn_tutor.engine.trace import Cell
from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson.fitting import said
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.plain.streams import Streams
from cnn_tutor.render.figure import plot
from cnn_tutor.render.shade import side_by_side
from cnn_tutor.tutor.answer import Unreadable
from cnn_tutor.tutor.examples import NAMES, example, title
from cnn_tutor.tutor.explore import Explore, about, begin, calls, enter, links, panels, point, reset, settings, undo
from cnn_tutor.tutor.linked import tensors
from cnn_tutor.tutor.pictures import KERNELS, picture
from cnn_tutor.tutor.pictures import NAMES as PICTURES
from cnn_tutor.tutor.place import read
from cnn_tutor.tutor.plotted import plot_of_cell
from cnn_tutor.tutor.shading import shadings
from cnn_tutor.tutor.symbols import symbol
from cnn_tutor.tutor.told import tell

HEARD = 40
"""Steps that ``watch`` says at once; an empty line goes on."""

COMMANDS = (
    ("x[2] = 5", "change one number; x = 1 2 3 changes all of them, and with ; between rows a matrix"),
    ("stride = 2", "change a hyper-parameter; with several layers Y.stride = 2"),
    ("batch = 3", "so many samples; kernel = blur is one of the kernels that have a name"),
    ("show", "all numbers as they are now"),
    ("at y[2]", "what a cell comes from, what it feeds, what it meets"),
    ("watch", "every step in a sentence; watch 12 begins at the 12th, an empty line goes on"),
    ("undo, reset", "take back the last change, or all of them"),
    ("op conv2d", "another operation; op alone lists them, and the pictures"),
    ("exercise ID", "another exercise of the lesson"),
    ("q", "leave"),
)


class Shell:
    """One conversation: what is explored, and which step is heard next."""

    def __init__(self, streams: Streams, exercises: dict[str, Exercise], color: bool = False) -> None:
        self._streams = streams
        self._exercises = exercises
        self._color = color
        self._explore: Explore | None = None
        self._heard = 0

    def run(self, first: Exercise | None) -> None:
        """Read lines until ``q`` or the end of input."""
        if first is None:
            self._list()
        else:
            self._open(first)
        self._streams.say(_("Type help for what can be typed, q to leave."))
        while (line := self._streams.ask()) is not None and line.strip().lower() != "q":
            self._respond(line.strip())
        self._streams.say(_("Left. Nothing that was tried here is kept or counted."))

    def _respond(self, line: str) -> None:
        word, _space, rest = line.partition(" ")
        commands: dict[str, Callable[[str], None]] = {
            "help": self._help,
            "?": self._help,
            "op": self._op,
            "exercise": self._exercise,
            "show": self._show,
            "at": self._at,
            "watch": self._watch,
            "": self._go_on,
            "undo": self._undo,
            "reset": self._reset,
        }
        if "=" in line or word not in commands:
            self._change(line)
        elif self._explore is None and word not in ("help", "?", "op", "exercise", ""):
            self._streams.say(_("Choose an operation first: op conv1d."))
        else:
            commands[word](rest.strip())

    def _help(self, _rest: str) -> None:
        for written, meaning in COMMANDS:
            self._streams.say(f"{written}: {_(meaning)}")
        if self._explore is not None:
            self._streams.say(_("Here: {names}.").format(names="; ".join(self._names())))

    def _names(self) -> Iterator[str]:
        assert self._explore is not None
        yield from map(symbol, tensors(self._explore.film))
        yield from settings(self._explore)

    def _list(self) -> None:
        self._streams.say(_("What can be explored: op and one of these names."))
        for name in NAMES:
            self._streams.say(f"{name}: {_(title(name))}")
        for name, shown in PICTURES.items():
            words = _("{picture}, with the kernels {kernels}").format(picture=_(shown), kernels=", ".join(KERNELS))
            self._streams.say(f"{name}: {words}")

    def _op(self, name: str) -> None:
        if name in NAMES:
            self._open(example(name))
        elif name in PICTURES:
            self._open(picture(name))
        else:
            self._list()

    def _exercise(self, name: str) -> None:
        if name in self._exercises:
            self._open(self._exercises[name])
        else:
            known = ", ".join(self._exercises) or _("none without a lesson")
            self._streams.say(_("Exercises here: {names}.").format(names=known))

    def _open(self, exercise: Exercise) -> None:
        try:
            self._explore, self._heard = begin(exercise), 0
        except ShapeError as error:
            self._streams.say(said(error))
            return
        self._streams.say(_("Explore: {title}").format(title=_(exercise.title)))
        self._show("")

    def _show(self, _rest: str) -> None:
        assert self._explore is not None
        maps = shadings(self._explore, links(self._explore))
        if maps:
            ascii_only = self._streams.ascii_only
            drawn = side_by_side(maps, self._streams.console.width, color=self._color, ascii_only=ascii_only)
            self._streams.console.print(drawn)
        self._streams.draw(panels(self._explore, links(self._explore)))
        for setting in settings(self._explore):
            self._streams.say(setting.strip("<>"))
        for line in calls(self._explore):
            self._streams.say(_("PyTorch: {call}").format(call=line))

    def _change(self, line: str) -> None:
        if self._explore is None:
            self._streams.say(_("Choose an operation first: op conv1d."))
        elif "=" not in line:
            self._streams.say(_("That is no command here; help lists them."))
        else:
            self._take(enter(self._explore, line))

    def _undo(self, _rest: str) -> None:
        assert self._explore is not None
        self._take(undo(self._explore))

    def _reset(self, _rest: str) -> None:
        assert self._explore is not None
        self._take(reset(self._explore))

    def _take(self, after: Explore) -> None:
        """Say what came of a change, and show it if anything did."""
        assert self._explore is not None
        is_new = after.film is not self._explore.film
        self._explore = after
        self._streams.say(after.said)
        if is_new:
            self._heard = 0
            self._show("")

    def _at(self, text: str) -> None:
        assert self._explore is not None
        name, _bracket, index = text.partition("[")
        found = [one for one in tensors(self._explore.film) if name.strip() in (one, symbol(one))]
        if not found:
            there = ", ".join(map(symbol, tensors(self._explore.film)))
            self._streams.say(_("Name a cell of {names}, as in at {example}.").format(names=there, example="x[2]"))
            return
        self._look(found[0], index.rstrip("] "))

    def _look(self, tensor: str, index: str) -> None:
        assert self._explore is not None
        shape = self._explore.film.trace.tensors[tensor].shape
        cell: Cell = ()
        if shape:
            try:
                cell = tuple(one - 1 for one in min(read(index, shape)))
            except Unreadable as error:
                self._streams.say(said(error))
                return
        self._explore = point(self._explore, tensor, cell)
        self._streams.draw(panels(self._explore, links(self._explore)))
        words, formula = about(self._explore, links(self._explore))
        self._streams.say(words)
        if formula:
            self._streams.say(formula)
        plotted = plot_of_cell(self._explore.film, tensor, cell)
        if plotted is not None:
            self._streams.console.print(plot(plotted, ascii_only=self._streams.ascii_only))

    def _go_on(self, _rest: str) -> None:
        """An empty line: more of what was heard, if there is more."""
        if self._explore is not None and 0 < self._heard < len(self._explore.film):
            self._watch("")

    def _watch(self, start: str) -> None:
        """Some steps from ``start`` (counting from 1), or from where the last ones ended."""
        assert self._explore is not None
        film = self._explore.film
        if start:
            self._heard = max(0, int(start) - 1) if start.isdigit() else 0
        if self._heard >= len(film):
            self._heard = 0
        first = self._heard
        for position in range(first, min(len(film), first + HEARD)):
            told = tell(film, position)
            head = _("Step {number} of {count}, {layer}").format(number=position + 1, count=len(film), layer=told.layer)
            self._streams.say(f"{head}: {told.sentence} {told.formula}")
        self._heard = min(len(film), first + HEARD)
        if self._heard < len(film):
            self._streams.say(_("An empty line goes on."))
