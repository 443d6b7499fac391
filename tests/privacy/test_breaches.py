"""The clocks of a breach, whom it affects, and telling them (L06)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.staff_roles import StaffRole
from outbox.models import Message
from privacy import audit, breaches
from privacy.models import Breach, BreachSubject, Export, ExportItem
from tests.factories import OperatorFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def make(**said):
    given = {"kind": "leak", "aware_at": NOW, "occurred": "-", "description": "-", "consequences": "-", "measures": "-"}
    return Breach.objects.create(**given | said)


@pytest.fixture
def officer(make_staff, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return make_staff(StaffRole.OFFICER)


def owed(breach):
    return {clock.field: clock.due_at - breach.aware_at for clock in breaches.clocks(breach) if clock.is_owed}


DAY = timedelta(days=1)


@pytest.mark.req("L06")
@pytest.mark.parametrize(
    ("said", "duties"),
    [
        ({"affected": 5, "risk": "none"}, {}),
        ({"affected": 5, "risk": "some"}, {"authority_told_at": 3 * DAY}),
        ({"affected": 5, "risk": "high"}, {"authority_told_at": 3 * DAY, "persons_told_at": 3 * DAY}),
        ({"affected": 100, "risk": "none"}, {}),
        (
            {"affected": 101, "risk": "none"},
            {"preliminary_at": 3 * DAY, "final_at": 30 * DAY, "persons_told_at": 3 * DAY},
        ),
        (
            {"affected": 1, "risk": "none", "is_malicious": True},
            {"preliminary_at": 3 * DAY, "final_at": 60 * DAY, "persons_told_at": 3 * DAY},
        ),
    ],
)
def test_what_each_law_asks_follows_from_what_is_known(said, duties):
    assert owed(make(**said)) == duties


@pytest.mark.req("L06")
def test_a_duty_is_overdue_until_it_is_noted(officer):
    breach = make(aware_at=NOW - 4 * DAY)
    assert breaches.overdue() == [breach]

    with pytest.raises(ValidationError, match="reasons for the delay"):
        breaches.note(breach, "authority_told_at", timezone.now(), by=officer)
    breaches.note(breach, "authority_told_at", timezone.now(), by=officer, reason="It was found on a Friday evening.")

    assert breaches.overdue() == []


@pytest.mark.parametrize("moment", [NOW - 5 * DAY, NOW + DAY])
def test_nothing_is_noted_before_the_city_knew_or_in_the_future(officer, moment):
    breach = make(aware_at=NOW - DAY)

    with pytest.raises(ValidationError, match="between"):
        breaches.note(breach, "authority_told_at", moment, by=officer)


@pytest.mark.req("L06")
@pytest.mark.parametrize("moment", ["2099-01-01", "9999-12-31"])
def test_the_clocks_cannot_start_in_the_future(officer, client, moment):
    client.force_login(officer)
    said = {"kind": "leak", "occurred": "-", "description": "-", "consequences": "-", "measures": "-", "risk": "some"}

    response = client.post(
        reverse("admin:privacy_breach_add"),
        said | {"affected": "1", "aware_at": f"{moment}T00:00"},
    )

    assert "The city cannot know of it since a moment that is still to come." in response.content.decode()
    assert not Breach.objects.exists()


@pytest.mark.req("L06")
def test_whose_data_an_account_saw_is_found_in_what_was_written_down(officer, make_staff):
    other = make_staff(StaffRole.REVIEWER)
    listed, opened, unseen = UserFactory(), UserFactory(), UserFactory()
    operator = OperatorFactory()
    breach = make()
    audit.record(other, "personal fields listed", other, of="accounts.user", keys=[listed.pk])
    audit.record(other, "personal fields seen", opened)
    audit.record(other, "personal fields seen", operator)
    audit.record(officer, "personal fields seen", unseen)

    found = breaches.affected_by_sights(breach, other, NOW - DAY, timezone.now() + DAY, by=officer)
    again = breaches.affected_by_sights(breach, other, NOW - DAY, timezone.now() + DAY, by=officer)

    refs = {*breach.subjects.values_list("subject_ref", flat=True)}
    assert {listed.ref, opened.ref} <= refs
    assert unseen.ref not in refs
    assert (found, again) == (len(refs), 0)


def test_whose_row_was_in_a_hand_over_is_found(officer):
    breach, export = make(affected=1), Export.objects.create(kind="provision", recipient="contractor", reason="-")
    people = [UserFactory(), UserFactory()]
    ExportItem.objects.bulk_create(
        ExportItem(export=export, subject_ref=one.ref, row_key=str(one.pk), digest="") for one in people
    )

    assert breaches.affected_by_export(breach, export, by=officer) == 2

    breach.refresh_from_db()
    assert breach.affected == 2


def test_the_affected_are_told_once_and_in_their_language(officer):
    people = [UserFactory(subject__language="ja"), UserFactory(subject__language="en")]
    breach = make(told_text_en="Change your password.", told_text_ja="パスワードを変更してください。")
    with pytest.raises(ValidationError, match="Find the affected"):
        breaches.tell(breach, by=officer)
    BreachSubject.objects.bulk_create(BreachSubject(breach=breach, subject_ref=one.ref, found_by="-") for one in people)

    breaches.tell(breach, by=officer)

    assert (breaches.tell_due(), breaches.tell_due()) == (2, 0)
    told = Message.objects.filter(template="privacy/emails/breach")
    assert {message.to_ref for message in told} == {one.ref for one in people}


def test_what_is_owed_and_not_done_needs_a_reason_to_close(officer):
    breach = make()
    with pytest.raises(ValidationError, match="say why"):
        breaches.close(breach, by=officer)

    breaches.close(breach, by=officer, reason="It turned out to be a test file without persons.")

    assert Breach.objects.get().closed_at is not None


def test_the_moment_of_knowing_is_entered_once(client, officer):
    client.force_login(officer)
    breach = make()
    url = reverse("admin:privacy_breach_change", args=[breach.pk])
    form = client.get(url).context["adminform"].form

    assert "aware_at" not in form.fields
    assert "within 72 hours" in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("page", "field"), [("breach", "aware_at"), ("disclosure", "requested_on"), ("request", "received_at")]
)
def test_a_year_that_no_calendar_has_is_answered_with_the_list(officer, client, page, field):
    client.force_login(officer)

    response = client.get(reverse(f"admin:privacy_{page}_changelist"), {f"{field}__year": "99999999999"}, follow=True)

    assert response.status_code == 200
