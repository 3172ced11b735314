"""Asks a time stamp service (RFC 3161) to stamp the head of the audit log, and looks whether the answer is about it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

_SECONDS = 10.0
_LARGEST = 100_000
_GRANTED = ("granted", "granted_with_mods")

Post = Callable[[str, bytes], bytes]


class StampError(Exception):
    """The service gave no stamp that is about what was sent; the message says why, without what it answered."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """`response` is the service's whole answer (TimeStampResp, DER): what `openssl ts -verify -in` reads."""

    at: datetime
    response: bytes


def stamp(service: str, text: str, post: Post | None = None) -> Stamped:
    """A stamp of the SHA-256 of `text`. Who signed it is not judged here: `openssl ts -verify` does, with the service's
    certificate. Raises StampError.
    """
    from asn1crypto.tsp import TimeStampReq

    digest, nonce = sha256(text.encode()).digest(), secrets.randbits(63)
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    request = TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    answer = (post or _post)(service, request.dump())
    told = _told(answer)
    stamped = told["message_imprint"]
    is_sha256 = stamped["hash_algorithm"]["algorithm"].native == "sha256"
    if not is_sha256 or stamped["hashed_message"].native != digest or told["nonce"].native != nonce:
        raise StampError("the answer is a stamp of something else")
    at: datetime = told["gen_time"].native
    return Stamped(at if at.tzinfo else at.replace(tzinfo=UTC), answer)


def _told(answer: bytes) -> Any:
    """What was stamped and when (TSTInfo), read to its end. Raises StampError."""
    from asn1crypto.tsp import TimeStampResp

    try:
        response = TimeStampResp.load(answer, strict=True)
        status = response["status"]["status"].native
        if status not in _GRANTED:
            raise StampError(f"the service refused: {status}")
        content = response["time_stamp_token"]["content"]
        told = content["encap_content_info"]["content"].parsed
        if content["signer_infos"].native and told["gen_time"].native and told["message_imprint"].native:
            return told
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise StampError("the answer is no time stamp") from error
    raise StampError("the answer is no time stamp")


def _post(service: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with urlopen(Request(service, body, headers, method="POST"), timeout=_SECONDS) as answered:
            content: bytes = answered.read(_LARGEST + 1)
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise StampError(f"the service was not reached: {type(error).__name__}") from error
    if len(content) > _LARGEST:
        raise StampError("the answer is too large")
    return content
