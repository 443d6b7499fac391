"""What the privacy officer does about times of keeping, in the admin (R110)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from privacy.models import AuditEvent, LegalHold, RetentionResult, RetentionRule, RetentionRun
from tests.factories import SubjectFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("R110")]


@pytest.fixture
def officer(make_staff, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    person = make_staff("privacy officer")
    client.force_login(person)
    return person


def act(client, row, name):
    address = reverse(f"admin:privacy_{row._meta.model_name}_act", args=[row.pk, name])
    return client.get(address), client.post(address)


def test_the_officer_reads_a_time_and_puts_it_in_force(officer, client):
    rule = RetentionRule.objects.get(kind="draft")
    page = client.get(reverse("admin:privacy_retentionrule_change", args=[rule.pk])).content.decode()
    assert "1 year after the last change" in page
    assert "Papers for an application can take months to gather." in page
    assert "Put in force" in page

    question, _answer = act(client, rule, "sign")

    rule.refresh_from_db()
    assert "1 year after the last change. From the next run on" in question.content.decode()
    assert rule.signed_by == officer
    assert AuditEvent.objects.filter(act="time of keeping signed", by=officer).exists()
    assert [response.status_code for response in act(client, rule, "sign")] == [403, 403], "it is in force already"

    act(client, rule, "take-back")
    rule.refresh_from_db()
    assert rule.signed_at is None


def test_the_auditor_reads_and_signs_nothing(make_staff, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    client.force_login(make_staff("auditor"))
    rule = RetentionRule.objects.get(kind="draft")

    page = client.get(reverse("admin:privacy_retentionrule_change", args=[rule.pk])).content.decode()

    assert "Put in force" not in page
    assert [response.status_code for response in act(client, rule, "sign")] == [403, 403]


def stopped():
    return RetentionResult.objects.create(
        run=RetentionRun.objects.create(is_dry=False),
        kind="draft",
        model="accounts.Operator",
        outcome="stopped",
        rows=30,
        due=30,
    )


def test_the_officer_lets_a_stopped_run_go_on(officer, client):
    older, newest = stopped(), stopped()

    _question, refused = act(client, older, "release")
    _question, done = act(client, newest, "release")

    assert "A later run has counted this table again" in refused.content.decode()
    assert done.status_code == 302
    assert list(RetentionResult.objects.filter(released_by=officer)) == [newest]


ADD = "admin:privacy_legalhold_add"


def placed(client, **values):
    values = {
        "kind": "",
        "person": "",
        "reason": "Case 7",
        "ends_on": timezone.localdate() + timedelta(days=9),
    } | values
    return client.post(reverse(ADD), values)


@pytest.mark.parametrize("kind", ["", "conversation"])
def test_the_officer_holds_the_data_of_a_person(officer, client, kind):
    subject = SubjectFactory()

    placed(client, person=subject.ref, kind=kind)

    hold = LegalHold.objects.get()
    assert (hold.subject, hold.kind, hold.placed_by) == (subject, kind, officer)
    assert AuditEvent.objects.filter(act="legal hold placed", by=officer).exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Say which kind of data is held, or whose."),
        ({"person": "00000000-0000-0000-0000-000000000000"}, "Nobody has this reference."),
        ({"person": "Taro"}, "Enter a valid UUID."),
    ],
)
def test_a_hold_of_nothing_is_none(officer, client, values, said):
    page = placed(client, **values).content.decode()

    assert said in page
    assert "Case 7" in page, "what was typed is kept"
    assert not LegalHold.objects.exists()


def test_of_a_hold_only_the_last_day_changes(officer, client):
    placed(client, kind="conversation")
    hold = LegalHold.objects.get()
    tomorrow = timezone.localdate() + timedelta(days=1)

    client.post(
        reverse("admin:privacy_legalhold_change", args=[hold.pk]), {"ends_on": tomorrow, "reason": "-", "kind": "draft"}
    )

    hold.refresh_from_db()
    assert (hold.kind, hold.reason, hold.ends_on) == ("conversation", "Case 7", tomorrow)
    assert client.post(reverse("admin:privacy_legalhold_delete", args=[hold.pk])).status_code == 403
