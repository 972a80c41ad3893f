"""Photographs and scans: PNG, JPEG, TIFF (all pages), GIF, BMP, WebP and HEIC to a Document.

Promises: the size is known before anything is decoded; too large a picture is refused, one too thin to be a page
(a line or a logo of a mail's decoration) gives no document; no file, no network; one page in memory at a time.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from intake.document import Document
from intake.errors import Damaged, IntakeError, NoOcr, TooLarge
from intake.readers import ocr as recognition

if TYPE_CHECKING:
    from PIL import Image as Pictures

    from intake.readers.ocr import Image

MAX_PIXELS = 90_000_000  # of one page
MAX_PAGES = 24  # of one TIFF
THINNEST, LONGEST = 200, 8  # pixels of the short side; times the short side
_DECODED = 3_200  # pixels on the long side that are kept: 270 dots per inch of an A4 page


def read_picture(content: bytes, *, ocr: bool = False) -> tuple[Document, ...]:
    """The document in a picture; none where it is too small to hold a form.

    Raises Damaged, TooLarge, and NoOcr unless `ocr` is wanted and installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd metadata; both are dealt with here
            return _read(content, ocr=ocr and recognition.installed())
    except (IntakeError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise Damaged(f"{type(error).__name__}: {error}", sentence=_BROKEN) from error


_NOTHING = "附件是图片，未能识别出文字，需人工阅读。"
_BROKEN = "图片已损坏或不完整，请重新拍照或扫描后再次发送。"


def _read(content: bytes, *, ocr: bool) -> tuple[Document, ...]:
    with _opened(content) as picture:
        pages = _pages(picture)
        if not pages:
            return ()
        if not ocr:
            raise NoOcr(picture.format or "picture")
        from intake.readers.page_layout import lay_out_pages
        from intake.readers.paper import pages_of

        found = [page for image in _images(picture, pages) for page in pages_of(image)]
    blocks = lay_out_pages(found)
    if not blocks:
        raise NoOcr("nothing was recognised", sentence=_NOTHING)
    return (Document(blocks, "picture", drawn=True),)


def _opened(content: bytes) -> Pictures.Image:
    from PIL import Image

    if content[4:8] == b"ftyp":
        import pi_heif

        pi_heif.register_heif_opener()
    try:
        return Image.open(io.BytesIO(content))
    except Image.DecompressionBombError as error:
        raise TooLarge(str(error)) from error


def _pages(picture: Pictures.Image) -> list[int]:
    """The numbers of the pages worth reading; only a TIFF has more than one, other frames are animation.

    Raises TooLarge where one is over MAX_PIXELS, or there are more than MAX_PAGES.
    """
    frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if frames > MAX_PAGES:
        raise TooLarge(f"{frames} pages", sentence="扫描件页数过多，请只发送填好的表格所在的页。")
    found = []
    for number in range(frames):
        picture.seek(number)
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise TooLarge(f"{width} x {height} pixels")
        if min(width, height) >= THINNEST and max(width, height) <= LONGEST * min(width, height):
            found.append(number)
    picture.seek(0)
    return found


def _images(picture: Pictures.Image, pages: list[int]) -> Iterator[Image]:
    for number in pages:
        picture.seek(number)
        yield _decoded(picture)


def _decoded(picture: Pictures.Image) -> Image:
    """One page as a person sees it: turned by its EXIF orientation, on white where transparent; blue green red."""
    import cv2
    import numpy as np
    from PIL import ImageOps

    if picture.format == "JPEG":
        picture.draft(picture.mode, (_DECODED, _DECODED))
    shown = ImageOps.exif_transpose(_plain(_shrunk(picture)))
    return cv2.cvtColor(np.asarray(shown), cv2.COLOR_RGB2BGR)


def _shrunk(picture: Pictures.Image) -> Pictures.Image:
    """A copy with no side over _DECODED pixels, made without a second copy in full size."""
    from PIL import Image

    picture.load()
    image = _eight_bits(picture)
    if image.mode in ("1", "P", "PA"):
        clear = image.mode == "PA" or "transparency" in image.info
        image = image.convert("L" if image.mode == "1" else "RGBA" if clear else "RGB")
    longest = max(image.size)
    if longest <= _DECODED:
        return image
    size = (max(1, image.width * _DECODED // longest), max(1, image.height * _DECODED // longest))
    small = image.resize(size, Image.Resampling.BOX if longest > 3 * _DECODED else Image.Resampling.HAMMING)
    small.info.update(image.info)
    return small


def _eight_bits(picture: Pictures.Image) -> Pictures.Image:
    """Grey values of 16 or 32 bits as 8, by the range they use."""
    if not picture.mode.startswith(("I", "F")):
        return picture
    import numpy as np
    from PIL import Image

    values = np.asarray(picture).astype(np.float32)
    low, high = float(values.min()), float(values.max())
    high = max(high, low + 1)
    return Image.fromarray(((values - low) * (255 / (high - low))).astype(np.uint8))


def _plain(image: Pictures.Image) -> Pictures.Image:
    """Red, green and blue; what is transparent is white paper, or black behind light print."""
    from PIL import Image, ImageStat

    if "transparency" in image.info and image.mode in ("RGB", "L"):
        image = image.convert("RGBA")
    if image.mode not in ("RGBA", "LA", "La", "RGBa"):
        return image.convert("RGB")
    image = image.convert("RGBA")
    shape = image.getchannel("A")
    print_ = ImageStat.Stat(image.convert("L"), shape.point(lambda value: 255 if value > 127 else 0))
    mostly_clear = ImageStat.Stat(shape).mean[0] < 128
    back = (0, 0, 0) if mostly_clear and print_.count[0] and print_.mean[0] > 200 else (255, 255, 255)
    paper = Image.new("RGB", image.size, back)
    paper.paste(image, mask=shape)
    return paper
