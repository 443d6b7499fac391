"""Registering asks for the fields of R030 and R031 and no others (C9); the project's own table is the measure."""

import csv

import pytest
from django.conf import settings

from accounts.completeness import ALWAYS, STEPS
from accounts.forms.registration import FORMS
from accounts.models import DomesticRegistration, Operator, OperatorPeople, OverseasRegistration, User
from accounts.models.business import PEOPLE_FIELDS
from accounts.models.registration import Registration
from accounts.sides import Side

# How a form asks for a field in several controls.
CONTROLS = {"contact_address": "contact_email", "other_email": "contact_email"}
LICENCE_ROW = ("kind_", "authority_", "number_")
PROCEDURE = {
    *(
        "id",
        "ref",
        "reference",
        "status",
        "version",
        "created_by",
        "created_at",
        "updated_at",
        "submitted_at",
        "due_on",
    ),
    *("reviewer", "requested_changes", "operator", "business_name_key"),
}
NOT_REGISTERED = {
    *("id", "ref", "side", "status", "created_at", "approved_at", "tokyo_office_confirmed_at", "licence_checked_on"),
    *("licence_checked_source", "contact", "shown_contact", "in_cross_view", "business_name_key"),
}


def table(side, need=None):
    """The columns that the table names for a side; with `need`, those that are needed in this way."""
    with open(settings.BASE_DIR / "docs/registration-fields.csv", encoding="utf-8", newline="") as lines:
        return {row["column"] for row in csv.DictReader(lines) if row[side] and need in (None, row[side])}


@pytest.mark.req("R030", "R031", "C9")
@pytest.mark.parametrize(("side", "model"), [("domestic", DomesticRegistration), ("overseas", OverseasRegistration)])
def test_registration_holds_the_fields_of_the_table(side, model):
    assert {field.name for field in model._meta.fields} - PROCEDURE == table(side)
    assert set(model.FIELDS) == table(side)
    assert set(ALWAYS[side]) == table(side, "required")


@pytest.mark.req("R030", "R031", "C9")
def test_operator_and_its_people_hold_the_fields_of_both_registrations():
    fields, people = ({field.name for field in model._meta.fields} for model in (Operator, OperatorPeople))
    assert people == {"operator", *PEOPLE_FIELDS}
    assert fields - NOT_REGISTERED == (table("domestic") | table("overseas")) - people


@pytest.mark.req("R030", "R031")
@pytest.mark.parametrize("side", [Side.DOMESTIC, Side.OVERSEAS])
def test_forms_ask_for_the_fields_of_the_table(side):
    person = User(email="owner@inn.example")
    model = {Side.DOMESTIC: DomesticRegistration, Side.OVERSEAS: OverseasRegistration}[side]
    asked = set()
    for form_class in FORMS[side].values():
        for name in form_class(registration=model(), user=person).fields:
            asked.add("licences" if name.startswith(LICENCE_ROW) else CONTROLS.get(name, name))
    assert asked == table(side.value)
    assert {name for names in STEPS[side].values() for name in names} == table(side.value)


@pytest.mark.req("R032")
@pytest.mark.django_db
def test_sign_up_asks_for_an_address_and_a_password_only(client):
    fields = client.get("/en/account/signup/").context["form"].fields
    assert set(fields) == {"email", "password1", "terms"}


def test_no_field_of_a_registration_is_forgotten():
    assert {field.name for field in Registration._meta.fields} <= PROCEDURE | table("overseas")
