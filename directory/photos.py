"""A picture that somebody uploads becomes pictures that we wrote: decoded once, encoded afresh, nothing else kept.

Too large a picture is refused by what its header says, before any pixel is decoded, and a process decodes one at a
time, so that memory stays bounded. The name, type and extension that the browser sends are not looked at.
"""

import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

FORMATS = ["JPEG", "PNG", "WEBP"]
MAX_MEGABYTES = 8
MAX_MEGAPIXELS = 24
# The decoder of WebP holds every pixel three times.
MAX_MEGAPIXELS_WEBP = 13
MAX_PROFILE = 2 * 1024 * 1024
WIDTHS = {"480.webp": 480, "960.webp": 960, "1600.webp": 1600, "1200.jpg": 1200}
LARGEST = max(WIDTHS.values())
QUALITY = 80

# What Pillow's decoders raise for a file that is not what it says.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, OverflowError, struct.error)
BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
ONE_AT_A_TIME = threading.Lock()
SRGB = ImageCms.createProfile("sRGB")

NOT_A_PICTURE = _("Choose a JPEG, PNG or WebP file")
DAMAGED = _("This picture is damaged. Save it again, then choose the new file")


@dataclass(frozen=True)
class Pictures:
    """One photo in all its sizes, by the names in WIDTHS, never enlarged. Width and height are those of the largest."""

    width: int
    height: int
    files: dict[str, bytes]


def process_upload(file):
    """The pictures to keep of an uploaded file, or ValidationError in words for the person who chose it."""
    content = file.read(MAX_MEGABYTES * 1024 * 1024 + 1)
    if len(content) > MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(
            _("The file must be smaller than %(limit)s MB"), code="too_large", params={"limit": MAX_MEGABYTES}
        )
    with ONE_AT_A_TIME:
        image = shrunk(opened(content))
    return Pictures(image.width, image.height, {name: encoded(image, name) for name in WIDTHS})


def opened(content):
    """The image with its header read and no pixel decoded, if it's one still picture of a size we take."""
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except BOMB:
        raise too_many_pixels(MAX_MEGAPIXELS) from None
    except BROKEN:
        raise ValidationError(NOT_A_PICTURE, code="format") from None
    if getattr(image, "n_frames", 1) > 1:
        raise ValidationError(_("Choose a file that holds one still picture"), code="animated")
    limit = MAX_MEGAPIXELS_WEBP if image.format == "WEBP" else MAX_MEGAPIXELS
    if image.width * image.height > limit * 1_000_000:
        raise too_many_pixels(limit)
    return image


def too_many_pixels(limit):
    return ValidationError(
        _("The picture must have %(limit)s million pixels or fewer"), code="pixels", params={"limit": limit}
    )


def shrunk(image):
    """Decoded, upright, at most as large as we need, in sRGB with or without transparency, and without any metadata."""
    try:
        # A JPEG is decoded at a fraction of its size where that is enough.
        image.draft(None, (LARGEST, LARGEST))
        image.load()
        image = with_colours(image)
    except BROKEN:
        raise ValidationError(DAMAGED, code="damaged") from None
    # Both sides alike, since it may lie on one of them.
    image.thumbnail((2 * LARGEST, 2 * LARGEST), reducing_gap=3)
    image = in_srgb(fitted(upright(image), LARGEST))
    image.info = {}
    return image


def upright(image):
    """Turned as its EXIF says; EXIF that cannot be read says nothing."""
    try:
        return ImageOps.exif_transpose(image)
    except BROKEN:
        return image


def with_colours(image):
    """In a mode whose values are brightness or colours (multiplied by opacity), so that neighbours can be averaged."""
    if image.has_transparency_data:
        return (image if image.mode == "RGBA" else image.convert("RGBA")).convert("RGBa")
    return image.convert({"1": "L", "P": "RGB"}[image.mode]) if image.mode in ("1", "P") else image


def in_srgb(image):
    """RGB or RGBA of 8 bits, with the file's own colours; a profile that is broken or huge is ignored."""
    profile = image.info.get("icc_profile") or b""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    alpha = image.convert("RGBA").getchannel("A") if image.mode == "RGBa" else None
    colours = image.convert("RGBA").convert("RGB") if alpha else image
    if 0 < len(profile) <= MAX_PROFILE:
        # Without a usable profile the colours are taken for sRGB.
        with suppress(ImageCms.PyCMSError, *BROKEN):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            colours = ImageCms.profileToProfile(colours, source, SRGB, outputMode="RGB")
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def fitted(image, width):
    """A copy at most `width` wide and twice as high; never larger than it was."""
    copy = image.copy()
    copy.thumbnail((width, 2 * width), reducing_gap=3)
    return copy


def encoded(image, name):
    image = fitted(image, WIDTHS[name])
    out = BytesIO()
    if name.endswith(".jpg"):
        if image.mode == "RGBA":
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image).convert("RGB")
        image.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    else:
        image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
