"""Recipients are told what became of rows that they were given (R063, L03; GDPR Art. 19)."""

import csv
import io
from datetime import timedelta

import pyrage
import pytest
import pyzipper
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from outbox.models import Message
from privacy import consent, handover
from privacy.handover import keys, recalls, runs
from privacy.handover.conditions import Problem
from privacy.models import Export, ExportItem, ExportKind, ItemAction
from privacy.tasks import build_hand_overs

from .runs import CODE, Contractor, fresh, operator, password_of

pytestmark = pytest.mark.django_db
RECALLS = Export.objects.filter(kind=ExportKind.RECALL)


@pytest.fixture
def contractor(make_staff):
    return Contractor(make_staff)


def table(contractor, export):
    sealed = runs.path_of(export).read_bytes()
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    with pyzipper.AESZipFile(io.BytesIO(pyrage.decrypt(sealed, [contractor.identity]))) as archive:
        archive.setpassword(password_of(export, contractor.officer).encode())
        return list(csv.DictReader(io.StringIO(archive.read("recall.csv").decode("utf-8-sig"))))


@pytest.mark.req("L03")
def test_a_recall_is_built_without_a_second_person_and_holds_keys_and_the_act_only(contractor):
    row = operator()
    operator()
    export = contractor.opened()

    [recall] = recalls.ask(row.contact.ref, ItemAction.ERASE, reason="-")
    assert handover.build_due() == [recall.pk]
    recall = fresh(recall)

    assert table(contractor, recall) == [{"row": str(row.pk), "action": "erase"}]
    assert (recall.manifest["recalls"], recall.manifest["purpose"]) == (export.number, "operator_networking")
    assert recall.recipient == CODE


@pytest.mark.req("R063")
def test_who_withholds_after_a_hand_over_is_recalled_from_that_recipient_once(contractor):
    row, other = operator(), operator()
    consent.opt_out(other.contact, CODE)
    export = contractor.opened()
    build_hand_overs()
    assert not RECALLS.exists()

    consent.opt_out(row.contact, CODE)
    build_hand_overs()
    build_hand_overs()

    [recall] = RECALLS
    assert (recall.recalls, recall.recipient, recall.built_at is not None) == (export, CODE, True)
    [item] = recall.items.all()
    assert (item.subject_ref, item.action) == (row.contact.ref, ItemAction.RESTRICT)


@pytest.mark.req("R063")
def test_withholding_from_another_recipient_recalls_nothing(contractor):
    row = operator()
    contractor.built()
    consent.opt_out(row.contact, "delegation-company")
    assert handover.ask_for_opt_outs() == []


@pytest.mark.req("R063")
def test_every_later_hand_over_holds_the_minimum_of_who_withholds(contractor):
    row = operator()
    assert contractor.built().withheld == 0
    consent.opt_out(row.contact, CODE)
    assert contractor.built().withheld == 1
    consent.opt_in(row.contact, CODE)
    assert contractor.built().withheld == 0


def test_what_is_destroyed_or_cancelled_is_not_recalled(contractor):
    row = operator()
    destroyed, cancelled = contractor.finish(contractor.built()), contractor.built()
    handover.confirm_destruction(destroyed, by=contractor.staff)
    handover.cancel(cancelled, by=contractor.officer)
    assert recalls.ask(row.contact.ref, ItemAction.ERASE, reason="-") == []


def test_a_recall_waits_for_a_key_and_does_not_fail(contractor):
    row = operator()
    contractor.opened()
    keys.revoke(contractor.key, by=contractor.officer)
    [recall] = recalls.ask(row.contact.ref, ItemAction.ERASE, reason="-")

    assert handover.build_due() == []
    assert (fresh(recall).problem, fresh(recall).failed_at) == (Problem.KEY, None)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        keys.RecipientKey.objects.filter(pk=contractor.key.pk).update(revoked_at=None)
        assert handover.build_due() == [recall.pk]


def test_a_recall_that_is_not_opened_is_reminded_of_once_a_day(contractor):
    row = operator()
    contractor.finish(contractor.built())
    [recall] = recalls.ask(row.contact.ref, ItemAction.ERASE, reason="-")
    handover.build_due()
    assert handover.remind() == []

    with time_machine.travel(timezone.now() + timedelta(days=2, hours=1)):
        assert handover.remind(dry_run=True) == [recall]
        assert handover.remind() == [recall]
        assert handover.remind() == []
    assert ExportItem.objects.filter(export=recall).count() == 1


@pytest.mark.req("L03")
@pytest.mark.parametrize("action", [ItemAction.ERASE, ItemAction.RESTRICT])
def test_what_nobody_can_have_read_is_called_back_and_its_password_is_gone(contractor, action):
    row, other = operator(), operator()
    fetched, waiting, read = contractor.built(), contractor.built(), contractor.opened()
    handover.confirm(fetched, by=contractor.staff, digest=fetched.sha256)

    [recall] = recalls.ask(row.contact.ref, action, reason="-")

    assert recall.recalls == read
    for export in (fresh(fetched), fresh(waiting)):
        assert export.cancelled_at
        assert not export.sealed_password
        with pytest.raises(ValidationError):
            handover.read_password(export, by=contractor.officer, told_to="見本")
    assert not fresh(read).cancelled_at
    called_back = Message.objects.filter(template="privacy/emails/handover_officer", context__what="called back")
    assert {(mail.to_ref, mail.context["number"]) for mail in called_back} == {
        (officer.ref, export.number)
        for officer in (contractor.officer, contractor.second)
        for export in (fetched, waiting)
    }
    assert [recall.recalls for recall in recalls.ask(other.contact.ref, action, reason="-")] == [read]


@pytest.mark.req("L03")
def test_what_is_only_corrected_is_recalled_and_not_called_back(contractor):
    row = operator()
    waiting = contractor.built()

    [recall] = recalls.ask(row.contact.ref, ItemAction.CORRECT, reason="-")

    assert (recall.recalls, fresh(waiting).cancelled_at) == (waiting, None)


@pytest.mark.req("R061")
def test_a_key_that_is_revoked_takes_with_it_what_waits_to_be_fetched(contractor):
    operator()
    waiting, read = contractor.built(), contractor.opened()

    keys.revoke(contractor.key, by=contractor.officer)

    assert (fresh(waiting).cancelled_by, fresh(read).cancelled_at) == (contractor.officer, None)
