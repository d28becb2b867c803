"""Between Textual and the terminal: the line itself, what is typed, what is drawn, and how it ends."""
