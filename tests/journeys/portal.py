"""The portal that the journeys visit: the real processes with the demonstration's settings, and data of their own."""

import json
import os
import subprocess
import sys
import urllib.request
from contextlib import suppress

import redis

from tmgportal import stack
from tmgportal.supervisor import Child, wait_until

# The tests themselves count from 0, one for each process.
REDIS_DATABASE = 15


class Portal:
    """A web server and a worker on `database`, from `start` to `stop`; their files and logs are in `files`.

    Who needs a web server alone calls `collect_static`, `web.start` and `await_web` instead.
    """

    def __init__(self, database, files, redis_database=REDIS_DATABASE):
        self.files = files
        self.port = stack.free_port()
        # Browsers take localhost for a secure place, and give it the cookies that ask for one.
        self.url = f"http://localhost:{self.port}"
        servers = {name: os.environ[name].rpartition("/")[0] for name in ("DATABASE_URL", "REDIS_URL")}
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
            "DATABASE_URL": f"{servers['DATABASE_URL']}/{database}",
            "REDIS_URL": f"{servers['REDIS_URL']}/{redis_database}",
            "DEMONSTRATION": "1",
            "SITE_URL": self.url,
            "JOURNEYS_FILES": str(files),
        }
        web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        web += ["--blocking-threads", "4", "--log-level", "warning", "tmgportal.wsgi:application"]
        worker = ["celery", "-A", "tmgportal", "worker", "--pool", "solo", "--without-gossip", "--without-mingle"]
        self.web, self.worker = self._child("web", web), self._child("worker", worker)

    def _child(self, name, arguments):
        command = [sys.executable, "-m", *arguments]
        return Child(name, command, log=self.files / f"{name}.log", environment=self.environment)

    def start(self):
        """Returns when the web server answers, with what `world` has made."""
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
            client.flushdb()
        self.collect_static()
        self.web.start()
        self.worker.start()
        self.world = json.loads(self.run("-m", "tests.journeys.world"))
        self.await_web()

    def collect_static(self):
        self.run("manage.py", "collectstatic", "--no-input", "--verbosity=0")

    def await_web(self):
        if not wait_until(self._answers, 30):
            raise AssertionError(f"The web server does not start:\n{self.web.last_lines()}")

    def stop(self):
        for child in (self.web, self.worker):
            child.stop()

    def run(self, *arguments):
        """What a command beside the portal prints."""
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=stack.BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ring(self, task):
        """Let the worker do `task` now: no schedule rings here."""
        self.run("-m", "celery", "-A", "tmgportal", "call", task)

    def _answers(self):
        live = f"http://127.0.0.1:{self.port}/healthz/live"
        with suppress(OSError), urllib.request.urlopen(live, timeout=1):
            return True
        return False
