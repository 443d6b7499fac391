"""Bundles for tests, and the programs of others that open them."""

import importlib.util
import io
import os
import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest
from django.conf import settings

from privacy.handover import bundle, passwords, signatures

REQUIRED = os.environ.get("TOOLS_REQUIRED") == "1"
PACKAGES = {
    "age": "age",
    "age-keygen": "age",
    "7z": "p7zip-full",
    "ssh-keygen": "openssh-client",
    "soffice": "libreoffice-calc-nogui",
}
TOKEN = "canary-7f3a"
ROWS = f"operator,telephone\r\n{TOKEN},+81 3-1234-5678\r\n".encode()
PROGRAM = settings.BASE_DIR / "static/handover/open_bundle.py"


def tool(name, *arguments, **options):
    """Run a program that we did not write; without it the test is left out, or, where that must not be, fails."""
    path = shutil.which(name)
    if not path:
        how = f"no {name}; get it with apt-get install {PACKAGES[name]}"
        (pytest.fail if REQUIRED else pytest.skip)(how)
    return subprocess.run([path, *map(str, arguments)], capture_output=True, timeout=120, **options)


def load_program():
    """`open_bundle.py` as a module."""
    spec = importlib.util.spec_from_file_location("open_bundle", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Recipient:
    """Somebody with a key in `folder`, to whom bundles are sent."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.identity = pyrage.x25519.Identity.generate()
        self.password = passwords.new()
        self.key = self.folder / "key.txt"
        self.key.write_text(f"{self.identity}\n")
        self.signers = self.folder / "allowed_signers"
        self.signers.write_text(signatures.allowed_signers())

    @property
    def public_key(self):
        return str(self.identity.to_public())

    def sealed(self, files=(("operators.csv", [ROWS]),), manifest=None, password=None):
        """The bytes of a bundle."""
        target = io.BytesIO()
        bundle.write(
            target,
            files,
            manifest=lambda: manifest or {"number": "E-000001"},
            password=password or self.password,
            public_key=self.public_key,
        )
        return target.getvalue()

    def arrived(self, data, name="E-000001.zip.age"):
        """The path of a file with `data`, and with our signature beside it."""
        path = self.folder / name
        path.write_bytes(data)
        path.with_name(f"{name}.sig").write_text(signatures.sign(io.BytesIO(data)))
        return path


def changed(data, position, by):
    """`data` with the byte at `position` changed, or, `by` being None, without it."""
    middle = b"" if by is None else bytes([data[position] ^ by])
    return data[:position] + middle + data[position + 1 :]
