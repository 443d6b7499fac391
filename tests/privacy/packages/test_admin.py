"""What staff see of copies: that they were asked for and what became of them, and never what is in them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from privacy import packages, requests
from privacy.models import AuditEvent, Package, Request
from tests.factories import UserFactory, make_member

pytestmark = pytest.mark.django_db
LIST = "/en/admin/privacy/package/"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def log_in(make_staff, client):
    def log_in(role):
        person = make_staff(role)
        client.force_login(person)
        return person

    return log_in


def page_of(client, row):
    return client.get(reverse(f"admin:privacy_{row._meta.model_name}_change", args=[row.pk])).content.decode()


def listed(client, **query):
    return {row.pk for row in client.get(LIST, query).context["cl"].result_list}


@pytest.mark.req("R092", "R152")
def test_the_officer_sees_who_asked_for_which_copy_and_what_became_of_it(client, log_in):
    officer = log_in("privacy officer")
    person = make_member()
    package, _is_new = requests.ask_for_copy(person, "access")
    packages.build_due()
    Package.objects.filter(pk=package.pk).update(allowed_by=officer)

    page, whole = client.get(LIST).content.decode(), page_of(client, package)

    for seen in (page, whole):
        assert str(person.ref) in seen
        assert package.request.number in seen
        assert "ready" in seen
        assert officer.email in seen
    assert person.email not in page + whole
    assert "None" not in whole
    assert str(package) in page_of(client, package.request)
    assert reverse("admin:privacy_package_change", args=[package.pk]) in page_of(client, package.request)


@pytest.mark.req("R092", "R049")
def test_the_auditor_sees_the_same_and_neither_the_officer_nor_the_content(client, log_in):
    allowed_by = UserFactory()
    log_in("auditor")
    package = packages.ask(make_member().subject, "access", allowed_by=allowed_by)

    whole = page_of(client, package)

    assert f"#{allowed_by.pk}" in whole
    assert allowed_by.email not in whole
    assert "content" not in client.get(LIST).context["cl"].result_list[0].__dict__


@pytest.mark.req("R092")
def test_copies_are_found_by_their_state_their_person_and_their_request(client, log_in):
    log_in("privacy officer")
    now = timezone.now()
    ended = {"built_at": now, "expires_at": now - timedelta(days=1)}
    rows = {
        "being made": {},
        "ready": {"built_at": now, "expires_at": now + timedelta(days=1)},
        "fetched": ended | {"fetched_at": now - timedelta(hours=2)},
        "over": ended,
        "failed": {"failed_at": now},
    }
    kept = {
        state: Package.objects.create(subject=make_member().subject, form="access", **values)
        for state, values in rows.items()
    }

    for state, package in kept.items():
        assert listed(client, state=state) == {package.pk}
    assert listed(client, q=str(kept["over"].subject.ref)) == {kept["over"].pk}
    package, _is_new = requests.ask_for_copy(make_member(), "portability")
    assert listed(client, q=str(Request.objects.get().pk)) == {package.pk}
    assert listed(client, q="nobody") == set()


# ---- another one within the week ----


@pytest.fixture
def fetched(log_in):
    """A copy that its person has fetched an hour ago and more."""
    package, _is_new = requests.ask_for_copy(make_member(), "access")
    packages.build_due()
    Package.objects.filter(pk=package.pk).update(fetched_at=timezone.now() - timedelta(hours=2))
    return package


def another(asked):
    return reverse("admin:privacy_request_act", args=[asked.pk, "allow_another_copy"])


@pytest.mark.req("R092", "R097")
def test_staff_allow_another_copy_within_the_week_and_the_audit_says_who_and_why(client, log_in, fetched):
    officer, subject = log_in("privacy officer"), fetched.subject
    with pytest.raises(ValidationError, match="one copy of this kind in a week"):
        packages.ask(subject, "access")
    assert "Have another copy made" in page_of(client, fetched.request)

    assert client.post(another(fetched.request), {"reason": ""}).context["form"].errors["reason"]
    assert client.post(another(fetched.request), {"reason": "The download broke off"}).status_code == 302

    package = subject.packages.first()
    assert (package.request, package.form, package.allowed_by) == (fetched.request, "access", officer)
    said = AuditEvent.objects.filter(act="copy asked", by=officer).get()
    assert said.details == {"form": "access", "reason": "The download broke off"}
    assert said.target == f"privacy.package:{package.pk}"
    assert packages.build_due() == [package.pk]


@pytest.mark.req("R092")
def test_another_copy_is_not_to_be_had_while_the_last_one_waits_nor_by_who_may_not_answer(client, log_in, fetched):
    log_in("auditor")
    assert client.get(another(fetched.request)).status_code == 403

    officer = log_in("privacy officer")
    requests.allow_another_copy(fetched.request, "Lost", by=officer)

    assert client.get(another(fetched.request)).status_code == 403
    with pytest.raises(ValidationError, match="still being made"):
        requests.allow_another_copy(fetched.request, "Lost", by=officer)
    assert Package.objects.count() == 2
