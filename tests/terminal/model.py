"""A terminal made of software: a screen of cells (pyte), the modes that were set, and answers to what it is asked."""

import copy
import re

import pyte

SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])")
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)\Z")

ALTERNATE, CURSOR, WRAP, PASTE = 1049, 25, 7, 2004
ON_AT_FIRST = {WRAP, CURSOR}
BLINKING = 12
"""How the cursor looks; programs leave it as they like."""

ANSWERS = {
    "\x1b[c": "\x1b[?62;22c",
    "\x1b[>c": "\x1b[>41;354;0c",
    "\x1b[5n": "\x1b[0n",
    "\x1b[>q": "\x1bP>|XTerm(354)\x1b\\",
    "\x1b]10;?\x1b\\": "\x1b]10;rgb:ffff/ffff/ffff\x1b\\",
    "\x1b]11;?\x1b\\": "\x1b]11;rgb:0000/0000/0000\x1b\\",
}
COLOUR = re.compile(r"(?:^|;)(?:[349][0-8]|10[0-7])(?:;|$)")
"""A colour among the parameters of SGR; 39 and 49 are the terminal's own."""


INVISIBLE = re.compile("[\u200b-\u200f\ufe0f\u2060]")


class Cells(pyte.Screen):
    """pyte's screen; what it does not know of private SGR and margins is left alone.

    Of characters without width it knows only those that combine: at any other it would drop the rest of the text.
    """

    def draw(self, data: str) -> None:
        super().draw(INVISIBLE.sub("", data))

    def select_graphic_rendition(self, *attributes: int, **private: bool) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)

    def set_margins(self, top: int | None = None, bottom: int | None = None, **private: bool) -> None:
        if not private:
            super().set_margins(top, bottom)


class Model:
    """What a person at the terminal sees, and what the terminal says by itself."""

    def __init__(self, columns: int, lines: int, *, answers: bool = True) -> None:
        self.cells = Cells(columns, lines)
        self.modes: dict[int, bool] = {}
        self.sequences: list[str] = []
        """Every control sequence that came, in order."""
        self._stream = pyte.Stream(self.cells)
        self._answers = answers
        self._unfinished = ""
        self._behind: tuple[object, object] | None = None
        self._stacked = 0

    def feed(self, text: str) -> str:
        """Show ``text``; returns what the terminal answers."""
        text = self._unfinished + text
        rest = UNFINISHED.search(text)
        self._unfinished = text[rest.start() :] if rest else ""
        text = text[: rest.start()] if rest else text
        answers, at = "", 0
        for found in SEQUENCE.finditer(text):
            self._stream.feed(text[at : found.start()])
            at = found.end()
            answers += self._obey(found[0])
        self._stream.feed(text[at:])
        return answers if self._answers else ""

    def _obey(self, sequence: str) -> str:
        self.sequences.append(sequence)
        modes = re.fullmatch(r"\x1b\[\?([\d;]+)([hl])", sequence)
        if modes:
            for mode in map(int, modes[1].split(";")):
                self._set(mode, modes[2] == "h")
        elif re.match(r"\x1b\[[<>=]|\x1b[\]PX^_]|\x1b\[.*[$ ].$|\x1b\[.*[cnq]$", sequence):
            return self._answer(sequence)
        else:
            self._stream.feed(sequence)
        return ""

    def _set(self, mode: int, on: bool) -> None:
        if mode == ALTERNATE and on and self._behind is None:
            self._behind = copy.deepcopy(self.cells.buffer), copy.copy(self.cells.cursor)
            self.cells.erase_in_display(2)
        elif mode == ALTERNATE and not on and self._behind is not None:
            self.cells.buffer, self.cells.cursor = self._behind  # type: ignore[assignment]
            self._behind = None
        elif mode in ON_AT_FIRST:
            self._stream.feed(f"\x1b[?{mode}{'h' if on else 'l'}")
        self.modes[mode] = on

    def _answer(self, sequence: str) -> str:
        if re.match(r"\x1b\[[<>][\d;]*u", sequence):
            self._stacked += 1 if sequence[2] == ">" else -1
        if sequence.endswith("6n"):
            return f"\x1b[{self.cells.cursor.y + 1};{self.cells.cursor.x + 1}R"
        asked = re.fullmatch(r"\x1b\[\?(\d+)\$p", sequence)
        if asked:
            return f"\x1b[?{asked[1]};2$y"
        return ANSWERS.get(sequence.replace("0c", "c").replace("0q", "q").replace("\x07", "\x1b\\"), "")

    @property
    def text(self) -> str:
        """The lines of the screen, without blanks at their ends."""
        return "\n".join(line.rstrip() for line in self.cells.display)

    @property
    def modes_left(self) -> list[int | str]:
        """The modes that are not as they were at first; none for a program that cleaned up."""
        left = [mode for mode, on in self.modes.items() if on != (mode in ON_AT_FIRST) and mode != BLINKING]
        looks = self.cells.cursor.attrs != self.cells.default_char
        return [*sorted(left), *(["keyboard"] if self._stacked > 0 else []), *(["style"] if looks else [])]

    @property
    def colours(self) -> list[str]:
        """The control sequences that set a colour."""
        return [one for one in self.sequences if one.endswith("m") and COLOUR.search(one[2:-1])]
