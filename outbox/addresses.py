"""Where a message goes: an address with the language of its reader, and how a one-off address is kept until used."""

import json
from dataclasses import asdict, dataclass

from outbox import sealing


@dataclass(frozen=True)
class Address:
    """An address that belongs to nobody the portal knows yet (unverified), or no longer (a former one)."""

    email: str
    language: str
    has_account: bool = False


def seal(address: Address) -> bytes:
    """What a copy of the database shows of a one-off address: nothing."""
    return sealing.seal("address", json.dumps(asdict(address))).encode()


def unseal(sealed: bytes) -> Address:
    return Address(**json.loads(sealing.unseal("address", bytes(sealed).decode())))
