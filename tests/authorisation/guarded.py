"""Which tables the database guards by itself, and who reaches a row of each (docs/adr/0010)."""

from contextlib import ExitStack, contextmanager
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import (
    AddressProof,
    Decision,
    DomesticRegistration,
    Invitation,
    JoinRequest,
    OperatorPeople,
    OverseasRegistration,
)
from directory.models import SavedListing
from inquiries import services as inquiries
from inquiries.models import ChildCase, Entry, Inquiry, Unconfirmed
from networking.models import Introduction
from privacy import requests
from privacy.acting import PORTAL, STAFF, acting_as, for_purpose
from privacy.models import Mandate, Package, Request, RequestCode, RequestLetter, SealedPaper
from privacy.purposes import Purpose

from .table import ACTS_FOR

GATE = "through the gate"
EVERYBODY = [
    *("nobody", "registered", *ACTS_FOR, "administrator", "staff", "portal"),
    *(f"{role} {GATE}" for role in ("registered", *ACTS_FOR, "administrator")),
]
MEMBERS = {"tokyo owner", "tokyo editor", "tokyo reader"}


# Model -> who reaches the row that is marked below, besides the portal.
GUARDED = {
    OperatorPeople: {*MEMBERS, f"paris owner {GATE}", f"second paris owner {GATE}", "staff"},
    DomesticRegistration: {*MEMBERS, "staff"},
    OverseasRegistration: {"paris owner", "staff"},
    Decision: {*MEMBERS, "staff"},
    Invitation: MEMBERS,
    AddressProof: MEMBERS,
    JoinRequest: {*MEMBERS, "registered"},
    SavedListing: {"tokyo owner"},
    # It was reported: otherwise staff do not read it.
    Introduction: {*MEMBERS, "paris owner", "staff"},
    Request: {"tokyo owner", "staff"},
    RequestCode: set(),
    RequestLetter: {"tokyo owner", "staff"},
    # Who sent it has it.
    SealedPaper: {"staff"},
    Mandate: {"tokyo owner", "registered", "staff"},
    Package: {"tokyo owner", "staff"},
    Inquiry: {"tokyo owner", "staff"},
    Entry: {"tokyo owner", "staff"},
    ChildCase: {"staff"},
    Unconfirmed: set(),
}


@contextmanager
def acting(world, who):
    """Act as the role `who` of the world, or as one of the others of EVERYBODY."""
    role = who.removesuffix(f" {GATE}")
    person = world.people["administrator"] if role == "staff" else world.people.get(role)
    with ExitStack() as stack:
        stack.enter_context(acting_as(person, {"staff": STAFF, "portal": PORTAL}.get(role, "")))
        if role != who:
            stack.enter_context(for_purpose(Purpose.NETWORKING))
        yield


def mark(world):
    """Write a word of its own into one row of each guarded table; returns {model: (its row, the word)}."""
    tokyo, paris, owner = world.operators["tokyo"], world.operators["paris"], world.people["tokyo owner"]
    later = timezone.now() + timedelta(days=1)
    asking = {"kind": "general", "name": "", "email": owner.email, "number": "", "message": "question-canary"}
    entry = inquiries.send(asking, key=uuid4(), language="en", person=owner)
    report = ChildCase.objects.get()
    unconfirmed = Unconfirmed.objects.get()
    asked, _is_new = requests.receive(owner.subject, "access", "", by=owner)
    rows = {
        OperatorPeople: (tokyo.people, {"contact_name": "people-canary"}),
        DomesticRegistration: (
            tokyo.domestic_registrations.get(status="draft"),
            {"contact_name": "domestic-canary", "reference": "T-marked"},
        ),
        OverseasRegistration: (
            paris.overseas_registrations.get(status="draft"),
            {"contact_name": "overseas-canary"},
        ),
        Decision: (
            Decision.objects.create(operator=tokyo, reference="T-marked", outcome="approved", by=owner),
            {"note": "decision-canary"},
        ),
        Invitation: (tokyo.invitations.get(), {"email": "invitation-canary@elsewhere.example"}),
        AddressProof: (
            AddressProof.objects.create(operator=tokyo, email="proof@elsewhere.example", expires_at=later),
            {"email": "proof-canary@elsewhere.example"},
        ),
        JoinRequest: (JoinRequest.objects.create(operator=tokyo, user=world.people["registered"]), {}),
        SavedListing: (owner.saved.get(operator=world.operators["second paris"]), {"note": "note-canary"}),
        Introduction: (Introduction.objects.get(sender=tokyo), {"text": "letter-canary"}),
        Request: (asked, {"text": "request-canary"}),
        RequestLetter: (asked.letters.create(event=asked.newest, language="en"), {"text": "answer-canary"}),
        RequestCode: (
            RequestCode.objects.create(request=asked, form_key=uuid4(), expires_at=later),
            {"code_hash": "code-canary"},
        ),
        SealedPaper: (
            asked.papers.create(kind="identity", content=b"-", media_type="image/png", size=1),
            {"content": b"paper-canary"},
        ),
        Mandate: (
            Mandate.objects.create(
                subject=owner.subject,
                agent=world.people["registered"].subject,
                kind="legal",
                scope=["access"],
                valid_until=later,
            ),
            {"agent_name": "agent-canary"},
        ),
        Package: (Package.objects.create(subject=owner.subject, form="access"), {"content": b"package-canary"}),
        Inquiry: (entry.inquiry, {}),
        Entry: (entry, {}),
        ChildCase: (report, {"place": "child-canary"}),
        Unconfirmed: (unconfirmed, {"email": "unconfirmed-canary@elsewhere.example"}),
    }
    for model, (row, values) in rows.items():
        if values:
            model.objects.filter(pk=row.pk).update(**values)
    return {model: row for model, (row, _values) in rows.items()}
