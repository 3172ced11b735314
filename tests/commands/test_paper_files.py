"""The files of papers in other people's programs: pdftotext and LibreOffice, where they are installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.conftest import Desk
from tests.commands.test_papers import FULL, one_file

KINDS = ("statement", "walkthrough", "disclosure", "declination", "notice", "addendum", "incident")
ONCE = {
    "statement": (
        "Server OS patching", "SOW-A 2.3", "Server backup", "SOW-A 7.1", "Workstation backup", "SOW-A 9.1",
        "Printer and copier hardware repair", "SOW-A 9.3", "End-user application training", "SOW-A 1.9", "SOW-A 9.2",
        "Multi-factor sign-in", "Acme Mutual", "maintenance only", "SOW-A 3.1", "SOW-A 1.4", "Name an approver",
    ),
    "walkthrough": ("Workstation backup", "Limitation of liability", "End-user application training"),
    "disclosure": ("HIPAA", "PCI DSS", "SOC 2"),
    "declination": ("Offline backup copy", "Lee Marsh, COO", "leaves nothing to restore"),
    "notice": ("1 November 2026", "1Z999", "1 Main St", "60 days"),
    "incident": ("US-TX (1,200)", "receipt 4711", "Lena Adjuster", "fewer than asked for"),
    "addendum": ("Cloud backup", "ADD-1 2", "agreed on the phone"),
}  # fmt: skip


@pytest.fixture
def full(calder: Desk) -> Desk:
    calder.prepare(
        *FULL,
        "/engagement client edit calder industry:healthcare",
        '/engagement obligation add calder "Name an approver" agreement:SOW-A clause:"SOW-A 5.1"',
        '/engagement matrix set calder SOW-A "Cloud backup" msp proposed:yes clause:"ADD-1 2"',
        '/engagement recommendation decline calder "Offline backup copy" by:"Lee Marsh, COO"',
        "/scope calder who waters the plants?",
        '/engagement scope settle 1 party:client note:"agreed on the phone"',
        "/engagement renewal decide calder SOW-A give_notice reason:x notice-on:2026-03-01 method:courier "
        'to:"1 Main St" tracking:1Z999',
        '/engagement contract add calder "Harbor Mutual" kind:insurer reference:CY-4711 notice-hours:72',
        '/engagement incident record calder "Nightly copy gone" discovered:2026-03-01 at:14:30 residents:"TX 1,200"',
        '/engagement incident told calder Nightly clock:"Contract with Harbor" to:"Lena Adjuster" proof:"receipt 4711"',
        '/engagement incident dismiss calder Nightly clock:"Texas breach notification law: Attorney" '
        'reason:"counsel: fewer than asked for"',
    )
    return calder


def made(desk: Desk, kind: str, form: str) -> bytes:
    more = {
        "disclosure": "",
        "declination": '"Offline backup copy" risk:"It leaves nothing to restore."',
        "incident": "",
    }.get(kind, "SOW-A")
    return one_file(desk.type(f"/engagement paper {kind} calder {more} format:{form}")).content


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_pdftotext_finds_each_row_clause_and_name_once(full: Desk, kind: str, tmp_path: Path) -> None:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext is not installed")
    (tmp_path / "paper.pdf").write_bytes(made(full, kind, "pdf"))
    said = subprocess.run([tool, tmp_path / "paper.pdf", "-"], capture_output=True, text=True, check=True).stdout
    for each in ONCE[kind]:
        assert words(said).count(each) == 1, (each, said)


def test_libreoffice_opens_every_docx(full: Desk, tmp_path: Path) -> None:
    tool = shutil.which("soffice")
    if tool is None:
        pytest.skip("LibreOffice is not installed")
    for kind in KINDS:
        (tmp_path / f"{kind}.docx").write_bytes(made(full, kind, "docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = sorted(tmp_path.glob("*.docx"))
    subprocess.run(
        [tool, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", tmp_path, *files],
        capture_output=True, check=True, timeout=300,
    )  # fmt: skip
    for kind in KINDS:
        said = words((tmp_path / f"{kind}.txt").read_text(encoding="utf-8"))
        for each in ONCE[kind]:
            assert said.count(each) == 1, (kind, each, said)
