"""Each step of a hand-over in the chained ledger and in the audit (R067, L01)."""

from .. import audit, ledger
from ..models import Matter


def record(export, state, act, *, by=None, **details):
    """Write down that `export` came to `state` by `act`. `details` are keys and counts, never a personal value."""
    ledger.append(
        export.ref,
        Matter.HAND_OVER,
        state,
        purpose=purpose_of(export),
        topic=export.recipient,
        actor=f"staff:{by.ref}" if by else "portal",
        method="form" if by else "job",
        proof={"recipients": [export.recipient], "step": act, "number": export.number} | details,
    )
    audit.record(by, act, export, **details)


def purpose_of(export):
    """What the data of a hand-over are for; of a recall, those that it takes back."""
    profile = export.profile or (export.recalls.profile if export.recalls else None)
    return profile.purpose if profile else ""
