"""``python -m cnn_tutor`` is ``cnn-tutor``."""

from cnn_tutor.cli import main

raise SystemExit(main())
