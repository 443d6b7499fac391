"""Nothing is stored that nobody declared (R035), and nothing about people beyond the published list (R030-R032)."""

import pytest
from django.apps import apps
from django.db import models

from accounts.models import DomesticRegistration, OverseasRegistration
from networking.models import Introduction
from privacy.checks import everything_is_declared, faults_of
from privacy.declarations import DataClass, Source, declaration, declaration_of, declared

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
    "privacy.Request": {"text": "written at will"},
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
    assert {*Source} == {"person", "holder", "staff", "portal"}


@pytest.mark.req("R110")
def test_all_that_is_personal_has_purposes_and_a_time():
    personal = [one for one in declared() if one.personal]

    assert [one.model for one in personal if not one.purposes] == []
    assert [one.model for one in personal if one.retention == "permanent"] == []


@pytest.mark.req("R035")
@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"identifying": ""}, "privacy.E011"),
        ({"identifying": "text nickname"}, "privacy.E012"),
        ({"purposes": []}, "privacy.E013"),
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
    assert [number for number, _fault in faults_of(Introduction, declaration(Introduction, **whole | change))] == [
        number
    ]


def test_a_model_that_nobody_declared_is_found():
    class Forgotten(models.Model):
        class Meta:
            app_label = "privacy_test"
            managed = False

        def __str__(self):
            return ""

    assert [number for number, _fault in faults_of(Forgotten, declaration_of(Forgotten))] == ["privacy.E010"]
