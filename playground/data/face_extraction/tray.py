"""The folder that faces are laid into: those kept, which are a data set, and a hidden tray of those rejected."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground.data.face_extraction.alignment import Face
from playground.data.source import is_hidden
from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.images import to_png

REJECTED = ".rejected"  # hidden from a training, which takes sub-folders for classes
RECORD = ".faces.json"


class Place(StrEnum):
    """Where a face's picture is. What a person moved or deleted counts more than any judgement."""

    KEPT = "kept"
    REJECTED = "rejected"
    GONE = "gone"


class LaidFace(BaseModel):
    """A face that was found.

    Attributes:
        name: of its file, the same whenever it is found again.
        path: of the photo or video, fit to be shown; `fingerprint` of its content.
        seconds: from the beginning of a video; 0 in a photo.
        objection: why it was rejected, completing "This face ..."; empty where it was kept.
        marks: of its picture, as hex digits.
    """

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=r"^[\w-]+\.png$")
    path: str
    fingerprint: str
    seconds: float
    objection: str
    marks: str = Field(pattern=r"^[0-9a-f]+$")

    @property
    def judged(self) -> Place:
        """Where it was laid."""
        return Place.REJECTED if self.objection else Place.KEPT


class _Record(BaseModel):
    faces: dict[str, LaidFace] = {}


class Tray:
    """A folder of kept faces with the rejected ones in a hidden folder inside.

    The place of a picture is the verdict: `keep` and `reject` move it, and so may a
    person by hand. A face that lies elsewhere than it was judged to, or nowhere any
    more, was overruled, and stays so when it is found again.

    Args:
        folder: that need not exist.

    Raises `PlaygroundError` where it holds files of another kind, or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()
        self.faces: dict[str, LaidFace] = {}
        try:
            self._open()
        except OSError as error:
            raise self._cannot_be_written(error) from None

    def _open(self) -> None:
        record = self.folder / RECORD
        if record.is_file():
            try:
                self.faces = dict(_Record.model_validate_json(record.read_bytes()).faces)
            except ValidationError:
                raise PlaygroundError(
                    f"{record} is damaged, so what is in {self.folder} is not known: remove it and name a new folder."
                ) from None
        elif self.folder.exists() and (
            not self.folder.is_dir() or any(not is_hidden([file.name]) for file in self.folder.iterdir())
        ):
            raise PlaygroundError(f"{self.folder} holds other files already: name a folder for the faces alone.")
        (self.folder / REJECTED).mkdir(parents=True, exist_ok=True)
        if not record.is_file():
            self.save()

    def lay(self, face: LaidFace, picture: Face) -> None:
        """Put a face where it was judged to; where a person has overruled a former judgement of it, there.

        Raises `PlaygroundError` where it cannot be written.
        """
        place = face.judged
        if self.is_overruled(face.name):
            place = self.place_of(face.name)
        self.faces[face.name] = face
        if place is Place.GONE:
            return
        other = Place.KEPT if place is Place.REJECTED else Place.REJECTED
        try:
            write_whole(self.file(face.name, place), to_png(picture))
            self.file(face.name, other).unlink(missing_ok=True)
        except OSError as error:
            raise self._cannot_be_written(error) from None

    def drop(self, name: str) -> None:
        """Remove a face that is found no more; one that a person has moved stays."""
        if self.is_overruled(name):
            return
        place = self.place_of(name)
        del self.faces[name]
        if place is not Place.GONE:
            self.file(name, place).unlink(missing_ok=True)

    def keep(self, name: str) -> None:
        """Move a rejected face to the kept ones. Raises `PlaygroundError` where it is not there any more."""
        self._move(name, Place.REJECTED, Place.KEPT)

    def reject(self, name: str) -> None:
        """Move a kept face to the rejected ones. Raises `PlaygroundError` where it is not there any more."""
        self._move(name, Place.KEPT, Place.REJECTED)

    def lying(self, place: Place) -> list[LaidFace]:
        """The faces whose pictures are there, in the order of their names."""
        there = {file.name for file in self.file("", place).iterdir()}
        return [face for name, face in sorted(self.faces.items()) if name in there]

    def place_of(self, name: str) -> Place:
        """Where the picture of a known face is now."""
        return next((place for place in (Place.KEPT, Place.REJECTED) if self.file(name, place).is_file()), Place.GONE)

    def is_overruled(self, name: str) -> bool:
        """Whether a face was judged before, and a person has moved or deleted its picture since."""
        return name in self.faces and self.place_of(name) is not self.faces[name].judged

    def file(self, name: str, place: Place) -> Path:
        """The path of a picture, at that place."""
        return self.folder / (REJECTED if place is Place.REJECTED else "") / name

    def save(self) -> None:
        """Write down what is known of the faces. Raises `PlaygroundError` where that cannot be done."""
        try:
            write_whole(self.folder / RECORD, _Record(faces=self.faces).model_dump_json(indent=1).encode())
        except OSError as error:
            raise self._cannot_be_written(error) from None

    def _move(self, name: str, start: Place, end: Place) -> None:
        if name not in self.faces:
            raise PlaygroundError(f"There is no face named {name!r} in {self.folder}.")
        try:
            os.replace(self.file(name, start), self.file(name, end))
        except FileNotFoundError:
            raise PlaygroundError(f"{name} is not among the {start} faces any more: look again.") from None
        except OSError as error:
            raise self._cannot_be_written(error) from None

    def _cannot_be_written(self, error: OSError) -> PlaygroundError:
        return PlaygroundError(
            f"{self.folder} cannot be written ({error.strerror}): make room, or name another folder."
        )
