"""How to reach the business of a listing: what its owner chose, asked of the gate at the moment of showing."""

from dataclasses import dataclass

from accounts import countries
from accounts.fields import written_phone
from accounts.models import ShownContact
from accounts.sides import Side
from privacy import gate
from privacy.purposes import Purpose


@dataclass(frozen=True)
class Telephone:
    """A number as its reader dials it, and for a link."""

    label: str
    written: str
    number: str


@dataclass(frozen=True)
class Contact:
    """Empty where the owner shows nothing."""

    name: str
    email: str
    telephones: tuple[Telephone, ...]
    address: str

    def __bool__(self):
        return bool(self.name or self.email or self.telephones or self.address)


def contact_of(operator, *, side, by, surface):
    """What is shown of `operator` to readers of `side`, with telephone numbers as they are dialled there.

    `by` is who reads it, and `surface` the page or the file.

    Nothing to staff, who have no side: they read it in the admin, where their role decides and each sight is recorded
    (R049).
    """
    if side is None or not operator.shown_contact:
        return Contact("", "", (), "")
    shown = gate.fields(
        operator.contact, Purpose.NETWORKING, surface=surface, by=by, names=frozenset(operator.shown_contact)
    ).get(operator.pk, {})
    abroad = side != Side.DOMESTIC
    telephones = tuple(
        Telephone(kind.label, written_phone(shown[kind], abroad=abroad), shown[kind])
        for kind in (ShownContact.CONTACT_TELEPHONE, ShownContact.TELEPHONE)
        if shown.get(kind)
    )
    return Contact(
        name=shown.get(ShownContact.CONTACT_NAME, ""),
        email=shown.get(ShownContact.CONTACT_EMAIL, ""),
        telephones=telephones,
        address=written_address(operator) if shown.get(ShownContact.ADDRESS) else "",
    )


def written_address(operator):
    """The lines of the full address: in Japan from large to small, elsewhere from small to large."""
    if operator.side == Side.DOMESTIC:
        return "\n".join(
            filter(None, [operator.postcode and f"〒{operator.postcode}", f"{operator.city}{operator.street_address}"])
        )
    lines = [operator.street_address, f"{operator.postcode} {operator.city}".strip(), operator.region]
    return "\n".join(filter(None, [*lines, countries.name(operator.country)]))
