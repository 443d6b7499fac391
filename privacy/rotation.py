"""Sealing anew, with the newest key, whatever an older one seals; while the portal serves (R151).

A model that holds sealed values names those columns in `SEALED`.
"""

from collections import Counter
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Substr

from . import encryption
from .acting import PORTAL, acting_as

BATCH = 50


@dataclass
class Rotated:
    """How many values were sealed anew; and now: {id of a key: how many it seals}, and how many nothing opens."""

    done: int = 0
    left: Counter = field(default_factory=Counter)
    broken: int = 0


def columns():
    """Yields (model, name) of every column that holds sealed values."""
    for model in apps.get_models():
        yield from ((model, name) for name in getattr(model, "SEALED", ()))


def rotate(*, dry_run=False):
    """Seal anew, in batches of a moment. A row that somebody holds is passed over, and stays for the next time.

    Safe to interrupt and to repeat. Returns `Rotated`.
    """
    rotated = Rotated()
    for model, column in columns():
        after = 0
        while not dry_run and (batch := _batch(model, column, after, rotated)):
            after = batch
        rotated.left.update(_count(model, column))
    return rotated


@acting_as(duty=PORTAL)
@transaction.atomic
def _batch(model, column, after, rotated):
    """Returns the key of the last row, or None at the end."""
    rows = _sealed(model, column).exclude(sealed_by=encryption.newest()).filter(pk__gt=after)
    rows = list(rows.select_for_update(of=["self"], skip_locked=True).order_by("pk")[:BATCH])
    for row in rows:
        place = encryption.place(row, column)
        try:
            plain = encryption.unseal(bytes(getattr(row, column)), place)
        except (encryption.UnknownKey, InvalidTag):
            rotated.broken += 1
            continue
        model._default_manager.filter(pk=row.pk).update(**{column: encryption.seal(plain, place)})
        rotated.done += 1
    return rows[-1].pk if rows else None


@acting_as(duty=PORTAL)
def _count(model, column):
    rows = _sealed(model, column).order_by().values_list("sealed_by").annotate(count=models.Count("pk"))
    return {bytes(key_id): count for key_id, count in rows}


def _sealed(model, column):
    key_id = Substr(column, 2, 4, output_field=models.BinaryField())
    return model._default_manager.exclude(**{column: b""}).annotate(sealed_by=key_id)
