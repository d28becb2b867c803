"""``python -m cnn_tutor`` is ``cnn-tutor``."""

from cnn_tutor.cli import run

run()
