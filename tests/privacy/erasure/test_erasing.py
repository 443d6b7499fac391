"""An erasure: frozen at once, called off in time or done, once, over everything that is declared."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from privacy import erasure
from privacy.models import ErasureReason
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _journal(settings, tmp_path):
    settings.JOURNAL_DIR = tmp_path


def erased(person, reason=ErasureReason.CHILD):
    begun = erasure.start(person.subject, reason)
    return erasure.erase(begun.pk)


@pytest.mark.req("R094")
def test_of_an_account_a_key_without_a_person_stays():
    person = UserFactory()
    browser = Client()
    browser.force_login(person)

    done = erased(person)

    person.refresh_from_db()
    assert person.email == f"{person.subject.ref}@erased.invalid"
    assert not person.is_active
    assert not person.has_usable_password()
    assert not person.emailaddress_set.exists()
    assert not Session.objects.exists()
    assert done.subject.erased_at == done.done_at
    assert done.counts["accounts.User"] == {"empty": 1}
