from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[1] / "outbox/templates"


@pytest.fixture
def _templates(settings):
    """Messages of the outbox's own tests can be posted."""
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], TEMPLATES]}]
