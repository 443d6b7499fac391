import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """A page leaves its language behind in the thread; addresses that a test builds begin with /en/."""
    with translation.override("en"):
        yield
