import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language active; the next test does not inherit it."""
    with translation.override("en"):
        yield
