"""Writing to the secretariat without a log-in: an inquiry, an acknowledgement, and no other use of the data."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.working_days import add_working_days
from inquiries import limits
from inquiries.models import ANSWERED_WITHIN, Entry, Inquiry, Kind, Unconfirmed
from outbox.models import Message
from privacy import gate
from privacy.models import Subject
from privacy.purposes import Purpose
from tests.accounts.mail import address_of, last_code, messages_to, read_all
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FORM = "/en/inquiries/"


@pytest.mark.req("R021", "R100")
@pytest.mark.parametrize("kind", [Kind.GENERAL, Kind.SERVICE, Kind.PRESS])
def test_a_letter_without_a_log_in_becomes_an_inquiry_with_a_number_and_a_day(client, inquire, kind):
    answer = inquire(kind=kind)

    inquiry = Inquiry.objects.get()
    assert inquiry.number.startswith(f"Q-{timezone.localdate().year}-")
    assert inquiry.due_on == add_working_days(inquiry.received_at, ANSWERED_WITHIN[kind])
    assert [entry.text for entry in inquiry.entries.all()] == ["When do you open?"]
    assert inquiry.number in client.get(answer["Location"]).content.decode()


@pytest.mark.req("R021")
@pytest.mark.parametrize(("language", "words"), [("en", "has arrived"), ("ja", "届きました")])
def test_the_acknowledgement_speaks_the_sender_s_language_and_repeats_nothing(inquire, language, words):
    inquire(language, name="Buy now at http://spam.example", message="Cheap pills")

    (mail,) = [mail for mail in read_all() if mail.to == ["sender@elsewhere.example"]]
    assert mail.extra_headers["Content-Language"] == language
    assert Inquiry.objects.get().number in mail.subject + mail.body
    assert words in mail.body
    assert "spam" not in mail.subject + mail.body
    assert "pills" not in mail.subject + mail.body


@pytest.mark.req("R021", "R100")
@pytest.mark.parametrize("kind", [Kind.PRIVACY, Kind.RIGHTS])
def test_what_is_about_personal_data_waits_for_a_typed_code(inquire, type_code, kind):
    answer = inquire(kind=kind)
    assert not Inquiry.objects.exists()
    assert messages_to("sender@elsewhere.example") == ["code"]

    type_code(answer)

    inquiry = Inquiry.objects.get()
    assert (inquiry.kind, inquiry.is_address_confirmed) == (kind, True)
    assert not Unconfirmed.objects.exists()


@pytest.mark.req("R112", "R113")
@pytest.mark.parametrize(("language", "words"), [("en", "Nothing has been sent yet"), ("ja", "まだ送信されていません")])
def test_who_chooses_a_child_s_data_is_asked_whose_and_keeps_what_was_typed(inquire, language, words):
    page = inquire(language, kind=Kind.CHILD, message="Our son is on a page of yours.")

    assert words in page.content.decode()
    assert "Our son is on a page of yours." in page.content.decode()
    assert "sender@elsewhere.example" in page.content.decode()
    assert f'action="/{language}/inquiries/child/"' in page.content.decode()
    assert not Inquiry.objects.exists()
    assert not Unconfirmed.objects.exists()


@pytest.mark.req("R038", "C10")
def test_an_inquirer_is_known_for_the_answer_only(inquire):
    inquire()

    subject = Inquiry.objects.get().subject
    allowed = {purpose for purpose in Purpose if gate.permitting(purpose).filter(pk=subject.pk).exists()}
    assert Purpose.INQUIRIES in allowed
    assert not allowed & {Purpose.NEWSLETTER}
    assert Subject.objects.count() == 1


def test_two_letters_from_one_address_are_one_person(inquire):
    inquire()
    inquire(message="And when do you close?")

    assert Inquiry.objects.count() == 2
    assert Subject.objects.count() == 1


def test_an_address_alone_does_not_lead_to_the_account_with_that_address(inquire):
    person = UserFactory(email="sender@elsewhere.example")

    inquire()

    assert Inquiry.objects.get().subject != person.subject


def test_who_is_logged_in_writes_from_their_own_address(client, inquire):
    person = UserFactory(email="own@inn.example", language="ja")
    client.force_login(person)
    assert "own@inn.example" in client.get(FORM).content.decode()

    inquire(kind=Kind.RIGHTS, email="other@inn.example")

    inquiry = Inquiry.objects.get()
    assert (inquiry.subject, inquiry.email, inquiry.language) == (person.subject, "own@inn.example", "ja")


def test_a_double_click_makes_one_inquiry(inquire):
    key = uuid.uuid4()
    answers = [inquire(form_key=key)["Location"] for _click in range(2)]

    assert answers[0] == answers[1]
    assert Entry.objects.count() == 1
    assert messages_to("sender@elsewhere.example") == ["received"]


def test_the_same_form_with_other_words_is_another_letter(inquire):
    key = uuid.uuid4()
    inquire(form_key=key)
    inquire(form_key=key, message="When do you open on Sundays?")

    assert Entry.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("message", "", "Enter your message"),
        ("message", "x" * 100_000, "4000 characters or fewer"),
        ("email", "nobody at business", "right format"),
        ("email", "", "Enter your email address"),
        ("kind", "", "Choose what it is about"),
        ("kind", "spam", "Select a valid choice"),
        ("form_key", "x", "Enter a valid UUID"),
    ],
)
def test_bad_input_is_answered_in_words_and_kept(client, inquire, field, typed, problem):
    answer = inquire(**{field: typed})

    assert answer.status_code == 200
    assert problem in answer.content.decode()
    assert answer.context["form"][field].value() == typed
    assert not Inquiry.objects.exists()
    assert not Message.objects.exists()


def test_what_can_be_read_is_taken(inquire):
    inquire(email="ＳＥＮＤＥＲ＠Elsewhere.Example", name="A\r\nBcc: x@y.example", message="a\x00b\r\n\r\n\r\n\r\nc")

    inquiry = Inquiry.objects.get()
    assert inquiry.email == "sender@elsewhere.example"
    assert inquiry.name == "A Bcc: x@y.example"
    assert "\x00" not in inquiry.entries.get().text
    assert all("Bcc" not in str(mail.message()).partition("\n\n")[0] for mail in read_all())


def test_a_robot_that_fills_the_hidden_field_believes_in_its_success(client, inquire):
    robot = inquire(subject="Best prices")
    robots_page = client.get(robot["Location"])

    assert (robot.status_code, robots_page.status_code) == (302, 200)
    assert "has arrived" in robots_page.content.decode()
    assert not any(model.objects.exists() for model in (Inquiry, Unconfirmed, Subject, Message))


def test_correcting_a_form_costs_no_try(inquire):
    for _try in range(40):
        assert inquire(message="").status_code == 200

    assert inquire().status_code == 302


def test_from_the_third_letter_in_an_hour_an_address_is_asked_for_a_code(inquire):
    for number in range(2):
        inquire(message=f"Letter {number}")
    inquire(message="Letter 3")

    assert Inquiry.objects.count() == 2
    assert messages_to("sender@elsewhere.example") == ["received", "received", "code"]


def test_at_the_limit_what_was_typed_stays_with_when_to_try_again(inquire, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "send", ("1/h/ip",))
    inquire()

    answer = inquire(message="One more thing")

    assert answer.status_code == 429
    assert "One more thing" in answer.content.decode()
    assert "Try again in an hour" in answer.content.decode()
    assert Inquiry.objects.count() == 1


def test_a_refused_letter_does_not_use_up_the_other_limits(rf, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "send", ("5/h/ip", "1/d/key"))
    requests = [rf.post("/") for _request in range(6)]

    waits = [limits.wait(request, "send", key="a@b.example") for request in requests[:3]]

    assert waits == [None, 86400, 86400]
    assert limits.wait(requests[3], "send", key="other@b.example") is None
    assert limits.wait(requests[4], "send", key="third@b.example") is None


# ---- the code ----


def test_a_code_works_once(client, inquire, type_code):
    answer = inquire(kind=Kind.PRIVACY)
    code = last_code()

    arrived = [type_code(answer, code)["Location"] for _time in range(2)]

    assert arrived[0] == arrived[1]
    assert Entry.objects.count() == 1


def test_a_wrong_code_is_refused_and_five_end_it(inquire, type_code):
    answer = inquire(kind=Kind.PRIVACY)
    code = last_code()

    for _try in range(5):
        assert "wrong or has expired" in type_code(answer, "ABCD-EFGH").content.decode()

    assert type_code(answer, code).status_code == 200
    assert not Inquiry.objects.exists()


def test_an_expired_code_is_refused_and_a_new_one_works(client, inquire, type_code):
    answer = inquire(kind=Kind.PRIVACY)
    old = last_code()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert type_code(answer, old).status_code == 200
        client.post(answer["Location"], {"resend": "1"})
        assert type_code(answer, old).status_code == 200
        assert type_code(answer).status_code == 302

    assert Inquiry.objects.count() == 1


def test_a_code_is_read_in_any_width_and_case(inquire, type_code):
    answer = inquire(kind=Kind.PRIVACY)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in last_code().lower())

    assert type_code(answer, full_width).status_code == 302


def test_a_mistyped_address_is_corrected_without_typing_the_letter_again(client, inquire, type_code):
    answer = inquire(kind=Kind.PRIVACY, email="sendr@elsewhere.example")
    client.post(answer["Location"], {"change": "1", "email": "sender@elsewhere.example"})

    type_code(answer)

    assert Inquiry.objects.get().email == "sender@elsewhere.example"
    assert messages_to("sender@elsewhere.example") == ["code", "received"]


@pytest.mark.parametrize("address", ["", "nobody at all"])
def test_another_address_must_be_one(client, inquire, address):
    answer = inquire(kind=Kind.PRIVACY)

    page = client.post(answer["Location"], {"change": "1", "email": address})

    assert page.status_code == 200
    assert len(messages_to("sender@elsewhere.example")) == 1


def test_mail_to_one_address_has_an_end(client, inquire):
    answer = inquire(kind=Kind.PRIVACY)

    statuses = [client.post(answer["Location"], {"resend": "1"}).status_code for _time in range(6)]

    assert statuses == [302, 302, 302, 429, 429, 429]
    assert len(messages_to("sender@elsewhere.example")) == 4


def test_opening_a_page_changes_nothing(client, inquire):
    answer = inquire(kind=Kind.PRIVACY)
    before = (Unconfirmed.objects.values().get(), Message.objects.count())

    for _scanner in range(3):
        for path in (FORM, f"{FORM}child/", answer["Location"], answer["Location"].replace("confirm", "sent")):
            assert client.get(f"{path}?code={last_code()}").status_code == 200

    assert (Unconfirmed.objects.values().get(), Message.objects.count()) == before
    assert not Inquiry.objects.exists()


@pytest.mark.req("R110")
def test_what_is_never_confirmed_is_deleted_after_a_day(inquire, capsys):
    inquire(kind=Kind.PRIVACY)
    call_command("delete_unconfirmed_inquiries")
    assert Unconfirmed.objects.exists()

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        call_command("delete_unconfirmed_inquiries", "--dry-run")
        assert Unconfirmed.objects.exists()
        call_command("delete_unconfirmed_inquiries")

    assert not Unconfirmed.objects.exists()
    assert capsys.readouterr().out.splitlines()[-1] == "1 inquiries deleted"


# ---- going on ----


@pytest.mark.req("R021")
def test_a_message_with_the_number_and_a_code_opens_the_inquiry_again(inquire, type_code):
    inquire()
    inquiry = Inquiry.objects.get()
    Inquiry.objects.update(state=Inquiry.State.CLOSED, due_on=timezone.localdate() - timedelta(days=30))

    answer = inquire(number=f" {inquiry.number.lower()} ", message="One thing is still open")
    type_code(answer)

    inquiry.refresh_from_db()
    assert inquiry.state == Inquiry.State.NEW
    assert inquiry.due_on > timezone.localdate()
    assert [entry.text for entry in inquiry.entries.all()] == ["When do you open?", "One thing is still open"]


def test_a_number_of_somebody_else_opens_an_inquiry_of_one_s_own(inquire, type_code):
    inquire(email="first@elsewhere.example")
    first = Inquiry.objects.get()

    type_code(inquire(number=first.number, message="What did they ask?"))

    assert first.entries.count() == 1
    assert Inquiry.objects.count() == 2


def test_an_unknown_number_is_asked_for_a_code_like_a_known_one(inquire):
    inquire(email="first@elsewhere.example")
    known = Inquiry.objects.get().number

    answers = [inquire(number=number, email="x@elsewhere.example") for number in (known, "Q-1999-000001")]

    assert all(answer["Location"].endswith("/confirm/") for answer in answers)


def test_staff_who_may_answer_are_told_without_the_text(inquire, type_code, make_staff):
    reviewer, officer = make_staff("registration reviewer"), make_staff("privacy officer")

    inquire()
    type_code(inquire(kind=Kind.PRIVACY))

    to_staff = Message.objects.filter(template="inquiries/emails/staff_received")
    assert sorted((address_of(m).email, m.context["kind"]) for m in to_staff) == sorted(
        [(reviewer.email, "general"), (officer.email, "general"), (officer.email, "privacy")]
    )
    assert "When do you open" not in str(read_all()[0].body)


def test_the_pages_and_the_mail_name_no_unknown_reference(client):
    assert client.get(reverse("inquiries:inquiry-confirm", args=[uuid.uuid4()])).status_code == 404
