"""How two people who fill in the same form learn of each other: it carries what it was shown, in short."""

import hashlib
import json


def fingerprint(record, names):
    """Stands for the values of the fields `names`, and tells whether they have changed since.

    A text that was never written and an empty one are the same; "no answer" and "no" are not.
    """
    values = json.dumps([getattr(record, name) if getattr(record, name) is not None else "" for name in names])
    return hashlib.sha256(values.encode()).hexdigest()[:16]
