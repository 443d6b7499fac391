import random
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, PngImagePlugin

from directory.photos import WIDTHS, process_upload

# Prints the megabytes a process needed at most. Linux's ru_maxrss would count the process that started this one, too.
PEAK_OF = """
import pathlib, re, resource, sys
from directory.photos import process_upload
process_upload(open(sys.argv[1], "rb"))
status = pathlib.Path("/proc/self/status")
kilobytes = re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1] if status.exists() else (
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
)
print(int(kilobytes) // 1000)
"""

# What must never be in a picture that we serve.
SECRETS = [
    b"GPS",
    b"Exif",
    b"SECRET",
    b"<script>",
    b"<?php",
    b"PK\x03\x04",
    b"ICC_PROFILE",
    b"ICCP",
    b"http://ns.adobe",
]


def file_of(image, format, **options):
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def picture(size=(90, 60), mode="RGB", color=0):
    return Image.new(mode, size, color)


def processed(content):
    return process_upload(BytesIO(content))


def images(content):
    return {name: Image.open(BytesIO(data)) for name, data in processed(content).files.items()}


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width, height):
    """A header that promises much; what follows is short."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"\0" * 100))


def profile_of_swapped_colours():
    """An RGB profile under which red is shown as green."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    data[:] = data.replace(b"rXYZ", b"xxxx").replace(b"gXYZ", b"rXYZ").replace(b"xxxx", b"gXYZ")
    return bytes(data)


def code_of(content):
    with pytest.raises(ValidationError) as refused:
        processed(content)
    return refused.value.code


def outcome(content):
    """The word "pictures", or the code of the refusal; whatever else is raised goes on."""
    try:
        pictures = processed(content)
    except ValidationError as refused:
        return refused.code
    return "pictures" if set(pictures.files) == set(WIDTHS) else "incomplete"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_comes_in_all_sizes(format):
    pictures = processed(file_of(picture((2000, 1000)), format))

    assert (pictures.width, pictures.height) == (1600, 800)
    opened = {name: Image.open(BytesIO(data)) for name, data in pictures.files.items()}
    assert {name: (image.format, image.size) for name, image in opened.items()} == {
        "480.webp": ("WEBP", (480, 240)),
        "960.webp": ("WEBP", (960, 480)),
        "1600.webp": ("WEBP", (1600, 800)),
        "1200.jpg": ("JPEG", (1200, 600)),
    }


def test_a_small_picture_is_not_enlarged():
    assert {image.size for image in images(file_of(picture((300, 200)), "PNG")).values()} == {(300, 200)}


@pytest.mark.parametrize("size", [(1, 1), (24_000, 1), (1, 24_000), (60_000, 400), (300, 20_000)])
def test_odd_shapes_pass(size):
    for name, image in images(file_of(picture(size, "L"), "PNG")).items():
        assert image.width <= WIDTHS[name]
        assert image.height <= 2 * WIDTHS[name]


@pytest.mark.parametrize(
    ("mode", "color", "options", "shown"),
    [
        ("1", 1, {}, (255, 255, 255)),
        ("L", 128, {}, (128, 128, 128)),
        ("I;16", 65535, {}, (255, 255, 255)),
        ("I;16", 32896, {}, (128, 128, 128)),
        ("P", 0, {}, (0, 0, 0)),
        ("RGB", (200, 30, 30), {}, (200, 30, 30)),
        ("LA", (0, 255), {}, (0, 0, 0)),
        # What is see-through becomes white where there is no transparency.
        ("LA", (0, 0), {}, (255, 255, 255)),
        ("RGBA", (0, 0, 0, 0), {}, (255, 255, 255)),
        ("P", 0, {"transparency": 0}, (255, 255, 255)),
        ("RGB", (9, 9, 9), {"transparency": (9, 9, 9)}, (255, 255, 255)),
    ],
)
def test_every_kind_of_png_becomes_srgb(mode, color, options, shown):
    image = images(file_of(picture((40, 40), mode, color), "PNG", **options))["1200.jpg"]

    assert image.mode == "RGB"
    assert image.getpixel((20, 20)) == pytest.approx(shown, abs=3)


def test_transparency_stays_in_webp():
    image = images(file_of(picture((40, 40), "RGBA", (200, 0, 0, 0)), "PNG"))["480.webp"]

    assert image.mode == "RGBA"
    assert image.getpixel((20, 20))[3] == 0


def test_a_picture_for_print_becomes_one_for_screens():
    image = images(file_of(picture((40, 40), "CMYK", (0, 255, 255, 0)), "JPEG"))["1200.jpg"]

    assert image.mode == "RGB"
    assert image.getpixel((20, 20)) == pytest.approx((254, 0, 0), abs=4)


def test_colours_are_shown_as_the_profile_of_the_file_means_them():
    content = file_of(picture((40, 40), "RGB", (255, 0, 0)), "PNG", icc_profile=profile_of_swapped_colours())

    red, green, _ = images(content)["1200.jpg"].getpixel((20, 20))
    assert green > red


@pytest.mark.parametrize("profile", [b"", b"\0", b"x" * 200, b"x" * 900_000, b"\xff" * 3_000_000])
@pytest.mark.parametrize("format", ["JPEG", "WEBP"])
def test_a_broken_or_huge_profile_is_ignored(profile, format):
    content = file_of(picture((40, 40), "RGB", (200, 30, 30)), format, icc_profile=profile)

    assert images(content)["1200.jpg"].getpixel((20, 20)) == pytest.approx((200, 30, 30), abs=4)


@pytest.mark.parametrize(("size", "rotated"), [((60, 40), (40, 60)), ((4000, 3000), (1600, 2133))])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_lies_on_its_side_is_set_upright(format, size, rotated):
    exif = Image.Exif()
    exif[0x0112] = 6

    assert images(file_of(picture(size), format, exif=exif))["1600.webp"].size == rotated


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01" * 40]
)
@pytest.mark.filterwarnings("ignore")
def test_exif_that_cannot_be_read_says_nothing(exif):
    assert images(file_of(picture((60, 40)), "JPEG", exif=exif))["480.webp"].size == (60, 40)


def with_secrets(format):
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif[0x0112] = 3
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 41.0, 22.0)})
    options = {"exif": exif, "icc_profile": profile_of_swapped_colours()}
    if format == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "SECRET")
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", "SECRET http://ns.adobe.com")
    else:
        options["xmp"] = b"SECRET http://ns.adobe.com"
    if format == "JPEG":
        options["comment"] = b"SECRET"
    return file_of(picture(), format, **options)


@pytest.mark.req("R032")
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_no_size_holds_what_the_camera_or_a_program_wrote(format):
    content = with_secrets(format)
    assert b"SECRET" in content

    pictures = processed(content)

    assert set(pictures.files) == set(WIDTHS)
    for data in pictures.files.values():
        assert [secret for secret in SECRETS if secret in data] == []
        assert not Image.open(BytesIO(data)).getexif()


@pytest.mark.req("R032")
def test_a_comment_is_dropped_where_nothing_else_has_to_change():
    for data in processed(file_of(picture(), "JPEG", comment=b"SECRET")).files.values():
        assert b"SECRET" not in data


@pytest.mark.req("R032")
@pytest.mark.parametrize("trailer", [b"<script>alert(1)</script>", b"<?php system('id')", b"PK\x03\x04SECRET"])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_follows_a_picture_is_kept(format, trailer):
    for data in processed(file_of(picture(), format) + trailer).files.values():
        assert trailer not in data


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x04\0\0\0WEBP",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj",
        b"PK\x03\x04",
        file_of(picture((10, 10), "P"), "GIF") + b"<script>alert(1)</script>",
        file_of(picture((10, 10)), "BMP"),
        file_of(picture((10, 10)), "TIFF"),
        file_of(picture((10, 10)), "ICO"),
    ],
)
def test_what_is_not_one_of_three_formats_is_refused_by_content(content):
    assert code_of(content) == "format"


@pytest.mark.parametrize("content", [png_of(12_000, 12_000), png_of(30_000, 30_000), png_of(6_001, 4_000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_too_many_pixels_are_refused(content):
    assert code_of(content) == "pixels"


def test_too_many_pixels_are_refused_where_warnings_are_errors():
    assert code_of(png_of(12_000, 12_000)) == "pixels"


def webp_of(width, height):
    content = bytearray(file_of(picture((8, 8)), "WEBP", lossless=True))
    # The size in the header of a lossless picture: 14 bits each, less one. One colour needs no more data than that.
    content[21:25] = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return bytes(content)


@pytest.mark.parametrize("size", [(4_200, 3_096), (9_000, 9_000), (16_383, 16_383)])
def test_webp_has_a_limit_of_its_own(size):
    assert processed(webp_of(1_600, 800)).width == 1_600
    assert code_of(webp_of(*size)) == "pixels"


@pytest.mark.parametrize("format", ["PNG", "WEBP", "MPO"])
def test_several_pictures_in_one_file_are_refused(format):
    frames = [picture((10, 10), "RGB", (80 * number, 0, 0)) for number in range(3)]

    assert code_of(file_of(frames[0], format, save_all=True, append_images=frames[1:])) == "animated"


def test_a_promise_of_many_frames_is_refused_without_reading_them():
    content = file_of(picture((10, 10)), "PNG")
    head = 8 + 25

    assert code_of(content[:head] + png_chunk(b"acTL", struct.pack(">II", 10_000, 0)) + content[head:]) == "animated"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("kept", [0.5, 0.95])
def test_a_truncated_picture_is_refused(format, kept):
    noise = Image.frombytes("RGB", (200, 200), random.Random(1).randbytes(120_000))
    content = file_of(noise, format)

    assert code_of(content[: int(len(content) * kept)]) in {"damaged", "format"}


def test_a_file_is_read_no_further_than_its_limit():
    class Endless(BytesIO):
        asked = 0

        def read(self, size=-1):
            assert size >= 0
            Endless.asked += size
            return b"\xff" * size

    with pytest.raises(ValidationError) as refused:
        process_upload(Endless())

    assert refused.value.messages == ["The file must be smaller than 8 MB"]
    assert Endless.asked == 8 * 1024 * 1024 + 1


def test_text_that_unpacks_to_much_is_refused_or_ignored():
    content = file_of(picture((10, 10)), "PNG")
    profile = b"bomb\0\0" + zlib.compress(b"\0" * 100_000_000)
    text = b"Comment\0\0" + zlib.compress(b"SECRET" * 20_000_000)
    for chunk in (png_chunk(b"iCCP", profile), png_chunk(b"zTXt", text)):
        with_bomb = content[:33] + chunk + content[33:]
        assert outcome(with_bomb) in {"pictures", "format", "damaged"}


@pytest.mark.filterwarnings("ignore")
def test_a_changed_file_is_a_picture_or_refused():
    chance = random.Random(20_261_125)
    originals = [with_secrets(format) for format in ("JPEG", "PNG", "WEBP")]
    for number in range(150):
        content = bytearray(originals[number % 3])
        for _ in range(chance.randint(1, 8)):
            content[int(len(content) * chance.random() ** 2)] = chance.randrange(256)
        assert outcome(bytes(content)) in {"pictures", "format", "damaged", "pixels", "animated"}


@pytest.mark.parametrize(
    ("mode", "format", "size", "options"),
    [
        ("RGBA", "PNG", (6000, 4000), {"compress_level": 1}),
        ("CMYK", "JPEG", (6000, 4000), {"progressive": True, "subsampling": 0}),
        ("RGBA", "WEBP", (4200, 3095), {"method": 0}),
    ],
)
def test_the_largest_pictures_fit_into_300_megabytes(tmp_path, mode, format, size, options):
    path = tmp_path / "largest"
    picture(size, mode).save(path, format, **options)

    done = subprocess.run([sys.executable, "-c", PEAK_OF, path], capture_output=True, text=True, check=True)

    assert int(done.stdout) < 300
