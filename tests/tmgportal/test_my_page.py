import pytest
from django.urls import reverse

from accounts.services import registration as services
from privacy import erasure
from tests.factories import DomesticRegistrationFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def page(client):
    return client.get(reverse("my-page")).content.decode()


def test_who_registers_reads_of_a_registration(client):
    registration = DomesticRegistrationFactory()
    client.force_login(registration.operator.memberships.get().user)

    text = page(client)

    assert "Your registration is a draft." in text
    assert "Go on with the registration" in text


def test_an_approved_business_reads_of_its_change_and_stays_approved(client, make_staff):
    owner = make_member()
    client.force_login(owner)
    change = services.propose_change(owner.acting_for, by=owner)

    text = page(client)
    assert "You have begun a change of your registered details." in text
    assert "Your registration is a draft." not in text
    assert 'class="tag ok">Approved<' in text
    assert ">Change: Draft<" in text

    change.contact_email = owner.email
    change.save()
    change = services.submit(change, by=owner)
    assert "The staff are checking the change of your registered details." in page(client)
    change = services.request_changes(change, by=make_staff("registration reviewer"), fields={"city": "Which one?"})
    assert "The staff have a question about the change of your registered details." in page(client)


def test_an_approved_change_leaves_nothing_to_say(client, make_staff):
    registration = DomesticRegistrationFactory()
    owner = registration.operator.memberships.get().user
    services.approve(services.submit(registration, by=owner), by=make_staff("registration reviewer"))
    client.force_login(owner)

    text = page(client)

    assert 'class="tag ok">Approved<' in text
    assert "Change:" not in text


@pytest.mark.req("R094")
@pytest.mark.parametrize("make", [make_member, UserFactory])
def test_who_closes_the_account_reads_when_and_how_to_keep_it(client, make):
    person = make()
    client.force_login(person)
    assert "Your account is being closed" not in client.get(reverse("my-page")).content.decode()
    begun = erasure.start(person.subject, "closure", by=person)

    page = client.get(reverse("my-page")).content.decode()

    assert "Your account is being closed" in page
    assert begun.due_at.isoformat(timespec="seconds") in page or f'datetime="{begun.due_at:%Y-%m-%d}' in page
    assert reverse("privacy:closing") in page
