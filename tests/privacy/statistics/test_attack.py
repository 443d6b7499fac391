"""Published statistics against whoever has all of them and a solver (R156, I16)."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from privacy import statistics

from .attacker import Attacker, Release, came_since, from_rounded
from .tables import crossed, list_of, moment

pytestmark = [pytest.mark.django_db, pytest.mark.req("R156")]

NARROWEST = 3
# At the ends of what is rounded to one value, where sums give most away; and anything.
AT_THE_ENDS = st.sampled_from([0, 1, 4, 5, 6, 9, 14, 15])
ANYTHING = st.integers(0, 40)
SOME = st.one_of(AT_THE_ENDS, ANYTHING)
FEW, MORE = st.integers(2, 3), st.integers(2, 5)
NEWCOMERS = st.sampled_from([0, 0, 0, 1, 2, 6])
attacks = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def counts(draw, values=SOME, columns=FEW):
    width = draw(columns)
    return draw(st.lists(st.lists(values, min_size=width, max_size=width), min_size=2, max_size=4))


def grown(draw, rows, newcomers=NEWCOMERS):
    return [[count + draw(newcomers) for count in row] for row in rows]


def published(table, month=1):
    return statistics.publish(table, at=moment(month)).content


def narrowest(attacker, targets):
    """{what is narrowed: how many values it may have} where these are fewer than a small cell must keep."""
    found = {target: attacker.candidates(weights) for target, weights in targets.items()}
    return {target: values for target, values in found.items() if values is not None and values < NARROWEST}


def cells_of(release, i=0):
    return {(i, at): {(i, at): 1} for at in release.may_be_small()}


@attacks
@given(counts(columns=MORE), st.booleans())
def test_no_small_cell_is_narrowed_from_one_release(rows, is_ordered):
    content = statistics.outcome(crossed(rows, is_ordered=is_ordered)).content
    if content:
        release = Release.of(content)

        assert narrowest(Attacker(release), cells_of(release)) == {}


@attacks
@given(st.data())
def test_nothing_small_is_narrowed_by_comparing_two_releases(data):
    before = data.draw(counts())
    after = grown(data.draw, before)
    note(f"{before} became {after}")
    with transaction.atomic():
        contents = [published(crossed(rows), month) for month, rows in enumerate((before, after), 1)]
        transaction.set_rollback(True)
    if None not in contents:
        then, now = map(Release.of, contents)
        came = {("came to", at): came_since(then, now, at) for at in now.cells}

        assert narrowest(Attacker(then, now), cells_of(then) | cells_of(now, 1) | came) == {}


@attacks
@given(st.lists(SOME, min_size=2, max_size=7), st.booleans(), st.data())
def test_a_list_shows_no_category_that_is_small(values, is_ordered, data):
    contents = []
    with transaction.atomic():
        for month in (1, 2):
            table = list_of({f"c{n}": count for n, count in enumerate(values)}, is_ordered=is_ordered)
            contents.append(published(table, month))
            values = [count + data.draw(NEWCOMERS) for count in values]
        transaction.set_rollback(True)
    for content in filter(None, contents):
        release = Release.of(content)
        assert min(lowest for lowest, _highest in release.known.values()) >= 5
        assert narrowest(Attacker(release), {at: {(0, at): 1} for at in release.cells}) == {}


@attacks
@given(st.lists(st.integers(0, 12), min_size=3, max_size=8))
def test_what_came_in_a_month_is_not_told_by_a_series(newcomers):
    """Each value is of all until then, so that who reads it knows that none is less than the one before."""
    values = [sum(newcomers[: n + 1]) + 10 for n in range(len(newcomers))]
    release = Release({(n,): from_rounded((None,), (value + 5) // 10 * 10) for n, value in enumerate(values)})
    attacker = Attacker(release)
    steps = {(n, n + 1): {(0, (n + 1,)): 1, (0, (n,)): -1} for n in range(len(values) - 1)}
    for weights in steps.values():
        attacker.learn(weights, 0, 10_000)

    assert narrowest(attacker, steps) == {}


# ---- the attacker is worth its name ----


@attacks
@given(counts(values=st.integers(0, 40), columns=st.just(4)))
def test_whoever_only_leaves_out_small_cells_is_found_out_where_one_is_alone_in_its_row(rows):
    cells = {(i, j): count for i, row in enumerate(rows) for j, count in enumerate(row)}
    known = {at: (0, 9) if count < 10 else (count, count) for at, count in cells.items()}
    known |= {(i, None): (sum(row), sum(row)) for i, row in enumerate(rows)}
    release = Release(known)
    alone = [at for at, count in cells.items() if count < 10 and sum(n < 10 for n in rows[at[0]]) == 1]

    found = Attacker(release)

    assert {found.candidates({(0, at): 1}) for at in alone} <= {1}


def test_whoever_only_leaves_out_small_cells_is_broken():
    """Four cells are hidden; the margins give them all away."""
    known = {
        **{("a", "x"): (0, 9), ("a", "y"): (20, 20), ("b", "x"): (30, 30), ("b", "y"): (0, 9)},
        **{("a", None): (23, 23), ("b", None): (37, 37), (None, "x"): (33, 33), (None, "y"): (27, 27)},
    }
    attacker = Attacker(Release(known))

    assert [attacker.candidates({(0, at): 1}) for at in [("a", "x"), ("b", "y")]] == [1, 1]


FOURS = [[4, 4, 4, 4], [14, 14, 14, 14], [14, 14, 14, 14], [14, 14, 14, 14]]


def test_rounding_alone_is_broken_where_every_count_is_at_an_end():
    sums = {(i, None): sum(row) for i, row in enumerate(FOURS)}
    cells = {(i, j): count for i, row in enumerate(FOURS) for j, count in enumerate(row)}
    known = {at: from_rounded(at, (count + 5) // 10 * 10) for at, count in (cells | sums).items()}

    assert Attacker(Release(known)).candidates({(0, (0, 0)): 1}) == 2

    content = statistics.outcome(crossed(FOURS)).content
    assert content is None or narrowest(Attacker(Release.of(content)), cells_of(Release.of(content))) == {}


def test_without_the_last_release_two_of_them_would_tell_who_came():
    """Each release alone keeps its secrets. Nobody left, so together they would not."""
    then = Release({(n,): (5, 14) for n in range(3)} | {(None,): (15, 24)})
    now = Release({(n,): (5, 14) for n in range(3)} | {(None,): (15, 16)})

    assert Attacker(then, now).candidates(came_since(then, now, (0,))) == 2
