"""Only what is known to be a person's address leads to rows that end with them: anybody can type another's (R094)."""

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Invitation
from inquiries import services
from inquiries.models import Inquiry
from privacy import endings, erasure, requests
from privacy.acting import PORTAL, acting_as
from privacy.models import Channel, Request, Step
from privacy.requests.events import record
from privacy.requests.reasons import Identity
from tests.factories import OperatorFactory, SubjectFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("R094")]
STRANGER = "stranger@other.example"


@pytest.fixture
def strangers_rows():
    """What a stranger has here, who is known by their address only."""
    letter = {"kind": "general", "name": "A Stranger", "email": STRANGER, "message": "-", "number": ""}
    services.send(letter, key="8d0c1b9e-0f5e-4a43-9f3f-1f1c5b1d4a10", language="en")
    operator = OperatorFactory()
    Invitation.objects.create(operator=operator, email=STRANGER, invited_by=UserFactory(), expires_at=timezone.now())


def kept():
    return Inquiry.objects.filter(email=STRANGER).exists() and Invitation.objects.filter(email=STRANGER).exists()


def request_of(subject, **values):
    return Request.objects.create(
        subject=subject, kind="access", regimes=["appi"], language="en", email=STRANGER, **values
    )


def erase(subject):
    with acting_as(duty=PORTAL):
        erasure.erase(erasure.start(subject, "child").pk)


@pytest.mark.usefixtures("strangers_rows")
def test_a_strangers_address_that_was_typed_and_never_confirmed_deletes_nothing_of_theirs():
    person = UserFactory()
    EmailAddress.objects.create(user=person, email=STRANGER, verified=False, primary=False)

    erase(person.subject)

    assert kept()


@pytest.mark.usefixtures("strangers_rows")
def test_nor_does_an_account_whose_own_address_nobody_has_confirmed():
    person = UserFactory(email=STRANGER)
    EmailAddress.objects.update_or_create(user=person, email=STRANGER, defaults={"verified": False, "primary": True})

    erase(person.subject)

    assert kept()


@pytest.mark.usefixtures("strangers_rows")
def test_nor_does_a_request_of_which_nobody_knows_who_sent_it():
    subject = SubjectFactory()
    unproven = request_of(subject, channel=Channel.FORM)
    record(unproven, Step.RECEIVED)
    record(unproven, Step.IDENTITY_SETTLED, codes=[Identity.NOT_PROVEN])

    erase(subject)

    assert kept()


def test_confirmed_addresses_count_of_accounts_and_of_requests():
    person = UserFactory(email="old@mine.example")
    EmailAddress.objects.create(user=person, email="new@mine.example", verified=True, primary=False)
    asked = request_of(person.subject, channel=Channel.PAPER)
    record(asked, Step.RECEIVED)
    requests.settle_identity(asked, Identity.UNDOUBTED, by=person)

    assert endings.addresses_of(person.subject) == {"old@mine.example", "new@mine.example", STRANGER}
