"""What the terminal can do, decided before anything is drawn, from what the environment says of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESSABLE = (
    *("xterm", "screen", "tmux", "rxvt", "linux", "vt1", "vt2", "vt3", "vt4", "vt5", "ansi", "cygwin", "putty"),
    *("konsole", "gnome", "vte", "alacritty", "kitty", "foot", "st-", "wezterm", "ghostty", "contour", "iterm"),
    *("mintty", "mlterm", "nsterm", "eterm", "Eterm", "mrxvt", "dtterm", "rio", "teraterm", "hterm", "sun-color"),
)
"""How the names of terminals begin that move their cursor as ECMA-48 says, which is all the screens need."""

POOR_FONT = ("linux", "vt1", "vt2", "vt3", "vt4", "vt5", "ansi", "cygwin", "sun")
"""Terminals whose font or character set has little beyond ASCII."""

MONOCHROME = ("vt1", "vt2", "vt3", "vt4", "vt5")

WHOLE = "whole"
"""``CNN_TUTOR_DRAW`` with this value: Textual draws by itself, whole regions at a time."""


class Terminal:
    """What can be shown; it does not change. A plain class, because nothing has to be loaded for one.

    ``why_not`` says in words why there can be no screen, and is empty where there can. ``encoding`` is that of keys.
    ``draws_whole`` leaves the drawing to Textual.
    """

    __slots__ = ("ascii_only", "color", "draws_whole", "encoding", "mouse", "why_not")

    def __init__(
        self,
        why_not: str = "",
        *,
        ascii_only: bool = False,
        color: bool = True,
        mouse: bool = True,
        encoding: str = "utf-8",
        draws_whole: bool = False,
    ) -> None:
        self.why_not = why_not
        self.ascii_only = ascii_only
        self.color = color
        self.mouse = mouse
        self.encoding = encoding
        self.draws_whole = draws_whole


def terminal(
    environment: Mapping[str, str],
    *,
    reads: bool,
    writes: bool,
    encoding: str,
    ascii_only: bool = False,
    color: bool = True,
) -> Terminal:
    """The terminal that ``environment`` describes; ``reads`` and ``writes`` say which end is a terminal at all.

    ``encoding`` is that of the streams; ``ascii_only`` and ``color`` are what is wanted, whatever there is.
    ``NO_COLOR`` with any value forbids colour (no-color.org).
    """
    term = environment.get("TERM", "")
    shows_ascii = not _is_unicode(encoding) or (
        writes and (not _locale_has_unicode(environment) or term.startswith(POOR_FONT))
    )
    shows_color = not (environment.get("NO_COLOR") or term.startswith(MONOCHROME) or term.endswith("-m"))
    return Terminal(
        why_not=_why_not(term, reads, writes),
        ascii_only=ascii_only or shows_ascii,
        color=color and shows_color,
        mouse=not term.startswith(POOR_FONT),
        encoding=encoding,
        draws_whole=environment.get("CNN_TUTOR_DRAW") == WHOLE,
    )


def _why_not(term: str, reads: bool, writes: bool) -> str:
    if not reads or not writes:
        return "input is not a terminal" if writes else "output is not a terminal"
    if not term:
        return "TERM is not set"
    if term == "dumb":
        return "TERM=dumb cannot place text on the screen"
    if term == "st" or term.startswith(ADDRESSABLE):
        return ""
    return f"TERM={term} is not a terminal that is known to place text on the screen"


def _is_unicode(encoding: str) -> bool:
    return encoding.lower().replace("-", "").startswith("utf")


def _locale_has_unicode(environment: Mapping[str, str]) -> bool:
    """Whether the locale that was asked for names UTF-8; where none is named, nothing speaks against it.

    Where the C locale is asked for by ``LANG``, Python itself sets ``LC_CTYPE`` to ``C.UTF-8`` (PEP 538).
    """
    plain = environment.get("LANG") in ("C", "POSIX") and environment.get("LC_CTYPE") == "C.UTF-8"
    named = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "")
    return not named or ("utf8" in named.lower().replace("-", "") and (bool(environment.get("LC_ALL")) or not plain))
