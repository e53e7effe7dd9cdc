"""Faces of photos and videos, laid into a folder: those that do for training kept, the others in its tray."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from playground.data.decoding import quiet_pictures
from playground.data.face_extraction.alignment import Face, Photo, align
from playground.data.face_extraction.detection import FoundFace, find_faces
from playground.data.face_extraction.duplicates import Likeness, marks_of
from playground.data.face_extraction.inputs import Given, Looked, opened_inputs
from playground.data.face_extraction.judging import JUDGED_SIDE, objection
from playground.data.face_extraction.report import FaceReport, FileReport
from playground.data.face_extraction.settings import FaceSettings
from playground.data.face_extraction.tray import LaidFace, Place, Tray
from playground.data.face_extraction.video import Frame
from playground.data.source import UnreadableError
from playground.errors import PlaygroundError

SAVE_SECONDS = 5.0
NO_FACE = "shows no face"


def extract(
    inputs: Sequence[Path],
    folder: Path,
    settings: FaceSettings | None = None,
    on_progress: Callable[[float, str], None] | None = None,
) -> FaceReport:
    """Find the faces of all inputs and lay them into a folder.

    What is in the folder from before stays, and so does what a person has moved
    there; faces that are found again take the place of their former pictures.

    Args:
        inputs: photos, videos, folders and ZIPs.
        folder: that the faces are laid into; made where there is none.
        settings: what a face must be like.
        on_progress: called with the share that is done, 0 to 1, and the path of the file at hand.

    Returns what became of each file. Raises `PlaygroundError` where an input is not there or looks like an attack,
    or the folder cannot be used.
    """
    _check_apart(inputs, folder)
    tray = Tray(folder)
    with opened_inputs(inputs) as files, quiet_pictures():
        if not files:
            raise PlaygroundError(f"There is no file in {', '.join(map(str, inputs))}: put photos there.")
        extraction = _Extraction(tray, settings or FaceSettings())
        try:
            return FaceReport(tuple(extraction.run(files, on_progress or (lambda share, path: None))))
        finally:
            tray.save()


def _check_apart(inputs: Sequence[Path], folder: Path) -> None:
    place = folder.expanduser().resolve()
    for path in inputs:
        if path.is_dir() and (place == path.resolve() or path.resolve() in place.parents):
            raise PlaygroundError(
                f"{folder} lies in {path}, where faces are looked for, so they would be found again: "
                "name a folder elsewhere."
            )


class _Extraction:
    """One pass over files."""

    def __init__(self, tray: Tray, settings: FaceSettings) -> None:
        self.tray = tray
        self.settings = settings
        self.likeness = Likeness()
        for face in tray.faces.values():
            if not face.objection:
                self.likeness.add(face.name, int(face.marks, 16))
        self.seen: dict[str, str] = {}  # fingerprints of this pass, with the file that had them first

    def run(self, files: Sequence[Given], on_progress: Callable[[float, str], None]) -> list[FileReport]:
        reports = []
        saved = time.monotonic()
        for number, given in enumerate(files):

            def tell(share: float, path: str = given.path, number: int = number) -> None:
                on_progress((number + share) / len(files), path)

            tell(0.0)
            reports.append(self.file(given, tell))
            if time.monotonic() - saved > SAVE_SECONDS:
                self.tray.save()
                saved = time.monotonic()
        on_progress(1.0, files[-1].path)
        return reports

    def file(self, given: Given, tell: Callable[[float], None]) -> FileReport:
        """Look for faces in one file."""
        try:
            looked = given.look(self.settings.every_seconds)
        except UnreadableError as reason:
            return FileReport(given.path, note=str(reason))
        if looked.fingerprint in self.seen:
            return FileReport(given.path, note=f"has the same content as {self.seen[looked.fingerprint]}")
        self.seen[looked.fingerprint] = given.path
        former = [face.name for face in self.tray.faces.values() if face.fingerprint == looked.fingerprint]
        for name in former:
            self.likeness.forget(name)
        laid, note = self.faces(given, looked, tell)
        if not note:  # of a file that became unreadable the former faces stay
            for name in {*former} - {face.name for face in laid}:
                self.tray.drop(name)
        return self.report(given.path, laid, note)

    def faces(self, given: Given, looked: Looked, tell: Callable[[float], None]) -> tuple[list[LaidFace], str]:
        """Lay the faces of one file; with why there are none, or not all."""
        laid: list[LaidFace] = []
        stem = re.sub(r"[^\w-]+", "_", PurePosixPath(given.path).stem)[-40:]
        try:
            for frame in looked.frames:
                for found in find_faces(frame.pixels):
                    name = f"{stem}-{looked.fingerprint[:10]}-{len(laid) + 1:04}.png"
                    laid.append(self.face(name, given.path, looked.fingerprint, frame, found))
                tell(frame.share)
        except UnreadableError as reason:
            return laid, str(reason)
        return laid, ""

    def face(self, name: str, path: str, fingerprint: str, frame: Frame, found: FoundFace) -> LaidFace:
        """Judge one face and lay it."""
        judged = align(frame.pixels, found.left, found.right, JUDGED_SIDE)
        marks = marks_of(judged)
        reason = objection(found, frame.pixels, judged, self.settings) or self.duplicate(marks)
        if not reason:
            self.likeness.add(name, marks)
        face = LaidFace(
            name=name,
            path=path,
            fingerprint=fingerprint,
            seconds=frame.seconds,
            objection=reason,
            marks=f"{marks:x}",
        )
        self.tray.lay(face, align(frame.pixels, found.left, found.right, self.settings.size))
        return face

    def duplicate(self, marks: int) -> str:
        """Of which kept face it is a duplicate, as an objection; empty where it is of none."""
        nearest = self.likeness.nearest(marks)
        if nearest is None or nearest[1] >= self.settings.min_difference:
            return ""
        return f"is a duplicate of {nearest[0]}"

    def report(self, path: str, laid: Sequence[LaidFace], note: str) -> FileReport:
        """What became of a file's faces: where they lie, a person's verdicts included."""
        kept = [face for face in laid if self.tray.place_of(face.name) is Place.KEPT]
        objections = tuple(face.objection or "was rejected by hand" for face in laid if face not in kept)
        found = FileReport(path, len(kept), objections, note)
        return found if laid or note else replace(found, note=NO_FACE)


def face_of(photo: Photo, size: int) -> Face | None:
    """The largest face of a photo whose two eyes are seen, aligned and cut out as those for training are.

    Args:
        photo: uint8 RGB, upright.
        size: height and width of the face's picture, in pixels.

    Returns uint8 RGB, or None where there is no such face.
    """
    found = next((face for face in find_faces(photo) if face.has_eyes), None)
    return align(photo, found.left, found.right, size) if found else None
