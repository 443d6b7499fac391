"""What a recipient gets for a purpose (R062, R064)."""

import pytest
from django.utils import timezone

from accounts.personal_data import MINIMUM
from privacy.declarations import may_be_used
from privacy.handover import profiles
from privacy.models import ExportProfile, Recipient
from privacy.purposes import Purpose

pytestmark = pytest.mark.django_db


def profile(*fields, **values):
    return ExportProfile(recipient="contractor", purpose=Purpose.NETWORKING, fields=list(fields), **values)


@pytest.mark.req("R064")
def test_the_minimum_goes_along_and_stands_first():
    columns = profiles.columns(profile("telephone"))
    assert set(columns) == {*MINIMUM, "telephone"}
    assert set(columns[: len(MINIMUM)]) == set(MINIMUM)


def test_a_field_that_nobody_declared_is_left_out():
    assert "password" not in profiles.columns(profile("password", "homepage"))


@pytest.mark.req("R062")
def test_only_what_is_declared_for_the_purpose_can_be_chosen():
    assert profiles.purposes() == [Purpose.NETWORKING]
    for purpose in profiles.purposes():
        given = profiles.given_for(purpose)
        assert profiles.fields(purpose).keys() == given.keys()
        assert all(may_be_used(place, purpose) for place in given.values())


@pytest.mark.req("R064")
def test_the_larger_minimum_of_a_recipient_is_marked_as_such():
    Recipient.objects.filter(code="contractor").update(
        attested_on=timezone.localdate(), extra_minimum=["telephone"], extra_minimum_reason="To call in an emergency"
    )
    marked = {one["name"] for one in profiles.described(profile("contact_name")) if one["minimum"]}
    assert marked == {*MINIMUM, "telephone"}


def test_fields_are_named_in_both_languages():
    [telephone] = [one for one in profiles.described(profile("telephone")) if one["name"] == "telephone"]
    assert (telephone["en"], telephone["ja"]) == ("Telephone number", "電話番号")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("telephone", "+81335550100", "+81 3-3555-0100"),
        ("telephone", "", ""),
        ("contact_name", None, ""),
        ("contact_name", "=1+1", "=1+1"),
    ],
)
def test_values_become_texts(name, value, text):
    assert profiles.cells(profile(), [name], {name: value}) == [text]
