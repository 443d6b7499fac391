import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_as_the_role_that_serves():
    rights = "rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rights} FROM pg_roles WHERE rolname = current_user")  # noqa: S608
        assert cursor.fetchone() == ("portal_app", False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = 'portal_app'::regrole")
        assert cursor.fetchone() == (0,)
