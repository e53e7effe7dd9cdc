"""Whether a face does for training, and if not, why."""

from __future__ import annotations

from playground.data.face_extraction.alignment import Face, Photo, share_beyond
from playground.data.face_extraction.detection import FoundFace
from playground.data.face_extraction.settings import FaceSettings

MAX_BEYOND = 0.08  # of a face's picture may lie beyond the photo
JUDGED_SIDE = 128  # pixels of the face whose sharpness and likeness are judged, whatever size is wanted
JUDGED_PART = slice(JUDGED_SIDE // 8, -JUDGED_SIDE // 8)  # of it, in both directions: the face without what is behind


def objection(found: FoundFace, photo: Photo, face: Face, settings: FaceSettings) -> str:
    """Why a face is rejected, a reason that completes "This face ..."; empty where nothing speaks against it.

    Args:
        found: where it is on the photo.
        photo: uint8 RGB.
        face: the same, aligned, of `JUDGED_SIDE` pixels.
        settings: what it must be like.
    """
    if found.side < settings.min_side:
        return f"is too small: {found.side:.0f} pixels of the photo, and {settings.min_side} are asked for"
    if not found.has_eyes:
        return "is doubtful: no two eyes are to be seen in it"
    if found.tilt > settings.max_tilt:
        return f"is tilted by {found.tilt:.0f} degrees, and {settings.max_tilt:.0f} are the bound"
    if share_beyond(photo, found.left, found.right) > MAX_BEYOND:
        return "is cut off by the edge of the photo"
    if (sharp := sharpness(face)) < settings.min_sharpness:
        return f"is blurred: its sharpness is {sharp:.2f}, and {settings.min_sharpness:.2f} is asked for"
    return ""


def sharpness(face: Face) -> float:
    """How strong the finest lines of a face are beside its whole contrast, 0 and above."""
    import cv2

    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)[JUDGED_PART, JUDGED_PART].astype("float32")
    return float(cv2.Laplacian(grey, cv2.CV_32F).std() / max(1.0, grey.std()))
