import pytest

from accounts.fingerprint import fingerprint
from directory import completeness, services
from directory.models import ListingDraft
from privacy.models import AuditEvent
from tests.directory.listings import make_draft
from tests.factories import OperatorFactory, make_member

pytestmark = pytest.mark.django_db


def save(draft, seen=None, **values):
    draft.refresh_from_db()
    return services.save(draft, values, seen=seen or fingerprint(draft, values), by=make_member(draft.operator))


def test_an_operator_has_one_draft():
    operator = OperatorFactory()

    assert services.draft_of(operator) == services.draft_of(operator)
    assert ListingDraft.objects.count() == 1


def test_saving_counts_and_records_what_changed():
    draft = make_draft(headline_en="Old")

    saved = save(draft, headline_en="New", headline_ja="川沿いの宿")

    assert (saved.headline_en, saved.version) == ("New", draft.version + 1)
    assert AuditEvent.objects.get(act="listing draft saved").details == {"fields": ["headline_en"]}


def test_a_stale_save_overwrites_nothing():
    draft = make_draft(headline_en="First")
    seen = fingerprint(draft, ["headline_en"])
    save(draft, headline_en="A colleague's")

    with pytest.raises(services.Stale) as stale:
        save(draft, seen=seen, headline_en="Mine")

    assert stale.value.record.headline_en == "A colleague's"
    assert ListingDraft.objects.get().headline_en == "A colleague's"


def test_the_same_save_twice_is_one():
    draft = make_draft(headline_en="First")
    seen = fingerprint(draft, ["headline_en"])

    save(draft, seen=seen, headline_en="Mine")
    again = save(draft, seen=seen, headline_en="Mine")

    assert again.version == draft.version
    assert AuditEvent.objects.filter(act="listing draft saved").count() == 1


def test_what_was_never_written_is_as_empty_as_what_was_deleted():
    draft = services.draft_of(OperatorFactory())

    assert save(draft, headline_en="", capacity_min=None).version == 0


def test_a_colleague_in_another_section_is_no_conflict():
    draft = make_draft(headline_en="First", languages=["en"])
    seen = fingerprint(draft, ["headline_en"])
    save(draft, languages=["en", "ja"])

    saved = save(draft, seen=seen, headline_en="Mine")

    assert (saved.headline_en, saved.languages) == ("Mine", ["en", "ja"])


@pytest.mark.parametrize(
    ("before", "saves", "states"),
    [
        (("River", ""), [], ["written", "missing"]),
        (("River", ""), [{"headline_ja": "川"}], ["written", "written"]),
        (("River", "川"), [{"headline_en": "Lake"}], ["written", "outdated"]),
        (("River", "川"), [{"headline_en": "Lake"}, {"headline_ja": "湖"}], ["written", "written"]),
        (("River", "川"), [{"headline_en": "Lake", "headline_ja": "湖"}], ["written", "written"]),
        (("River", "川"), [{"headline_ja": "湖"}], ["outdated", "written"]),
        (("River", "川"), [{"headline_ja": "湖"}, {"headline_en": ""}], ["missing", "written"]),
    ],
)
def test_the_second_language_has_a_state(before, saves, states):
    draft = make_draft(headline_en=before[0], headline_ja=before[1])

    for values in saves:
        draft = save(draft, **values)

    assert [state for name, _language, state in completeness.language_states(draft) if name == "headline"] == states


def test_a_complete_draft_leaves_nothing_to_do_but_photos_and_contact():
    draft = make_draft()

    assert [task.name for task in completeness.tasks(draft) if not task.is_done] == ["photos", "contact"]


def test_what_the_other_side_sees_of_the_contact_is_chosen_once():
    operator = OperatorFactory()
    owner = make_member(operator)
    seen = fingerprint(operator, ["shown_contact"])

    services.show_contact(operator, ["contact_name"], seen=seen, by=owner)
    services.show_contact(operator, ["contact_name"], seen=seen, by=owner)

    operator.refresh_from_db()
    assert operator.shown_contact == ["contact_name"]
    assert AuditEvent.objects.filter(act="shown contact chosen").count() == 1
