"""Photos and receipts as they come from a phone: what they are is told by their content; nothing of them is trusted.

Images are made anew: upright, without what the camera wrote into them, no larger than a screen needs.
"""

import hashlib
import struct
import warnings
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError
from PIL.ExifTags import Base
from PIL.Image import Transpose

from delight.files.models import StoredFile

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
ACCEPT_IMAGES = "image/jpeg,image/png,image/webp"
ACCEPT_RECEIPTS = f"{ACCEPT_IMAGES},application/pdf"
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
}  # fmt: skip
PDF_BEGINS, PDF_ENDS, END_WITHIN = b"%PDF-", b"%%EOF", 2048


class BadUpload(Exception):
    """A file that is not taken. The message is a sentence for whoever chose it."""


@dataclass(frozen=True)
class Upload:
    """A file that was looked at and made safe, and is not stored yet. `digest` is of what came."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    digest: str

    def store(self, *, by: Any) -> StoredFile:
        return StoredFile.store(by=by, name=self.name, content_type=self.content_type, chunks=[self.data])


def photo_from(file: UploadedFile) -> Upload:
    """An image, made anew. Raises BadUpload."""
    came = _read(file)
    return Upload("photo.jpg", "image/jpeg", _made_anew(came), hashlib.sha256(came).hexdigest())


def receipt_from(file: UploadedFile) -> Upload:
    """An image, made anew, or a PDF as it is. Raises BadUpload."""
    came = _read(file)
    digest = hashlib.sha256(came).hexdigest()
    if not came.startswith(PDF_BEGINS):
        return Upload("receipt.jpg", "image/jpeg", _made_anew(came, or_pdf=True), digest)
    if PDF_ENDS not in came[-END_WITHIN:]:
        raise BadUpload(_("This PDF is not whole. Save or scan it again."))
    return Upload("receipt.pdf", "application/pdf", came, digest)


def _read(file: UploadedFile) -> bytes:
    if file.size is None or file.size > MOST_BYTES:
        raise BadUpload(_("The file is larger than 10 MB. Take a smaller picture."))
    came = file.read(MOST_BYTES + 1)
    if not came:
        raise BadUpload(_("The file is empty."))
    return came


def _made_anew(came: bytes, *, or_pdf: bool = False) -> bytes:
    """The picture alone, as JPEG. Its size in pixels stands in its head: it is read before anything is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit warns where ours refuses; odd metadata is not kept
            with Image.open(BytesIO(came), formats=FORMATS) as image:
                _require_size(image)
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded at a fraction of its size
                return _as_jpeg(image)
    except UnidentifiedImageError as error:
        raise BadUpload(_not_an_image(or_pdf)) from error
    except Image.DecompressionBombError as error:
        raise BadUpload(_too_many_pixels()) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise BadUpload(_("This picture cannot be read; the file may be damaged. Take it again.")) from error


def _not_an_image(or_pdf: bool) -> str:
    if or_pdf:
        return _("Choose a picture (JPEG, PNG or WebP) or a PDF.")
    return _("Choose a picture: JPEG, PNG or WebP.")


def _require_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise BadUpload(_too_many_pixels())


def _too_many_pixels() -> str:
    return _("The picture has more than 40 million pixels. Take a smaller one.")


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How a camera held on its side wants the picture turned; what else it wrote may be broken, and is not read."""
    try:
        return TURNS.get(image.getexif().get(Base.Orientation) or 0)
    except (OSError, ValueError, TypeError, SyntaxError, struct.error):
        return None


def _as_jpeg(image: Image.Image) -> bytes:
    image.load()
    turn = _turn(image)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = image.transpose(turn) if turn is not None else image
    if upright.mode.startswith("I"):  # 16 bits a grey: the upper eight, else all but black would be white
        upright = upright.point(lambda grey: grey * (1 / 256)).convert("L")
    if upright.mode in ("RGBA", "LA", "PA", "P"):  # what was see-through is white, as on paper
        layered = upright.convert("RGBA")
        upright = Image.new("RGB", layered.size, "white")
        upright.paste(layered, mask=layered.getchannel("A"))
    made = BytesIO()
    clean = Image.new("RGB", upright.size)
    clean.paste(upright.convert("RGB"))
    clean.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()
