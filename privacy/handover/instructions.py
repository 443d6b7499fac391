"""The instructions that travel beside each bundle or spreadsheet, outside of it (R061)."""

from pathlib import Path

from django.conf import settings

from . import bundle, signatures, spreadsheet

TEXTS = Path(__file__).parent.parent / "data/handover"


def file_name(language):
    return f"HOW-TO-OPEN.{language}.txt"


def how_to_open(file, language):
    """How to open `file`, a bundle or a spreadsheet by its name: bytes as Windows' editor reads them, for a file
    called `file_name`."""
    is_sheet = file.endswith(spreadsheet.SUFFIX)
    text = (
        (TEXTS / (f"HOW-TO-OPEN-SPREADSHEET.{language}.txt" if is_sheet else file_name(language)))
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
