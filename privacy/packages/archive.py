"""The archive itself: a ZIP of bytes, always the same for the same content."""

import io
import json
import zipfile

from django.core.serializers.json import DjangoJSONEncoder


def zipped(files):
    """The ZIP of `files`: [(name, bytes)]. A name that comes twice is kept once."""
    whole, seen = io.BytesIO(), set()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            if name not in seen:
                seen.add(name)
                archive.writestr(name, content)
    return whole.getvalue()


def as_json(data):
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()
