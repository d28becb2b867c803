"""The exception tree: one class for each kind of person who can mend the fault."""


class CnnTutorError(Exception):
    """Base of every error this package raises on purpose; its text is one line meant for a person."""


class ShapeError(CnnTutorError, ValueError):
    """An argument of an engine op does not fit: names the argument, what it got and what would fit."""


class LessonError(CnnTutorError):
    """A lesson file is unusable. The text reads ``file:line:column: path: message``."""


class QuestionError(CnnTutorError, ValueError):
    """A lesson asks what cannot be asked."""


class UsageError(CnnTutorError):
    """The command line asks for something that does not exist (a lesson, a question key, a folder)."""


class ProgressError(CnnTutorError):
    """The progress file cannot be read or written; nothing in it was changed."""
