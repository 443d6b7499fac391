"""Every message of `inquiries`. What goes to an address that nobody has confirmed repeats nothing that was typed."""

from django.db.models import Q

import outbox
from accounts.models import User
from privacy.purposes import Purpose

from .models import ABOUT_PERSONAL_DATA, Inquiry


def purpose_of(inquiry):
    """What somebody asks about their data is answered also while its use is restricted."""
    return Purpose.RIGHTS if inquiry.kind in ABOUT_PERSONAL_DATA else Purpose.INQUIRIES


def code(unconfirmed, code):
    outbox.post(
        outbox.Address(unconfirmed.email, unconfirmed.language),
        Purpose.INQUIRIES,
        "inquiries/emails/code",
        expires=unconfirmed.expires_at,
        code=code,
    )


def received(inquiry):
    """To the address as it was typed: one that is wrong does not become a person's."""
    outbox.post(
        outbox.Address(inquiry.email, inquiry.language),
        purpose_of(inquiry),
        "inquiries/emails/received",
        number=inquiry.number,
        kind=inquiry.kind,
        due_on=inquiry.due_on.isoformat(),
    )


def answered(inquiry, entry):
    """Through the gate: to whom, and whether at all, is decided when it leaves."""
    outbox.post(
        inquiry.subject,
        purpose_of(inquiry),
        "inquiries/emails/answered",
        number=inquiry.number,
        text=entry.text,
        is_question=inquiry.state == Inquiry.State.WAITING,
    )


def staff_received(inquiry):
    for person in handlers(inquiry.kind):
        outbox.post(
            person.subject,
            Purpose.ADMINISTRATION,
            "inquiries/emails/staff_received",
            inquiry=inquiry.pk,
            number=inquiry.number,
            kind=inquiry.kind,
            due_on=inquiry.due_on.isoformat(),
        )


def staff_child_reported(case):
    for person in handlers(case.inquiry.kind):
        outbox.post(
            person.subject,
            Purpose.ADMINISTRATION,
            "inquiries/emails/staff_child_reported",
            case=case.pk,
            number=case.inquiry.number,
            hidden_until=case.hidden_until and case.hidden_until.isoformat(),
        )


def child_confirmed(case):
    """Tells the guardian; nothing that they did not write themselves."""
    outbox.post(case.inquiry.subject, Purpose.RIGHTS, "inquiries/emails/child_confirmed", number=case.inquiry.number)


def handlers(kind):
    """Staff whose role lets them answer inquiries of this kind."""
    codename = "handle_personal_data" if kind in ABOUT_PERSONAL_DATA else "change_inquiry"
    granted = Q(groups__permissions__codename=codename, groups__permissions__content_type__app_label="inquiries")
    return User.objects.filter(granted, is_active=True, is_staff=True).select_related("subject").distinct()
