"""What is looked for is counted without anybody (R120, R122)."""

import re
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.staff_roles import StaffRole
from privacy import usage
from privacy.models import UsageCount
from privacy.tasks import drop_rare_terms
from tests.factories import UserFactory, make_member
from tmgportal.celery import app

TODAY = "2026-11-25T09:00:00+09:00"


@pytest.fixture
def searched(db, client, django_capture_on_commit_callbacks):
    """`searched(query)` opens the search of an approved partner, another one each time, to the end, and returns the
    page; `by`: of that one."""

    def search(query, by=None):
        client.force_login(by or make_member())
        with django_capture_on_commit_callbacks(execute=True):
            return client.get(f"/en/partners/?{query}")

    return search


def counted():
    return {(row.term, row.language): row.count for row in UsageCount.objects.all()}


@pytest.mark.req("R120", "R122")
def test_searches_are_counted_by_month_in_one_spelling(searched):
    with time_machine.travel(TODAY, tick=False):
        for query in ("q=Ryokan", "q=ｒｙｏｋａｎ", "q=+RYOKAN+&sort=", "q=茶道++体験"):
            searched(query)

    assert counted() == {("ryokan", "en"): 3, ("茶道 体験", "en"): 1}
    assert set(UsageCount.objects.values_list("day", "kind")) == {(date(2026, 11, 1), "search")}


@pytest.mark.req("R122", "R156")
def test_nobody_makes_a_word_look_as_if_many_had_looked_for_it(searched):
    person = make_member()
    with time_machine.travel(TODAY, tick=False):
        for _time in range(20):
            searched("q=Taro+Yamada+lies", by=person)
        searched("q=taro+yamada+lies")
    with time_machine.travel("2026-11-26T09:00:00+09:00", tick=False):
        searched("q=Taro+Yamada+lies", by=person)

    assert counted() == {("taro yamada lies", "en"): 3}


@pytest.mark.req("R122")
def test_what_is_remembered_for_a_day_names_neither_person_nor_term(searched):
    person = make_member()

    searched("q=mysterious", by=person)

    (mark,) = [key.decode() for key in cache._cache.get_client(None).keys("*usage:*")]
    assert re.fullmatch(r"[0-9a-f]{64}", mark.rpartition("usage:")[2])
    assert 0 < cache._cache.get_client(None).ttl(mark) <= 24 * 60 * 60


@pytest.mark.req("R122")
def test_a_count_knows_of_nobody(searched):
    fields = {field.name for field in UsageCount._meta.get_fields()}

    assert fields == {"id", "day", "kind", "term", "language", "count"}


@pytest.mark.req("R121")
def test_the_log_of_a_search_holds_the_name_of_the_page_and_nothing_else(searched, caplog):
    with caplog.at_level("INFO"):
        searched("q=mysterious")

    (line,) = [record.getMessage() for record in caplog.records if record.name == "tmgportal.middleware"]
    assert re.fullmatch(r"GET directory:listing-list 200 ms=\d+", line)
    assert "mysterious" not in caplog.text
    assert "127.0.0.1" not in caplog.text


@pytest.mark.parametrize("query", ["", "q=", "q=+", "q=ryokan&page=2", "q=ryokan&category=ACC", "q=ryokan&sort=name"])
def test_what_follows_a_search_is_not_another_one(searched, query):
    searched(query)

    assert counted() == {}


@pytest.mark.django_db
@pytest.mark.req("R122")
@pytest.mark.parametrize(
    "term",
    [
        "hanako@inn.example",
        "ｈａｎａｋｏ＠ｉｎｎ．ｅｘａｍｐｌｅ",
        "mail hanako@inn",
        "@hanako",
        "https://inn.example/",
        "www inn",
        "inn.example",
        "日本.jp",
        "03-3555-0100",
        "+81 (3) 3555 0100",
        "０３ー３５５５ー０１００",
        "tel 0335550100",
        "٠٣٣٥٥٥٠١٠٠",
        "1110032",
        " ",
        "\u3000",
    ],
)
def test_what_looks_like_a_way_to_reach_somebody_is_never_written(django_capture_on_commit_callbacks, term):
    with django_capture_on_commit_callbacks(execute=True):
        usage.count(usage.SEARCH, term, "ja", UserFactory())

    assert counted() == {}


@pytest.mark.parametrize("term", ["ryokan", "7-11", "co., ltd.", "2026", "100 seats", "旅館。温泉", "J.R. pass", "ー"])
def test_ordinary_words_are_countable(term):
    assert usage.countable(term)


def test_a_long_term_is_cut_after_it_was_looked_at():
    assert usage.countable("x" * 200) == "x" * 60
    assert usage.countable("x" * 200 + " hanako@inn.example") == ""
    # One letter that NFKC makes eighteen of.
    assert len(usage.countable("\ufdfa" * 50)) <= 60


@pytest.mark.django_db
def test_counting_costs_one_statement_after_the_page(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        usage.count(usage.SEARCH, "ryokan", "en", UserFactory())

    with CaptureQueriesContext(connection) as queries:
        for callback in callbacks:
            callback()
    assert len(queries) == 1
    assert queries[0]["sql"].strip().startswith("INSERT")


def test_a_page_that_may_only_read_is_shown_all_the_same(committing_db, client, caplog):
    client.force_login(make_member())
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")

    page = client.get("/en/partners/?q=mysterious")

    assert page.status_code == 200
    assert "usage not counted kind=search" in caplog.text
    assert "mysterious" not in caplog.text


@pytest.mark.django_db
def test_without_a_cache_nothing_is_counted_and_nothing_breaks(settings, caplog, django_capture_on_commit_callbacks):
    person = UserFactory()
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}

    with django_capture_on_commit_callbacks(execute=True):
        usage.count(usage.SEARCH, "mysterious", "en", person)

    assert counted() == {}
    assert "usage not counted kind=search" in caplog.text
    assert "mysterious" not in caplog.text


@pytest.mark.django_db
class TestRareTerms:
    @pytest.fixture(autouse=True)
    def _terms(self):
        for day, term, count in [
            (date(2026, 10, 1), "rare last month", 9),
            (date(2026, 10, 1), "common last month", 10),
            (date(2026, 11, 1), "rare this month", 1),
            (date(2026, 11, 1), "common this month", 30),
        ]:
            UsageCount.objects.create(day=day, kind="search", term=term, language="en", count=count)

    def terms(self):
        return set(UsageCount.objects.values_list("term", flat=True))

    @pytest.mark.req("R122")
    def test_they_are_dropped_when_their_month_is_over(self):
        with time_machine.travel(TODAY, tick=False):
            assert self.said("--dry-run") == "1 terms would be dropped\n"
            assert len(self.terms()) == 4

            assert self.said() == "1 terms dropped\n"
            assert self.terms() == {"common last month", "rare this month", "common this month"}

            assert self.said() == "0 terms dropped\n"

    def test_the_month_ends_in_tokyo(self):
        with time_machine.travel("2026-12-01T00:10:00+09:00", tick=False):
            assert self.said() == "2 terms dropped\n"

    def test_it_happens_every_night(self):
        assert drop_rare_terms.name in {entry["task"] for entry in app.conf.beat_schedule.values()}

        with time_machine.travel(TODAY, tick=False):
            drop_rare_terms()

        assert "rare last month" not in self.terms()

    @pytest.mark.req("R120", "R122")
    @pytest.mark.parametrize("role", [StaffRole.ADMINISTRATOR, StaffRole.OFFICER])
    def test_staff_see_only_what_many_looked_for(self, client, make_staff, settings, role):
        settings.STAFF_SECOND_FACTOR_REQUIRED = False
        client.force_login(make_staff(role))

        page = client.get(reverse("admin:privacy_usagecount_changelist")).content.decode()

        assert {term for term in self.terms() if term in page} == {"common last month", "common this month"}
        rare = UsageCount.objects.get(term="rare this month")
        assert client.get(reverse("admin:privacy_usagecount_change", args=[rare.pk])).status_code == 302

    def said(self, *options):
        out = StringIO()
        call_command("drop_rare_terms", *options, stdout=out)
        return out.getvalue()
