"""The archive itself: a ZIP of bytes, always the same for the same content."""

import io
import json
import zipfile

from django.core.serializers.json import DjangoJSONEncoder

from ..handover import bundle


def zipped(files):
    """The ZIP of `files`: [(name, bytes)]. A name that comes twice is kept once."""
    whole, seen = io.BytesIO(), set()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            if name not in seen:
                seen.add(name)
                archive.writestr(name, content)
    return whole.getvalue()


def locked(archive, password):
    """The same files in a ZIP under AES-256, which opens with `password`. Nothing of it touches the disk."""
    with zipfile.ZipFile(io.BytesIO(archive)) as plain:
        return b"".join(bundle.zipped([(name, [plain.read(name)]) for name in plain.namelist()], password))


def as_json(data):
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()
