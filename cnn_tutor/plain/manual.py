"""What can be typed in a lesson as a conversation, beside answers: signs, words, and what they do."""

from __future__ import annotations

from cnn_tutor.language import _

KEYS = "? hint, ! answer, > skip, < back, q pause, help for all commands"

COMMANDS = (
    ("?", "a hint; three of them, the last one is the answer"),
    ("!", "the answer at once; it earns no credit"),
    (">", "leave the question for later"),
    ("<", "look back at the question before; Enter goes on"),
    ("again", "the question and its tables once more"),
    ("words", "tables in words, a row a line, instead of drawn; the same word changes back"),
    ("notes", "the exercise, the conventions and the key ideas once more"),
    ("fast", "only whole results are asked; guided goes back to every step"),
    ("fold", "leave out the kind of step that goes well, where that is offered"),
    ("help", "this list; h does the same"),
    ("q", "pause; everything is kept"),
)

ANSWERS = (
    ("-1   1.75   7/4   sqrt(2)/2", "a number"),
    ("2 0 -3", "a vector, with blanks or commas"),
    ("1 2; 0 -1", "a matrix, row by row"),
    ("_", "in a vector or matrix: a cell that is already right"),
)

WORDS = ("again", "words", "notes", "fast", "guided", "fold", "help", "h")


def manual() -> list[str]:
    """The help, a line each."""
    lines = [_("Commands:")]
    lines += [f"  {name}: {_(meaning)}" for name, meaning in COMMANDS]
    lines.append(_("Answers:"))
    return lines + [f"  {name}: {_(meaning)}" for name, meaning in ANSWERS]
