import pytest

from accounts.fingerprint import fingerprint
from accounts.models import Operator
from directory import services
from directory.follow_operator import follow
from directory.models import Listing, SearchDocument
from privacy.models import AuditEvent
from tests.directory.listings import make_draft, make_listing
from tests.factories import OperatorFactory, make_member

pytestmark = pytest.mark.django_db


def publish(draft):
    draft.refresh_from_db()
    return services.publish(draft, by=make_member(draft.operator))


def acts():
    return list(AuditEvent.objects.filter(target__startswith="directory.").values_list("act", flat=True))


def test_publishing_copies_both_languages_and_the_facts():
    draft = make_draft(headline_en="By the river", headline_ja="川沿い")
    Operator.objects.filter(pk=draft.operator_id).update(
        business_name="墨田旅館",
        business_name_romanised="Sumida Ryokan",
        tokyo_municipality="131075",
        homepage="https://sumida.example/",
        employees=25,
        licences=[{"kind": "travel-2", "authority": "東京都知事", "number": "2-6811"}],
    )

    listing = publish(draft)

    listing.refresh_from_db()
    assert (listing.headline_en, listing.headline_ja) == ("By the river", "川沿い")
    assert (listing.name_en, listing.name_ja) == ("Sumida Ryokan", "墨田旅館")
    assert (listing.side, listing.country, listing.municipality) == ("domestic", "JP", "131075")
    assert (listing.homepage, listing.employees_band) == ("https://sumida.example/", "20-49")
    assert listing.licences[0]["ja"] == "東京都知事登録旅行業第2-6811号"
    assert "Class 2" in listing.licences[0]["en"]
    assert listing.categories == ["ACC-02"]
    assert listing.ref == draft.ref
    assert SearchDocument.objects.get().side == "domestic"


@pytest.mark.req("C9")
def test_a_listing_holds_no_personal_field():
    listing = make_listing()

    stored = str(Listing.objects.values().get(pk=listing.pk))

    operator, people = listing.operator, listing.operator.people
    for personal in (people.contact_name, people.contact_email, people.contact_telephone, operator.telephone):
        assert personal not in stored


def test_published_twice_is_published_once():
    draft = make_draft()

    first, second = publish(draft), publish(draft)

    assert first.pk == second.pk
    assert first.updated_at == second.updated_at
    assert acts().count("listing published") == 1


def test_publishing_changes_keeps_the_address_and_moves_the_listing_up():
    draft = make_draft()
    first = publish(draft)
    draft.refresh_from_db()
    services.save(
        draft, {"headline_en": "New"}, seen=fingerprint(draft, ["headline_en"]), by=make_member(draft.operator)
    )
    assert Listing.objects.get().headline_en != "New"

    second = publish(draft)

    assert (second.pk, second.ref, second.headline_en) == (first.pk, first.ref, "New")
    assert second.updated_at > first.updated_at
    assert second.published_at == first.published_at


@pytest.mark.req("R043")
@pytest.mark.parametrize(
    "values",
    [{"approved_at": None}, {"status": Operator.Status.SUSPENDED}, {"status": Operator.Status.CLOSED}],
)
def test_only_an_approved_operator_publishes(values):
    draft = make_draft(operator=OperatorFactory(**values))

    with pytest.raises(services.NotApproved):
        publish(draft)
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("overseas", "content", "missing"),
    [
        (False, {"headline_en": "", "headline_ja": ""}, ["headline"]),
        (False, {"categories": []}, ["categories"]),
        (True, {"buyer_kinds": []}, ["buyer kinds"]),
    ],
)
def test_what_is_needed_must_be_there(overseas, content, missing):
    draft = make_draft(overseas=overseas, **content)

    with pytest.raises(services.Incomplete) as incomplete:
        publish(draft)

    assert [task.name for task in incomplete.value.args[0]] == missing


def test_one_language_is_enough_to_publish():
    draft = make_draft(headline_en="", description_en="")

    assert publish(draft).headline_ja


@pytest.mark.req("R043")
def test_unpublishing_deletes_the_listing_and_keeps_the_draft():
    listing = make_listing()
    draft = listing.operator.listing_draft

    services.unpublish(draft, by=make_member(draft.operator))
    services.unpublish(draft, by=make_member(draft.operator))

    assert not Listing.objects.exists()
    assert not SearchDocument.objects.exists()
    draft.refresh_from_db()
    assert acts().count("listing unpublished") == 1


def test_approved_changes_of_facts_reach_the_listing_at_once():
    listing = make_listing("旧名")
    operator = listing.operator
    operator.business_name, operator.employees = "新名", 300
    operator.save()

    follow(operator)

    changed = Listing.objects.get()
    assert (changed.name_ja, changed.employees_band) == ("新名", "300-")
    assert changed.updated_at > listing.updated_at
    assert "employees:300-" in SearchDocument.objects.get().facets
    assert acts().count("listing facts refreshed") == 1


def test_facts_that_did_not_change_are_no_update():
    listing = make_listing()

    follow(listing.operator)

    assert Listing.objects.get().updated_at == listing.updated_at
    assert "listing facts refreshed" not in acts()


def test_following_an_operator_without_a_listing_does_nothing():
    follow(OperatorFactory())

    assert not Listing.objects.exists()
