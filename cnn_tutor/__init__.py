"""cnn-tutor: learn what a convolutional network computes, by hand, in a terminal."""

__version__ = "0.1.0"
