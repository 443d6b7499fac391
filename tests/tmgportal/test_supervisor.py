import os
import sys

import psutil
import pytest

from tmgportal.supervisor import Child, Supervisor, wait_until

FOREVER = [sys.executable, "-c", "import time; time.sleep(600)"]
WITH_A_CHILD = [sys.executable, "-c", "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"]


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(tmp_path / "children.json")
    yield supervisor
    supervisor.stop()


def child(tmp_path, command=FOREVER):
    return Child("sleeper", command, log=tmp_path / "log", environment=dict(os.environ))


def test_who_dies_is_started_again_and_leaves_nobody_behind(supervisor, tmp_path):
    supervisor.add(child(tmp_path, WITH_A_CHILD))
    first = psutil.Process(supervisor.children[0].process.pid)
    assert wait_until(lambda: first.children(), 5)
    left_behind = first.children()[0]

    first.kill()
    assert wait_until(supervisor.tend, 2)

    assert supervisor.children[0].alive()
    assert supervisor.children[0].process.pid != first.pid
    assert wait_until(lambda: not left_behind.is_running() or left_behind.status() == psutil.STATUS_ZOMBIE, 2)


def test_the_next_start_ends_what_a_killed_supervisor_left(supervisor, tmp_path):
    supervisor.add(child(tmp_path))
    orphan = supervisor.children.pop().process

    Supervisor(supervisor.record).end_orphans()

    assert orphan.poll() is not None
    assert not supervisor.record.exists()


def test_a_number_that_belongs_to_another_program_now_is_left_alone(supervisor, tmp_path):
    bystander = child(tmp_path)
    supervisor.add(bystander)
    supervisor.record.write_text(f"[[{bystander.process.pid}, 1.0]]")

    Supervisor(supervisor.record).end_orphans()

    assert bystander.alive()
