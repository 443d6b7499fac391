"""Who asked for a copy is told by mail when it is ready, in their language, and where they fetch it."""

import pytest
from django.urls import reverse
from django.utils import translation

from outbox import Address
from outbox.composing import compose
from outbox.models import Message
from privacy import links, packages, requests, tasks
from privacy.models import Package
from tests.factories import make_member

from .by_hand import granted

pytestmark = pytest.mark.django_db

SUBJECT = {"en": "Your copy is ready: request {}", "ja": "写しの準備ができました（{}）"}


@pytest.fixture
def officer(make_staff):
    return make_staff("privacy officer")


def mails():
    return Message.objects.filter(template="privacy/emails/copy_ready").order_by("pk")


@pytest.mark.req("R092", "R101")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_who_has_an_account_is_told_once_where_to_log_in_for_the_copy(language):
    person = make_member()
    package, _is_new = requests.ask_for_copy(person, "access")

    tasks.build_copies()
    tasks.build_copies()

    mail = compose(mails().get(), Address(person.email, language))
    assert mail.subject.endswith(SUBJECT[language].format(package.request.number))
    with translation.override(language):
        assert reverse("privacy:package-list") in mail.body
    # One message for one piece of news: the answer waits behind the same log-in.
    assert not Message.objects.filter(template="privacy/emails/request_letter").exists()


@pytest.mark.req("R092", "R100", "R101")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_who_wrote_a_letter_and_gave_an_address_gets_the_link_to_the_copy_and_no_word_of_its_content(officer, language):
    asked = granted(officer, email="sato@elsewhere.example", language=language)
    assert not mails().exists()

    tasks.build_copies()

    message = mails().get()
    mail = compose(message, Address("sato@elsewhere.example", language))
    assert mail.subject.endswith(SUBJECT[language].format(asked.number))
    assert links.request_url(asked) in mail.body
    assert "canary" not in mail.body.lower()
    assert message.expires_at == Package.objects.get().expires_at


@pytest.mark.req("R092")
def test_who_gave_no_address_is_sent_nothing(officer):
    granted(officer)

    tasks.build_copies()

    assert not mails().exists()
    assert Package.objects.get().built_at


@pytest.mark.req("R092")
def test_another_copy_that_staff_allowed_is_told_too(officer):
    package, _is_new = requests.ask_for_copy(make_member(), "access")
    tasks.build_copies()
    Package.objects.update(fetched_at="2026-01-01T00:00:00Z")
    requests.allow_another_copy(package.request, "The download broke off", by=officer)

    tasks.build_copies()

    assert mails().count() == 2


@pytest.mark.req("R092")
def test_a_copy_that_could_not_be_told_of_is_not_offered_yet(officer):
    granted(officer, email="sato@elsewhere.example")
    package = Package.objects.get()

    def break_down(package):
        raise OSError("the disk is full")

    assert packages.build_due(on_built=break_down) == []
    package.refresh_from_db()
    assert not package.built_at

    tasks.build_copies()
    package.refresh_from_db()
    assert package.built_at
    assert mails().count() == 1
