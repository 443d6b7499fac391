"""Keeps the processes of the demonstration alive, and leaves none behind."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil


class Child:
    """One process with its log; `alive()` is asked again and again, `start()` may be called again and again."""

    def __init__(self, name, command, *, log, environment):
        self.name, self.command, self.log, self.environment = name, command, log, environment
        self.process = None

    def start(self):
        self.kill_group()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C is for the supervisor, which then stops the children in order.
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                start_new_session=True,
            )

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, patience=10):
        if self.alive():
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.kill_group()

    def kill_group(self):
        """End it and what it started itself, which may outlive it and hold its port."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def last_lines(self, number=15):
        with suppress(FileNotFoundError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-number:])
        return ""


class Supervisor:
    """`record` names the children, so that the next start ends those of a supervisor that was killed."""

    def __init__(self, record: Path):
        self.record, self.children = record, []

    def end_orphans(self):
        with suppress(FileNotFoundError, ValueError):
            for pid, started in json.loads(self.record.read_text()):
                with suppress(psutil.NoSuchProcess):
                    process = psutil.Process(pid)
                    if process.create_time() == started:
                        end(process)
        self.record.unlink(missing_ok=True)

    def add(self, child):
        child.start()
        self.children.append(child)
        self._write_record()

    def tend(self):
        """Start again whoever died; returns their names."""
        dead = [child for child in self.children if not child.alive()]
        for child in dead:
            child.start()
        if dead:
            self._write_record()
        return [child.name for child in dead]

    def stop(self):
        for child in self.children:
            child.stop()
        self.record.unlink(missing_ok=True)

    def _write_record(self):
        living = []
        for child in self.children:
            with suppress(psutil.NoSuchProcess):
                living.append((child.process.pid, psutil.Process(child.process.pid).create_time()))
        self.record.write_text(json.dumps(living))


def end(process):
    """End a process and its children, first kindly."""
    family = [*process.children(recursive=True), process]
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.terminate()
    wait_until(lambda: not any(map(lives, family)), 3)
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()


def lives(process):
    """Does it still do something? (A zombie waits for its parent, which in a container may never ask.)"""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def wait_until(condition, seconds):
    """Ask again until it holds; returns whether it did in time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
