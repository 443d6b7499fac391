import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import psutil
import psycopg
import pytest
import redis
from django.db import connection

from tmgportal import stack


@pytest.fixture(scope="module")
def postgres():
    postgres = stack.Postgres(stack.VAR / f"test/spare-{os.getpid()}", stack.FAST)
    postgres.prepare()
    postgres.start()
    yield postgres
    postgres.stop()
    shutil.rmtree(postgres.home)


@pytest.fixture
def valkey(tmp_path):
    valkey = stack.Valkey(tmp_path, durable=True)
    valkey.start()
    yield valkey
    valkey.stop()


def kill(pid_file):
    process = psutil.Process(int(pid_file.read_text().split()[0]))
    family = [process, *process.children(recursive=True)]
    for member in family:
        member.kill()
    psutil.wait_procs(family, timeout=5)


@pytest.mark.django_db
def test_the_tests_run_as_the_role_that_serves():
    rights = "rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rights} FROM pg_roles WHERE rolname = current_user")  # noqa: S608
        assert cursor.fetchone() == ("portal_app", False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = 'portal_app'::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.req("R151")
def test_the_role_that_serves_reads_and_writes_and_changes_no_structure(postgres):
    with psycopg.connect(postgres.url("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE thing (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
    with psycopg.connect(postgres.url("app"), autocommit=True) as app:
        app.execute("INSERT INTO thing (name) VALUES ('東京')")
        assert app.execute("UPDATE thing SET name = 'Tokyo' RETURNING id").fetchone() == (1,)
        for forbidden in ("CREATE TABLE other ()", "TRUNCATE thing", "DROP TABLE thing", "ALTER TABLE thing ADD x int"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_the_database_sorts_and_folds_the_same_everywhere(postgres):
    with psycopg.connect(postgres.url("app")) as app:
        encoding = app.execute(
            "SELECT pg_encoding_to_char(encoding), datlocale FROM pg_database WHERE datname = 'portal'"
        )
        assert encoding.fetchone() == ("UTF8", "C.UTF-8")
        assert app.execute("SELECT lower('ÉＡ'), current_setting('work_mem')").fetchone() == ("éａ", "16MB")


@pytest.mark.req("R151")
def test_postgres_starts_again_where_it_was_after_a_crash(postgres):
    before = postgres.url("app")

    kill(postgres.pid_file)
    assert not postgres.running()
    postgres.start()

    assert postgres.url("app") == before
    with psycopg.connect(before) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_a_number_left_behind_that_is_another_programs_now_is_no_obstacle(postgres):
    left_behind = postgres.pid_file.read_text().splitlines()
    postgres.stop()
    postgres.pid_file.write_text("\n".join([str(os.getpid()), *left_behind[1:]]))

    postgres.start()

    assert postgres.running()


def test_a_living_server_keeps_its_file_by_whatever_way_it_is_reached(postgres):
    way = stack.VAR / f"test/way-{os.getpid()}"
    way.symlink_to(postgres.home)
    before = postgres.pid_file.stat().st_ino
    try:
        stack.Postgres(way, stack.FAST).start()
    finally:
        way.unlink()
    assert postgres.pid_file.stat().st_ino == before


def test_two_who_start_it_at_once_get_one_server(postgres):
    kill(postgres.pid_file)

    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda server: server.start(), [postgres, postgres]))

    with psycopg.connect(postgres.url("app")) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)


def test_only_a_number_that_surely_is_another_programs_is_given_up(tmp_path):
    """What is dead PostgreSQL takes over itself, once none of its children is left."""
    pid_file = tmp_path / "postmaster.pid"
    assert not stack.is_another_programs(pid_file, "/data")
    with subprocess.Popen([sys.executable, "-c", "input()", "/data"], stdin=subprocess.PIPE) as child:
        for written in ("", "no number", str(child.pid)):
            pid_file.write_text(written)
            assert not stack.is_another_programs(pid_file, "/data")
        assert stack.is_another_programs(pid_file, "/other")
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert stack.is_another_programs(pid_file, "/data")
    assert not stack.is_another_programs(pid_file, "/data")


def test_valkey_starts_again_where_it_was_after_a_crash(valkey):
    before = valkey.url
    with redis.Redis.from_url(before) as client:
        client.set("kept", "yes")
        client.execute_command("WAITAOF", 1, 0, 2000)

    kill(valkey.pid_file)
    assert not valkey.running()
    valkey.start()

    assert valkey.url == before
    with redis.Redis.from_url(before) as client:
        assert client.get("kept") == b"yes"


@pytest.mark.req("R151")
def test_valkey_answers_nobody_without_the_password(valkey):
    with redis.Redis(port=valkey.port, retry=stack.NEVER_AGAIN) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_a_lock_is_held_by_one_and_freed_at_the_end(tmp_path):
    with stack.locked(tmp_path / "lock") as first, stack.locked(tmp_path / "lock", wait=False) as second:
        assert (first, second) == (True, False)
    with stack.locked(tmp_path / "lock", wait=False) as third:
        assert third
