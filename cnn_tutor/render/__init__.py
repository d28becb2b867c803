"""Rich renderables that both shells share."""
