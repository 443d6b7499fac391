"""What a release holds, what is refused, and that nothing changes it (R048, R120, R156)."""

import json

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from privacy import statistics
from privacy.models import AuditEvent, Release
from privacy.statistics import NotCountable

from .tables import crossed, dimension, list_of, moment, table

pytestmark = [pytest.mark.django_db, pytest.mark.req("R156")]


def shown(content):
    """{the codes: the count} of a table of one dimension, by what is merged; None is the sum."""
    members = {one["code"]: tuple(one["members"]) for one in content["dimensions"][0]["categories"]}
    return {members.get(*one["at"]): one["count"] for one in content["numbers"]}


def names(content, language="en"):
    return [one["name"][language] for one in content["dimensions"][0]["categories"]]


# ---- rounding ----


@given(st.integers(0, 10_000))
def test_every_number_is_rounded_to_the_nearest_ten(count):
    content = statistics.outcome(list_of({"a": 10 + count, "b": 40})).content

    assert all(number["count"] % 10 == 0 for number in content["numbers"])
    assert abs(shown(content)["a",] - (10 + count)) <= 5
    assert abs(shown(content)[None] - (50 + count)) <= 5


def test_the_sum_is_rounded_by_itself_and_not_added_up():
    assert shown(statistics.outcome(list_of({"a": 14, "b": 14, "c": 14})).content)[None] == 40


def test_the_same_count_is_published_the_same_month_after_month():
    """So that the mean of many releases is no better than one (R156)."""
    contents = [
        statistics.publish(crossed([[3, 12, 9], [14, 25, 31]]), at=moment(month)).content for month in range(1, 8)
    ]

    assert contents == [contents[0]] * 7


# ---- what is too small ----


def test_what_is_small_is_published_with_its_group_and_what_is_left_with_what_else_is_small():
    groups = {"a1": "north", "a2": "north", "a3": "north", "b1": "south", "b2": "south", "c": ""}
    content = statistics.outcome(
        list_of({"a1": 40, "a2": 6, "a3": 7, "b1": 5, "b2": 6, "c": 14}, groups=groups)
    ).content

    assert shown(content) == {("a1",): 40, ("c",): 10, ("a2", "a3"): 10, ("b1", "b2"): 10, None: 80}
    assert names(content) == ["A1", "C", "Elsewhere in North", "South"]


@pytest.mark.parametrize("few", [0, 3, 9])
def test_nobody_can_tell_an_empty_category_from_one_of_nine(few):
    """Missing from the list, it would be known to be nought: so it takes the smallest other one along."""
    content = statistics.outcome(list_of({"a": 40, "b": 20, "c": few})).content

    assert [*shown(content)] == [("a",), ("c", "b"), None]
    assert names(content) == ["A", "Other"]


def test_what_has_an_order_is_published_with_its_neighbour():
    content = statistics.outcome(list_of({"a": 30, "b": 4, "c": 20, "d": 40}, is_ordered=True)).content

    assert [*shown(content)] == [("a",), ("b", "c"), ("d",), None]
    assert names(content) == ["A", "B, C", "D"]


@pytest.mark.parametrize("counts", [{"a": 9}, {"a": 40}, {"a": 40, "b": 9}, {"a": 0, "b": 0}])
def test_what_leaves_nothing_to_tell_apart_is_refused(counts):
    assert statistics.outcome(list_of(counts)).content is None


def test_a_series_shows_only_what_is_of_ten_or_more_and_no_sum():
    months = dimension(["1", "2", "3"])
    series = table("series", (months,), {("1",): 9, ("2",): 10, ("3",): 26}, adds_up=False)

    assert shown(statistics.outcome(series).content) == {("2",): 10, ("3",): 30}


def test_an_ordinary_table_is_published_as_it_is():
    content = statistics.outcome(crossed([[41, 38, 12, 7], [22, 19, 31, 26]])).content

    assert [len(one["categories"]) for one in content["dimensions"]] == [2, 4]
    assert len(content["numbers"]) == 8 + 2 + 4 + 1


def test_what_was_merged_stays_merged():
    """Else the difference would be what was hidden."""
    first = statistics.publish(crossed([[41, 3, 12], [22, 2, 31]]), at=moment(1)).content
    second = statistics.publish(crossed([[41, 30, 12], [22, 20, 31]]), at=moment(2)).content

    assert second["dimensions"] == first["dimensions"]
    assert [one["members"] for one in second["dimensions"][1]["categories"]] == [["c0"], ["c1", "c2"]]


def test_a_table_with_other_categories_does_not_follow_the_last_one():
    statistics.publish(crossed([[41, 30], [22, 31]]), at=moment(1))

    assert statistics.outcome(crossed([[41, 30, 12], [22, 31, 15]])).content is None


# ---- what may be counted ----


@pytest.mark.req("R048", "R120")
@pytest.mark.parametrize(
    "place",
    [
        "accounts.OperatorPeople.contact_name",
        "accounts.User.email",
        "accounts.User.last_login",
        "usersessions.UserSession.ip",
    ],
)
def test_no_personal_column_is_a_dimension(place):
    with pytest.raises(NotCountable):
        dimension(["a"], place=place)


def test_what_nobody_declared_is_no_dimension():
    with pytest.raises(NotCountable):
        dimension(["a"], place="directory.Listing.invented")


@pytest.mark.parametrize(
    ("dimensions", "counts"),
    [
        (0, {}),
        (3, {}),
        (1, {("a name that somebody typed",): 12}),
        (1, {("a", "a"): 12}),
        (1, {("a",): 0.5}),
        (1, {("a",): -1}),
        (1, {("a",): "12"}),
    ],
)
def test_a_table_counts_in_at_most_two_dimensions_what_is_a_category(dimensions, counts):
    with pytest.raises(NotCountable):
        table("t", (dimension(["a"]),) * dimensions, counts)


@pytest.mark.req("R048", "R156")
def test_a_release_keeps_nothing_that_it_was_rounded_from():
    content = statistics.outcome(list_of({"a": 43, "b": 28, "c": 17})).content

    assert not {"43", "28", "17", "88"} & {*json.dumps(content).replace(",", " ").replace("}", " ").split()}


# ---- once a month, and for good ----


def test_a_table_has_one_release_a_month_whatever_the_numbers_are_later():
    first = statistics.publish(list_of({"a": 40, "b": 20}), at=moment(1, 31))
    again = statistics.publish(list_of({"a": 90, "b": 20}), at=moment(1))
    next_month = statistics.publish(list_of({"a": 90, "b": 20}), at=moment(2))

    assert again == first
    assert [one.content is None for one in (first, next_month)] == [False, False]
    assert Release.objects.count() == 2


def test_a_refusal_stands_for_its_month(make_staff):
    officer = make_staff("privacy officer")
    refused = statistics.publish(list_of({"a": 9, "b": 20}), at=moment(1), by=officer)
    statistics.publish(list_of({"a": 90, "b": 20}), at=moment(1), by=officer)

    assert Release.objects.get().content is None
    assert AuditEvent.objects.get(by=officer).act == "statistics refused"
    assert AuditEvent.objects.get(by=officer).target == f"privacy.release:{refused.pk}"


@pytest.mark.parametrize("change", [lambda row: row.update(content={}), lambda row: row.delete()])
def test_a_release_is_never_changed(change):
    statistics.publish(list_of({"a": 40, "b": 20}))

    with pytest.raises(DatabaseError), transaction.atomic():
        change(Release.objects.all())

    assert Release.objects.get().content
