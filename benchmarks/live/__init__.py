"""What a hand on the live canvas feels, measured: see `__main__.py`."""
