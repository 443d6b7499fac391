from . import declarations
from .acting import PORTAL, acting_as


@acting_as(duty=PORTAL)
def contact_of(ref, purpose):
    """The `Contact` of the subject `ref` for `purpose` at this moment; None when there is none, or none any more."""
    return declarations.contact_of(ref, purpose)
