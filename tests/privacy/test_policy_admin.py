"""Staff write the next version, see whom it binds, and announce it; nothing typed is lost (R007, R010, R012)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.staff_roles import StaffRole
from privacy.models import AuditEvent, ChangeClass, Document, PolicyVersion
from privacy.policies import drafting
from tests.factories import SubjectFactory

from .policy_versions import TEXTS, announce, draft

pytestmark = pytest.mark.django_db
BEGIN = "/en/admin/privacy/policyversion/add/"


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever the page before was in."""
    with translation.override("en"):
        yield


@pytest.fixture
def officer(client, make_staff):
    person = make_staff(StaffRole.OFFICER)
    client.force_login(person)
    return person


def act(version, name):
    return reverse("admin:privacy_policyversion_act", args=[version.pk, name])


def written(version, **values):
    """The form as a browser sends it."""
    soon = timezone.localtime() + timedelta(days=20)
    plan = {"effective_at": soon, "notify_from": timezone.localtime(), "notice_until": soon + timedelta(days=7)}
    return {
        "seen": drafting.stamp(version),
        "change_class": "notice",
        "enacted_on": "",
        "purposes": version.purposes,
        "recipients": version.recipients,
        **{name: moment.strftime("%Y-%m-%dT%H:%M") for name, moment in plan.items()},
        **{name: text.replace("\n", "\r\n") for name, text in TEXTS.items()},
    } | values


def text_of(response):
    return response.content.decode()


def test_from_the_current_text_to_the_announcement(client, officer):
    SubjectFactory()
    write = client.post(BEGIN, {"document": "privacy"})["Location"]
    version = PolicyVersion.objects.get(announced_at=None)
    assert version.texts.get(language="ja").body in text_of(client.get(write))

    check = client.post(write, written(version) | {"check": "1"})["Location"]
    page = text_of(client.get(check))
    assert "Before it can be announced" not in page
    assert "2 people are told by mail. It binds everybody" in page
    assert "<h2>目的</h2>" in page
    assert "After: added" in page
    seen = drafting.stamp(PolicyVersion.objects.get(pk=version.pk))
    announced = client.post(check, {"seen": seen}, follow=True)

    assert "The version is announced." in text_of(announced)
    version.refresh_from_db()
    assert version.announced_by == officer
    assert version.texts.get(language="en").body == TEXTS["body_en"].strip()
    acts = AuditEvent.objects.filter(target=f"privacy.policyversion:{version.pk}").values_list("act", flat=True)
    assert set(acts) == {"policy draft begun", "policy draft changed", "policy version announced"}


@pytest.mark.req("R002", "R012")
@pytest.mark.parametrize(
    ("language", "values", "said"),
    [
        ("en", {"effective_at": "2026-01-01T09:00"}, "The version would take effect in the past."),
        ("ja", {"effective_at": "2026-01-01T09:00"}, "過去"),
        ("en", {"body_ja": ""}, "The text in Japanese is missing."),
        ("ja", {"summary_en": ""}, "英語"),
    ],
)
def test_what_is_missing_is_said_in_the_language_of_the_staff_and_what_was_typed_is_kept(
    client, officer, language, values, said
):
    version = drafting.start(Document.PRIVACY, by=officer)
    client.post(act(version, "write"), written(version, **values))
    version.refresh_from_db()
    check = act(version, "check").replace("/en/", f"/{language}/")

    answer = client.post(check, {"seen": drafting.stamp(version)})

    assert answer.status_code == 200
    assert said in text_of(answer)
    version.refresh_from_db()
    assert version.announced_at is None
    assert TEXTS["summary_ja"] in text_of(client.get(act(version, "write")))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("effective_at", "soon"),
        ("effective_at", "0001-01-01T00:00"),
        ("effective_at", "9999-12-31T23:59"),
        ("notice_until", "2026-02-30T00:00"),
        ("change_class", "huge"),
        ("recipients", "nobody"),
        ("body_en", "x" * 100_001),
        ("summary_ja", "あ" * 2001),
    ],
)
def test_what_cannot_be_taken_comes_back_with_everything_typed(client, officer, field, typed):
    version = drafting.start(Document.PRIVACY, by=officer)
    seen = drafting.stamp(version)

    answer = client.post(act(version, "write"), written(version, summary_en="Typed by hand.") | {field: typed})

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    assert "Typed by hand." in text_of(answer)
    version.refresh_from_db()
    assert drafting.stamp(version) == seen


def test_two_colleagues_see_each_others_text_before_one_holds(client, officer):
    version = drafting.start(Document.PRIVACY, by=officer)
    mine = written(version, summary_en="Mine.")
    drafting.save(version, written_as_values(version, summary_en="Theirs."), seen=mine["seen"], by=officer)

    conflict = client.post(act(version, "write"), mine)

    page = text_of(conflict)
    assert "A colleague has saved something else meanwhile" in page
    assert "Theirs." in page
    assert "Mine." in page
    assert version.texts.get(language="en").summary == "Theirs."
    again = client.post(act(version, "write"), mine | {"seen": conflict.context["form"]["seen"].value()})
    assert again.status_code == 302
    assert version.texts.get(language="en").summary == "Mine."


def written_as_values(version, **values):
    return {name: getattr(version, name) for name in drafting.FIELDS} | TEXTS | values


@pytest.mark.parametrize("name", ["check", "discard"])
def test_what_changed_meanwhile_is_neither_announced_nor_discarded(client, officer, name):
    version = draft()
    page = client.post(act(version, name), {"seen": "0" * 16}, follow=True)
    assert "Somebody has changed the draft meanwhile." in text_of(page)
    assert PolicyVersion.objects.filter(pk=version.pk, announced_at=None).exists()


def test_a_draft_is_discarded(client, officer):
    version = draft()
    assert client.get(act(version, "discard")).status_code == 200
    client.post(act(version, "discard"), {"seen": drafting.stamp(version)})
    assert not PolicyVersion.objects.filter(pk=version.pk).exists()


@pytest.mark.req("R009")
@pytest.mark.parametrize("name", ["write", "check", "discard", "nowhere"])
def test_nothing_is_done_to_an_announced_version(client, officer, name):
    version = announce()
    page = client.post(act(version, name), follow=True)
    assert "nothing in it changes" in text_of(page)


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.OFFICER])
def test_only_the_privacy_officer_writes(client, make_staff, role):
    version = draft()
    client.force_login(make_staff(role))
    for name in ("write", "check", "discard"):
        assert client.get(act(version, name)).status_code == 403
        assert client.post(act(version, name), {"seen": drafting.stamp(version)}).status_code == 403
    assert client.post(BEGIN, {"document": "terms"}).status_code == 403


@pytest.mark.req("R013")
def test_the_page_of_a_version_shows_how_far_its_mails_are(client, officer):
    SubjectFactory()
    version = announce(change_class=ChangeClass.CONSENT)
    page = text_of(client.get(reverse("admin:privacy_policyversion_change", args=[version.pk])))
    assert "<dt>Not written to yet</dt><dd>2</dd>" in page
    assert "Whom no mail reaches finds the notice" in page


@pytest.mark.parametrize("document", Document.values)
def test_the_current_texts_open(client, officer, document):
    version = PolicyVersion.objects.get(document=document)
    for language in ("en", "ja"):
        address = reverse("admin:privacy_policyversion_change", args=[version.pk]).replace("/en/", f"/{language}/")
        assert client.get(address).status_code == 200
