"""The language of the interface: every sentence that is shown goes through ``_`` where it is shown.

English needs nothing loaded; ``choose`` is called once, by ``cli``. As in gettext itself, one process speaks one
language. Sentences in tables are marked where they stand only by being in a table, and looked up where they are shown.
"""

from __future__ import annotations

import os.path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

DOMAIN = "cnn_tutor"
FOLDER = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120 (pathlib takes its time to load)
"""``<language>/LC_MESSAGES/cnn_tutor.mo`` for every language but English."""

OWN = "en"

_translated: Callable[[str], str] | None = None
_numbered: Callable[[str, str, int], str] | None = None


def speak(translate: Callable[[str], str] | None, numbered: Callable[[str, str, int], str] | None) -> None:
    """Use ``translate`` and ``numbered`` (``gettext`` and ``ngettext`` of a catalogue) from now on; None is English."""
    global _translated, _numbered
    _translated, _numbered = translate, numbered


def _(message: str) -> str:
    """``message`` in the language that is spoken; the English text is its own name."""
    return message if _translated is None or not message else _translated(message)


def plural(one: str, many: str, count: int, **fields: object) -> str:
    """``one`` or ``many``, as ``count`` demands in the language spoken, with ``{count}`` and ``fields`` filled in."""
    text = (one if count == 1 else many) if _numbered is None else _numbered(one, many, count)
    return text.format(count=count, **fields)


def wanted(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[str, ...]:
    """The languages to be tried, the dearest first: ``--lang``, CNN_TUTOR_LANG, then what gettext looks at."""
    told = _told(arguments)
    own = environment.get("CNN_TUTOR_LANG", "")
    if told[-1:] or own:
        return tuple(_forms([(told or [own])[-1]]))
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "C")
    is_plain = locale.partition(".")[0] in ("C", "POSIX")
    listed = [] if is_plain else environment.get("LANGUAGE", "").split(":")
    return tuple(_forms([*listed, locale]))


def _told(arguments: Sequence[str]) -> list[str]:
    """What follows ``--lang``, each time it is given."""
    told = [after for word, after in zip(arguments, [*arguments[1:], ""], strict=False) if word == "--lang"]
    return told + [word.partition("=")[2] for word in arguments if word.startswith("--lang=")]


def unknown(arguments: Sequence[str]) -> str:
    """The language that the arguments ask for and that there is no catalogue for; nothing where there is one."""
    asked = wanted(arguments, {"CNN_TUTOR_LANG": OWN})
    if OWN in asked or any(code in known() for code in asked):
        return ""
    return _told(arguments)[-1]


def known() -> list[str]:
    """The languages that there is a catalogue for, and English."""
    listed = os.listdir(FOLDER) if os.path.isdir(FOLDER) else []  # noqa: PTH112, PTH208
    return sorted([OWN, *(one for one in listed if os.path.isdir(os.path.join(FOLDER, one)))])  # noqa: PTH112, PTH118


def _forms(names: Iterable[str]) -> Iterator[str]:
    """``de_AT.UTF-8`` is ``de_AT``, and where that is not there ``de``; plain ``C`` is English."""
    for name in names:
        code = name.partition(".")[0].partition("@")[0].replace("-", "_")
        if code in ("C", "POSIX"):
            yield OWN
        elif code.replace("_", "").isalnum() and len(code) < 12:
            yield code
            if "_" in code:
                yield code.partition("_")[0]


def choose(languages: Iterable[str]) -> str:
    """Speak the first of ``languages`` that there is a catalogue for, or English; the code of what is spoken."""
    for code in languages:
        if code == OWN:
            break
        catalogue = os.path.join(FOLDER, code, "LC_MESSAGES", f"{DOMAIN}.mo")  # noqa: PTH118
        if os.path.isfile(catalogue):  # noqa: PTH113
            from gettext import GNUTranslations

            with open(catalogue, "rb") as stream:  # noqa: PTH123
                found = GNUTranslations(stream)
            speak(found.gettext, found.ngettext)
            return code
    speak(None, None)
    return OWN


def lend() -> None:
    """Let argparse look for its own sentences, in the language of the environment, in our catalogues."""
    import gettext

    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)
