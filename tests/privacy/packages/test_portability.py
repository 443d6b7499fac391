"""The copy for other services: what it says of itself is enough to read it back (I12, R097)."""

import csv
import io
import json
import uuid
import zipfile

import jsonschema
import pytest
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from accounts.models import Operator, OperatorPeople
from directory.models import Photo, SavedListing
from directory.services import files
from networking.models import Introduction
from privacy import packages, requests
from privacy.declarations import declared
from privacy.models import Package
from privacy.packages import portability
from tests.factories import DomesticRegistrationFactory, ListingDraftFactory, OperatorFactory, UserFactory, make_member

from . import schema

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    """Somebody who has given something in many places."""
    person = make_member()
    operator = person.acting_for
    Operator.objects.filter(pk=operator.pk).update(contact=person.subject, telephone="+81312345678")
    OperatorPeople.objects.filter(operator=operator).update(contact_name="=1+1", contact_telephone="+81 3-1234-5678")
    DomesticRegistrationFactory(operator=operator, created_by=person)
    ListingDraftFactory(operator=operator, description_ja="一行目\n二行目", capacity_min=3)
    SavedListing.objects.create(user=person, operator=OperatorFactory(overseas=True), note="Call in spring; «€»")
    Introduction.objects.create(
        sent_by=person,
        sender=operator,
        recipient=OperatorFactory(overseas=True),
        text="Let us meet.",
        form_key=uuid.uuid4(),
    )
    requests.receive(person.subject, "rectification", "My name is wrong.", by=person)
    return person


def files_of(subject):
    package = packages.ask(subject, "portability")
    assert packages.build(package.pk)
    with zipfile.ZipFile(io.BytesIO(packages.open_(Package.objects.get(pk=package.pk)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def published(client):
    answer = client.get(reverse("privacy:portability-schema", args=[1]))
    assert answer.status_code == 200
    return answer.json()


def imported(data, described):
    """As another service would read it, which knows the file and its schema only: {kind: {key: {field: value}}}."""
    jsonschema.validate(data, described, format_checker=jsonschema.FormatChecker())
    fields = {
        one["properties"]["kind"]["const"]: one["properties"]["records"]["items"]["properties"]["values"]["properties"]
        for one in described["properties"]["kinds"]["items"]["oneOf"]
    }
    return {
        kind["kind"]: {
            record["key"]: {name: record["values"][name] for name in fields[kind["kind"]]} for record in kind["records"]
        }
        for kind in data["kinds"]
    }


def held(subject):
    """The same, read from the tables by the declarations."""
    found = {}
    for one in declared():
        names = [field.name for field in one.model._meta.concrete_fields if _is_provided(one, field)]
        rows = {str(row.pk): {name: getattr(row, name) for name in names} for row in one.rows_of(subject)}
        if names and rows:
            found[one.model._meta.label_lower] = rows
    return json.loads(json.dumps(found, cls=DjangoJSONEncoder))


def _is_provided(declaration, field):
    base = getattr(getattr(field, "translated_field", None), "name", field.name)
    has_translations = any(name == f"{field.name}_en" for name in declaration.classes)
    told = {field.name, base} & declaration.provided
    return bool(told) and field.name not in declaration.never_shown and not has_translations and not field.is_relation


@pytest.mark.req("R097")
def test_what_is_read_back_is_exactly_what_the_person_provided(client, person):
    data = json.loads(files_of(person.subject)["data.json"])

    back = imported(data, published(client))

    assert back == held(person.subject)
    assert {"accounts.user", "accounts.operatorpeople", "directory.listingdraft", "privacy.request"} <= back.keys()
    assert back["accounts.operatorpeople"][str(person.acting_for_id)]["contact_telephone"] == "+81 3-1234-5678"


@pytest.mark.req("R097")
def test_the_schema_that_is_published_is_that_of_the_declarations(client):
    assert published(client) == schema.made()
    jsonschema.Draft202012Validator.check_schema(published(client))


@pytest.mark.req("R097")
@pytest.mark.parametrize("broken", [{"version": 2}, {"kinds": [{"kind": "accounts.user"}]}, {"extra": 1}])
def test_the_schema_refuses_what_is_something_else(client, person, broken):
    data = json.loads(files_of(person.subject)["data.json"]) | broken

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, published(client))


@pytest.mark.req("R097")
def test_another_version_of_the_schema_is_not_there(client):
    assert client.get("/en/portability/schema/2.json").status_code == 404


@pytest.mark.req("R097")
def test_the_file_names_its_schema(client, person):
    data = json.loads(files_of(person.subject)["data.json"])

    assert data["schema"] == settings.SITE_URL + reverse("privacy:portability-schema", args=[1])


@pytest.mark.req("R097", "R061")
def test_tables_open_in_a_spreadsheet_and_run_nothing(person):
    table = files_of(person.subject)["accounts.operatorpeople.csv"]

    assert table.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in table
    [row] = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    assert row["contact_name"] == "'=1+1"
    assert row["contact_telephone"] == "+81 3-1234-5678"


@pytest.mark.req("R097")
def test_what_the_portal_made_and_what_others_wrote_is_not_in_it(person):
    Introduction.objects.filter(sent_by=person).update(report_reason="canary of somebody else")

    whole = b"".join(files_of(person.subject).values()).decode()

    assert "canary of somebody else" not in whole
    for made in ("last_login", "password", "session_key", "version_hash", "status"):
        assert made not in json.loads(files_of_data(whole))


def files_of_data(whole):
    """The names of all fields, as JSON."""
    start = whole.index("{")
    data, _end = json.JSONDecoder().raw_decode(whole[start:])
    return json.dumps([name for kind in data["kinds"] for record in kind["records"] for name in record["values"]])


@pytest.mark.req("R092", "R097")
def test_photos_go_with_it(person, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = Photo.objects.create(draft=person.acting_for.listing_draft, position=1, width=1, height=1)
    files.write(photo.ref, {"1200.jpg": b"a picture"})

    assert files_of(person.subject)[f"photos/{photo.ref}.jpg"] == b"a picture"


@pytest.mark.req("R097")
def test_nothing_is_provided_that_its_declaration_does_not_name():
    for one in declared():
        for name in portability.provided(one):
            base = getattr(getattr(one.model._meta.get_field(name), "translated_field", None), "name", name)
            assert {name, base} & one.provided
            assert name not in one.of_others | one.never_shown


@pytest.mark.req("R097")
def test_who_gave_nothing_but_an_account_gets_that():
    person = UserFactory()

    data = json.loads(files_of(person.subject)["data.json"])

    assert {kind["kind"] for kind in data["kinds"]} >= {"accounts.user"}
