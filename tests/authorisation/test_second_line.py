"""What the database refuses by itself, whatever the application asks of it (docs/adr/0010)."""

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from accounts.models import Decision, DomesticRegistration, Invitation, JoinRequest, Operator, OperatorPeople
from directory.models import SavedListing
from inquiries.models import Entry, Inquiry
from networking.models import Introduction
from privacy.middleware import ActingMiddleware
from privacy.models import Request
from tmgportal.public_urls import PUBLIC

from .guarded import EVERYBODY, GATE, GUARDED, acting, mark
from .table import TABLE, Check
from .test_matrix import ask, asked


@pytest.fixture(scope="module")
def rows(world):
    return mark(world)


def reaches(who, model):
    role = who.removesuffix(f" {GATE}")
    return role == "portal" or not {who, role}.isdisjoint(GUARDED[model])


@pytest.mark.req("R043", "R049", "R151")
@pytest.mark.parametrize("model", GUARDED)
def test_who_reaches_a_row(world, rows, model):
    reach = set()
    for who in EVERYBODY:
        with acting(world, who):
            reach |= {who} if model.objects.filter(pk=rows[model].pk).exists() else set()

    assert reach == {who for who in EVERYBODY if reaches(who, model)}


@pytest.mark.req("R151")
@pytest.mark.parametrize("model", GUARDED)
def test_nobody_else_writes_a_row(world, rows, model):
    for who in EVERYBODY:
        if not reaches(who, model):
            assert changed(world, who, rows[model]) == (0, 0), who
            with (
                acting(world, who),
                pytest.raises(ProgrammingError, match="row-level security"),
                transaction.atomic(),
            ):
                model.objects.bulk_create([rows[model]])


@pytest.mark.req("R151")
@pytest.mark.parametrize(
    ("model", "readers"),
    [
        # What staff approved, decided or were asked.
        (OperatorPeople, ["tokyo owner", f"second paris owner {GATE}"]),
        (Decision, ["tokyo owner", "staff"]),
        (Request, ["tokyo owner"]),
        (Inquiry, ["tokyo owner"]),
        (Entry, ["tokyo owner", "staff"]),
        # Only those who received it report it, only those who are asked answer.
        (Introduction, ["tokyo owner"]),
        (JoinRequest, ["registered"]),
    ],
)
def test_not_everybody_who_reads_a_row_changes_it(world, rows, model, readers):
    for who in readers:
        assert changed(world, who, rows[model]) == (0, 0), who


def changed(world, who, row):
    """How many rows `who` updates and deletes of the one."""
    table, key = row._meta.db_table, row._meta.pk.column
    counts = []
    with acting(world, who), connection.cursor() as cursor:
        for command in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):  # noqa: S608
            cursor.execute(f"{command} WHERE {key} = %s", [row.pk])
            counts.append(cursor.rowcount)
    return tuple(counts)


@pytest.mark.req("R043")
@pytest.mark.parametrize(
    ("change", "reader"),
    [
        ({"status": "suspended"}, "second paris owner"),
        ({"shown_contact": []}, "second paris owner"),
        ({"contact": None}, "second paris owner"),
        ({"tokyo_office_confirmed_at": None}, "second paris owner"),
        ({}, "second tokyo owner"),
        ({}, "suspended owner"),
    ],
)
def test_through_the_gate_only_what_is_shown_across_is_read(world, rows, change, reader):
    people = OperatorPeople.objects.filter(pk=rows[OperatorPeople].pk)
    with transaction.atomic():
        Operator.objects.filter(pk=rows[OperatorPeople].pk).update(**{"status": "active"} | change)
        with acting(world, f"{reader} {GATE}"):
            assert not people.exists()
        transaction.set_rollback(True)


@pytest.mark.req("R092")
def test_whoever_leaves_an_operator_still_reads_what_they_wrote_for_it(world, rows):
    person = world.people["tokyo editor"]
    with transaction.atomic():
        person.memberships.all().delete()
        written = {
            Introduction: "sent_by",
            Invitation: "invited_by",
            Decision: "by",
            DomesticRegistration: "created_by",
        }
        for model, name in written.items():
            of_operator = model.objects.filter(pk=rows[model].pk)
            with acting(world, "tokyo editor"):
                assert not of_operator.exists()
            of_operator.update(**{name: person})
            with acting(world, "tokyo editor"):
                assert of_operator.exists()
                assert changed(world, "tokyo editor", rows[model]) == (0, 0)
        transaction.set_rollback(True)


@pytest.mark.req("R049")
def test_staff_read_no_letter_that_was_not_reported(world, rows):
    letters = Introduction.objects.filter(pk=rows[Introduction].pk)
    with transaction.atomic():
        letters.update(reported_at=None)
        with acting(world, "staff"):
            assert not letters.exists()
        transaction.set_rollback(True)


# ---- the first line knocked out: the application takes whoever asks for somebody else ----

# Who asks, for whom the application takes them, and about whose things.
MISTAKES = [
    ("second tokyo owner", "tokyo owner", "tokyo"),
    ("registered", "tokyo owner", "tokyo"),
    ("registered", "paris owner", "paris"),
    # Sees, for the application, what Tokyo shows to Paris.
    ("second tokyo owner", "paris owner", "tokyo"),
]
# The pages behind the log-in, but for those of a draft, which reads no guarded row.
PERSONAL = [
    route
    for route in TABLE
    if (":" in route or route == "my-page")
    and route not in PUBLIC
    and not route.startswith(("directory:photo", "directory:draft-update", "directory:draft-publish"))
]
CANARIES = ["people", "domestic", "overseas", "decision", "invitation", "note", "letter"]


@pytest.fixture
def mistaken(world, monkeypatch):
    """`mistaken(victim)`: from now on every view works for `victim`, while the database knows who is logged in."""

    def mistake(victim):
        original = ActingMiddleware.__call__

        def call(middleware, request):
            get_response = middleware.get_response

            def answer(request):
                request.user = world.people[victim]
                return get_response(request)

            middleware.get_response = answer
            try:
                return original(middleware, request)
            finally:
                middleware.get_response = get_response

        monkeypatch.setattr(ActingMiddleware, "__call__", call)

    return mistake


def addresses(world, role, method, owner):
    """(route, address, form) of the pages about what belongs to `owner`."""
    for route in (route for route in PERSONAL if method in TABLE[route]):
        thing = TABLE[route][method][0].thing
        arguments, data = asked(world, Check(role, method, thing, owner, ""), route)
        yield route, reverse(route, kwargs=arguments), data


def pages(world, role, owner):
    """(route, status, body)"""
    for route, address, _data in addresses(world, role, "GET", owner):
        found, (_headers, _cookies, body), _writes = ask(world, Check(role, "GET", "", "", ""), address)
        yield route, found, body.decode(errors="replace")


def canaries_on(pages):
    return {word for _route, _found, body in pages for word in CANARIES if f"{word}-canary" in body}


def test_each_canary_stands_on_a_page_of_its_owner(world, rows):
    assert canaries_on([*pages(world, "tokyo owner", "tokyo"), *pages(world, "paris owner", "paris")]) == set(CANARIES)


@pytest.mark.req("R043", "R151")
@pytest.mark.parametrize(("asker", "victim", "owner"), MISTAKES)
def test_with_the_first_line_knocked_out_nobody_reads_the_rows_of_others(world, rows, mistaken, asker, victim, owner):
    mistaken(victim)
    answers = [*pages(world, asker, owner)]

    assert canaries_on(answers) == set()
    assert [(route, found) for route, found, _body in answers if found == "500"] == []


@pytest.mark.req("R151")
def test_with_the_first_line_knocked_out_nobody_writes_the_rows_of_others(world, rows, mistaken):
    assert {Invitation, JoinRequest, SavedListing, Introduction} <= changes(world, "tokyo owner")

    mistaken("tokyo owner")
    assert changes(world, "second tokyo owner") == set()


def changes(world, role):
    """The guarded tables that forms change when `role` sends them: about their own, and about what they see abroad."""
    before, found = stored(), set()
    acts = ("listing-forget", "listing-note", "introduction-create")
    abroad = (post for post in addresses(world, role, "POST", "paris") if post[0].endswith(acts))
    for _route, address, data in [*addresses(world, role, "POST", "tokyo"), *abroad]:
        cache.clear()
        with transaction.atomic():
            world.ask(role, "POST", address, data)
            found |= {model for model, content in stored().items() if content != before[model]}
            transaction.set_rollback(True)
    return found


def stored():
    """{model: all its rows in short}"""
    text = "SELECT md5(string_agg(row::text, ',' ORDER BY row::text)) FROM {} AS row"
    with connection.cursor() as cursor:
        return {model: cursor.execute(text.format(model._meta.db_table)).fetchone() for model in GUARDED}
