import pytest

from accounts.models import ShownContact
from directory.forms import ContactForm
from tests.factories import OperatorFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("overseas", "offered"),
    [
        (False, set(ShownContact.values)),
        (True, set(ShownContact.values) - {ShownContact.CONTACT_TELEPHONE}),
    ],
)
def test_only_what_a_side_registers_can_be_shown(overseas, offered):
    form = ContactForm(record=OperatorFactory(overseas=overseas))

    assert {code for code, _label in form.fields["shown_contact"].choices} == offered
