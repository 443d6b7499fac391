"""Makes privacy/data/portability.schema.json from the declarations: `python -m tests.privacy.packages.schema`."""

import json
from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import override

FILE = Path(__file__).parents[3] / "privacy/data/portability.schema.json"
TYPES = [
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer"}),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.CharField, {"type": "string"}),
    (models.TextField, {"type": "string"}),
]
LANGUAGES = {"type": "object", "properties": {"en": {"type": "string"}, "ja": {"type": "string"}}}


def of(field):
    """The schema of the values of a field of a model."""
    if isinstance(field, ArrayField):
        said = {"type": "array", "items": of(field.base_field)}
    elif isinstance(field, models.JSONField):
        said = {"type": ["array", "object"]}
    else:
        said = dict(next(said for kind, said in TYPES if isinstance(field, kind)))
    return said | {"type": [said["type"], "null"]} if field.null else said


def made():
    from privacy.declarations import declared
    from privacy.packages.portability import VERSION, provided

    kinds = []
    with override("en"):
        for one in declared():
            if one.subjects and (names := provided(one)):
                fields = {
                    name: {"description": str(one.label(name))} | of(one.model._meta.get_field(name)) for name in names
                }
                values = {"type": "object", "properties": fields, "required": [*names], "additionalProperties": False}
                record = {
                    "type": "object",
                    "properties": {"key": {"type": "string"}, "values": values},
                    "required": ["key", "values"],
                    "additionalProperties": False,
                }
                kinds.append(
                    {
                        "title": str(one.name),
                        "type": "object",
                        "properties": {
                            "kind": {"const": one.model._meta.label_lower},
                            "label": LANGUAGES | {"required": ["en", "ja"]},
                            "records": {"type": "array", "items": record},
                        },
                        "required": ["kind", "label", "records"],
                        "additionalProperties": False,
                    }
                )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Personal data for other services (GDPR Art. 20)",
        "type": "object",
        "properties": {
            "schema": {"type": "string", "format": "uri", "description": "The address of this schema"},
            "version": {"const": VERSION},
            "made_at": {"type": "string", "format": "date-time"},
            "subject": {"type": "string", "format": "uuid", "description": "The person's reference in our records"},
            "kinds": {"type": "array", "items": {"oneOf": kinds}},
        },
        "required": ["schema", "version", "made_at", "subject", "kinds"],
        "additionalProperties": False,
    }


def written():
    return json.dumps(made(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmgportal.settings")
    django.setup()
    FILE.write_text(written(), encoding="utf-8")
