"""The list of measures (docs/security-controls.csv) names what there is, for each kind that the law distinguishes."""

import csv

import pytest

from tmgportal.stack import BASE_DIR

# Guidelines on the Act on the Protection of Personal Information: safety measures by kind.
AREAS = {"organisational", "personnel", "physical", "technical", "processor"}


@pytest.mark.req("R152", "R155")
def test_every_measure_of_the_list_has_its_basis_and_what_shows_it():
    with (BASE_DIR / "docs/security-controls.csv").open(newline="") as file:
        controls = list(csv.DictReader(file))

    assert {control["area"] for control in controls} == AREAS
    assert [one["control"] for one in controls if not (BASE_DIR / one["proof"]).is_file()] == []
    assert [one["control"] for one in controls if not (one["what_holds"] and one["basis"])] == []
