"""What is kept of a log-in (C5)."""

import pytest
from django.db.models import GenericIPAddressField

from privacy import declarations
from privacy.retention import Retention


@pytest.mark.req("R110", "C5")
def test_what_tells_of_networks_and_browsers_is_treated_as_personal():
    told = [
        (declaration, field.name)
        for declaration in declarations.declared()
        for field in declaration.model._meta.concrete_fields
        if isinstance(field, GenericIPAddressField) or field.name in ("session_key", "session_data", "user_agent")
    ]

    assert {f"{declaration.model._meta.label}.{name}" for declaration, name in told} == {
        "usersessions.UserSession.ip",
        "usersessions.UserSession.session_key",
        "usersessions.UserSession.user_agent",
        "sessions.Session.session_key",
        "sessions.Session.session_data",
    }
    for declaration, name in told:
        assert name in declaration.personal
        assert declaration.purposes_by_field[name]
        assert Retention.PERMANENT not in declaration.retention
