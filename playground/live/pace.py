"""How fast one viewer is read, however fast it writes."""

from __future__ import annotations


class Pace:
    """A cost for every message, and a short credit: a hand never notices, a flood is slowed down.

    Args:
        credit_seconds: what may be spent at once before anything has to wait.
    """

    def __init__(self, credit_seconds: float) -> None:
        self._credit_seconds = credit_seconds
        self._paid_until = float("-inf")

    def seconds_to_wait(self, now: float, cost_seconds: float) -> float:
        """How long to wait before reading on, after a message of that cost at the time `now` in seconds."""
        self._paid_until = max(self._paid_until, now) + cost_seconds
        return max(0.0, self._paid_until - now - self._credit_seconds)
