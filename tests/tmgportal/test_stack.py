import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_as_the_role_that_serves():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("portal_app", False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = 'portal_app'::regrole")
        assert cursor.fetchone() == (0,)
