"""The smallest Textual app with the tutor's parts: a header, a table with a moving window, an input, a footer.

What the tutor costs is stated as a ratio to it, measured in the same run: ``python -m tests.bench.terminal``.
"""

from rich.table import Table
from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Input, Static

SIDE, WINDOW = 6, 3


def matrix(step: int) -> Table:
    """Numbers in rows, those of window number ``step`` reversed."""
    top, left = divmod(step % 16, 4)
    table = Table(title=f"window {step}", show_header=False, pad_edge=False)
    for row in range(SIDE):
        inside = top <= row < top + WINDOW
        table.add_row(
            *(
                f"[reverse]{(row + column) % 10}[/]" if inside and left <= column < left + WINDOW else str(row)
                for column in range(SIDE)
            )
        )
    return table


class Minimal(App[None]):
    """Ctrl+N moves the window, Ctrl+Q leaves."""

    CSS = "Static { height: auto; }"
    BINDINGS = [("ctrl+n", "move", "Next window"), ("ctrl+q", "quit", "Quit")]  # noqa: RUF012
    step = 0

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static(matrix(0))
        yield Input(placeholder="answer")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def action_move(self) -> None:
        self.step += 1
        self.query_one(Static).update(matrix(self.step))


if __name__ == "__main__":
    Minimal().run()
