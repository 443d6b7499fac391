"""Before the first real hand-over for a key, its recipient opens one of invented rows (R061)."""

import pytest
from django.core.exceptions import ValidationError

from privacy import handover
from privacy.handover import keys
from privacy.models import ExportKind

from .runs import Contractor, operator

pytestmark = [pytest.mark.django_db, pytest.mark.req("R061")]


@pytest.fixture
def contractor(make_staff):
    return Contractor(make_staff, rehearsed=False)


def test_before_a_rehearsal_was_opened_nobody_can_ask_for_real_rows(contractor):
    with pytest.raises(ValidationError, match="rehearsal"):
        contractor.ask()
    export = contractor.built(contractor.ask(kind=ExportKind.REHEARSAL))
    handover.confirm(export, by=contractor.staff, digest=export.sha256)
    with pytest.raises(ValidationError, match="rehearsal"):
        contractor.ask()
    handover.read_password(export, by=contractor.officer, told_to="-")
    handover.acknowledge(export, by=contractor.staff)

    assert contractor.ask().pk


def test_its_rows_are_invented_and_nobody_stands_in_it(contractor):
    operator()
    export = contractor.built(contractor.ask(kind=ExportKind.REHEARSAL))
    assert (export.rows, export.items.count(), export.approved_by) == (3, 0, None)
    assert export.manifest["kind"] == "rehearsal"
    assert "withheld" not in export.manifest


def test_a_new_key_needs_a_rehearsal_of_its_own(contractor, make_staff):
    contractor.rehearse()
    keys.revoke(contractor.key, by=contractor.officer)
    Contractor(make_staff, rehearsed=False)
    with pytest.raises(ValidationError, match="rehearsal"):
        contractor.ask()
