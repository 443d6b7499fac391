from . import declarations
from .acting import PORTAL, acting_as


@acting_as(duty=PORTAL)
def contact_of(ref):
    """The `Contact` (address and language) of the subject `ref` at this moment, or None when there is none any more."""
    return declarations.contact_of(ref)
