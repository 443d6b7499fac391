"""What people are told of hand-overs: on their own page, and on a page for everybody (C14, R060)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from privacy import consent, handover, sights
from privacy.handover import recalls
from privacy.models import CurrentState, Export, ExportKind, ItemAction, LedgerEvent, Recipient, Request
from privacy.requests import answers
from tests.factories import make_member

from .runs import CODE, Contractor, operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def contractor(make_staff):
    return Contractor(make_staff)


@pytest.mark.req("R062")
def test_people_see_in_which_hand_overs_they_stand_and_how(contractor):
    row, withholding = operator(), operator()
    consent.opt_out(withholding.contact, CODE)
    export = contractor.built()

    [mine] = sights.of(row.contact)
    [theirs] = sights.of(withholding.contact)

    assert (mine.at, mine.who) == (export.built_at, "Toppan Inc.")
    assert mine.what == f"Hand-over {export.number}: Bringing Tokyo and overseas operators together"
    assert theirs.what.startswith(f"Hand-over {export.number}, the minimum only")


def test_a_hand_over_that_is_not_built_is_no_sight(contractor):
    row = operator()
    contractor.released()
    assert sights.of(row.contact) == []


@pytest.mark.req("L03")
def test_a_letter_names_only_recipients_that_are_really_told(contractor):
    """Of a hand-over that was cancelled nobody has the password, and nobody is asked to delete."""
    row = operator()
    export = contractor.built()
    asked = Request(subject=row.contact, language="en")
    assert answers.told(asked) == ["Toppan Inc."]

    handover.cancel(export, by=contractor.officer)

    assert recalls.ask(row.contact.ref, ItemAction.ERASE, reason="-") == []
    assert answers.told(asked) == []


def test_the_history_of_a_person_holds_nothing_of_hand_overs(client, contractor):
    """They stand in the same chain."""
    person = make_member(operator())
    before = list(LedgerEvent.objects.filter(subject_ref=person.ref).values_list("pk", flat=True))
    export = contractor.finish(contractor.built())
    client.force_login(person)

    page = client.get(reverse("privacy:history")).content.decode()

    assert export.number not in page
    assert list(LedgerEvent.objects.filter(subject_ref=person.ref).values_list("pk", flat=True)) == before
    assert CurrentState.objects.filter(subject_ref=export.ref).count() == 1


@pytest.mark.req("R060")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_everybody_reads_who_receives_data_with_name_address_and_duties(client, language):
    now = timezone.now()
    with translation.override(language):
        page = client.get(reverse("privacy:recipient-list")).content.decode()
    for one in Recipient.objects.current(now):
        for said in (one.name(language), one.address(language), one.duties(language)):
            assert said.replace("'", "&#x27;") in page


@pytest.mark.req("R060", "R066")
def test_the_page_follows_the_register(client):
    Recipient.objects.filter(code="delegation-company").update(valid_until=timezone.now())
    page = client.get(reverse("privacy:recipient-list")).content.decode()
    assert "Toppan Travel Service Corp." not in page
    assert "Receives nothing" in page
    Recipient.objects.filter(code=CODE).update(attested_on=timezone.localdate(), contract_reference="T-1")
    assert "Has attested" in client.get(reverse("privacy:recipient-list")).content.decode()


@pytest.mark.req("R065")
def test_the_start_page_of_the_recipient_says_what_to_do_next_and_by_when(client, contractor, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    operator()
    client.force_login(contractor.staff)
    start = reverse("admin:index")
    rehearsal = Export.objects.get(kind=ExportKind.REHEARSAL)
    handover.confirm_destruction(rehearsal, by=contractor.staff)
    assert "Nothing waits for you now" in client.get(start).content.decode()

    export = contractor.built()
    page = client.get(start).content.decode()
    assert reverse("admin:privacy_export_change", args=[export.pk]) in page
    assert "Fetch the files below, check the signature" in page
    assert date_format(timezone.localdate(export.expires_at)) in page

    # Only the start page knows what waits.
    part = client.get(reverse("admin:app_list", args=["privacy"])).content.decode()
    assert "Nothing waits for you now" not in part

    contractor.finish(export)
    Export.objects.filter(pk=export.pk).update(delete_by=timezone.localdate() - timedelta(days=1))
    page = client.get(start).content.decode()
    assert "Destroy it now, and confirm that here." in page
    assert "Overdue" in page
