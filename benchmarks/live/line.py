"""One line of the table: what was measured, what was asked, and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "| what | measured | asked | met |\n| --- | --- | --- | --- |"


@dataclass(frozen=True)
class Line:
    what: str
    measured: str
    asked: str = ""
    is_met: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "yes", False: "**no**", None: ""}[self.is_met]
        return f"| {self.what} | {self.measured} | {self.asked} | {verdict} |"
