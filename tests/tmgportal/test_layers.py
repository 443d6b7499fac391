import pytest

from tests import layers, migrations


def test_no_string_names_an_app_above():
    assert list(layers.faults()) == []


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ('apps.get_model("directory.Listing")', ["directory.Listing"]),
        ('render(request, "directory/listing_list.html")', ["directory/listing_list.html"]),
        ('"""The directory.Listing reads this."""', []),
        ('reverse("directory")', []),
        ('"/var/directory/x"', []),
    ],
)
def test_strings_that_name_an_app_above(source, named):
    assert [string for _line, string in layers.upward_strings(source, {"directory"})] == named


def test_a_migration_may_not_depend_on_an_app_above():
    source = 'dependencies = [("directory", "0001_initial")]'
    assert [string for _line, string in layers.upward_strings(source, {"directory"}, migration=True)] == ["directory"]


def test_no_migration_is_missing():
    assert list(migrations.missing()) == []
