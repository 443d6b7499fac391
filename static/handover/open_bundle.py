#!/usr/bin/env python3
"""Make keys, and check and open sealed bundles (.zip.age) of the portal.

Needs Python 3.11 or newer and the package "cryptography" (pip install cryptography), and nothing of the portal. It
sends nothing anywhere. age, 7-Zip and ssh-keygen can do the same; the instructions beside each bundle say how.

ポータルの封印されたファイル（.zip.age）のための鍵の作成、検証、開封を行います。
Python 3.11以降とパッケージ「cryptography」だけで動作し、どこにも通信しません。

    python open_bundle.py keys                    make a key, once               鍵を作る（最初に一度）
    python open_bundle.py fingerprint             show the key's fingerprint     鍵の指紋を表示する
    python open_bundle.py digest E-1.zip.age      what to confirm in the portal  ポータルで確認する値
    python open_bundle.py verify E-1.zip.age      check the signature            署名を検証する
    python open_bundle.py open E-1.zip.age        check everything, then open    すべて検証してから開く
    python open_bundle.py shift-jis operators.csv for programs without UTF-8     UTF-8を読めないソフト向けに変換する
"""

import argparse
import base64
import binascii
import codecs
import csv
import getpass
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import signal
import struct
import sys
import tempfile
import unicodedata
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

try:
    from cryptography.exceptions import InvalidSignature, InvalidTag
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
except ImportError:
    sys.exit(
        "The package cryptography is missing: python -m pip install cryptography\n"
        "パッケージcryptographyがありません: python -m pip install cryptography"
    )

# Signer and namespace of the portal's signatures.
NAME = "handover@tmgportal"
SUFFIX = ".zip.age"
MANIFEST = "manifest.json"
CHUNK = 64 * 1024
TAG = 16
MOST_FILES = 1000
GIB = 1024**3
# What printers set for a letter that they do not have.
GETA = "〓"
# Names that are safe on every system: no folders, nothing hidden, no devices of Windows.
SAFE_NAME = re.compile(r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)(\.|$))[A-Za-z0-9][A-Za-z0-9._-]{0,98}[A-Za-z0-9]")


class Refused(Exception):
    """Why nothing was opened, in English and in Japanese."""

    def __init__(self, english, japanese):
        super().__init__(english)
        self.japanese = japanese


def altered():
    return Refused(
        "The file was altered or is incomplete. Nothing was opened. Download it again; if this happens again, call us.",
        "ファイルが改変されているか、一部が欠けています。何も開いていません。もう一度ダウンロードしてください。"
        "再び同じ結果になる場合は、お電話でご連絡ください。",
    )


# The key: age X25519, in Bech32 (C2SP age, BIP 173)

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
PUBLIC, SECRET = "age", "age-secret-key-"


def checksum(values):
    remainder = 1
    for value in values:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ value
        for position, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            if top >> position & 1:
                remainder ^= term
    return remainder


def expanded(prefix):
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def bech32(prefix, data):
    """32 bytes as text with its checksum."""
    # 256 bits and four to fill up: 52 letters of five bits.
    number = int.from_bytes(data, "big") << 4
    values = [number >> 5 * position & 31 for position in range(51, -1, -1)]
    check = checksum(expanded(prefix) + values + [0] * 6) ^ 1
    values += [check >> 5 * position & 31 for position in range(5, -1, -1)]
    return f"{prefix}1" + "".join(LETTERS[value] for value in values)


def unbech32(prefix, text):
    """The 32 bytes in `text`. Raises `ValueError`."""
    if text != text.lower() and text != text.upper():
        raise ValueError("mixed case")
    start, _one, rest = text.lower().rpartition("1")
    values = [LETTERS.index(letter) for letter in rest]
    if start != prefix or len(values) != 58 or checksum(expanded(prefix) + values) != 1 or values[51] & 15:
        raise ValueError("not a key")
    number = 0
    for value in values[:52]:
        number = number << 5 | value
    return (number >> 4).to_bytes(32, "big")


def public_of(secret):
    raw = secret.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return bech32(PUBLIC, raw)


def fingerprint(public_key):
    digits = hashlib.sha256(public_key.encode()).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, 32, 4))


def read_key(path):
    """The secret key in the file that `keys` or age-keygen made."""
    try:
        lines = Path(path).read_text(encoding="ascii").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"Cannot read the key file {path}.", f"鍵のファイル{path}を読み込めません。") from error
    for line in lines:
        if line.strip() and not line.startswith("#"):
            try:
                return X25519PrivateKey.from_private_bytes(unbech32(SECRET, line.strip()))
            except ValueError:
                break
    raise Refused(
        f"{path} is no key file: it must hold a line AGE-SECRET-KEY-1…",
        f"{path}は鍵のファイルではありません。AGE-SECRET-KEY-1…の行が必要です。",
    )


# The signature: PROTOCOL.sshsig of OpenSSH


def strings(blob):
    """The strings in `blob`, each behind its length. Raises `ValueError`."""
    found = []
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length:
            raise ValueError("cut off")
        found.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return found


def packed(*values):
    return b"".join(len(value).to_bytes(4, "big") + value for value in values)


def trusted_keys(path):
    """The blobs of the keys that may sign: lines of allowed_signers that name the portal and its use alone."""
    found = []
    try:
        for line in Path(path).read_text(encoding="utf-8-sig").splitlines():
            match line.split():
                case [name, options, "ssh-ed25519", key, *_] if name == NAME and options == f'namespaces="{NAME}"':
                    found.append(base64.b64decode(key, validate=True))
    except (OSError, ValueError) as error:
        raise Refused(
            f"Cannot read {path}, the list of keys that may sign. "
            "Save the portal's allowed_signers beside this program.",
            f"署名を許可する鍵の一覧{path}を読み込めません。"
            "ポータルのallowed_signersをこのプログラムと同じフォルダーに保存してください。",
        ) from error
    return found


def check_signature(bundle, signature_path, signers_path):
    """Refuse unless a trusted key signed exactly what is in the open file `bundle`."""
    trusted = trusted_keys(signers_path)
    try:
        text = Path(signature_path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"Cannot read the signature {signature_path}. It must lie beside the bundle.",
            f"署名{signature_path}を読み込めません。封印されたファイルと同じフォルダーに置いてください。",
        ) from error
    bundle.seek(0)
    digest = hashlib.file_digest(bundle, "sha512").digest()
    try:
        lines = text.split("\n")
        if lines[0] != "-----BEGIN SSH SIGNATURE-----" or lines[-2:] != ["-----END SSH SIGNATURE-----", ""]:
            raise ValueError("no signature of OpenSSH")
        blob = base64.b64decode("".join(lines[1:-2]), validate=True)
        if blob[:10] != b"SSHSIG\0\0\0\1":
            raise ValueError("another version")
        key, namespace, reserved, algorithm, signed = strings(blob[10:])
        signature_type, signature = strings(signed)
        key_type, point = strings(key)
        if (namespace, reserved, algorithm) != (NAME.encode(), b"", b"sha512") or {key_type, signature_type} != {
            b"ssh-ed25519"
        }:
            raise ValueError("another kind")
        message = b"SSHSIG" + packed(namespace, reserved, algorithm, digest)
        Ed25519PublicKey.from_public_bytes(point).verify(signature, message)
    except (ValueError, InvalidSignature) as error:
        raise Refused(
            "The signature does not match: file or signature was altered, or they do not belong together. "
            "Nothing was opened.",
            "署名が一致しません。ファイルか署名が改変されているか、別の組み合わせです。何も開いていません。",
        ) from error
    if key not in trusted:
        raise Refused(
            "The signature is by a key that is not in your list of keys that may sign. Nothing was opened. Call us.",
            "署名した鍵が、署名を許可する鍵の一覧にありません。何も開いていません。お電話でご連絡ください。",
        )


# The outer layer: age v1


def unbase64(text):
    """Base64 as age writes it: without padding, in its only form. Raises `ValueError`."""
    data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    if base64.b64encode(data).decode().rstrip("=") != text:
        raise ValueError("not canonical")
    return data


def derived(secret, salt, info):
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


class Age(io.RawIOBase):
    """What lies inside of an age file, to be read from any place. Each chunk is checked whenever it is read."""

    def __init__(self, file, secret):
        file.seek(0)
        start = file.read(CHUNK)
        try:
            file_key, length = self.header(start, secret)
        except (ValueError, IndexError, binascii.Error) as error:
            raise altered() from error
        file.seek(0, os.SEEK_END)
        self.file, self.start = file, length + 16
        nonce = start[length : self.start]
        left = file.tell() - self.start
        self.chunks = -(-left // (CHUNK + TAG))
        self.size = left - self.chunks * TAG
        is_cut = self.size < 0 or (self.chunks > 1 and self.size <= (self.chunks - 1) * CHUNK)
        if len(nonce) != 16 or not self.chunks or is_cut:
            raise altered()
        self.cipher = ChaCha20Poly1305(derived(file_key, nonce, b"payload"))
        self.position, self.cached = 0, (None, b"")

    @staticmethod
    def header(start, secret):
        """(key of the file, length of the header). Raises `ValueError` unless it is whole."""
        lines = start.split(b"\n---", 1)[0].decode("ascii").split("\n")
        mac_at = len("\n".join(lines)) + len("\n---")
        end = start.index(b"\n", mac_at)
        if lines.pop(0) != "age-encryption.org/v1" or start[mac_at : mac_at + 1] != b" ":
            raise ValueError("not age")
        file_key, recipients = None, 0
        while lines:
            match lines.pop(0).split(" "):
                case ["->", "X25519", share]:
                    recipients += 1
                    body = lines.pop(0)
                    file_key = file_key or Age.unwrapped(unbase64(share), unbase64(body), secret)
                case ["->", *_]:
                    while len(lines.pop(0)) == 64:
                        pass
                case _:
                    raise ValueError("not a recipient")
        if recipients and not file_key:
            raise Refused(
                "The bundle was made for another key than yours. Nothing was opened.",
                "このファイルは別の鍵のために作成されたものです。何も開いていません。",
            )
        if not file_key:
            raise ValueError("nobody can open it")
        mac = hmac.digest(derived(file_key, b"", b"header"), start[:mac_at], "sha256")
        if not hmac.compare_digest(mac, unbase64(start[mac_at + 1 : end].decode("ascii"))):
            raise ValueError("altered header")
        return file_key, end + 1

    @staticmethod
    def unwrapped(share, body, secret):
        """The key of the file, or None: it is for somebody else."""
        if len(share) != 32 or len(body) != 32:
            raise ValueError("not a share")
        raw = secret.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
        key = derived(shared, share + raw, b"age-encryption.org/v1/X25519")
        try:
            return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
        except InvalidTag:
            return None

    def chunk(self, number):
        if self.cached[0] != number:
            self.file.seek(self.start + number * (CHUNK + TAG))
            nonce = number.to_bytes(11, "big") + bytes([number == self.chunks - 1])
            try:
                self.cached = number, self.cipher.decrypt(nonce, self.file.read(CHUNK + TAG), None)
            except InvalidTag as error:
                raise altered() from error
        return self.cached[1]

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=os.SEEK_SET):
        self.position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence]
        if self.position < 0:
            raise OSError("before the start")
        return self.position

    def readinto(self, buffer):
        number, offset = divmod(self.position, CHUNK)
        part = self.chunk(number)[offset : offset + len(buffer)] if self.position < self.size else b""
        buffer[: len(part)] = part
        self.position += len(part)
        return len(part)

    def check(self):
        """Refuse unless every chunk is what was encrypted."""
        for number in range(self.chunks):
            self.chunk(number)


# The inner layer: ZIP under AES-256 (AE-2 of WinZip)


class Members:
    """The files in a ZIP, which one password protects."""

    def __init__(self, file, password, largest):
        self.file, self.password = file, password
        try:
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, struct.error) as error:
            raise altered() from error
        self.infos = {info.filename: info for info in infos}
        if len(infos) > MOST_FILES or len({name.lower() for name in self.infos}) != len(infos):
            raise altered()
        for name in self.infos:
            if not SAFE_NAME.fullmatch(name):
                raise Refused(
                    f"The bundle holds a file with a dangerous name: {ascii(name)}. Nothing was opened.",
                    f"危険な名前のファイルが含まれています: {ascii(name)}。何も開いていません。",
                )
        if sum(info.file_size for info in infos) > largest:
            raise Refused(
                f"What is inside is larger than {largest} bytes. Nothing was opened; --largest allows more.",
                f"内容が{largest}バイトを超えています。何も開いていません。--largestで上限を変更できます。",
            )

    def read(self, name):
        """Yields the content of the file `name`, and refuses at its end unless all of it was right."""
        info = self.infos[name]
        start, method = self.place(info)
        left = info.compress_size - 28
        if left < 0:
            raise altered()
        self.file.seek(start)
        salt, told = self.file.read(16), self.file.read(2)
        keys = hashlib.pbkdf2_hmac("sha1", self.password.encode(), salt, 1000, 66)
        if not hmac.compare_digest(told, keys[64:]):
            raise Refused("The password is wrong. Nothing was opened.", "パスワードが違います。何も開いていません。")
        # The form is WinZip's: blocks of a counter, encrypted one by one, are what it mixes in.
        cipher = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor()  # noqa: S305
        mac = hmac.new(keys[32:64], digestmod="sha1")
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if method == zipfile.ZIP_DEFLATED else None
        counter, size = 1, 0
        while left:
            sealed = self.file.read(min(CHUNK, left))
            if not sealed:
                raise altered()
            left -= len(sealed)
            mac.update(sealed)
            blocks = -(-len(sealed) // 16)
            stream = cipher.update(b"".join(n.to_bytes(16, "little") for n in range(counter, counter + blocks)))
            counter += blocks
            mixed = int.from_bytes(sealed, "big") ^ int.from_bytes(stream[: len(sealed)], "big")
            for part in inflated(inflate, mixed.to_bytes(len(sealed), "big")):
                size += len(part)
                if size > info.file_size:
                    raise altered()
                yield part
        is_whole = size == info.file_size and (inflate is None or inflate.eof)
        if not hmac.compare_digest(mac.digest()[:10], self.file.read(10)) or not is_whole:
            raise altered()

    def place(self, info):
        """(where the data of a member begins, how it is compressed)."""
        self.file.seek(info.header_offset)
        head = self.file.read(30)
        if head[:4] != b"PK\3\4" or len(head) != 30:
            raise altered()
        extra, rest = info.extra, None
        while len(extra) >= 4:
            kind, length = struct.unpack("<HH", extra[:4])
            if kind == 0x9901:
                rest = extra[4 : 4 + length]
            extra = extra[4 + length :]
        # Version 2, AES-256, and what compressed it: nothing or deflate.
        if info.compress_type != 99 or rest not in (b"\2\0AE\3\0\0", b"\2\0AE\3\x08\0"):
            raise altered()
        return info.header_offset + 30 + sum(struct.unpack("<HH", head[26:])), rest[5]


def inflated(inflate, data):
    """Yields what `data` unpacks to, never more than a chunk at once."""
    if inflate is None:
        yield data
        return
    full = True
    try:
        while full or data:
            part = inflate.decompress(data, CHUNK)
            yield part
            full, data = len(part) == CHUNK, inflate.unconsumed_tail
    except zlib.error as error:
        raise altered() from error
    if inflate.unused_data:
        raise altered()


def checked_manifest(members):
    """The manifest, after every file was read once and found to be what it says."""
    if MANIFEST not in members.infos or members.infos[MANIFEST].file_size > CHUNK * 16:
        raise altered()
    try:
        manifest = json.loads(b"".join(members.read(MANIFEST)))
        listed = {entry["name"]: (entry["size"], entry["sha256"]) for entry in manifest["files"]}
    except (ValueError, KeyError, TypeError) as error:
        raise altered() from error
    found = {}
    for name in members.infos.keys() - {MANIFEST}:
        size, digest = 0, hashlib.sha256()
        for part in members.read(name):
            size += len(part)
            digest.update(part)
        found[name] = size, digest.hexdigest()
    if found != listed:
        raise altered()
    return manifest


# What can be asked for


def say(english, japanese):
    print(english)
    print(japanese)


def show_key(secret):
    public_key = public_of(secret)
    print(f"  {public_key}")
    say(
        f"Fingerprint, to be read out by telephone: {fingerprint(public_key)}",
        f"電話で読み上げる指紋: {fingerprint(public_key)}",
    )


def make_keys(options):
    secret = X25519PrivateKey.generate()
    raw = secret.private_bytes(
        serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
    )
    text = (
        f"# created: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n# public key: {public_of(secret)}\n"
        f"{bech32(SECRET, raw).upper()}\n"
    )
    try:
        handle = os.open(options.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused(
            f"There is a key already in {options.key}; it was left as it is. “fingerprint” shows it.",
            f"{options.key}には既に鍵があるため、変更していません。「fingerprint」で表示できます。",
        ) from error
    with open(handle, "w", encoding="ascii") as file:
        file.write(text)
    say(
        f"The secret key is in {options.key}. Keep it where only you can read it, with a copy in a safe: without it "
        "nobody can open your bundles, and we cannot make it anew. Enter this public key in the portal:",
        f"秘密鍵を{options.key}に保存しました。ご自身だけが読める場所に置き、控えを金庫に保管してください。"
        "紛失すると、封印されたファイルは誰にも開けず、再発行もできません。次の公開鍵をポータルに登録してください。",
    )
    show_key(secret)


def show_fingerprint(options):
    show_key(read_key(options.key))


def show_digest(options):
    with opened(options.bundle) as file:
        print(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {options.bundle.name}")


def verify(options):
    with opened(options.bundle) as file:
        check_signature(file, signature_of(options), options.signers)
    say("The signature is right: the file is as we made it.", "署名は正しく、ファイルは作成時のままです。")


def open_bundle(options):
    to = options.to or options.bundle.with_name(options.bundle.name.removesuffix(SUFFIX))
    if os.path.lexists(to):
        raise Refused(
            f"{to} is there already; nothing was written. --to names another folder.",
            f"{to}が既にあるため、何も書き込んでいません。--toで別のフォルダーを指定できます。",
        )
    secret = read_key(options.key)
    with opened(options.bundle) as file:
        check_signature(file, signature_of(options), options.signers)
        age = Age(file, secret)
        age.check()
        members = Members(io.BufferedReader(age, CHUNK), asked_password(), options.largest)
        manifest = checked_manifest(members)
        # From here on everything is known to be right; still it gets its name only when it is whole.
        unpack(members, to)
    for name, value in manifest.items():
        if isinstance(value, str | int):
            print(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    say(f"Opened into {to}.", f"{to}に開きました。")


def unpack(members, to):
    partial = Path(tempfile.mkdtemp(prefix=f".{to.name}.", dir=to.parent))
    try:
        for name in members.infos:
            with open(os.open(partial / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(members.read(name))
        partial.rename(to)
    except BaseException:
        shutil.rmtree(partial)
        raise


def to_shift_jis(options):
    """Write the table anew for programs that know no UTF-8, and name every character that is lost by that."""
    to = options.table.with_name(f"{options.table.stem}.shift-jis{options.table.suffix}")
    with opened(options.table) as file:
        text = file.read().decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""))
    lost = [
        (number, column, letter)
        for number, row in enumerate(rows, 1)
        for column, cell in enumerate(row, 1)
        for letter in cell
        if not letter.encode("cp932", "ignore")
    ]
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused(
            f"{to} is there already; nothing was written.", f"{to}が既にあるため、何も書き込んでいません。"
        ) from error
    codecs.register_error("geta", lambda error: (GETA * (error.end - error.start), error.end))
    with open(handle, "w", encoding="cp932", errors="geta", newline="") as file:
        file.write(text)
    for number, column, letter in lost:
        say(
            f"  row {number}, column {column}: {letter} (U+{ord(letter):04X}) became {GETA}",
            f"  {number}行目{column}列目: {letter}（U+{ord(letter):04X}）を{GETA}に置き換えました",
        )
    say(
        f"Written to {to}. Characters lost: {len(lost)}.",
        f"{to}に書き込みました。置き換えた文字: {len(lost)}",
    )


def asked_password():
    """What was typed, without the blanks it was read out with and as it was written: capital letters, half width."""
    typed = getpass.getpass("Password / パスワード: ")
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()


def signature_of(options):
    return options.signature or options.bundle.with_name(f"{options.bundle.name}.sig")


def opened(path):
    try:
        return path.open("rb")
    except OSError as error:
        raise Refused(f"Cannot read {path}.", f"{path}を読み込めません。") from error


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, metavar="keys | fingerprint | digest | verify | open | shift-jis")
    for name, act, parts in (
        ("keys", make_keys, {"key"}),
        ("fingerprint", show_fingerprint, {"key"}),
        ("digest", show_digest, {"bundle"}),
        ("verify", verify, {"bundle", "signature"}),
        ("open", open_bundle, {"bundle", "signature", "key", "to"}),
        ("shift-jis", to_shift_jis, {"table"}),
    ):
        command = commands.add_parser(name)
        command.set_defaults(act=act)
        if "table" in parts:
            command.add_argument("table", type=Path, help="a table of the bundle / 開いたCSVファイル")
        if "bundle" in parts:
            command.add_argument("bundle", type=Path, help="the file, ….zip.age / ファイル")
        if "key" in parts:
            default = Path("handover-key.txt")
            command.add_argument("--key", type=Path, default=default, help=f"key file / 鍵のファイル ({default})")
        if "signature" in parts:
            # Not of the folder that the bundle came in: whoever alters one could lay theirs beside it.
            default = Path(__file__).resolve().parent / "allowed_signers"
            command.add_argument("--signers", type=Path, default=default, help=f"who may sign / 署名者 ({default})")
            command.add_argument("--signature", type=Path, help="the signature / 署名 (BUNDLE.sig)")
        if "to" in parts:
            command.add_argument("--to", type=Path, help="new folder / 新しいフォルダー (BUNDLE)")
            command.add_argument("--largest", type=int, default=GIB, help=f"bytes at most / 最大バイト数 ({GIB})")
    return parser


def main(argv=None):
    """0 when all is well, 1 when something was refused; 2 when the command was not understood."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    # So that what is half written is removed then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = arguments().parse_args(argv)
    try:
        options.act(options)
    except Refused as refused:
        print(refused, refused.japanese, sep="\n", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("Stopped. Nothing was opened.", "中止しました。何も開いていません。", sep="\n", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Nothing was opened: {error.strerror}", f"開けませんでした: {error.strerror}", sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
