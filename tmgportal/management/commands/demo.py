import signal
import socket
import sys
import time
import urllib.request
from contextlib import suppress

from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

from tmgportal import messages, stack
from tmgportal.supervisor import Child, Supervisor, wait_until

LOGINS = stack.VAR / "demonstration-logins.txt"
LOGS = stack.VAR / "log"
# Each thread may hold a connection; the pool of a process has eight.
THREADS = 4


class Command(BaseCommand):
    help = "Run the whole portal on this machine, with servers of its own and invented data. Ctrl-C ends it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--fresh", action="store_true", help="forget the data of earlier starts")

    def handle(self, *, port, fresh, **options):
        with stack.locked(stack.VAR / "demo.lock", wait=False) as free:
            if not free:
                raise CommandError(f"It already runs here, at {stack.read_environment().get('SITE_URL')}")
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.default_int_handler)
            self.stack, self.supervisor = stack.Stack(), Supervisor(stack.VAR / "demo.json")
            try:
                self.supervisor.end_orphans()
                self._start(port, fresh)
                self._tend()
            except KeyboardInterrupt:
                self.stdout.write("\nStopping …")
            except stack.StackError as error:
                raise CommandError(str(error)) from error
            finally:
                self._stop()

    def _start(self, port, fresh):
        began = time.monotonic()
        if fresh:
            self.stack.remove()
        self.port = self._free(port)
        url = f"http://localhost:{self.port}"
        stack.write_environment(SITE_URL=url)
        self.environment = stack.ENVIRONMENT | {"DEMONSTRATION": "1", "SITE_URL": url, "PYTHONUNBUFFERED": "1"}
        self._step("Japanese", messages.compile_catalogue)
        self._step("PostgreSQL and Valkey", self.stack.start)
        self._step("Static files", self._manage, "collectstatic", "--no-input")
        self._step("Tables", self._manage, "migrate", "--no-input")
        if "load_demonstration" in get_commands() and not LOGINS.exists():
            self._step("Invented businesses", self._manage, "load_demonstration")
            self._step("Checkpoint of the ledger", self._manage, "checkpoint_ledger")
        self._step("Web, worker and beat", self._start_children)
        self.stdout.write(self.style.SUCCESS(f"\n{url} is open after {time.monotonic() - began:.1f} s.\n"))
        if LOGINS.exists():
            self.stdout.write(LOGINS.read_text())
        self.stdout.write("Logs: var/log. Ctrl-C stops everything and keeps the data.")

    def _free(self, port):
        """`port`, or the next one on which nobody answers or listens."""
        for candidate in range(port, port + 100):
            with suppress(OSError), socket.create_connection(("localhost", candidate), timeout=1):
                self.stdout.write(self.style.WARNING(f"Port {candidate} is taken by another program."))
                continue
            if stack.free_port(candidate) == candidate:
                return candidate
        raise CommandError(f"No free port from {port} to {port + 99}; choose another one: make run PORT=…")

    def _step(self, name, act, *arguments):
        self.stdout.write(f"{name} … ", ending="")
        self.stdout.flush()
        began = time.monotonic()
        act(*arguments)
        self.stdout.write(f"{time.monotonic() - began:.1f} s")

    def _manage(self, *arguments):
        command = Child(
            arguments[0],
            [sys.executable, str(stack.BASE_DIR / "manage.py"), *arguments],
            log=LOGS / "start.log",
            environment=self.environment,
        )
        command.start()
        try:
            if command.process.wait():
                raise CommandError(f"manage.py {' '.join(arguments)} failed:\n{command.last_lines()}")
        finally:
            command.kill_group()

    def _start_children(self):
        commands = {
            "web": [
                *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", self.port, "--no-ws"),
                *("--workers", 2, "--blocking-threads", THREADS, "--log-level", "warning"),
                *("--respawn-failed-workers", "--respawn-interval", 1),
                "tmgportal.wsgi:application",
            ],
            "worker": [
                "celery",
                "-A",
                "tmgportal",
                "worker",
                "--concurrency",
                2,
                "--without-gossip",
                "--without-mingle",
            ],
            "beat": ["celery", "-A", "tmgportal", "beat", "--schedule", stack.VAR / "beat-schedule", "--pidfile="],
        }
        # The web server first: it answers sooner when the others do not start beside it.
        for name, command in commands.items():
            arguments = [sys.executable, "-m", *map(str, command)]
            child = Child(name, arguments, log=LOGS / f"{name}.log", environment=self.environment)
            self.supervisor.add(child)
            if name == "web":
                self._await(child)

    def _await(self, web):
        if not wait_until(lambda: self._answers() or not web.alive(), 60) or not web.alive():
            raise CommandError(f"The web server does not start. From {web.log}:\n{web.last_lines()}")

    def _answers(self):
        live = f"http://127.0.0.1:{self.port}/healthz/live"
        with suppress(OSError), urllib.request.urlopen(live, timeout=1):
            return True
        return False

    def _tend(self):
        while True:
            time.sleep(0.5)
            for name in self.supervisor.tend():
                self.stdout.write(self.style.WARNING(f"{name} had ended and was started again; see var/log/{name}.log"))
            if not self.stack.running():
                self.stdout.write(self.style.WARNING("A server had ended and is started again."))
                with suppress(stack.StackError):
                    self.stack.start()

    def _stop(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.supervisor.stop()
        self.stack.stop()
