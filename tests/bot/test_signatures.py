"""A file of the catalogue is taken only if the key that is set signed it: signed and verified by the real openssl."""

import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime import signatures
from bot.runtime.config import ConfigError, load_settings
from bot.runtime.signatures import public_key, verifier
from commands.command import Upload
from commands.dispatching.request import CONSOLE, Request
from commands.errors import CommandError, NotAllowed
from commands.reply import Reply
from commands.signing import CannotVerify
from storage.database import Database
from tests.commands.conftest import Desk, open_desk

if shutil.which("openssl") is None:
    pytest.skip("no openssl here", allow_module_level=True)

Change = Callable[[bytes, bytes], tuple[bytes, bytes]]
FILE = b"[[regulation]]\nkey = 'pier_order'\ntitle = 'Pier order'\nkind = 'law'\n"


def openssl(folder: Path, *arguments: str) -> str:
    made = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=True)
    return made.stdout


def make_key(folder: Path, name: str) -> str:
    """The public key of a new pair."""
    openssl(folder, "genpkey", "-algorithm", "ed25519", "-out", f"{name}.pem")
    return openssl(folder, "pkey", "-in", f"{name}.pem", "-pubout")


def sign(folder: Path, name: str, content: bytes) -> bytes:
    (folder / "file.toml").write_bytes(content)
    what = ("-sign", "-inkey", f"{name}.pem", "-rawin", "-in", "file.toml", "-out", "file.toml.sig")
    openssl(folder, "pkeyutl", *what)
    return (folder / "file.toml.sig").read_bytes()


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    opened = open_desk(database)
    opened.dispatcher = replace(opened.dispatcher, verify=verifier(make_key(tmp_path, "ours")))
    return opened


def take(desk: Desk, content: bytes, signature: str | None, *, dry: bool = False) -> Reply:
    text = "catalogue import" + (f" signature:{signature}" if signature else "") + (" dry-run:yes" if dry else "")
    request = Request(desk.workspace_id, CONSOLE, text, uploads=(Upload("update.toml", content),), is_confirmed=True)
    return desk.dispatcher.run(request)


def test_a_signed_file_is_taken_and_the_audit_log_says_which(desk: Desk, tmp_path: Path) -> None:
    signature = b64encode(sign(tmp_path, "ours", FILE)).decode()
    dry = take(desk, FILE, signature, dry=True)
    assert (dry.data["saved"], dry.data["verified"]) == (False, True)
    done = take(desk, FILE, signature)
    assert done.data["verified"]
    assert not done.cautions
    [digest] = [each.value for each in done.fields if each.label == "SHA-256"]
    with desk.database.open_unit(desk.workspace_id) as uow:
        [(newest, details)] = uow.audit.newest(1)
    assert newest.action == "catalogue import"
    assert details is not None
    assert digest in details


def test_a_signed_file_is_saved_with_its_signature_after_the_preview(desk: Desk, tmp_path: Path) -> None:
    signature = b64encode(sign(tmp_path, "ours", FILE)).decode()
    line = f"/engagement catalogue import signature:{signature}"
    seen = desk.type(line, upload=("update.toml", FILE), is_confirmed=False)
    assert not seen.data["saved"]
    done = desk.type(f"/engagement {seen.choices[0].command}", is_confirmed=False)
    assert (done.data["saved"], done.data["verified"]) == (True, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content, signature: (content + b"\n", signature), "not of this file, or not by the key"),
        (lambda content, signature: (content, signature[:-1] + bytes([signature[-1] ^ 1])), "not of this file"),
        (lambda content, signature: (content, signature[:20]), "not of this file"),
        (lambda content, signature: (content, b""), "came without a signature"),
    ],
)
def test_another_file_or_signature_is_refused(desk: Desk, tmp_path: Path, change: Change, words: str) -> None:
    content, signature = change(FILE, sign(tmp_path, "ours", FILE))
    with pytest.raises(NotAllowed) as caught:
        take(desk, content, b64encode(signature).decode())
    assert words in caught.value.message
    assert desk.type("/engagement catalogue list").data["own"] == []


def test_a_file_signed_by_another_key_is_refused(desk: Desk, tmp_path: Path) -> None:
    make_key(tmp_path, "theirs")
    with pytest.raises(NotAllowed):
        take(desk, FILE, b64encode(sign(tmp_path, "theirs", FILE)).decode())


def test_what_is_no_signature_at_all_is_named(desk: Desk) -> None:
    with pytest.raises(CommandError, match="is not base64"):
        take(desk, FILE, "***")


def test_a_signature_without_a_key_is_not_dropped_in_silence(database: Database) -> None:
    desk = open_desk(database)
    with pytest.raises(CommandError, match="no key is set"):
        take(desk, FILE, "QUJD")
    assert any("not verified" in each for each in take(desk, FILE, None).cautions)


def test_without_openssl_nothing_is_taken(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signature = sign(tmp_path, "ours", FILE)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="openssl is not installed"):
        take(desk, FILE, b64encode(signature).decode())
    with pytest.raises(CannotVerify):
        signatures.verifier(b64encode(signatures._HEAD + bytes(32)).decode())(FILE, signature)


def test_the_key_is_the_line_or_the_whole_of_what_openssl_prints(tmp_path: Path) -> None:
    printed = make_key(tmp_path, "ours")
    assert public_key(printed) == public_key(printed.splitlines()[1]) == public_key(printed.replace("\n", "\\n"))
    rsa = openssl(tmp_path, "genrsa", "2048")
    for wrong in ("key.pem", "", rsa, b64encode(bytes(44)).decode()):
        with pytest.raises(ValueError, match="no public key of Ed25519"):
            public_key(wrong)


def test_a_wrong_key_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGEMENT_CATALOGUE_KEY", "key.pem")
    with pytest.raises(ConfigError, match="ENGAGEMENT_CATALOGUE_KEY: this is no public key of Ed25519"):
        load_settings(None)
