"""Signatures of files (Ed25519), verified by the `openssl` command with the key that the settings name."""

import subprocess
from base64 import b64decode, b64encode
from binascii import Error
from pathlib import Path
from tempfile import TemporaryDirectory

from commands.signing import CannotVerify, Verify

_HEAD = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of Ed25519; 32 bytes of key follow
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_SECONDS = 10.0


def public_key(text: str) -> bytes:
    """The key as `openssl pkey -pubout` writes it, its middle line alone or the whole. Raises ValueError."""
    lines = [line.strip() for line in text.replace("\\n", "\n").splitlines() if "-----" not in line]
    try:
        key = b64decode("".join(lines), validate=True)
    except (Error, ValueError):
        key = b""
    if not key.startswith(_HEAD) or len(key) != len(_HEAD) + _KEY_BYTES:
        raise ValueError(
            "this is no public key of Ed25519. Write the line between BEGIN and END that `openssl pkey -in key.pem "
            "-pubout` prints"
        )
    return key


def verifier(text: str) -> Verify:
    """Verifies by that public key."""
    key = public_key(text)
    return lambda content, signature: _is_signed(key, content, signature)


def _is_signed(key: bytes, content: bytes, signature: bytes) -> bool:
    if len(signature) != _SIGNATURE_BYTES:
        return False
    pem = f"-----BEGIN PUBLIC KEY-----\n{b64encode(key).decode()}\n-----END PUBLIC KEY-----\n"
    files = {"key.pem": pem.encode(), "file": content, "file.sig": signature}
    try:
        with TemporaryDirectory(prefix="engagement-signature-") as folder:
            for name, written in files.items():
                Path(folder, name).write_bytes(written)
            what = [
                "pkeyutl",
                "-verify",
                "-pubin",
                "-inkey",
                "key.pem",
                "-rawin",
                "-in",
                "file",
                "-sigfile",
                "file.sig",
            ]
            done = subprocess.run(["openssl", *what], cwd=folder, capture_output=True, timeout=_SECONDS, check=False)
    except FileNotFoundError as error:
        raise CannotVerify("openssl is not installed where the bot runs") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotVerify(f"openssl could not be run: {type(error).__name__}") from error
    said = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode == 0 and "Signature Verified Successfully" in said:
        return True
    if "Signature Verification Failure" in said:
        return False
    raise CannotVerify("the openssl that is installed where the bot runs cannot verify Ed25519 (3.0 or newer can)")
