"""What `inquiries` holds about people, and for which purpose it may be handed out."""

from django.db.models import Exists, OuterRef

from privacy.declarations import Contact, EraseAction, Source, contact_source, declare, due_source, subject_source
from privacy.purposes import Purpose
from privacy.retention import Retention

from .models import ABOUT_PERSONAL_DATA, AnswerTemplate, ChildCase, Entry, Inquiry, Unconfirmed

declare(
    Inquiry,
    identifying="name email",
    technical="is_address_confirmed language assigned_to",
    evidence="number kind state subject received_at due_on",
    not_personal="id",
    subject="subject",
    purposes=[Purpose.INQUIRIES, Purpose.RIGHTS],
    retention=[Retention.INQUIRY, Retention.COMPLAINT],
    source=Source.PERSON,
    provided="name email kind",
)
declare(
    Entry,
    identifying="text",
    technical="by written_at",
    not_personal="id ref inquiry is_answer form_key",
    subject="inquiry__subject",
    purposes=[Purpose.INQUIRIES, Purpose.RIGHTS],
    retention=[Retention.INQUIRY, Retention.COMPLAINT],
    source=Source.PERSON,
    provided="text",
    goes_with="inquiry",
)
declare(
    Unconfirmed,
    identifying="email letter",
    technical="code_hash expires_at attempts created_at language",
    not_personal="id ref form_key",
    purposes=[Purpose.INQUIRIES],
    retention=[Retention.CODE],
    source=Source.PERSON,
    never_shown="code_hash attempts letter",
    goes_by={Retention.CODE: "hourly: delete_unconfirmed_inquiries"},
)
declare(
    ChildCase,
    identifying="child_email place",
    evidence="relation subject hidden_until decision decided_at decided_by",
    not_personal="id inquiry",
    subject="subject",
    purposes=[Purpose.INQUIRIES, Purpose.RIGHTS],
    retention=[Retention.REQUEST],
    source=Source.GUARDIAN,
    erase=EraseAction.EMPTY,
    goes_with="inquiry",
)
declare(AnswerTemplate, not_personal="id name_en name_ja kind body_en body_ja is_offered")


@contact_source("inquiries.Inquiry.email")
def inquirer_address(ref):
    """Where an answer goes: the address of the newest inquiry. An account's own address comes before it."""
    inquiry = Inquiry.objects.filter(subject__ref=ref).order_by("-pk").first()
    return inquiry and Contact(inquiry.email, inquiry.language)


@subject_source
def inquirer_by_address(address):
    return Inquiry.objects.filter(email=address).order_by("-pk").values_list("subject", flat=True).first()


def _settled(before):
    """Nobody waits, and the last word was written before that moment."""
    later = Entry.objects.filter(inquiry=OuterRef("pk"), written_at__gte=before)
    settled = Inquiry.objects.filter(state__in=[Inquiry.State.ANSWERED, Inquiry.State.CLOSED], received_at__lt=before)
    return settled.exclude(Exists(later))


@due_source(Inquiry, Retention.INQUIRY)
def settled_inquiries(before):
    return _settled(before).exclude(kind__in=ABOUT_PERSONAL_DATA)


@due_source(Inquiry, Retention.COMPLAINT)
def settled_complaints(before):
    """And whatever else was asked about personal data."""
    return _settled(before).filter(kind__in=ABOUT_PERSONAL_DATA)
