"""What was found in a folder or a ZIP: counts, sizes, what was skipped and why, and what to mind."""

from __future__ import annotations

from collections import Counter

from pydantic import BaseModel, ConfigDict

from playground.data.source import Skipped

FEW_IMAGES = 1000
UNEQUAL = 10  # times as many pictures in the largest class as in the smallest


class Report(BaseModel):
    """What became of the files of a folder or a ZIP.

    Attributes:
        name: of the folder or the ZIP, without the way to it.
        fingerprint: of its content.
        image_size: that the pictures were scaled to.
        num_images: that can be used.
        num_grey: of them.
        num_held_out: of them, kept back from training to measure with.
        counts: pictures by class; empty where there are no classes.
        smallest, median, largest: widths and heights of the files' pictures, by area.
        num_enlarged: pictures whose shorter side is less than `image_size`.
        skipped: files that cannot be used. Hidden ones, which systems leave behind, are not mentioned.
        attributes: names of the numbers that attributes.csv gives.
        attribute_warnings: what of that table is not used.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    fingerprint: str
    image_size: int
    num_images: int
    num_grey: int
    num_held_out: int
    counts: dict[str, int]
    smallest: tuple[int, int]
    median: tuple[int, int]
    largest: tuple[int, int]
    num_enlarged: int
    skipped: tuple[Skipped, ...]
    attributes: tuple[str, ...]
    attribute_warnings: tuple[str, ...]

    @property
    def channels(self) -> int:
        """1 where every picture is grey, else 3."""
        return 1 if self.num_grey == self.num_images else 3

    @property
    def reasons(self) -> dict[str, list[str]]:
        """The paths of the skipped files by reason, the most common reason first."""
        by_reason: dict[str, list[str]] = {}
        for skipped in self.skipped:
            by_reason.setdefault(skipped.reason, []).append(skipped.path)
        return dict(sorted(by_reason.items(), key=lambda item: -len(item[1])))

    @property
    def warnings(self) -> list[str]:
        """What to mind before a training, a sentence each."""
        found = []
        if self.num_images < FEW_IMAGES:
            found.append(
                f"{_pictures(self.num_images)} are few: a model may learn them by heart. Thousands are better."
            )
        if self.counts and max(self.counts.values()) >= UNEQUAL * min(self.counts.values()):
            ranked = Counter(self.counts).most_common()
            (large, most), (small, fewest) = ranked[0], ranked[-1]
            found.append(
                f"The classes are very unequal: {large} has {_pictures(most)}, {small} {fewest:,}. "
                "What is rare will be drawn worse."
            )
        if self.num_enlarged:
            found.append(
                f"{_pictures(self.num_enlarged)} are smaller than {self.image_size} pixels and were enlarged, "
                "which blurs them: choose a smaller size, or leave them out."
            )
        if 0 < self.num_grey < self.num_images:
            found.append(f"{self.num_grey:,} of the {_pictures(self.num_images)} are grey, the others in colour.")
        return [*found, *self.attribute_warnings]

    @property
    def sizes(self) -> str:
        """The sizes of the pictures as they came, in words."""
        smallest, median, largest = (f"{width:,} x {height:,}" for width, height in self._sides())
        if smallest == largest:
            return f"all of {smallest} pixels"
        return f"from {smallest} to {largest} pixels, half of them {median} or more"

    def _sides(self) -> tuple[tuple[int, int], ...]:
        return (self.smallest, self.median, self.largest)

    @property
    def held_out_in_words(self) -> str:
        """How many pictures are not trained on, and why."""
        return f"{self.num_held_out:,} of them are kept back from training, to measure with."

    def to_text(self) -> str:
        """The whole report for a terminal."""
        colours = "grey" if self.channels == 1 else "in colour"
        lines = [f"{self.name}: {_pictures(self.num_images)}, {colours}, {self.sizes}; scaled to {self.image_size}."]
        if self.counts:
            width = max(len(name) for name in self.counts)
            lines += [f"  {name:{width}}  {count:>9,}" for name, count in self.counts.items()]
        else:
            lines.append("No classes: there are no sub-folders to tell them by.")
        if self.num_held_out:
            lines.append(self.held_out_in_words)
        if self.attributes:
            lines.append(f"Numbers that come with the pictures: {', '.join(self.attributes)}.")
        if self.skipped:
            lines.append(f"Skipped: {len(self.skipped):,} file{'s' * (len(self.skipped) != 1)}.")
            lines += [f"  {skipped.path} {skipped.reason}." for skipped in self.skipped]
        lines += [f"Mind: {sentence}" for sentence in self.warnings]
        return "\n".join(lines)


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count:,} pictures"
