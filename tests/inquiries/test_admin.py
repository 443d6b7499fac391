"""The staff's queue: who reads and answers what, what leaves, and what is written down of it."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.staff_roles import StaffRole
from inquiries import services
from inquiries.models import AnswerTemplate, Inquiry, Kind
from outbox.models import Message
from privacy import consent, gate
from privacy.models import AuditEvent
from tests.accounts.mail import messages_to, read_all

pytestmark = pytest.mark.django_db
HANDLES = {
    StaffRole.ADMINISTRATOR: set(Kind),
    StaffRole.REVIEWER: {Kind.GENERAL, Kind.SERVICE, Kind.PRESS},
    StaffRole.OFFICER: set(Kind),
}


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def inquiry():
    """`inquiry(**answers)` is one that somebody without a log-in has sent."""

    def make(language="en", **answers):
        letter = {"kind": "general", "name": "Sam Sender", "email": "sender@elsewhere.example", "number": ""}
        letter |= {"message": "When do you open?"} | answers
        return services.send(letter, key=uuid.uuid4(), language=language).inquiry

    return make


def page(inquiry, name="change", *arguments):
    return reverse(f"admin:inquiries_inquiry_{name}", args=[inquiry.pk, *arguments])


def answer(client, inquiry, text="We open at nine.", key=None, **more):
    data = {"text": text, "form_key": key or uuid.uuid4()} | more
    return client.post(page(inquiry, "act", "answer"), data)


@pytest.mark.req("R021", "R049")
@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("kind", Kind)
def test_each_role_reads_and_answers_what_is_its_own(client, make_staff, inquiry, role, kind):
    client.force_login(make_staff(role))
    one = inquiry(kind=kind)

    seen = client.get(page(one)).status_code == 200
    answer(client, one)

    one.refresh_from_db()
    handles = kind in HANDLES.get(role, ())
    assert (seen, one.state == Inquiry.State.ANSWERED) == (handles, handles)


@pytest.mark.req("R021")
def test_an_answer_is_mailed_in_the_sender_s_language_and_kept_with_who_and_when(client, make_staff, inquiry):
    reviewer = make_staff(StaffRole.REVIEWER)
    client.force_login(reviewer)
    one = inquiry("ja")

    answer(client, one, "9時に開きます。")

    entry = one.entries.get(is_answer=True)
    assert (entry.by, entry.text) == (reviewer, "9時に開きます。")
    (mail,) = [mail for mail in read_all() if "9時に開きます。" in mail.body]
    assert mail.to == ["sender@elsewhere.example"]
    assert one.number in mail.subject
    assert mail.extra_headers["Content-Language"] == "ja"
    assert AuditEvent.objects.filter(act="inquiry answered", by=reviewer).exists()


def test_a_double_click_answers_once(client, make_staff, inquiry):
    client.force_login(make_staff(StaffRole.REVIEWER))
    one, key = inquiry(), uuid.uuid4()

    for _click in range(2):
        answer(client, one, key=key)

    assert one.entries.filter(is_answer=True).count() == 1
    assert messages_to("sender@elsewhere.example") == ["received", "answered"]


def test_a_question_waits_for_the_sender_and_is_not_overdue(client, make_staff, inquiry):
    client.force_login(make_staff(StaffRole.REVIEWER))
    one = inquiry()

    answer(client, one, waits="on")

    Inquiry.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    one.refresh_from_db()
    assert (one.state, one.is_overdue) == (Inquiry.State.WAITING, False)
    assert "We have a question" in read_all()[-1].subject


@pytest.mark.parametrize("text", ["", "x" * 5000])
def test_a_bad_answer_is_refused_in_words_and_kept(client, make_staff, inquiry, text):
    client.force_login(make_staff(StaffRole.REVIEWER))
    one = inquiry()

    response = answer(client, one, text)

    assert response.status_code == 200
    assert response.context["form"]["text"].value() == text
    assert messages_to("sender@elsewhere.example") == ["received"]


def test_a_closed_inquiry_is_answered_no_more(client, make_staff, inquiry):
    client.force_login(make_staff(StaffRole.REVIEWER))
    one = inquiry()
    client.post(page(one, "act", "close"))

    answer(client, one)

    one.refresh_from_db()
    assert one.state == Inquiry.State.CLOSED
    assert not one.entries.filter(is_answer=True).exists()
    assert page(one, "act", "answer") not in client.get(page(one)).content.decode()


def test_an_answer_begins_with_a_template_in_the_sender_s_language(client, make_staff, inquiry):
    client.force_login(make_staff(StaffRole.REVIEWER))
    template = AnswerTemplate.objects.get(kind=Kind.GENERAL)

    for language in ("en", "ja"):
        form = client.get(f"{page(inquiry(language), 'act', 'answer')}?template={template.pk}").context["form"]
        assert form["text"].value() == template.body(language)


def test_every_kind_has_a_template_in_both_languages():
    for kind in Kind:
        assert AnswerTemplate.objects.for_kind(kind).filter(kind=kind).exists()
    assert not AnswerTemplate.objects.filter(body_en="").exists()
    assert not AnswerTemplate.objects.filter(body_ja="").exists()


@pytest.mark.parametrize("missing", ["body_en", "body_ja"])
def test_a_template_needs_both_languages(missing):
    template = AnswerTemplate(name_en="a", name_ja="a", body_en="a", body_ja="a")
    setattr(template, missing, "")

    with pytest.raises(ValidationError) as refused:
        template.full_clean()

    assert set(refused.value.message_dict) == {missing}


def test_staff_change_the_templates_and_it_is_recorded(client, make_staff):
    client.force_login(make_staff(StaffRole.REVIEWER))
    template = AnswerTemplate.objects.get(kind=Kind.GENERAL)
    data = {"name_en": "New", "name_ja": "新", "kind": "general", "body_en": "a", "body_ja": "b", "is_offered": "on"}

    client.post(reverse("admin:inquiries_answertemplate_change", args=[template.pk]), data)
    client.post(reverse("admin:inquiries_answertemplate_add"), data)

    template.refresh_from_db()
    assert template.body_ja == "b"
    acts = set(AuditEvent.objects.values_list("act", flat=True))
    assert acts >= {"answer template changed", "answer template added"}


@pytest.mark.req("R021")
def test_a_complaint_in_the_wrong_place_is_moved_to_the_officer(client, make_staff, inquiry):
    officer = make_staff(StaffRole.OFFICER)
    client.force_login(make_staff(StaffRole.REVIEWER))
    one = inquiry()

    client.post(page(one, "act", "sort"), {"kind": "privacy"})

    assert client.get(page(one)).status_code == 302
    assert messages_to(officer.email) == ["staff_received", "staff_received"]


def test_an_inquiry_is_assigned_to_somebody_who_may_answer_it(client, make_staff, inquiry):
    reviewer, editor = make_staff(StaffRole.REVIEWER), make_staff(StaffRole.EDITOR)
    client.force_login(reviewer)
    one = inquiry()

    for person in (editor, reviewer):
        client.post(page(one, "act", "assign"), {"to": person.pk})

    one.refresh_from_db()
    assert one.assigned_to == reviewer
    assert AuditEvent.objects.filter(act="inquiry assigned").count() == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"overdue", "new", "waiting"}),
        ("?state=overdue", {"overdue"}),
        ("?state=answered", {"answered"}),
        ("?state=all", {"overdue", "new", "waiting", "answered", "closed"}),
        ("?assigned=me", {"waiting"}),
        ("?assigned=nobody", {"overdue", "new"}),
        ("?state=all&kind__exact=press", {"new"}),
        ("?state=all&language__exact=ja", {"waiting"}),
    ],
)
def test_the_queue_is_filtered(client, make_staff, inquiry, query, expected):
    reviewer = make_staff(StaffRole.REVIEWER)
    client.force_login(reviewer)
    yesterday = timezone.localdate() - timedelta(days=1)
    for name, language, values in [
        ("overdue", "en", {"due_on": yesterday}),
        ("new", "en", {"kind": "press"}),
        ("waiting", "ja", {"state": "waiting", "assigned_to": reviewer}),
        ("answered", "en", {"state": "answered"}),
        ("closed", "en", {"state": "closed", "due_on": yesterday}),
    ]:
        Inquiry.objects.filter(pk=inquiry(language, name=name).pk).update(**values)

    shown = client.get(reverse("admin:inquiries_inquiry_changelist") + query).context["cl"].result_list

    assert {one.name for one in shown} == expected


@pytest.mark.req("R049", "R151")
def test_who_may_not_see_persons_reads_no_name_and_no_text_and_each_sight_is_recorded(client, make_staff, inquiry):
    reviewer = make_staff(StaffRole.REVIEWER)
    client.force_login(reviewer)
    one = inquiry()
    paths = [page(one), page(one, "act", "answer"), reverse("admin:inquiries_inquiry_changelist")]
    acts = ["personal fields seen", "personal fields listed"]

    for path in paths:
        client.get(path)
    assert AuditEvent.objects.filter(by=reviewer, act__in=acts).count() == 3

    group = reviewer.groups.get()
    group.permissions.remove(group.permissions.get(codename="view_personal_fields"))
    for path in paths:
        shown = client.get(path).content.decode()
        assert one.number in shown
        assert not [word for word in ("Sam Sender", "sender@elsewhere", "When do you open") if word in shown]
    assert AuditEvent.objects.filter(by=reviewer, act__in=acts).count() == 3


@pytest.mark.req("R038", "R110")
def test_who_only_asked_is_forgotten_some_time_after_the_last_answer(client, make_staff, inquiry):
    client.force_login(make_staff(StaffRole.REVIEWER))
    first, second = inquiry(), inquiry(message="And when do you close?")

    answer(client, first)
    first.subject.refresh_from_db()
    assert first.subject.ended_at is None

    client.post(page(second, "act", "close"))
    first.subject.refresh_from_db()
    assert first.subject.ended_at is not None


@pytest.mark.req("R095")
@pytest.mark.parametrize(("kind", "arrives"), [(Kind.GENERAL, False), (Kind.PRIVACY, True)])
def test_a_restriction_stops_answers_but_not_those_about_one_s_own_data(client, make_staff, inquiry, kind, arrives):
    client.force_login(make_staff(StaffRole.OFFICER))
    one = inquiry(kind=kind)
    consent.restrict(one.subject)

    answer(client, one)

    message = Message.objects.get(template="inquiries/emails/answered")
    assert gate.may_send(message.to_ref, message.purpose) is arrives


@pytest.mark.req("R101")
@pytest.mark.parametrize(("language", "words"), [("en", "a supervisory authority"), ("ja", "監督機関")])
def test_what_is_decided_on_a_complaint_names_the_right_to_go_to_an_authority(language, words):
    template = AnswerTemplate.objects.get(kind=Kind.PRIVACY)

    assert words in getattr(template, f"body_{language}")
