"""The tutor as a conversation on two text streams: for screen readers, simple terminals, pipes and scripts."""

from cnn_tutor.plain.lesson import run
from cnn_tutor.plain.streams import Streams

__all__ = ["Streams", "run"]
