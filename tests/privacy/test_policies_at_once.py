"""Policies in the same moment: mails go out once, one click counts, one announcement holds."""

import pytest

from outbox.models import Message
from privacy import consent
from privacy.models import ChangeClass, LedgerEvent, Matter, PolicyNotice, PolicyVersion
from privacy.policies import drafting, notices, publishing
from tests.at_once import at_once, names
from tests.factories import SubjectFactory

from .policy_versions import announce, draft

pytestmark = pytest.mark.usefixtures("committing_db")


@pytest.mark.req("R010")
def test_workers_write_to_each_person_once():
    version = announce(change_class=ChangeClass.CONSENT)
    for _number in range(5):
        SubjectFactory()

    counts = at_once(*[notices.queue_due] * 3)

    assert sum(counts) + notices.queue_due() == 5
    assert PolicyNotice.objects.filter(version=version).count() == Message.objects.count() == 5


@pytest.mark.req("R005")
def test_a_double_click_is_one_answer():
    version, person = announce(change_class=ChangeClass.CONSENT), SubjectFactory()

    at_once(*[lambda: consent.accept(person, version)] * 2)

    assert LedgerEvent.objects.filter(matter=Matter.POLICY, document="privacy", version=2).count() == 1


def test_two_who_announce_the_same_draft_announce_it_once():
    found = draft()
    seen = drafting.stamp(found)

    outcomes = at_once(*[lambda: publishing.announce(found, seen=seen, by=None)] * 2)

    assert names(outcomes) == ["PolicyVersion", "Stale"]
    assert PolicyVersion.objects.announced().filter(document="privacy").count() == 2


def test_two_who_save_the_same_draft_do_not_overwrite_each_other():
    found = draft()
    seen = drafting.stamp(found)
    values = {name: getattr(found, name) for name in drafting.FIELDS}
    values |= {f"{name}_{language}": "" for name in ("body", "summary") for language in drafting.LANGUAGES}

    def saving(text):
        return lambda: drafting.save(found, values | {"body_en": text}, seen=seen, by=None)

    assert names(at_once(saving("Mine"), saving("Theirs"))) == ["PolicyVersion", "Stale"]


def test_two_who_begin_the_next_version_begin_one():
    outcomes = at_once(*[lambda: drafting.start("terms", by=None)] * 2)
    assert outcomes[0] == outcomes[1]
