"""The one way to personal data outside a person's own pages (R039). Default deny: what is not declared is refused."""

from .decisions import may_send, open_to, permitting, why
from .uses import contact_of, fields, in_batches, minimum, rows, seen

__all__ = [
    "contact_of",
    "fields",
    "in_batches",
    "may_send",
    "minimum",
    "open_to",
    "permitting",
    "rows",
    "seen",
    "why",
]
