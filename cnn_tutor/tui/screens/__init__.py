"""One screen a file; each holds what it shows and redraws from that alone."""
