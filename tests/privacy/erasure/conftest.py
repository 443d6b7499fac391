import pytest


@pytest.fixture(autouse=True)
def _journal(settings, tmp_path):
    """A journal of each test's own."""
    settings.JOURNAL_DIR = tmp_path / "journal"
