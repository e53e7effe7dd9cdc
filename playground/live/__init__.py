"""The live canvas: pictures that move with the hand, and the addresses behind it."""
