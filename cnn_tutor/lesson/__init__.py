"""Lesson files: reading them, checking them, and handing them to the engine."""
