"""Filling in, step by step: whatever is well-formed is kept, whatever is not stays on the screen."""

import re
import uuid
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.completeness import STEPS
from accounts.fingerprint import fingerprint
from accounts.forms.registration import FORMS
from accounts.licences import KINDS
from accounts.models import AddressProof, DomesticRegistration, Invitation, OverseasRegistration, Role
from accounts.services import registration as services
from accounts.sides import Side
from outbox.models import Message
from privacy.models import AuditEvent
from tests.accounts.mail import last_code, messages_to
from tests.factories import (
    DomesticRegistrationFactory,
    OperatorFactory,
    OverseasRegistrationFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db
MODELS = {Side.DOMESTIC: DomesticRegistration, Side.OVERSEAS: OverseasRegistration}


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


@pytest.fixture
def draft(person):
    return services.start(person, Side.DOMESTIC)


def url(name, registration, *args):
    return reverse(f"accounts:registration-{name}", args=[registration.ref, *args])


def post(client, registration, step, **answers):
    """Send a step as its page was shown just now."""
    address = url("step", registration, step)
    return client.post(address, {"version": client.get(address).context["version"], **answers})


def wrong(client, registration, step, **answers):
    response = post(client, registration, step, **answers)
    registration.refresh_from_db()
    assert response.status_code == 200
    return response.context["form"]


def test_a_step_is_saved_with_nothing_filled_in(client, draft):
    for step in STEPS[Side.DOMESTIC]:
        assert post(client, draft, step, number_0="").status_code == 302


def test_what_is_well_formed_is_saved_beside_what_is_not(client, draft):
    form = wrong(client, draft, "business", business_name="見本旅館", telephone="0３-12", employees="many")
    assert draft.business_name == "見本旅館"
    assert draft.telephone == ""
    assert form["telephone"].value() == "0３-12"
    assert form["employees"].value() == "many"
    assert set(form.errors) == {"telephone", "employees"}


TEXTS = {
    "NUL": "見本\0旅館",
    "half of a character": "見本\ud800旅館",
    "beyond the basic plane": "𠮷田屋",
    "variation": "葛\U000e0100飾",
    "half-width kana": "ﾐﾎﾝ",
    "signs": "㈱①㍿Ⅷ",
    "combining": "か\u3099",
    "full-width": "１２３ＡＢＣ",
    "long": "é" * 10_000,
    "lines": "a\r\n" * 3_000,
    "markup": "<script>alert(1)</script>{{ 7 }}",
    "formula": "=1+1",
    "right to left": "\u202eevil",
    "only blanks": " \u3000\u200b ",
    "number": "-0",
    "too large": "1e309",
}
STEP_FORMS = [(side, step) for side, forms in FORMS.items() for step in forms]


def encoded(data):
    """A form as a hostile client sends it: the test client would refuse halves of characters."""
    return "&".join(f"{quote(name)}={quote(value, errors='surrogatepass')}" for name, value in data.items())


@pytest.mark.parametrize(("side", "step"), STEP_FORMS)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_in_any_field_gets_an_answer(client, person, side, step, text):
    registration = services.start(person, side)
    names = [*FORMS[side][step].base_fields, *(["kind_0", "authority_0", "number_0"] if step == "licences" else [])]
    version = fingerprint(registration, STEPS[side][step])
    body = encoded({"version": version} | dict.fromkeys(names, text))

    response = client.post(url("step", registration, step), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code in (200, 302)
    if response.status_code == 200:
        form = response.context["form"]
        for name in names:
            # BadInputMiddleware leaves out what no text can hold.
            assert form[name].value() in (text.replace("\0", ""), text.replace("\ud800", "\ufffd" * 3), True)
    registration.refresh_from_db()
    for field in registration.FIELDS:
        value = getattr(registration, field)
        assert not isinstance(value, str) or len(value) <= (registration._meta.get_field(field).max_length or 0)
        assert not re.search("[\0\u202e\u200b]", str(value))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({"postcode": "〒１６３ー８００１"}, "163-8001"),
        ({"telephone": "０３－５３２０－４７６９"}, "+81353204769"),
        ({"employees": "１，２００人"}, 1200),
        ({"business_name": "㈱𠮷野家髙島"}, "㈱𠮷野家髙島"),
        ({"homepage": "ｗｗｗ．inn.example"}, "https://www.inn.example/"),
    ],
)
def test_any_width_is_read(client, draft, typed, stored):
    assert post(client, draft, "business", **typed).status_code == 302
    draft.refresh_from_db()
    (name,) = typed
    assert getattr(draft, name) == stored


@pytest.mark.parametrize(
    ("side", "stored", "shown"),
    [
        (Side.DOMESTIC, "+81318616258", "03-1861-6258"),
        (Side.DOMESTIC, "+81120000000", "0120-000-000"),
        (Side.OVERSEAS, "+81318616258", "+81 3-1861-6258"),
        (Side.OVERSEAS, "+33199001234", "+33 1 99 00 12 34"),
    ],
)
def test_a_saved_telephone_number_is_shown_as_written_and_read_again(client, person, side, stored, shown):
    registration = services.start(person, side)
    registration.telephone = stored
    registration.save()

    form = client.get(url("step", registration, "business")).context["form"]

    assert form["telephone"].value() == shown
    assert form.fields["telephone"].clean(shown) == stored


class TestLicences:
    def test_rows_are_added_by_a_button(self, client, draft):
        answers = {"licence_state": "held", "kind_0": "travel-2", "authority_0": "", "number_0": "２－６８１１"}
        kind = next(code for code, known in KINDS.items() if known.number == "class 2")
        response = post(client, draft, "licences", **(answers | {"kind_0": kind}), add_licence="1")
        assert response.url == f"{url('step', draft, 'licences')}?add#id_kind_1"
        page = client.get(response.url)
        assert len(page.context["form"].rows) == 2
        assert "Class 2 Travel" in page.content.decode()
        assert "2-6811" in page.content.decode()
        draft.refresh_from_db()
        assert draft.licences == [{"kind": kind, "authority": "東京都知事", "number": "2-6811"}]

    def test_a_wrong_number_stays_on_the_screen_and_the_rest_is_kept(self, client, draft):
        kind = next(code for code, known in KINDS.items() if known.number == "home sharing")
        form = wrong(client, draft, "licences", licence_state="held", kind_0=kind, authority_0="", number_0="M99-wrong")
        assert form["number_0"].value() == "M99-wrong"
        assert draft.licence_state == "held"
        assert [row["number"] for row in draft.licences] == [""]

    def test_a_row_that_no_longer_counts_is_not_checked(self, client, draft):
        post(client, draft, "licences", licence_state="not needed", kind_0="home-sharing", number_0="M99-wrong")
        draft.refresh_from_db()
        assert (draft.licence_state, draft.licences) == ("not needed", [])

    def test_an_emptied_row_goes(self, client, draft):
        draft.licences = [{"kind": "", "authority": "", "number": str(n)} for n in range(3)]
        draft.save()
        post(client, draft, "licences", licence_state="held", number_0="0", number_1="", number_2="2")
        draft.refresh_from_db()
        assert [row["number"] for row in draft.licences] == ["0", "2"]

    def test_there_is_an_end_to_the_rows(self, client, draft):
        post(client, draft, "licences", **{f"number_{n}": "1" for n in range(200)})
        draft.refresh_from_db()
        assert len(draft.licences) == 20


class TestTwoPeople:
    """A stale save shows both texts, and loses neither."""

    def test_answers_of_somebody_else_are_shown_beside_ones_own(self, client, draft):
        address = url("step", draft, "business")
        version = client.get(address).context["version"]
        post(client, draft, "business", business_name="Theirs")

        response = client.post(address, {"version": version, "business_name": "Mine", "city": "台東区"})

        draft.refresh_from_db()
        assert (draft.business_name, draft.city) == ("Theirs", "")
        assert ("Business name", "Theirs", "Mine") in response.context["conflicts"]
        assert response.context["form"]["city"].value() == "台東区"
        again = {"version": response.context["version"], "business_name": "Mine", "city": "台東区"}
        assert client.post(address, again).status_code == 302
        draft.refresh_from_db()
        assert draft.business_name == "Mine"

    def test_two_people_on_two_steps_do_not_meet(self, client, draft):
        address = url("step", draft, "contact")
        version = client.get(address).context["version"]
        post(client, draft, "business", business_name="Theirs")
        assert client.post(address, {"version": version, "contact_name": "Mine"}).status_code == 302

    def test_the_same_form_twice_is_no_conflict(self, client, draft):
        address = url("step", draft, "business")
        data = {"version": client.get(address).context["version"], "business_name": "Mine"}
        assert [client.post(address, data).status_code for _click in range(2)] == [302, 302]
        draft.refresh_from_db()
        assert draft.version == 1
        assert AuditEvent.objects.filter(act="registration answers saved").count() == 1


class TestLanguageSwitch:
    def test_saves_the_draft_and_shows_the_same_page(self, client, draft):
        address = url("step", draft, "business")
        response = post(client, draft, "business", business_name="見本旅館", switch_language="ja")
        assert response.url == address.replace("/en/", "/ja/")
        assert client.get(response.url).context["form"]["business_name"].value() == "見本旅館"

    def test_keeps_what_cannot_be_saved(self, client, draft):
        response = post(client, draft, "business", telephone="03-12", city="台東区", switch_language="ja")
        page = client.get(response.url)
        assert page.context["form"]["telephone"].value() == "03-12"
        assert "電話番号を入力してください" in page.context["form"].errors["telephone"][0]
        assert client.get(response.url).context["form"]["telephone"].value() == ""


class TestAddressOfThePersonInCharge:
    def contact(self, client, draft, **answers):
        return post(client, draft, "contact", contact_address="other", other_email="Boss@inn.example", **answers)

    def test_another_address_reads_a_code(self, client, draft):
        response = self.contact(client, draft)
        assert response.url == url("address", draft)
        assert messages_to("boss@inn.example") == ["address_code"]
        assert client.post(response.url, {"code": "AAAA-AAAA"}).context["form"].errors["code"]
        assert "contact_email" in services.missing(DomesticRegistration.objects.get())

        typed = last_code().lower().replace("-", " ")
        assert client.post(response.url, {"code": typed}).url == url("detail", draft)
        assert "contact_email" not in services.missing(DomesticRegistration.objects.get())

    def test_a_code_is_guessed_five_times_only(self, client, draft):
        address = self.contact(client, draft).url
        for _guess in range(5):
            client.post(address, {"code": "AAAA-AAAA"})
        assert client.post(address, {"code": last_code()}).context["form"].errors["code"]
        client.post(address, {"resend": "1"})
        assert client.post(address, {"code": last_code()}).status_code == 302

    def test_codes_are_not_mailed_without_end(self, client, draft):
        address = self.contact(client, draft).url
        for _click in range(10):
            client.post(address, {"resend": "1"})
        assert len(messages_to("boss@inn.example")) == 5

    def test_ones_own_address_needs_none(self, client, draft):
        assert post(client, draft, "contact", contact_address="account").url == url("detail", draft)
        assert not AddressProof.objects.exists()


class TestSending:
    @pytest.fixture
    def complete(self, client):
        registration = DomesticRegistrationFactory()
        client.force_login(registration.operator.memberships.get().user)
        return registration

    def send(self, client, registration, version=None):
        version = registration.version if version is None else version
        return client.post(url("check", registration), {"is_right": "on", "version": version})

    def test_twice_makes_one(self, client, complete):
        answers = [self.send(client, complete).url for _click in range(2)]
        assert answers == [url("sent", complete)] * 2
        assert AuditEvent.objects.filter(act="registration sent").count() == 1
        assert Message.objects.filter(template__endswith="application_received").count() == 1

    def test_needs_the_declaration(self, client, complete):
        response = client.post(url("check", complete), {"version": complete.version})
        assert response.context["form"].errors["is_right"]
        complete.refresh_from_db()
        assert complete.status == "draft"

    @pytest.mark.parametrize("version", ["", "x", "9" * 400, "-1"])
    def test_a_version_nobody_was_shown_is_not_sent(self, client, complete, version):
        assert self.send(client, complete, version).status_code in (200, 302)
        complete.refresh_from_db()
        assert complete.status == "draft"

    def test_what_was_changed_meanwhile_is_looked_at_again(self, client, complete):
        post(client, complete, "business", business_name="Theirs")
        assert self.send(client, complete).url == url("check", complete)
        complete.refresh_from_db()
        assert complete.status == "draft"

    def test_what_is_missing_is_listed_with_links(self, client, draft):
        page = client.get(url("check", draft))
        anchors = [item["url"].split("#")[1] for item in page.context["missing"]]
        assert anchors[0] == "id_business_name"
        assert "id_contact_address_0" in anchors
        self.send(client, draft)
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_a_link_to_change_leads_back(self, client, complete):
        row = client.get(url("check", complete)).context["sections"][0]["rows"][0]
        version = client.get(row["url"]).context["version"]
        response = client.post(row["url"].split("#")[0], {"version": version, "business_name": "新名"})
        assert response.url == url("check", complete)

    def test_sent_answers_are_not_changed(self, client, complete):
        self.send(client, complete)
        response = client.post(url("step", complete, "business"), {"business_name": "Late"})
        assert response.url == url("status", complete)
        complete.refresh_from_db()
        assert complete.business_name != "Late"


class TestAnswersOfStaff:
    @pytest.fixture
    def sent(self, client):
        registration = OverseasRegistrationFactory()
        owner = registration.operator.memberships.get().user
        client.force_login(owner)
        return services.submit(registration, by=owner)

    @pytest.fixture
    def reviewer(self, make_staff):
        return make_staff("registration reviewer")

    def test_questions_lead_to_their_fields(self, client, sent, reviewer):
        services.request_changes(sent, by=reviewer, fields={"telephone": "Which country?"}, note="Thank you.")
        page = client.get(url("status", sent))
        assert page.context["asked"] == [
            {
                "label": "Telephone number",
                "text": "Which country?",
                "url": f"{url('step', sent, 'business')}?then=check#id_telephone",
            }
        ]
        assert "Which country?" in client.get(page.context["asked"][0]["url"]).content.decode()

    def test_declined_can_apply_again(self, client, sent, reviewer):
        services.decline(sent, by=reviewer, reasons=["not found"], note="We searched.")
        page = client.get(url("status", sent)).content.decode()
        assert "We could not find the business under the details given." in page
        again = client.post(reverse("accounts:registration-change", args=[sent.operator.ref]))
        new = OverseasRegistration.objects.latest("pk")
        assert again.url == url("detail", new)
        assert new.business_name == sent.business_name

    @pytest.mark.req("R046")
    def test_a_change_leaves_the_approved_values_alone(self, client, sent, reviewer):
        services.approve(sent, by=reviewer)
        for _click in range(2):
            client.post(reverse("accounts:registration-change", args=[sent.operator.ref]))
        change = OverseasRegistration.objects.latest("pk")
        assert OverseasRegistration.objects.count() == 2
        assert client.get(url("check", change)).context["is_unchanged"]

        form = client.get(url("step", change, "business")).context["form"]
        answers = {name: form[name].value() for name in form.fields if form[name].value()}
        post(client, change, "business", **(answers | {"city": "Paris"}))
        change.refresh_from_db()
        sent.operator.refresh_from_db()
        assert (change.city, sent.operator.city) == ("Paris", "Lyon")
        assert client.get(url("status", change)).context["differences"] == [("City", "Lyon", "Paris")]

        change = services.submit(change, by=sent.operator.memberships.get().user)
        services.decline(change, by=reviewer, reasons=["not found"])
        client.post(reverse("accounts:registration-change", args=[sent.operator.ref]))
        assert OverseasRegistration.objects.latest("pk").city == "Paris"


class TestWhoMay:
    PAGES = ["detail", "check", "sent", "status", "address", "hand-over"]

    @pytest.mark.req("R043", "R151")
    def test_strangers_see_what_does_not_exist(self, client, person):
        registration = DomesticRegistrationFactory()
        missing = DomesticRegistration()
        for name in self.PAGES:
            answers = [
                client.post(url(name, one)) if name == "hand-over" else client.get(url(name, one))
                for one in (registration, missing)
            ]
            assert {answer.status_code for answer in answers} == {404}
            same = [re.sub(r'"[A-Za-z0-9]{64}"|' + "[0-9a-f-]{36}", "", answer.content.decode()) for answer in answers]
            assert same[0] == same[1]

    def test_readers_read(self, client):
        registration = DomesticRegistrationFactory()
        client.force_login(make_member(registration.operator, role=Role.READER))
        assert client.get(url("status", registration)).status_code == 200
        assert client.get(url("detail", registration)).url == url("status", registration)
        for step in STEPS[Side.DOMESTIC]:
            assert client.get(url("step", registration, step)).status_code == 404
        assert client.get(url("check", registration)).status_code == 404
        assert client.post(url("hand-over", registration)).status_code == 404

    @pytest.mark.req("C13")
    def test_other_side_is_closed(self, client):
        client.force_login(make_member(overseas=True))
        response = client.post(reverse("accounts:registration-begin", args=["domestic"]))
        assert response.url == reverse("accounts:registration-start")
        assert not DomesticRegistration.objects.exists()

    def test_starting_twice_makes_one(self, client, person):
        begin = reverse("accounts:registration-begin", args=["overseas"])
        assert client.post(begin).url == client.post(begin).url

    @pytest.mark.req("R151")
    def test_nobody_writes_without_the_token(self, person, draft):
        client = Client(enforce_csrf_checks=True)
        client.force_login(person)
        assert client.post(url("step", draft, "business"), {"business_name": "Forged"}).status_code == 403
        draft.refresh_from_db()
        assert draft.business_name == ""

    @pytest.mark.req("R151")
    def test_fields_that_were_not_asked_for_are_ignored(self, client, draft):
        before = DomesticRegistration.objects.values().get()
        post(client, draft, "contact", status="approved", reference="X", operator="1", representative_name="Forged")
        after = DomesticRegistration.objects.values().get()
        assert {name for name in before if before[name] != after[name]} <= {"updated_at"}


class TestHandingOver:
    @pytest.mark.parametrize(
        ("approved", "role", "status"),
        [
            (False, Role.OWNER, 302),
            (False, Role.EDITOR, 302),
            (True, Role.OWNER, 302),
            (True, Role.EDITOR, 404),
        ],
    )
    def test_once_approved_only_owners_bring_in_colleagues(self, client, approved, role, status):
        registration = OverseasRegistrationFactory(
            operator=OperatorFactory(overseas=True, **({} if approved else {"approved_at": None}))
        )
        client.force_login(make_member(registration.operator, role=role))

        assert client.post(url("hand-over", registration), {"ref": uuid.uuid4()}).status_code == status
        assert Invitation.objects.exists() is (status == 302)

    def test_a_code_is_shown_once_and_lets_a_colleague_edit(self, client, draft):
        page = client.get(url("status", draft))
        form = {"ref": page.context["hand_over_ref"]}
        answers = [client.post(url("hand-over", draft), form).url for _click in range(2)]
        assert answers[0] == answers[1]
        assert Invitation.objects.count() == 1
        code = client.get(url("status", draft)).context["code"]
        assert client.get(url("status", draft)).context["code"] is None

        colleague = Client()
        colleague.force_login(UserFactory())
        colleague.post(reverse("accounts:invitation-accept"), {"code": code})
        assert post(colleague, draft, "business", business_name="By a colleague").status_code == 302


def test_a_romanised_name_is_stored_half_width(client, draft):
    post(client, draft, "business", business_name="見本旅館", business_name_romanised="Ｍｉｈｏｎ　Ｒｙｏｋａｎ")

    draft.refresh_from_db()
    assert draft.business_name_romanised == "Mihon Ryokan"
