"""What of the directory is published, and the page on which it stands (R048, R120, R122, R156)."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts import countries
from directory import statistics as ours
from privacy import consent, statistics
from privacy.models import AuditEvent, ProcessingRecord, Release, UsageCount
from privacy.purposes import Purpose
from tests.factories import OperatorFactory
from tests.privacy.statistics.tables import crossed, list_of, moment

from .listings import make_listing, questions_of

pytestmark = pytest.mark.django_db
# Each page asks whether a policy is about to change.
POLICY_NOTICES = 1


@pytest.fixture
def count():
    """{key: table} of everything, counted for a day."""
    return lambda today=None: {table.key: table for table in statistics.counted(today)}


def kind(table):
    return {codes[-1]: count for codes, count in table.counts.items()}


# ---- what is counted ----


@pytest.mark.req("R156")
def test_operators_are_counted_by_what_they_registered_and_by_the_first_of_what_they_list(count):
    OperatorFactory.create_batch(2, tokyo_municipality="131016", employees=3)
    OperatorFactory(overseas=True, country="FR", employees=300)
    make_listing(categories=["FNB-02", "ACC-01"], operator=OperatorFactory(tokyo_municipality="132055", employees=3))

    tables = count()

    assert kind(tables["tokyo-operators-by-area"]) == {"131016": 2, "132055": 1}
    assert kind(tables["overseas-operators-by-country"]) == {"FR": 1}
    assert kind(tables["tokyo-operators-by-category"]) == {"none": 2, "FNB": 1}
    assert kind(tables["overseas-operators-by-kind"]) == {"none": 1}
    assert dict(tables["operators-by-side-and-size"].counts) == {("domestic", "1-4"): 3, ("overseas", "300-"): 1}


@pytest.mark.req("R156")
def test_who_the_other_side_does_not_see_is_not_counted(count):
    OperatorFactory(status="suspended", tokyo_municipality="131016")
    OperatorFactory(approved_at=None, tokyo_municipality="131016")

    assert kind(count()["tokyo-operators-by-area"]) == {}


@pytest.mark.req("R048", "R156")
@pytest.mark.parametrize(
    "say", [lambda subject: consent.object_to(subject, Purpose.STATISTICS), lambda subject: consent.restrict(subject)]
)
def test_a_business_whose_person_in_charge_objects_is_in_no_number(count, say):
    counted, missing = OperatorFactory.create_batch(2, tokyo_municipality="131016")
    say(missing.contact)

    assert kind(count()["tokyo-operators-by-area"]) == {"131016": 1}
    record = ProcessingRecord.objects.get(purpose=Purpose.STATISTICS)
    assert (record.subjects, record.surface) == (1, "published statistics")
    assert "municipality" in record.fields
    assert not {"name", "email", "contact"} & {*record.fields}
    assert counted.contact != missing.contact


@pytest.mark.req("R156")
def test_growth_is_told_by_how_many_there_were_at_the_end_of_each_month(count):
    for day in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 11, 2)):
        OperatorFactory(approved_at=moment(day.month, day.day))

    series = count(date(2026, 11, 20))["approved-operators"]

    assert [series.counts[("domestic", month)] for month in ("2026-07", "2026-08", "2026-09", "2026-10")] == [
        0,
        1,
        2,
        2,
    ]
    assert {len(dimension.categories) for dimension in series.dimensions} == {2, ours.MONTHS}
    assert not series.adds_up


@pytest.mark.req("R120", "R122")
def test_of_searches_only_what_many_looked_for_in_the_month_before_is_shown(count):
    for day, term, language, number in [
        (date(2026, 10, 1), "ryokan", "en", 12),
        (date(2026, 10, 1), "ryokan", "ja", 11),
        (date(2026, 10, 1), "somebody's name", "en", 9),
        (date(2026, 11, 1), "sushi", "en", 40),
    ]:
        UsageCount.objects.create(day=day, kind="search", term=term, language=language, count=number)

    assert kind(count(date(2026, 11, 1))["searches"]) == {"ryokan": 23}


def test_every_country_belongs_to_one_part_of_the_world_but_the_antarctic():
    codes = [code for row in ours.WORLD_REGIONS for code in row["countries"].split()]

    assert sorted([*codes, "AQ"]) == sorted(country.code for country in countries.every())


# ---- once a month ----


@pytest.fixture
def many():
    OperatorFactory.create_batch(12, tokyo_municipality="131016", employees=3)
    OperatorFactory.create_batch(13, overseas=True, country="FR", employees=30)


@pytest.mark.req("R156")
def test_the_command_says_before_what_it_would_publish_and_publishes_once(many, capsys):
    call_command("publish_statistics", "--dry-run")
    assert "operators-by-side-and-size: 9 numbers, 0" not in capsys.readouterr().err
    assert not Release.objects.exists()

    call_command("publish_statistics")
    said = capsys.readouterr().out
    call_command("publish_statistics")

    assert "searches: refused, too small to be shown" in said
    assert "already" in capsys.readouterr().out
    assert Release.objects.count() == 7
    assert {release.month for release in Release.objects.all()} == {timezone.localdate().replace(day=1)}


# ---- the page ----


@pytest.fixture
def released():
    statistics.publish(list_of({"a": 41, "b": 23}), at=moment(9))
    return [
        statistics.publish(one, at=moment(10)) for one in (crossed([[41, 23], [12, 30]]), list_of({"a": 52, "b": 23}))
    ]


def page(client, language="en", month=None):
    address = reverse("statistics:month", args=[month]) if month else reverse("statistics:newest")
    return client.get(address.replace("/en/", f"/{language}/"))


@pytest.mark.req("R156")
def test_before_the_first_release_the_page_says_that_there_is_none(client):
    statistics.publish(list_of({"a": 1, "b": 2}))

    text = page(client).content.decode()

    assert "Nothing is published yet" in text
    assert '<svg viewBox="0 0 320' not in text


@pytest.mark.req("R156")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Kind", 'Published on <time datetime="2026-10-01T05:10+09:00">1 Oct 2026</time>']),
        ("ja", ["種類", "2026年10月1日"]),
    ],
)
def test_everybody_reads_the_newest_release_as_chart_and_table(client, released, language, words):
    response = page(client, language)
    text = response.content.decode()

    assert response.status_code == 200
    assert not response.cookies
    assert text.count('role="img"') == text.count("<title id=") == text.count("<desc id=") == 2
    assert text.count('<table class="counts') == 2
    assert [word for word in words if word not in text] == []
    assert '<td class="num">50</td>' in text
    assert "41" not in [cell.partition("<")[0] for cell in text.split('class="num">')]


@pytest.mark.req("R156")
def test_each_number_of_a_table_is_a_bar_whose_length_is_its_share_of_the_longest(client, released):
    bars = re.findall(r'<rect class="bar s(\d)" [^>]*y="[\d.]+" width="([\d.]+)"', page(client).content.decode())

    # Two series of two, with a sign for each in the legend, and a list of two.
    assert [(series, float(width)) for series, width in bars] == [
        *[("0", 25), ("1", 25)],
        *[("0", 272), ("1", 68), ("0", 136), ("1", 204)],
        *[("0", 272), ("0", 108.8)],
    ]


@pytest.mark.req("R156")
def test_a_series_is_a_line_from_the_first_month_that_is_large_enough(client):
    OperatorFactory.create_batch(10, approved_at=moment(8, 3))
    OperatorFactory.create_batch(20, approved_at=moment(9, 3))
    series = statistics.counted(date(2026, 11, 1))[5]
    statistics.publish(series, at=moment(11))

    text = page(client).content.decode()

    assert series.key == "approved-operators"
    assert re.findall(r'<polyline class="line s(\d)" points="([^"]+)"', text) == [
        ("0", "34.0,134.0 133.0,10.0 232.0,10.0")
    ]
    assert "Lines from Aug 2026 to Oct 2026. At the end: Tokyo 30." in text


def test_an_earlier_release_stays_where_it_was(client, released):
    newest = page(client).content.decode()
    earlier = page(client, month="2026-09").content.decode()

    assert reverse("statistics:month", args=["2026-09"]) in newest
    assert '<td class="num">40</td>' in earlier
    assert reverse("statistics:newest") in earlier
    assert page(client, month="2026-09").status_code == 200


@pytest.mark.parametrize("month", ["2026-08", "2026-13", "0000-01"])
def test_there_is_no_page_of_a_month_without_a_release(client, released, month):
    assert page(client, month=month).status_code == 404
    assert client.get(reverse("statistics:csv", args=[month, "list"])).status_code == 404


def test_what_was_refused_is_missing_and_the_page_says_so(client, released):
    statistics.publish(list_of({"a": 1, "b": 2}, key="small"), at=moment(10))

    text = page(client).content.decode()

    assert "Some tables are missing" in text
    assert client.get(reverse("statistics:json", args=["2026-10", "small"])).status_code == 404


def test_the_page_asks_which_months_there_are_and_for_one_of_them(client, released):
    assert questions_of(client, reverse("statistics:newest")) == 2 + POLICY_NOTICES


@pytest.mark.req("R156")
def test_a_browser_that_has_the_release_does_not_get_it_again(client, released):
    first = page(client)
    again = client.get(reverse("statistics:newest"), headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304


def test_the_footer_leads_there(client):
    assert f'href="{reverse("statistics:newest")}"' in client.get(reverse("home")).content.decode()


# ---- open data ----


@pytest.mark.req("R156")
def test_a_table_is_a_file_for_spreadsheets(client, released):
    response = client.get(reverse("statistics:csv", args=["2026-10", "crossed"]))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in response.content
    assert response["Content-Disposition"] == 'attachment; filename="crossed-2026-10.csv"'
    assert {(row["side_code"], row["kind_code"]): row["count_rounded_to_10"] for row in rows} == {
        **{("r0", "c0"): "40", ("r0", "c1"): "20", ("r1", "c0"): "10", ("r1", "c1"): "30"},
        **{("r0", "*"): "60", ("r1", "*"): "40", ("*", "c0"): "50", ("*", "c1"): "50", ("*", "*"): "110"},
    }
    assert {row["month"] for row in rows} == {"2026-10"}


@pytest.mark.req("R156")
def test_a_table_is_a_file_for_programs_and_says_how_it_may_be_used(client, released):
    response = client.get(reverse("statistics:json", args=["2026-10", "list"]))
    data = response.json()

    assert {
        "table",
        "month",
        "published_at",
        "rounded_to",
        "licence",
        "source",
        "title",
        "unit",
        "dimensions",
        "numbers",
    } == {*data}
    assert data["numbers"] == [{"at": ["a"], "count": 50}, {"at": ["b"], "count": 20}, {"at": [None], "count": 80}]
    assert data["licence"] == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_never_changes_and_says_so(client, released, ending):
    address = reverse(f"statistics:{ending}", args=["2026-10", "list"])
    first = client.get(address)

    assert "public" in first["Cache-Control"]
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert not first.cookies


def test_a_term_that_looks_like_a_formula_is_text_in_a_spreadsheet(client):
    statistics.publish(list_of({"=1+1": 41, "b": 23}), at=moment(10))

    assert b"'=1+1" in client.get(reverse("statistics:csv", args=["2026-10", "list"])).content


# ---- staff ----


@pytest.fixture
def signed_in(make_staff, client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False

    def as_(role):
        person = make_staff(role)
        client.force_login(person)
        return person

    return as_


@pytest.mark.req("R156")
@pytest.mark.parametrize("role", ["privacy officer", "administrator"])
def test_staff_see_what_would_be_merged_and_publish_it_once(many, signed_in, client, role):
    officer = signed_in(role)
    address = reverse("admin:privacy_release_publish")

    listed = client.get(reverse("admin:privacy_release_changelist")).content.decode()
    before = client.get(address).content.decode()
    assert address in listed
    assert not Release.objects.exists()
    client.post(address)
    after = client.get(address).content.decode()

    assert "Operators by side and number of employees" in before
    assert "Refused: too small to be shown" in before
    assert "Publish now" in before
    assert "Publish now" not in after
    assert Release.objects.count() == 7
    acts = AuditEvent.objects.filter(by=officer, act__startswith="statistics").values_list("target", flat=True)
    assert {*acts} == {f"privacy.release:{release.pk}" for release in Release.objects.all()}


@pytest.mark.req("R156")
@pytest.mark.parametrize("role", ["auditor", "registration reviewer", "newsletter editor"])
def test_nobody_else_publishes(signed_in, client, role):
    signed_in(role)

    assert client.post(reverse("admin:privacy_release_publish")).status_code == 403
    assert not Release.objects.exists()


def test_a_release_is_read_in_the_admin_and_changed_by_nobody(signed_in, client, released):
    signed_in("privacy officer")
    text = client.get(reverse("admin:privacy_release_change", args=[released[0].pk])).content.decode()

    assert released[0].digest in text
    assert 'name="_save"' not in text
    assert client.get(reverse("admin:privacy_release_changelist")).status_code == 200
