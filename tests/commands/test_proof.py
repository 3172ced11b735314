"""Signed copies that come back, evidence packs, and checking both against the records."""

import contextlib
import io
import json
import shutil
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from docx import Document

from commands.errors import CommandError
from storage.records import Outcome, Person
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk
from tests.conftest import NOW

PDF = b"%PDF-1.7 signed by hand"
PNG = b"\x89PNG\r\n\x1a\n picture"
JPEG = b"\xff\xd8\xff\xe0 picture"


def docx() -> bytes:
    written = io.BytesIO()
    Document().save(written)
    return written.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_a_signed_copy_comes_back_and_can_be_fetched(calder: Desk) -> None:
    made = calder.type("/engagement paper statement calder SOW-A").data["paper"]["number"]
    kept = calder.type(
        f"/engagement copy attach calder statement agreement:SOW-A number:{made}", user=TECHNICIAN,
        upload=("scan.pdf", PDF),
    )  # fmt: skip
    assert kept.data["attachment"]["number"] == made
    listed = calder.type("/engagement copy list calder", user=VIEWER)
    assert listed.table is not None
    assert listed.table.rows[0][3:5] == ("scan.pdf", made)
    [file] = calder.type("/engagement copy get calder 1", user=VIEWER).files
    assert file.content == PDF


def test_the_number_is_found_in_the_file(calder: Desk) -> None:
    reply = calder.type("/engagement paper statement calder SOW-A")
    [file] = reply.files
    signed = file.content + b"\n% signed"
    kept = calder.type("/engagement copy attach calder statement", upload=("scan.pdf", signed))
    assert kept.data["attachment"]["number"] == reply.data["paper"]["number"]
    same = calder.type("/engagement copy attach calder statement agreement:SOW-A", upload=(file.name, file.content))
    assert "without a signature in it" in same.cautions[0]


@pytest.mark.parametrize(
    ("content", "media"),
    [(PDF, "pdf"), (PNG, "png"), (JPEG, "jpeg"), (docx(), "docx")],
    ids=["pdf", "png", "jpeg", "docx"],
)
def test_what_it_is_is_told_by_content(calder: Desk, content: bytes, media: str) -> None:
    reply = calder.type("/engagement copy attach calder agreement", upload=("whatever.bin", content))
    assert reply.data["attachment"]["media"] == media


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.pdf", b"MZ\x90 not a PDF", "by what is in it"),
        ("empty.pdf", b"", "is empty"),
        ("page.html", b"<html>", "by what is in it"),
        ("table.docx", b"PK\x03\x04 no word", "by what is in it"),
        ("large.pdf", b"%PDF-" + b"0" * 25_000_000, "25.0 MB"),
    ],
)
def test_anything_else_is_refused_in_words_and_nothing_is_kept(
    calder: Desk, name: str, content: bytes, said: str
) -> None:
    refusal = calder.refused("/engagement copy attach calder agreement", upload=(name, content))
    assert said in refusal.message
    assert "PDF, PNG, JPEG or DOCX" in refusal.message
    assert not calder.type("/engagement copy list calder").data["attachments"]


def test_a_number_that_was_never_made_is_refused(calder: Desk) -> None:
    typed = "/engagement copy attach calder statement number:RS-20260302-0000000000"
    assert "no paper" in calder.refused(typed, upload=("a.pdf", PDF)).message


def test_a_restricted_client_has_its_copies_and_papers_hidden(calder: Desk) -> None:
    calder.type("/engagement copy attach calder agreement", upload=("a.pdf", PDF))
    [file] = calder.type("/engagement paper statement calder").files
    calder.type("/engagement role grant U0OTHER manager")
    calder.type(f"/engagement client restrict calder to:{MANAGER}", user=ADMIN)
    for typed in (
        "copy list calder",
        "copy get calder 1",
        "paper list calder",
        "paper evidence calder from:2026-01-01",
    ):
        assert "Calder Ridge" not in calder.refused(f"/engagement {typed}", user="U0OTHER").message
    hidden = calder.refused("/engagement paper verify", user="U0OTHER", upload=(file.name, file.content))
    assert "Calder Ridge" not in hidden.message
    assert calder.type("/engagement paper verify", user=MANAGER, upload=(file.name, file.content)).lines


def test_erasing_a_client_takes_the_bytes_of_its_papers_and_copies(calder: Desk) -> None:
    calder.type("/engagement copy attach calder agreement", upload=("Lee Marsh.pdf", PDF))
    calder.type("/engagement paper statement calder")
    calder.type("/engagement client offboard calder")
    calder.type("/engagement client erase number:1 confirm:yes", user=ADMIN)
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        [copy] = uow.attachments.of_client(1)
        assert uow.attachments.content_of(copy) == b""
        assert copy.name == "erased"
        [paper] = uow.papers.of_client(1)
        assert uow.papers.content_of(paper) is None
        assert paper.number.startswith("RS-")


def test_an_evidence_pack_is_whole_by_sha256sum(calder: Desk, tmp_path: Path) -> None:
    calder.type("/scope Who does the server backup for Calder?", user=TECHNICIAN)
    calder.type("/engagement copy attach calder agreement agreement:SOW-A", upload=("a.pdf", PDF))
    calder.now = NOW.replace(hour=18)
    reply = calder.type("/engagement paper evidence calder from:2026-01-01", user=MANAGER)
    [file] = reply.files
    found = members(file.content)
    assert reply.data["rows"]["questions"] == 1
    [question] = json.loads(found["json/questions.json"])
    [row] = [each for each in json.loads(found["json/matrix.json"]) if each["id"] == question["responsibility_id"]]
    assert row["item"] == "Server backup"
    assert any(name.startswith("copies/") for name in found)
    page = found["evidence.html"].decode()
    for said in ("Server backup", "SOW-A 7.1", "whole: each entry follows", "Lee Marsh, COO"):
        assert said in page
    assert b"script" not in found["evidence.html"]
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not installed")
    with zipfile.ZipFile(io.BytesIO(file.content)) as package:
        package.extractall(tmp_path)
    checked = subprocess.run([tool, "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(": OK") == len(found) - 1


def test_a_pack_is_checked_against_the_records(calder: Desk) -> None:
    calder.type("/scope Who does the server backup for Calder?", user=TECHNICIAN)
    calder.now = NOW.replace(hour=18)
    [file] = calder.type("/engagement paper evidence calder from:2026-01-01").files
    calder.now = NOW.replace(hour=19)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:"SOW-A 7.2" as-signed:yes')
    same = calder.type("/engagement paper verify", upload=(file.name, file.content))
    assert "whole, and as the records say" in same.headline, same.lines
    parts = members(file.content)
    parts["json/questions.json"] = parts["json/questions.json"].replace(b"msp", b"client")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    forged = calder.type("/engagement paper verify", upload=("pack.zip", written.getvalue()))
    assert "differs" in forged.headline
    assert any("json/questions.json: changed" in line for line in forged.lines)
    assert any("questions: 1 rows" in line for line in forged.lines)


def test_the_page_can_be_read(calder: Desk) -> None:
    with calder.database.open_unit(calder.workspace_id) as uow:
        uow.people.learn(Person(user=TECHNICIAN, name="Sam <b>Ito</b>", seen_at=NOW))
    calder.type("/scope Who does the server backup for Calder?", user=TECHNICIAN)
    calder.now = NOW.replace(hour=18)
    [file] = calder.type("/engagement paper evidence calder from:2026-01-01").files
    found = members(file.content)
    page = found["evidence.html"].decode()
    assert "Sam &lt;b&gt;Ito&lt;/b&gt; (U0TECH)" in page
    assert "2026-03-02 15:00:00" in page
    agreements = page.split('id="agreements"')[1].split("</table>")[0]
    assert "SOW-A" in agreements
    assert "extension notice" not in agreements, "a column without a value"
    assert "extension_notice" in found["csv/agreements.csv"].decode("utf-8-sig")


def repacked(content: bytes, **changes: bytes | None) -> bytes:
    """The pack with other members, or without those that are None."""
    written = io.BytesIO()
    parts = {**members(content), **changes}
    with zipfile.ZipFile(written, "w") as package:
        for name, said in parts.items():
            if said is not None:
                package.writestr(name, said)
    return written.getvalue()


@pytest.mark.parametrize("name", ["evidence.html", "csv/matrix.csv", "README.txt"])
def test_a_file_that_was_edited_with_its_sum_is_found_out(calder: Desk, name: str) -> None:
    calder.now = NOW.replace(hour=18)
    [file] = calder.type("/engagement paper evidence calder from:2026-01-01").files
    same = calder.type("/engagement paper verify", upload=("pack.zip", repacked(file.content)))
    assert "whole, and as the records say" in same.headline, "packed anew by another program, with nothing changed"
    assert any("packed anew, with the list of sums of EP-" in line for line in same.lines)
    parts = members(file.content)
    forged = parts[name].replace(b"Calder", b"Caldor") if b"Calder" in parts[name] else parts[name] + b"1"
    sums = parts["SHA256SUMS"].replace(sha256(parts[name]).hexdigest().encode(), sha256(forged).hexdigest().encode())
    reply = calder.type(
        "/engagement paper verify", upload=("p.zip", repacked(file.content, **{name: forged, "SHA256SUMS": sums}))
    )
    assert "it differs" in reply.headline
    assert any("not the list of any pack that was made here" in line for line in reply.lines)


@pytest.mark.parametrize("name", ["SHA256SUMS", "manifest.json"])
def test_a_pack_without_what_it_is_checked_by_says_what_is_gone(calder: Desk, name: str) -> None:
    calder.now = NOW.replace(hour=18)
    [file] = calder.type("/engagement paper evidence calder from:2026-01-01").files
    refusal = calder.refused("/engagement paper verify", upload=("p.zip", repacked(file.content, **{name: None})))
    assert f"p.zip has no {name}" in refusal.message


def test_the_words_in_a_pack_are_enough_to_check_it(calder: Desk, tmp_path: Path) -> None:
    calder.now = NOW.replace(hour=18)
    [file] = calder.type("/engagement paper evidence calder from:2026-01-01 remarks:no").files
    said = members(file.content)["README.txt"].decode()
    assert "Internal remarks are left out." in said
    [typed] = [line.partition("(")[0].strip() for line in said.splitlines() if line.endswith("(Linux)")]
    if shutil.which(typed.split()[0]) is None:
        pytest.skip("sha256sum is not installed")
    for name, content in members(file.content).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert subprocess.run(typed.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "csv" / "matrix.csv").write_bytes(b"forged")
    done = subprocess.run(typed.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "csv/matrix.csv: FAILED" in done.stdout


def test_a_client_that_only_disclosed_something_has_evidence(calder: Desk) -> None:
    calder.type("/engagement client add Bare")
    calder.type('/engagement disclosure record bare hipaa applies by:"Lee Marsh"')
    calder.now = NOW.replace(hour=18)
    reply = calder.type("/engagement paper evidence bare from:2026-01-01")
    assert ("In it", "disclosures (1), audit (1)") in [(each.label, each.value) for each in reply.fields]


def flipped(content: bytes, count: int) -> list[bytes]:
    """`content` with one byte wrong, at `count` places from its beginning to its end."""
    places = {*range(0, len(content), max(len(content) // count, 1)), *range(len(content) - 22, len(content))}
    return [content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :] for at in sorted(places)]


def test_a_damaged_pack_is_said_in_words(calder: Desk) -> None:
    calder.now = NOW.replace(hour=18)
    [file] = calder.type("/engagement paper evidence calder from:2026-01-01").files
    said = []
    for content in flipped(file.content, 60):
        try:
            reply = calder.type("/engagement paper verify", upload=(file.name, content))
            said.append(reply.headline)
        except CommandError as error:
            said.append(error.message)
    assert sum("is damaged" in each for each in said) > 40
    words = ("it differs", "damaged", "whole", "not the file that was made")
    assert [each for each in said if not any(word in each for word in words)] == []


def test_a_copy_with_any_byte_wrong_is_kept_or_refused_in_words(calder: Desk) -> None:
    for content in flipped(docx(), 30):
        with contextlib.suppress(CommandError):
            calder.type("/engagement copy attach calder agreement agreement:SOW-A", upload=("a.docx", content))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("made_at", "2026-03-02T18:00:00", "has no time zone"),
        ("made_at", "0001-01-01T00:00:00+14:00", "a year that no pack of ours has"),
        ("made_at", "yesterday", "yesterday"),
        ("made_at", "9" * 100_000, "cannot be read"),
        ("to", "9999-12-31", "a year that no pack of ours has"),
        ("from", 20260101, "cannot be read"),
        ("client_id", 10**30, "a number that no client has"),
        ("client_id", None, "cannot be read"),
    ],
)
def test_a_manifest_that_cannot_be_compared_says_why(calder: Desk, name: str, value: object, said: str) -> None:
    calder.now = NOW.replace(hour=18)
    [file] = calder.type("/engagement paper evidence calder from:2026-01-01").files
    parts = members(file.content)
    parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), name: value}).encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for each, content in parts.items():
            package.writestr(each, content)
    refused = calder.refused("/engagement paper verify", upload=("pack.zip", written.getvalue())).message
    assert said in refused
    assert "Send the pack as it was made" in refused
    assert len(refused) < 400


def test_a_pack_can_leave_out_internal_remarks(calder: Desk) -> None:
    calder.type('/engagement walkthrough record calder SOW-A to:"Lee Marsh" notes:"He was in a hurry"')
    calder.now = NOW.replace(hour=18)
    whole = members(calder.type("/engagement paper evidence calder from:2026-01-01").files[0].content)
    assert "in a hurry" in whole["evidence.html"].decode()
    short = members(calder.type("/engagement paper evidence calder from:2026-01-01 remarks:no").files[0].content)
    assert "in a hurry" not in short["csv/walkthroughs.csv"].decode("utf-8-sig")
    assert "Third Saturday" in short["evidence.html"].decode(), "what the paper says stays"


def test_a_paper_is_checked_and_what_differs_is_said(calder: Desk) -> None:
    [file] = calder.type("/engagement paper statement calder SOW-A").files
    same = calder.type("/engagement paper verify", upload=(file.name, file.content))
    assert "unchanged since it was made" in same.headline
    assert "The records still say the same." in same.lines
    calder.type(
        '/engagement matrix set calder SOW-A "Server backup" client clause:"SOW-A 7.2" correction:yes as-signed:yes'
    )
    after = calder.type("/engagement paper verify", upload=("signed.pdf", file.content + b"\n% signed"))
    assert "not the file that was made" in after.headline
    assert any("new: Backup | Server backup" in line for line in after.lines), after.lines
    stranger = calder.refused("/engagement paper verify", upload=("x.pdf", b"%PDF-1.7"))
    assert "no paper that was made here" in stranger.message
    assert calder.actions()[-1][1] != Outcome.REFUSED


def test_evidence_is_a_managers_and_of_something(calder: Desk) -> None:
    assert "manager" in calder.refused("/engagement paper evidence calder from:2026-01-01", user=TECHNICIAN).message
    assert "is after" in calder.refused("/engagement paper evidence calder from:2026-02-01 to:2026-01-01").message
    calder.type("/engagement client add Bare")
    assert "Nothing is recorded" in calder.refused("/engagement paper evidence bare from:2026-01-01").message


def test_both_databases_keep_and_give_back(desk_on_each: Desk) -> None:
    desk = desk_on_each
    desk.type("/engagement client add Bare")
    desk.type("/engagement agreement add bare MSA kind:msa")
    desk.type("/engagement copy attach bare agreement agreement:MSA", upload=("a.pdf", PDF))
    [file] = desk.type("/engagement copy get bare 1").files
    assert file.content == PDF
    [paper] = desk.type("/engagement paper statement bare").files
    assert "unchanged" in desk.type("/engagement paper verify", upload=(paper.name, paper.content)).headline
