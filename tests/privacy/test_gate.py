"""The gate: what nobody declared is refused, and what is used is written down."""

import logging

import pytest
from django.core import mail
from django.utils import timezone

import outbox
from outbox import delivery
from outbox.models import Message, State
from privacy import consent, gate
from privacy.declarations import minimum_for
from privacy.models import ProcessingRecord, Recipient, Subject
from privacy.purposes import CUSTOMARY_USES, RULES, Purpose
from tests.factories import OperatorFactory, SubjectFactory, UserFactory, make_member
from tests.outbox.conftest import mail_server  # noqa: F401

pytestmark = pytest.mark.django_db

NETWORKING = Purpose.NETWORKING


@pytest.fixture
def contractor():
    Recipient.objects.filter(code="contractor").update(attested_on=timezone.localdate())
    return "contractor"


@pytest.fixture
def operator():
    return OperatorFactory(shown_contact=["contact_name", "address"], contact_name="Hanako Mihon")


@pytest.mark.req("R039")
@pytest.mark.parametrize(
    ("use", "unknown"),
    [
        (("advertising",), "purpose"),
        (("operator_networking", "somebody"), "recipient"),
        (("newsletter", "", "gossip"), "topic"),
        (("newsletter",), "topic"),
        (("newsletter", "", "city-activities"), "topic"),
        (("rights", "", "newsletter"), "topic"),
    ],
)
def test_what_nobody_declared_is_refused_and_logged(caplog, use, unknown):
    subject = SubjectFactory()

    with caplog.at_level(logging.WARNING, logger="privacy.gate.conditions"):
        assert not gate.permitting(*use).exists()
        assert not gate.fields(subject, *use, surface="test")
        assert gate.why(subject, *use) == []

    assert {record.getMessage() for record in caplog.records} == {f"gate refused unknown {unknown}"}
    assert not ProcessingRecord.objects.exists()


@pytest.mark.req("R039")
def test_a_use_that_is_not_permitted_is_logged_without_a_person(caplog, operator):
    consent.restrict(operator.contact)

    with caplog.at_level(logging.INFO, logger="privacy.gate.uses"):
        assert not gate.fields(operator.contact, NETWORKING, surface="listing")

    [record] = caplog.records
    assert record.getMessage().startswith("gate refused purpose=operator_networking recipient= surface=listing ref=")
    assert "Hanako" not in caplog.text
    assert not ProcessingRecord.objects.exists()


@pytest.mark.req("R039", "R151")
def test_a_use_is_written_down_with_who_and_what(operator):
    reader = make_member(overseas=True)

    gate.fields(operator.contact, NETWORKING, surface="listing", by=reader, names={"contact_name"})

    record = ProcessingRecord.objects.get()
    assert (record.purpose, record.recipient, record.by_ref, record.surface) == (NETWORKING, "", reader.ref, "listing")
    assert (record.subjects, record.fields, record.versions) == (1, ["contact_name"], [1])


def test_what_is_handed_out_cannot_be_changed(operator):
    values = gate.fields(operator.contact, NETWORKING, surface="listing")

    with pytest.raises(TypeError):
        values[operator.pk] = {}
    with pytest.raises(TypeError):
        values[operator.pk]["contact_name"] = "Somebody else"


@pytest.mark.req("R039")
def test_only_what_is_asked_for_is_handed_out(operator):
    values = gate.fields(operator.contact, NETWORKING, surface="listing", names={"contact_name"})

    assert values == {operator.pk: {"contact_name": "Hanako Mihon"}}


@pytest.mark.req("R039")
def test_a_run_over_many_is_one_record_with_their_number(contractor):
    operators = [OperatorFactory(shown_contact=["contact_name"]) for _ in range(3)]
    consent.restrict(operators[0].contact)

    rows = gate.rows(NETWORKING, contractor, surface="hand-over", by=None)

    assert {subject.pk for subject, _values in rows} == {operator.contact_id for operator in operators[1:]}
    record = ProcessingRecord.objects.get()
    assert (record.subjects, record.recipient) == (len(rows), contractor)


def test_nothing_held_is_no_use():
    assert gate.rows(NETWORKING, surface="hand-over") == []
    assert not ProcessingRecord.objects.exists()


class TestWithholding:
    @pytest.mark.req("R063", "R064")
    def test_the_minimum_stays(self, contractor, operator):
        consent.opt_out(operator.contact, contractor)

        [values] = gate.fields(operator.contact, NETWORKING, contractor, surface="hand-over").values()

        assert set(values) == {"ref", "business_name", "country", "tokyo_municipality", "side"}
        assert ProcessingRecord.objects.get().fields == sorted(values)

    @pytest.mark.req("R063")
    def test_it_is_a_matter_of_one_recipient(self, contractor, operator):
        consent.opt_out(operator.contact, "delegation-company")

        for recipient in ("", contractor):
            [values] = gate.fields(operator.contact, NETWORKING, recipient, surface="hand-over").values()
            assert values["contact_name"] == "Hanako Mihon"

    @pytest.mark.req("R064")
    def test_a_larger_minimum_needs_a_reason_in_the_register(self, contractor, operator):
        Recipient.objects.filter(code=contractor).update(
            extra_minimum=["contact_name"], extra_minimum_reason="Answers the telephone"
        )
        consent.opt_out(operator.contact, contractor)

        [values] = gate.fields(operator.contact, NETWORKING, contractor, surface="hand-over").values()

        assert values["contact_name"] == "Hanako Mihon"
        assert "address" not in values

    @pytest.mark.req("R063")
    def test_the_minimum_names_nobody(self):
        assert minimum_for(NETWORKING) == {"ref", "business_name", "country", "tokyo_municipality", "side"}


@pytest.mark.req("C4", "R060")
def test_two_parties_work_for_the_city():
    parties = Recipient.objects.current(timezone.now())
    assert {party.name("en") for party in parties} == {"Toppan Inc.", "Toppan Travel Service Corp."}
    assert all(party.name("ja") and party.address("en") and party.address("ja") for party in parties)


@pytest.mark.req("C8", "R063")
def test_a_new_name_is_a_new_period_and_choices_stay(contractor, operator):
    consent.opt_out(operator.contact, contractor)
    now, old = timezone.now(), Recipient.objects.get(code=contractor)
    Recipient.objects.filter(pk=old.pk).update(valid_until=now)
    old.pk, old.name_en, old.valid_from = None, "Successor Inc.", now
    old.save()

    [values] = gate.fields(operator.contact, NETWORKING, contractor, surface="hand-over").values()

    assert set(values) == minimum_for(NETWORKING)
    assert [party.name_en for party in Recipient.objects.current(timezone.now()).filter(code=contractor)] == [
        "Successor Inc."
    ]


@pytest.mark.req("R066", "R060")
@pytest.mark.parametrize(
    "change",
    [
        {"attested_on": None},
        {"valid_until": timezone.now()},
        {"purposes": ["newsletter"]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_recipient_that_is_not_entitled_gets_nothing(contractor, operator, change):
    assert gate.fields(operator.contact, NETWORKING, contractor, surface="hand-over")

    Recipient.objects.filter(code=contractor).update(**change)

    assert not gate.fields(operator.contact, NETWORKING, contractor, surface="hand-over")


@pytest.mark.usefixtures("_templates")
class TestMail:
    def test_sending_is_a_use(self):
        person = UserFactory()
        outbox.post(person.subject, Purpose.ACCOUNT, "example/hello", name="A")

        delivery.sweep()

        record = ProcessingRecord.objects.get()
        assert (record.purpose, record.surface, record.fields, record.subjects) == ("account", "mail", ["email"], 1)
        assert [sent.to for sent in mail.outbox] == [[person.email]]

    @pytest.mark.req("R044")
    def test_who_withdrew_meanwhile_gets_no_mail(self, mail_server):  # noqa: F811
        person = UserFactory().subject
        consent.give(person, Purpose.NEWSLETTER, "newsletter")
        for topic in ("newsletter", "email-magazine", "", "gossip"):
            outbox.post(person, Purpose.NEWSLETTER, "example/hello", topic=topic, name="A")
        consent.withdraw(person, Purpose.NEWSLETTER, "newsletter")

        delivery.sweep()

        assert mail_server.mails == []
        assert {*Message.objects.values_list("state", flat=True)} == {State.REFUSED}
        assert not ProcessingRecord.objects.exists()

    @pytest.mark.req("R044", "R045", "C11")
    @pytest.mark.parametrize(
        ("said", "arrives"),
        [
            ([], {"city-activities", "service"}),
            ([(consent.give, "newsletter", "newsletter")], {"newsletter", "city-activities", "service"}),
            ([(consent.object_to, "city_information", "city-activities")], {"service"}),
            ([(consent.object_to, "city_information", "")], {"service"}),
            (
                [(consent.give, "newsletter", "email-magazine"), (consent.object_to, "newsletter", "")],
                {"city-activities", "service"},
            ),
        ],
    )
    def test_each_topic_is_a_choice_of_its_own(self, mail_server, said, arrives):  # noqa: F811
        person = UserFactory().subject
        for act, purpose, topic in said:
            act(person, purpose, topic)
        for purpose, topic in [
            ("newsletter", "newsletter"),
            ("newsletter", "email-magazine"),
            ("city_information", "city-activities"),
            ("service_notices", ""),
        ]:
            outbox.post(person, purpose, "example/hello", topic=topic, name=topic or "service")

        delivery.sweep()

        sent = Message.objects.filter(state=State.SENT)
        assert {message.topic or "service" for message in sent} == arrives
        assert len(mail_server.mails) == len(arrives)

    @pytest.mark.req("R039")
    def test_who_was_told_of_no_policy_gets_no_mail(self):
        person = UserFactory(subject=SubjectFactory(informed=False))
        outbox.post(person.subject, Purpose.ACCOUNT, "example/hello", name="A")

        delivery.sweep()

        assert not mail.outbox
        assert gate.contact_of(person.ref, Purpose.ACCOUNT) is None


class TestPurposes:
    """What people were promised maps onto the purposes in code (R036, R037, R050)."""

    @pytest.mark.req("R036")
    def test_the_five_purposes_of_the_general_policy_are_covered(self):
        assert {source for rule in RULES.values() for source in rule.sources if source.startswith("R036")} == {
            f"R036.{number}" for number in range(1, 6)
        }

    @pytest.mark.req("R037")
    def test_the_eight_purposes_of_the_gdpr_policy_are_covered(self):
        assert {source for rule in RULES.values() for source in rule.sources if source.startswith("R037")} == {
            f"R037.{number}" for number in range(1, 9)
        }

    @pytest.mark.req("R036", "R037")
    def test_every_purpose_rests_on_something_that_was_said(self):
        assert set(RULES) == set(Purpose)
        assert all(rule.sources for rule in RULES.values())

    @pytest.mark.req("R050")
    def test_what_others_do_with_data_is_a_stated_purpose_or_not_done(self):
        assert {use for use, purposes in CUSTOMARY_USES.items() if not purposes} == {"customised advertising"}
        for purposes in CUSTOMARY_USES.values():
            for purpose in purposes:
                assert any(source.startswith(("R036", "R037")) for source in RULES[purpose].sources)

    @pytest.mark.req("R051", "R036")
    def test_what_the_four_purposes_do_not_hold_is_stated_where_it_is_asked_for(self):
        four = {"R036.1", "R036.2", "R036.3", "R036.4"}
        others = {purpose for purpose, rule in RULES.items() if not four & {*rule.sources}}
        assert {purpose for purpose, rule in RULES.items() if "R036.5" in rule.sources} == others

    @pytest.mark.req("R041")
    def test_legitimate_interests_are_weighed(self):
        assert all(bool(rule.balancing) == (rule.basis == "f") for rule in RULES.values())

    @pytest.mark.req("R038", "C10")
    def test_who_only_inquired_is_written_to_about_nothing_else(self):
        subject = SubjectFactory()
        assert not gate.permitting(Purpose.NEWSLETTER, topic="newsletter").filter(pk=subject.pk).exists()
        assert gate.permitting(Purpose.INQUIRIES).filter(pk=subject.pk).exists()


@pytest.mark.req("R039")
def test_a_person_without_a_policy_is_used_for_nothing():
    subject = SubjectFactory(informed=False)
    assert [purpose for purpose in Purpose if not RULES[purpose].by_topic and subject in gate.permitting(purpose)] == []
    assert Subject.objects.filter(pk=subject.pk).exists()
