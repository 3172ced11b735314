"""The audit log's head is stamped by a service that speaks RFC 3161, here one made of `openssl ts`."""

import io
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.console.local_slack import LocalSlack
from bot.jobs.stamping import StampError, stamp
from bot.runtime.config import ConfigError, Settings
from storage.database import Database
from tests.bot.conftest import NOW
from tests.bot.test_upkeep import database, do, later, upkeep

__all__ = ["database"]

pytest.importorskip("asn1crypto")
if shutil.which("openssl") is None:
    pytest.skip("no openssl here", allow_module_level=True)

HASH = "ab" * 32
_CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[stamping]
extendedKeyUsage = critical,timeStamping
"""


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@dataclass
class Service:
    """`answers`: what it says instead of a stamp, in order; each status and body."""

    folder: Path
    url: str = ""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: int = 0

    def reply(self, query: bytes) -> tuple[int, bytes]:
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        (self.folder / "query.tsq").write_bytes(query)
        files = ("-queryfile", "query.tsq", "-out", "reply.tsr")
        made = openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", *files)
        assert made.returncode == 0, made.stderr
        return 200, (self.folder / "reply.tsr").read_bytes()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate authority and a service's certificate that it signed."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for made in (
        openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA"),
        openssl(folder, "req", "-new", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test TSA"),
        openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-extfile", "tsa.cnf", "-extensions", "stamping", "-out", "tsa.pem"),
    ):  # fmt: skip
        assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def service(keys: Path) -> Iterator[Service]:
    here = Service(keys)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = here.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}/tsa"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


def verified(folder: Path, text: bytes, response: bytes) -> bool:
    (folder / "head.txt").write_bytes(text)
    (folder / "head.tsr").write_bytes(response)
    made = openssl(folder, "ts", "-verify", "-data", "head.txt", "-in", "head.tsr", "-CAfile", "ca.pem")
    return made.returncode == 0 and "Verification: OK" in made.stdout + made.stderr


def test_openssl_verifies_the_stamp_and_not_that_of_another_text(service: Service) -> None:
    stamped = stamp(service.url, HASH)
    assert verified(service.folder, HASH.encode(), stamped.response)
    assert not verified(service.folder, b"another", stamped.response)
    assert stamped.at.tzinfo is not None


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, b""), "no time stamp"),
        ((200, b"<html>sign in</html>"), "no time stamp"),
        ((200, b"0" * 200_000), "too large"),
        ((503, b"busy"), "not reached"),
    ],
)
def test_what_is_no_stamp_is_refused(service: Service, answer: tuple[int, bytes], why: str) -> None:
    service.answers.append(answer)
    with pytest.raises(StampError, match=why):
        stamp(service.url, HASH)


def test_a_stamp_of_something_else_is_refused(service: Service) -> None:
    other = stamp(service.url, "another text").response
    service.answers.append((200, other))
    with pytest.raises(StampError, match="something else"):
        stamp(service.url, HASH)


def test_nobody_there_is_an_error_in_words() -> None:
    with pytest.raises(StampError, match="not reached"):
        stamp("http://127.0.0.1:9/tsa", HASH)


def test_the_head_is_stamped_once_a_day_and_kept(slack: LocalSlack, database: Database, service: Service) -> None:
    keeper = upkeep(slack, database, ENGAGEMENT_TIMESTAMP_URL=service.url)
    assert not keeper.stamp_head(), "there is nothing to stamp yet"
    do(keeper, "client add Calder")
    assert keeper.stamp_head()
    assert not keeper.stamp_head()
    assert not later(keeper, 1).stamp_head(), "the same head needs no second stamp"
    do(keeper, "client alias Calder CR")
    assert later(keeper, 1).stamp_head()
    with database.open_unit(keeper.workspace_id, writes=False) as uow:
        first, second = uow.audit_stamps.list()
        assert (first.seq, second.seq) == (1, 2)
        assert verified(service.folder, second.hash.encode(), uow.audit_stamps.response_of(second))
    assert "2 time stamps of its heads" in str(do(keeper, "audit verify").lines)


def test_a_service_that_fails_is_asked_again_and_stops_nothing(
    slack: LocalSlack, database: Database, service: Service
) -> None:
    keeper = upkeep(slack, database, ENGAGEMENT_TIMESTAMP_URL=service.url)
    do(keeper, "client add Calder")
    service.answers += [(500, b""), (200, b"nonsense")]
    assert not keeper.stamp_head()
    keeper.run()
    assert "No time stamp of the audit log's head was got yet" in str(do(keeper, "audit verify").cautions)
    assert keeper.stamp_head()
    assert do(keeper, "audit verify").cautions == ()
    do(keeper, "client alias Calder CR")
    missing = do(later(keeper, 3), "check all").cautions
    assert "No time stamp of the audit log's head was got since" in str(missing)


def test_nothing_is_stamped_or_said_where_no_service_is_set(slack: LocalSlack, database: Database) -> None:
    keeper = upkeep(slack, database)
    do(keeper, "client add Calder")
    assert not keeper.stamp_head()
    assert do(later(keeper, 30), "audit verify").cautions == ()


def test_the_pack_has_the_stamps_of_its_days(slack: LocalSlack, database: Database, service: Service) -> None:
    keeper = upkeep(slack, database, ENGAGEMENT_TIMESTAMP_URL=service.url)
    do(keeper, "client add Calder")
    do(keeper, "agreement add Calder SOW-A kind:sow effective:2026-01-01")
    assert keeper.stamp_head()
    day = NOW.date() - timedelta(days=1)
    pack = do(later(keeper, 1), f"paper evidence Calder from:{day}").files[0].content
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert verified(service.folder, archive.read("stamps/head-2.txt"), archive.read("stamps/head-2.tsr"))
        assert "stamps/head-2.tsr" in archive.read("SHA256SUMS").decode()


def test_the_address_has_to_be_one() -> None:
    with pytest.raises((ConfigError, ValueError), match="ENGAGEMENT_TIMESTAMP_URL"):
        Settings(_env_file=None, ENGAGEMENT_TIMESTAMP_URL="ftp://example.com")
