"""Nothing is stored that nobody declared (R035), and nothing about people beyond the published list (R030-R032)."""

import logging

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import DomesticRegistration, OverseasRegistration
from inquiries.models import Inquiry
from networking.models import Introduction
from privacy import contacts, declarations
from privacy.checks import everything_is_declared, faults_of, only_what_is_declared_is_handed_out
from privacy.declarations import DataClass, Source, declaration, declaration_of, declared
from privacy.purposes import Purpose
from privacy.retention import Retention
from tests.factories import SubjectFactory, make_member

# What identifies a person, and where the published list has it: R030, R031, R032, or what somebody writes at will.
IDENTIFYING = {
    "account.EmailAddress": {"email": "e-mail of the account"},
    "accounts.AddressProof": {"email": "e-mail of the person in charge"},
    "accounts.DomesticRegistration": {
        "contact_email": "e-mail of the person in charge",
        "contact_name": "name of the person in charge",
        "contact_telephone": "telephone of the person in charge",
        "representative_name": "name of the registered representative",
    },
    "accounts.Invitation": {"email": "e-mail of a colleague"},
    "accounts.OperatorPeople": {
        "contact_email": "e-mail of the person in charge",
        "contact_name": "name of the person in charge",
        "contact_telephone": "telephone of the person in charge",
        "representative_name": "name of the registered representative",
    },
    "accounts.OverseasRegistration": {
        "contact_email": "e-mail of the person in charge",
        "contact_name": "name of the person in charge",
    },
    "accounts.User": {"email": "e-mail of the account"},
    "directory.SavedListing": {"note": "written at will"},
    "inquiries.ChildCase": {"child_email": "e-mail", "place": "written at will"},
    "inquiries.Entry": {"text": "written at will"},
    "inquiries.Inquiry": {"email": "e-mail", "name": "name, if given"},
    "inquiries.Unconfirmed": {"email": "e-mail", "letter": "written at will"},
    "networking.Introduction": {"text": "written at will"},
    "outbox.Message": {"context": "what the message says", "sealed_to": "e-mail, sealed until sent"},
    "privacy.Mandate": {"agent_email": "e-mail", "agent_name": "name", "reason": "written at will"},
    "privacy.Package": {"content": "everything about the person, sealed"},
    "privacy.Request": {"email": "e-mail", "name": "name, if given", "text": "written at will"},
    "privacy.RequestLetter": {"text": "written at will"},
    "privacy.SealedPaper": {"content": "proof of identity, sealed"},
}


@pytest.mark.req("R035")
def test_every_field_of_every_model_is_declared():
    assert everything_is_declared(None) == []
    assert {one.model for one in declared()} == {*apps.get_models(include_auto_created=True)}


@pytest.mark.req("R030", "R031", "R032", "C2", "C3")
def test_nothing_identifies_a_person_but_what_the_list_names():
    found = {one.model._meta.label: {*names} for one in declared() if (names := one.of_class(DataClass.IDENTIFYING))}

    assert found == {label: {*fields} for label, fields in IDENTIFYING.items()}


@pytest.mark.req("R030", "R031")
def test_registrations_identify_by_the_fields_of_the_table_only():
    assert {*declaration_of(DomesticRegistration).of_class(DataClass.IDENTIFYING)} == {
        "representative_name",
        "contact_name",
        "contact_telephone",
        "contact_email",
    }
    assert {*declaration_of(OverseasRegistration).of_class(DataClass.IDENTIFYING)} == {"contact_name", "contact_email"}


@pytest.mark.req("R042")
def test_no_data_come_from_a_third_party():
    assert {one.source for one in declared()} == {*Source}
    assert {*Source} == {"person", "holder", "guardian", "staff", "portal"}


@pytest.mark.req("R110")
def test_all_that_is_personal_has_purposes_and_a_time():
    personal = [one for one in declared() if one.personal]

    assert [one.model for one in personal if not one.purposes] == []
    assert [one.model for one in personal if not one.retention or Retention.PERMANENT in one.retention] == []


@pytest.mark.req("R035")
@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"identifying": ""}, "privacy.E011"),
        ({"identifying": "text nickname"}, "privacy.E012"),
        ({"purposes": []}, "privacy.E013"),
        ({"purposes_by_field": {"text": []}}, "privacy.E013"),
        ({"purposes_by_field": {"nickname": [Purpose.NETWORKING]}}, "privacy.E012"),
        ({"provided": "ref"}, "privacy.E014"),
    ],
)
def test_a_faulty_declaration_is_found(change, number):
    given = declaration_of(Introduction)
    by_class = {
        parameter: " ".join(given.of_class(data_class))
        for parameter, data_class in [
            ("identifying", DataClass.IDENTIFYING),
            ("technical", DataClass.TECHNICAL),
            ("evidence", DataClass.EVIDENCE),
            ("not_personal", DataClass.NOT_PERSONAL),
        ]
    }
    whole = by_class | {"purposes": given.purposes, "retention": given.retention}

    assert list(faults_of(Introduction, declaration(Introduction, **whole))) == []
    found = faults_of(Introduction, declaration(Introduction, **whole | change))
    assert {number for number, _fault in found} == {number}


def test_a_model_that_nobody_declared_is_found():
    class Forgotten(models.Model):
        class Meta:
            app_label = "privacy_test"
            managed = False

        def __str__(self):
            return ""

    assert [number for number, _fault in faults_of(Forgotten, declaration_of(Forgotten))] == ["privacy.E010"]


@pytest.mark.req("R035", "R039")
def test_nothing_is_handed_out_for_a_purpose_that_it_does_not_have(caplog):
    gives = {
        "name": "accounts.OperatorPeople.contact_name",
        "representative": "accounts.OperatorPeople.representative_name",
        "business": "accounts.Operator.business_name",
        "side": "accounts.Operator.side",
        "invented": "accounts.Operator.invented",
    }
    values = dict.fromkeys([*gives, "smuggled"], "x")

    with caplog.at_level(logging.WARNING):
        kept = declarations.declared_values(values, gives, Purpose.NETWORKING)

    assert {*kept} == {"name", "business", "side"}
    assert [record.args[0] for record in caplog.records] == ["invented", "representative", "smuggled"]
    assert "x" not in [word for record in caplog.records for word in record.getMessage().split()]


@pytest.mark.req("R035")
def test_every_source_gives_what_is_declared_for_its_purpose():
    assert only_what_is_declared_is_handed_out(None) == []
    assert {purpose for _place, purpose in declarations.handed_out()} == {Purpose.NETWORKING, Purpose.STATISTICS}


@pytest.mark.req("R038")
@pytest.mark.django_db
def test_the_address_of_an_inquiry_serves_for_nothing_but_its_answer():
    asker = SubjectFactory()
    Inquiry.objects.create(
        subject=asker,
        email="asker@elsewhere.example",
        is_address_confirmed=True,
        kind="general",
        language="en",
        due_on=timezone.localdate(),
    )

    reached = {purpose for purpose in Purpose if contacts.contact_of(asker.ref, purpose)}

    assert reached == {Purpose.INQUIRIES, Purpose.RIGHTS}


@pytest.mark.req("R036", "R037")
@pytest.mark.django_db
def test_the_address_of_an_account_serves_for_what_is_told_at_the_sign_up():
    person = make_member()

    reached = {purpose for purpose in Purpose if contacts.contact_of(person.subject.ref, purpose)}

    assert reached == {*Purpose} - {Purpose.DISCLOSURE, Purpose.SECURITY, Purpose.STATISTICS}
