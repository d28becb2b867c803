"""The student's log in one run of the program: opening it, what could not be kept, and what is to be said of that."""

from __future__ import annotations

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cnn_tutor.tutor.keeper import Keeper
    from cnn_tutor.tutor.progress import Progress


class Logbook:
    """The log in ``folder``; ``complain`` says a line on stderr."""

    def __init__(self, folder: Path, clock: Callable[[], float], complain: Callable[[object], None]) -> None:
        self._folder = folder
        self._clock = clock
        self._complain = complain
        self._open: Progress | None = None
        self._keeper: Keeper | None = None
        self._told = ""
        """What was said of the file."""

    @property
    def grew(self) -> bool:
        """Whether anything was added to it."""
        return self._open is not None and self._open.grew

    def log(self) -> Progress:
        """The log, for what is nothing without it. Raises ProgressError."""
        progress = self._again()
        if progress.notice:
            self._complain(progress.notice)
            self._told = progress.notice
        return progress

    def _again(self) -> Progress:
        from cnn_tutor.tutor.progress import Progress

        self._open = Progress(self._folder)
        return self._open

    def store(self) -> Progress | None:
        """The log; None, with one line on stderr, where it cannot be opened."""
        try:
            return self.log()
        except ProgressError as error:
            self._complain(_("{error}. You can go on, but nothing is kept.").format(error=error))
            return None

    def reading(self) -> Progress | None:
        """The log for those who only read it; None, with one line on stderr, where none could be begun.

        Raises ProgressError for one that cannot be opened: what is in it is not to be taken for nothing.
        """
        from cnn_tutor.tutor.progress import is_begun

        return self.log() if is_begun(self._folder) else self.store()

    def keeper(self, *, quiet: bool) -> Keeper:
        """What keeps the attempts of a sitting, with those that an earlier one could not keep.

        Where the log cannot be opened that is said, unless it is to be ``quiet``, and tried again with each answer.
        """
        from cnn_tutor.tutor.keeper import Keeper

        held = self._keeper.held if self._keeper is not None else ()
        progress, trouble = None, ""
        try:
            progress = self.log()
        except ProgressError as error:
            trouble = str(error)
        self._keeper = Keeper(progress, self._clock, again=self._again, held=held, trouble=trouble)
        if trouble and not quiet:
            self._complain(self._keeper.warning)
        elif held:
            self.loss()
        return self._keeper

    def loss(self) -> str:
        """After one more try to keep what is held: what is lost, in a sentence, or nothing."""
        if self._keeper is None or not self._keeper.held:
            return ""
        from cnn_tutor.tutor.keeper import all_kept

        return "" if all_kept(self._keeper) else self._keeper.loss

    def close(self) -> None:
        """Before the program ends: say what is lost, and what happened to the file while nothing could be said."""
        if loss := self.loss():
            self._complain(loss)
        if self._open is not None and self._open.notice not in ("", self._told):
            self._complain(self._open.notice)
