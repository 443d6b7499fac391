"""Every message of `accounts` reads well in both languages: subject, body, one link, no leftovers."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import emails
from accounts.models import DomesticRegistration
from accounts.services import membership, operators, people, registration
from outbox.addresses import Address
from outbox.composing import compose
from outbox.models import Message
from tests.accounts.mail import read_all
from tests.factories import DomesticRegistrationFactory, UserFactory, make_member

FOLDER = settings.BASE_DIR / "templates/accounts/emails"
TEMPLATES = sorted(path.name.removesuffix(".subject.txt") for path in FOLDER.glob("*.subject.txt"))
EVERYTHING = {
    "accepted": True,
    "business_name": "A & B “旅館”",
    "code": "ABCD-EFGH",
    "deleted_email": "old@inn.example",
    "due_on": "2026-12-01",
    "email": "new@inn.example",
    "fields": {"telephone": "Which country?"},
    "from_email": "old@inn.example",
    "minutes": 15,
    "note": "Thank you.",
    "overdue": 2,
    "stuck": 1,
    "operator": "2d7bb0c2-1111-4222-8333-444455556666",
    "operator_ref": "2d7bb0c2-1111-4222-8333-444455556666",
    "reasons": ["not found"],
    "reference": "TB-2026-000001",
    "registration": "2d7bb0c2-1111-4222-8333-444455556666",
    "status": "suspended",
    "timestamp": "2026-11-25T01:00:00.123Z",
    "to_email": "new@inn.example",
}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_message_reads_well(template, language):
    message = Message(template=f"accounts/emails/{template}", context=EVERYTHING)
    mail = compose(message, Address("reader@inn.example", language))
    body, _line, foot = mail.body.partition("\n-- \n")
    assert (FOLDER / f"{template}.txt").exists()
    assert 4 < len(mail.subject) < 120
    assert "\n\n\n" not in mail.body
    assert "&amp;" not in mail.subject + mail.body
    assert len(re.findall(r"https?://", body)) <= 1
    for link in re.findall(r"https?://\S+", body):
        assert link.startswith(f"{settings.SITE_URL}/{language}/")
    if language == "ja":
        for line in (mail.subject, *body.splitlines(), *foot.splitlines()):
            assert not re.search(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}", line), f"not translated: {line}"


@pytest.mark.django_db
def test_every_message_can_be_composed_from_its_own_context(make_staff):
    """What the acts hand over is what the texts need."""
    reviewer = make_staff("registration reviewer")
    draft = DomesticRegistrationFactory()
    operator = draft.operator
    owner = operator.memberships.get().user
    draft = registration.submit(draft, by=owner)
    registration.request_changes(draft, by=reviewer, fields={"telephone": "Which?"})
    registration.submit(draft, by=owner)
    registration.decline(draft, by=reviewer, reasons=["licence"])
    again = registration.propose_change(operator, by=owner)
    again.contact_email = "boss@inn.example"
    again.save()
    people.ask_for_proof(operator, "boss@inn.example", by=owner)
    operator.address_proofs.update(verified_at=timezone.now())
    registration.approve(registration.submit(again, by=owner), by=reviewer)
    operator.refresh_from_db()
    change = registration.propose_change(operator, by=owner)
    registration.approve(registration.submit(change, by=owner), by=reviewer)
    membership.invite(operator, by=owner, role="editor", email="colleague@inn.example")
    request = membership.ask_to_join(operator, by=UserFactory())
    membership.answer_join_request(request, by=owner, accepted=True)
    heir = make_member(operator, role="editor").memberships.get()
    membership.transfer_ownership(operator, by=owner, to=heir)
    emails.staff_reminder(reviewer, overdue=2, stuck=0)
    emails.second_factor_reset(reviewer)
    emails.operator_status(operator)
    operator.refresh_from_db()
    operators.lose_person(operator, operator.contact)
    operator.memberships.owners().delete()
    operators.lose_person(operator, heir.user.subject)

    written = set()
    for message in Message.objects.all():
        compose(message, Address("reader@inn.example", "en"))
        written.add(message.template.removeprefix("accounts/emails/"))
    allauths = {name for name in TEMPLATES if "email_" in name or "password" in name or "totp" in name}
    allauths |= {"webauthn_added", "webauthn_removed", "recovery_codes_generated", "login_code"}
    allauths |= {"account_already_exists", "unknown_account"}
    assert written == set(TEMPLATES) - allauths


@pytest.mark.req("C12")
@pytest.mark.django_db
def test_person_in_charge_who_did_not_register_is_told(make_staff):
    draft = DomesticRegistrationFactory()
    owner = draft.operator.memberships.get().user
    draft.contact_email = "boss@inn.example"
    draft.save()
    people.ask_for_proof(draft.operator, "boss@inn.example", by=owner)
    draft.operator.address_proofs.update(verified_at=timezone.now())
    registration.approve(registration.submit(draft, by=owner), by=make_staff("registration reviewer"))
    message = Message.objects.get(template="accounts/emails/named_as_contact")
    assert message.to_ref == DomesticRegistration.objects.get().operator.contact.ref


@pytest.mark.django_db
def test_invitation_expires_with_its_code():
    owner = make_member()
    membership.invite(owner.acting_for, by=owner, role="editor", email="colleague@inn.example")
    message = Message.objects.get()
    assert abs(message.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


@pytest.mark.django_db
def test_before_approval_nobody_has_us_carry_their_words_to_strangers():
    words = "You have won: https://evil.example"
    draft = DomesticRegistrationFactory(business_name=words, operator__business_name="")
    owner = draft.operator.memberships.get().user
    membership.invite(draft.operator, by=owner, role="editor", email="stranger@else.example")
    people.ask_for_proof(draft.operator, "stranger@else.example", by=owner)

    mails = read_all()
    assert len(mails) == 2
    assert not [mail for mail in mails if "evil.example" in mail.subject + mail.body]
