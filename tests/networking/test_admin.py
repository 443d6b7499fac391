import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.staff_roles import StaffRole
from networking.models import Introduction
from privacy.models import AuditEvent, ProcessingRecord
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def introduction():
    def make(**values):
        sender = OperatorFactory()
        recipient = OperatorFactory(overseas=True)
        return Introduction.objects.create(
            sender=sender, recipient=recipient, text="Between us", form_key=sender.ref, **values
        )

    return make


def page(introduction, name="change", *arguments):
    return reverse(f"admin:networking_introduction_{name}", args=[introduction.pk, *arguments])


@pytest.mark.req("R049")
def test_staff_read_only_what_was_reported(client, make_staff, introduction):
    client.force_login(make_staff(StaffRole.REVIEWER))

    assert "Between us" in client.get(page(introduction(reported_at=timezone.now()))).content.decode()
    assert client.get(page(introduction())).status_code == 302


@pytest.mark.req("R049")
def test_what_people_wrote_is_masked_without_the_permission_and_its_sight_recorded(client, make_staff, introduction):
    reported = introduction(reported_at=timezone.now(), report_reason="Said by the reader")
    without, reviewer = make_staff(StaffRole.EDITOR), make_staff(StaffRole.REVIEWER)
    without.user_permissions.add(Permission.objects.get(codename="view_introduction"))

    client.force_login(without)
    hidden = client.get(page(reported)).content.decode()
    client.force_login(reviewer)
    shown = client.get(page(reported)).content.decode()

    assert all(text in shown and text not in hidden for text in ("Between us", "Said by the reader"))
    seen = AuditEvent.objects.get(act="personal fields seen")
    assert (seen.by, seen.target) == (reviewer, f"networking.introduction:{reported.pk}")
    assert ProcessingRecord.objects.get().fields == ["report_reason", "text"]


@pytest.mark.parametrize(
    ("role", "may"), [(role, role in (StaffRole.ADMINISTRATOR, StaffRole.REVIEWER)) for role in StaffRole]
)
def test_who_settles_a_report(client, make_staff, introduction, role, may):
    reported = introduction(reported_at=timezone.now())
    client.force_login(make_staff(role))

    for _time in range(2):
        client.post(page(reported, "act", "settle"), {"reason": "Spoke to the sender"})

    reported.refresh_from_db()
    assert bool(reported.settled_at) is may
    assert AuditEvent.objects.filter(act="report settled").count() == may
