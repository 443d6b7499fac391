"""The instructions that travel beside each bundle, outside of it (R061)."""

from pathlib import Path

from django.conf import settings

from . import bundle, signatures

TEXTS = Path(__file__).parent.parent / "data/handover"


def file_name(language):
    return f"HOW-TO-OPEN.{language}.txt"


def how_to_open(file, language):
    """How to open the bundle named `file`: bytes as Windows' editor reads them, for a file called `file_name`."""
    text = (
        (TEXTS / file_name(language))
        .read_text()
        .format(
            file=file,
            archive=file.removesuffix(bundle.SUFFIX) + ".zip",
            name=signatures.NAME,
            telephone=settings.SECRETARIAT_TELEPHONE,
            site=settings.SITE_URL,
        )
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")
