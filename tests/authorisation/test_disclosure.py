"""Nothing betrays what a person may not see: totals, filters, saved lists, files, headers (R043)."""

import re

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Operator
from directory.models import Listing

from .table import ACTS_FOR, OWNS, SEES
from .world import CANARIES, MISSING

# What a page makes up afresh each time.
FRESH = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=name="form_key" value=")[\w-]+')
# Of the others some have had letters from operators whose listing they may not see.
READERS = ["registered", "applicant", "no office owner", "suspended owner", "second tokyo owner", "second paris owner"]
QUERIES = ["", "?q=river", "?q=宿&sort=name", "?sort=updated&page=2", "?category=ACC-02", "?q=Twelve+rooms&language=en"]


def read(world, role, path, method="GET", **environ):
    """All that somebody could compare of two answers."""
    with transaction.atomic():
        response = world.ask(role, method, path, **environ)
        transaction.set_rollback(True)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = {name: value for name, value in response.items() if name not in ("X-Request-ID", "Content-Length")}
    return response.status_code, headers, FRESH.sub(b"", body)


def pages(world, role):
    """The pages on which listings stand, as far as they are open to `role`."""
    yield from (reverse("directory:listing-list") + query for query in QUERIES)
    yield from map(reverse, ["directory:saved-list", "my-page", "networking:introduction-list"])
    for operator in sorted(SEES.get(role, ())):
        things = world.things["listing"][operator]
        for name in ("listing-detail", "listing-print", "listing-vcard"):
            yield reverse(f"directory:{name}", kwargs=things)
        yield reverse("networking:introduction-create", kwargs=things)


@pytest.mark.req("R043")
@pytest.mark.parametrize("role", READERS)
def test_pages_hold_no_word_of_what_is_invisible(world, role):
    wrote_to = {"tokyo"} if "paris" in role else {"paris"}
    known = SEES.get(role, set()) | OWNS.get(role, set()) | wrote_to
    secret = [word.encode() for name, word in CANARIES.items() if name not in known]

    for path in pages(world, role):
        _status, headers, body = read(world, role, path)
        assert not [word for word in secret if word in body or word in repr(headers).encode()], path


@pytest.mark.req("R043")
@pytest.mark.parametrize("role", READERS)
def test_pages_are_the_same_without_what_is_invisible(world, role):
    with_them = {path: read(world, role, path) for path in pages(world, role)}

    with transaction.atomic():
        own_or_visible = SEES.get(role, set()) | OWNS.get(role, set())
        Listing.objects.exclude(operator__in=[world.operators[name] for name in own_or_visible]).delete()
        without = {path: read(world, role, path) for path in pages(world, role)}
        transaction.set_rollback(True)

    assert [path for path in with_them if without[path] != with_them[path]] == []


@pytest.mark.req("R043")
@pytest.mark.parametrize("role", READERS)
def test_looking_for_a_word_of_the_invisible_is_like_looking_for_nonsense(world, role):
    visible = SEES.get(role, set())
    address, nonsense = reverse("directory:listing-list"), "canary99bird"
    nothing = read(world, role, f"{address}?q={nonsense}")

    for name in CANARIES.keys() - visible:
        status, headers, body = read(world, role, f"{address}?q={CANARIES[name]}")
        assert (status, headers, body.replace(CANARIES[name].encode(), nonsense.encode())) == nothing
    for name in visible:
        assert (
            f'href="{reverse("directory:listing-detail", kwargs=world.things["listing"][name])}"'.encode()
            in (read(world, role, f"{address}?q={CANARIES[name]}")[2])
        )


@pytest.mark.req("R043")
@pytest.mark.parametrize(
    "condition",
    [
        {"HTTP_RANGE": "bytes=0-3"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
    ids=lambda condition: next(iter(condition)),
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("kind", "name"), [("photo", "photo"), ("listing", "listing-vcard")])
def test_conditions_are_no_way_round(world, kind, name, method, condition):
    answers = [
        read(
            world,
            "second tokyo owner",
            reverse(f"directory:{name}", kwargs=world.things[kind][owner]),
            method,
            **condition,
        )
        for owner in ("tokyo", "suspended abroad", "paris unpublished", MISSING)
    ]

    assert answers[0][0] == 404
    assert answers.count(answers[0]) == len(answers)


@pytest.mark.req("R043")
@pytest.mark.parametrize("change", [{"status": "suspended"}, {"status": "closed"}, "unpublished"], ids=str)
def test_what_is_withdrawn_is_gone_with_the_next_request(world, change):
    things, photo = world.things["listing"]["paris"], world.things["photo"]["paris"]
    addresses = [
        *(reverse(f"directory:{name}", kwargs=things) for name in ("listing-detail", "listing-print", "listing-vcard")),
        reverse("networking:introduction-create", kwargs=things),
        reverse("directory:photo", kwargs=photo),
    ]
    assert {read(world, "second tokyo owner", address)[0] for address in addresses} == {200}

    with transaction.atomic():
        if change == "unpublished":
            Listing.objects.filter(operator=world.operators["paris"]).delete()
        else:
            Operator.objects.filter(pk=world.operators["paris"].pk).update(**change)
        found = {read(world, "second tokyo owner", address)[0] for address in addresses}
        saved = read(world, "second tokyo owner", reverse("directory:saved-list"))[2]
        transaction.set_rollback(True)

    assert found == {404}
    assert CANARIES["paris"].encode() not in saved
    assert CANARIES["second paris"].encode() in saved


@pytest.mark.req("R043")
def test_somebody_suspended_sees_nothing_with_the_next_request(world):
    address = reverse("directory:listing-detail", kwargs=world.things["listing"]["paris"])

    with transaction.atomic():
        Operator.objects.filter(pk=world.operators[ACTS_FOR["second tokyo owner"]].pk).update(status="suspended")
        status = read(world, "second tokyo owner", address)[0]
        transaction.set_rollback(True)

    assert status == 404
