"""What a trained model is worth: `python -m playground.metrics NAME`."""
