"""Pictures: tensor <-> uint8 <-> grid <-> PNG with its recipe inside.

Inside the library images are float [batch, channels, height, width] in
[-1, 1]; at every boundary they are uint8 [batch, height, width, channels].
"""

from __future__ import annotations

import io
import warnings

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError
from torch import Tensor

from playground.errors import PlaygroundError

RECIPE_KEY = "playground-recipe"
MAX_FILE_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
FILE_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")


def to_uint8(images: Float[Tensor, "batch channels height width"]) -> UInt8[np.ndarray, "batch height width channels"]:
    """Round images in [-1, 1] to grey levels 0..255; values outside are clipped."""
    levels = ((images.detach().float() + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    return levels.permute(0, 2, 3, 1).contiguous().cpu().numpy()


def to_float(images: UInt8[np.ndarray, "batch height width channels"]) -> Float[Tensor, "batch channels height width"]:
    """Grey levels 0..255 as images in [-1, 1]."""
    levels = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2)
    return levels.float() / 127.5 - 1


def enlarge(
    images: UInt8[np.ndarray, "batch height width channels"], factor: int
) -> UInt8[np.ndarray, "batch taller wider channels"]:
    """Every pixel repeated `factor` times in both directions: hard pixels, no blur."""
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


def grid(
    images: UInt8[np.ndarray, "batch height width channels"], num_columns: int, gap: int = 2
) -> UInt8[np.ndarray, "grid_height grid_width channels"]:
    """Pictures row by row on a dark sheet, `gap` pixels apart; the last row may be short."""
    num_images, height, width, channels = images.shape
    num_rows = -(-num_images // num_columns)
    sheet = np.full((num_rows * (height + gap) - gap, num_columns * (width + gap) - gap, channels), 32, dtype=np.uint8)
    for index, image in enumerate(images):
        top, left = (index // num_columns) * (height + gap), (index % num_columns) * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return sheet


def to_pillow(image: UInt8[np.ndarray, "height width channels"]) -> Image.Image:
    """One picture as a Pillow image, grey or RGB."""
    return Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image)


def to_png(image: UInt8[np.ndarray, "height width channels"], recipe_json: str | None = None) -> bytes:
    """A PNG file of one picture, with its recipe in the metadata where one is given."""
    metadata = PngImagePlugin.PngInfo()
    if recipe_json is not None:
        metadata.add_itxt(RECIPE_KEY, recipe_json)
    buffer = io.BytesIO()
    to_pillow(image).save(buffer, "PNG", pnginfo=metadata)
    return buffer.getvalue()


def to_webp(image: UInt8[np.ndarray, "height width channels"]) -> bytes:
    """A WebP file of one picture to look at: a grey one without loss; in colour that would take six times as much."""
    buffer = io.BytesIO()
    to_pillow(image).save(buffer, "WEBP", lossless=image.shape[2] == 1, quality=95)
    return buffer.getvalue()


def recipe_json_of(png: bytes) -> str | None:
    """The recipe's JSON that `to_png` put into a file; None for a picture without one."""
    with _open(png) as opened:
        text = getattr(opened, "text", {}).get(RECIPE_KEY)
    return str(text) if text is not None else None


def open_image(data: bytes, image_shape: tuple[int, int, int]) -> UInt8[np.ndarray, "height width channels"]:
    """Any common picture file, turned upright, fitted into a model's size without distortion.

    Args:
        data: the file's bytes, at most 20 MB and 50 million pixels; the size is
            read and judged before anything is decoded.
        image_shape: channels, height, width of the model. What the picture does
            not fill stays black.

    Raises `PlaygroundError` for anything that is no picture or too large a one.
    """
    channels, height, width = image_shape
    with _open(data) as opened:
        try:
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
        except (OSError, ValueError, SyntaxError) as error:
            raise PlaygroundError(f"This picture is damaged or cut off ({error}): save it again.") from None
    black = Image.new("RGBA", upright.size, (0, 0, 0, 255))
    flat = Image.alpha_composite(black, upright).convert("L" if channels == 1 else "RGB")
    fitted = ImageOps.pad(flat, (width, height), Image.Resampling.LANCZOS, color=0)
    return np.asarray(fitted).reshape(height, width, channels)


def _open(data: bytes) -> Image.Image:
    """The file opened but not yet decoded. Raises `PlaygroundError` beyond the bounds."""
    if len(data) > MAX_FILE_BYTES:
        raise PlaygroundError(f"This file has {len(data) / 1e6:.0f} MB: a picture may have {MAX_FILE_BYTES / 1e6:.0f}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(data), formats=FILE_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise PlaygroundError("This file is no picture that can be read: use PNG, JPEG, WebP, GIF or TIFF.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PlaygroundError(f"This picture is too large: at most {MAX_PIXELS / 1e6:.0f} million pixels.") from None
    if opened.width * opened.height > MAX_PIXELS:
        raise PlaygroundError(f"This picture is too large: at most {MAX_PIXELS / 1e6:.0f} million pixels.")
    return opened


def sheet_columns(num_images: int) -> int:
    """How many columns make a sheet of that many pictures about square."""
    return max(1, round(num_images**0.5))
