"""Training: from a preset and a data set to a checkpoint. Runs as `python -m playground.training`."""
