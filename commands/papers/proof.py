"""Evidence packs for counsel, and checking a pack or a paper against the records."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context, Upload
from commands.errors import NotFound, UsageError
from commands.grammar.limits import excerpt
from commands.grammar.words import command_line
from commands.papers.addendum import addendum
from commands.papers.content import PaperContent, differences
from commands.papers.disclosure_form import disclosure_form
from commands.papers.evidence import MANIFEST, PAGE, SUMS, Pack, number_of, write_pack
from commands.papers.facts import PaperFacts, read_facts
from commands.papers.making import with_wording
from commands.papers.own_wording import wording_of
from commands.papers.statement import statement
from commands.papers.walkthrough_sheet import walkthrough_sheet
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Field, File, Reply
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_person
from commands.rules.text.phrases import name_in_file, plain
from commands.rules.text.placeholders import BLANK
from commands.zip_files import MOST_OF_PACK, ZIP_DAMAGE, unpacked_size
from storage.records import Client, Paper, PaperFormat, PaperKind, Role

_NUMBER = re.compile(r"(?:RS|WS|DQ|AD|DR|NN|IS|EP)-[0-9]{8}-[0-9A-F]{10}")
_SHOWN = 20
_YEARS = 2000, 2999
_MOST_CLIENTS = 2**31
_AGAIN: Mapping[PaperKind, Callable[[PaperFacts, dict[str, str]], PaperContent]] = {
    PaperKind.STATEMENT: statement,
    PaperKind.WALKTHROUGH: walkthrough_sheet,
    PaperKind.DISCLOSURE: disclosure_form,
    PaperKind.ADDENDUM: addendum,
}
"""The kinds that are made of the records alone, so that they can be made again and compared."""


def make_evidence(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    first, last = args.values["from"], args.to or ctx.today_for(client)
    if first > last:
        raise UsageError(f"from: {first} is after {last}.", fields={"from": f"is after {last}."})
    with_remarks = args.remarks is not False
    pack = write_pack(ctx, client, first, last, made_at=ctx.now, with_remarks=with_remarks)
    rows = pack.manifest["rows"]
    if not any(count for name, count in rows.items() if name != "audit"):
        raise NotFound(
            f"Nothing is recorded about {client.name} for these days: no agreement, no question, nothing that it said.",
            next_steps=(command_line("/engagement agreement add", client.name, BLANK),),
        )
    paper = _record(ctx, client, pack, last)
    facts = (
        ("Number", pack.number),
        ("Days", f"{format_date(first)} to {format_date(last)}"),
        ("SHA-256 of the file", paper.file_hash),
        ("In it", ", ".join(f"{plain(name)} ({count:,})" for name, count in rows.items() if count)),
    )
    broken = str(pack.manifest["audit"]["chain"])
    cautions = [] if broken.startswith("whole") else [f"The audit log is {broken}. The pack says so."]
    cautions.append("It holds people's names and words: for counsel only. To check it: sha256sum -c SHA256SUMS")
    name = f"evidence-{name_in_file(client.name)}-{pack.number}.zip"
    return Reply(
        f"The evidence about {client.name} from {first} to {last} is packed.",
        fields=tuple(Field(label, value) for label, value in facts),
        cautions=tuple(cautions),
        files=(File(name, pack.content, f"Evidence, {client.name}"),),
        data={"paper": paper.model_dump(mode="json"), "rows": dict(rows)},
    )


def _record(ctx: Context, client: Client, pack: Pack, last: date) -> Paper:
    return ctx.uow.papers.record(
        Paper(
            client_id=client.id, kind=PaperKind.EVIDENCE, format=PaperFormat.ZIP, number=pack.number, as_of=last,
            content_hash=pack.digest, file_hash=sha256(pack.content).hexdigest(), size=len(pack.content),
            made_at=ctx.now, made_by=ctx.actor.user,
        ),
        dict(pack.manifest),
    )  # fmt: skip


def verify(ctx: Context, args: Arguments) -> Reply:
    if len(ctx.uploads) != 1:
        raise UsageError(
            "Send the pack or paper to be checked with this command.",
            fields={"file": "is missing: a pack (ZIP) or a paper (PDF, DOCX)."},
            next_steps=("engagement-bot paper verify FILE",),
        )
    [upload] = ctx.uploads
    members = _members(upload)
    made = ctx.uow.papers.by_file(sha256(upload.content).hexdigest())
    if members is not None and {SUMS, MANIFEST, PAGE} & set(members):
        _refuse_parts(upload, members)
        return _verify_pack(ctx, upload, members, made)
    if made is None and members is None and _begins_or_ends_as_zip(upload.content):
        raise UsageError(
            f"{upload.name} is damaged: it cannot be unpacked, so it cannot be checked. A pack (ZIP) or a paper (PDF, "
            "DOCX) is checked as it was handed over: copy it once more, and send that."
        )
    number = made.number if made else next(iter(_numbers(upload, members)), None)
    paper = made or (ctx.uow.papers.by_number(number) if number else None)
    if paper is None:
        said = f"It says it is {number}, of which nothing is recorded here." if number else "It has no number of ours."
        raise NotFound(f"{upload.name} is no paper that was made here. {said}")
    return _verify_paper(ctx, upload, paper, is_same=made is not None)


def _refuse_parts(upload: Upload, members: Mapping[str, bytes]) -> None:
    """Raises UsageError for a pack without what it is checked by."""
    missing = [name for name in (SUMS, MANIFEST) if name not in members]
    if missing:
        raise UsageError(
            f"{upload.name} has no {' and no '.join(missing)}: it is damaged or was packed anew without, so it cannot "
            "be checked. Send the pack as it was made."
        )


def _verify_paper(ctx: Context, upload: Upload, paper: Paper, *, is_same: bool) -> Reply:
    client = ctx.uow.clients.find(paper.client_id)
    name = client.name if client else "a client"
    said = ctx.uow.papers.content_of(paper)
    made = f"made on {ctx.day_of(paper.made_at, client)} by {as_person(paper.made_by)}, as of {paper.as_of}"
    cautions, lines = [], [f"{paper.number} is the {paper.kind.value} of {name}, {made}."]
    if not is_same:
        cautions.append(
            "It is not byte for byte the file that was made: it was signed, edited or saved anew. Compare it by eye."
        )
    changed: tuple[str, ...] = ()
    now = _content_now(ctx, client, paper) if client and said else None
    if said is None:
        lines.append("What it said was erased with the client.")
    elif now is None:
        lines.append("This kind cannot be made again from the records alone: what it said is kept.")
    else:
        changed = differences(said, now.as_data())
        lines.append(
            f"The records say {len(changed)} things differently now:" if changed else "The records still say the same."
        )
        lines += [f"- {each}" for each in changed[:_SHOWN]]
        lines += [f"... and {len(changed) - _SHOWN} more"] if len(changed) > _SHOWN else []
    how = "unchanged since it was made" if is_same else "not the file that was made"
    return Reply(
        f"{upload.name}: {how}.", lines=tuple(lines), cautions=tuple(cautions),
        data={"number": paper.number, "is_same_file": is_same, "differences": list(changed)},
    )  # fmt: skip


def _content_now(ctx: Context, client: Client, paper: Paper) -> PaperContent | None:
    """What the same paper would say now; None for a kind that needs more than the records."""
    writer = _AGAIN.get(paper.kind)
    if writer is None:
        return None
    agreement = ctx.uow.agreements.find(paper.agreement_id) if paper.agreement_id else None
    needs = paper.kind is not PaperKind.DISCLOSURE
    facts = read_facts(ctx, client, agreement, paper.as_of, needs_agreement=needs)
    wording = wording_of(ctx.uow, paper.kind, paper.template)
    return with_wording(wording, facts, lambda texts: writer(facts, texts))


def _verify_pack(ctx: Context, upload: Upload, members: Mapping[str, bytes], made: Paper | None) -> Reply:
    manifest = _manifest(members)
    problems = list(_broken_sums(members))
    lines = problems.copy() or ["Every file in it has the sum that SHA256SUMS says."]
    digest = sha256(members[SUMS]).hexdigest()
    listed = ctx.uow.papers.by_number(number_of(date.fromisoformat(manifest["to"]), digest))
    if listed is None or listed.content_hash != digest:
        listed = None
        problems.append(f"{SUMS}: not the list of any pack that was made here, so its files may be others")
        lines.append(problems[-1])
    client = ctx.uow.clients.find(int(manifest["client_id"]))
    if client is None:
        raise NotFound(f"{upload.name} is about {manifest['client']}, which is no client here.")
    at = _instant(manifest["made_at"])
    first, last = date.fromisoformat(manifest["from"]), date.fromisoformat(manifest["to"])
    again = write_pack(ctx, client, first, last, made_at=at, with_remarks=bool(manifest["with_remarks"]))
    changed = list(_differing(members, _unpacked(again.content)))
    lines.append(_origin(ctx, client, made, listed))
    lines.append("The records say the same now." if not changed else "The records say otherwise now:")
    lines += [f"- {each}" for each in changed[:_SHOWN]]
    is_whole = not problems and not changed
    return Reply(
        f"{upload.name}: {'whole, and as the records say' if is_whole else 'it differs'}.",
        lines=tuple(lines),
        data={"sums": problems, "differences": changed, "is_same_file": made is not None},
    )


def _origin(ctx: Context, client: Client, made: Paper | None, listed: Paper | None) -> str:
    if made is not None:
        on = ctx.day_of(made.made_at, client)
        return f"It is the very file that was made on {on} by {as_person(made.made_by)}."
    if listed is None:
        return "The ZIP is not byte for byte one that was made here."
    on = ctx.day_of(listed.made_at, client)
    return f"The ZIP is packed anew, with the list of sums of {listed.number}, made on {on}."


def _broken_sums(members: Mapping[str, bytes]) -> Iterator[str]:
    lines = members[SUMS].decode("utf-8", "replace").splitlines()
    told = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name, content in sorted(members.items()):
        if name == SUMS:
            continue
        if name not in told:
            yield f"{name}: not listed in {SUMS}"
        elif sha256(content).hexdigest() != told[name]:
            yield f"{name}: changed, its sum is another"
    yield from (f"{name}: missing" for name in sorted(set(told) - set(members)))


def _differing(members: Mapping[str, bytes], now: Mapping[str, bytes]) -> Iterator[str]:
    for name in sorted(set(members) | set(now)):
        if not name.startswith(("json/", "copies/")) or members.get(name) == now.get(name):
            continue
        if name.startswith("copies/"):
            yield f"{name}: {'not in the records' if name not in now else 'not in the pack or changed'}"
            continue
        before, after = (_rows(each.get(name, b"[]")) for each in (members, now))
        gone, came = len([row for row in before if row not in after]), len([row for row in after if row not in before])
        told = f"{gone} rows of the pack are not on record so, {came} on record are not in it"
        yield f"{plain(name[5:-5])}: {told}"


def _rows(content: bytes) -> list[Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _manifest(members: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(members[MANIFEST])
        days = date.fromisoformat(found["from"]), date.fromisoformat(found["to"])
        if any(not _YEARS[0] <= each.year <= _YEARS[1] for each in (*days, _instant(found["made_at"]))):
            raise ValueError("a year that no pack of ours has")
        if not 0 < int(found["client_id"]) < _MOST_CLIENTS:
            raise ValueError("a number that no client has")
        found["with_remarks"], found["client"]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UsageError(
            f"The pack's {MANIFEST} cannot be read ({excerpt(error)}), so it cannot be compared. "
            "Send the pack as it was made."
        ) from error
    return found


def _instant(text: str) -> datetime:
    """Raises ValueError for what is no instant: a time of day without a zone could be any of many."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("made_at has no time zone")
    return found


def _members(upload: Upload) -> dict[str, bytes] | None:
    try:
        return _unpacked(upload.content)
    except ZIP_DAMAGE:
        return None


def _begins_or_ends_as_zip(content: bytes) -> bool:
    return content.startswith(b"PK") or zipfile.is_zipfile(BytesIO(content))


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        if unpacked_size(package) > MOST_OF_PACK:
            raise ValueError("too large")
        return {name: package.read(name) for name in package.namelist() if not name.endswith("/")}


def _numbers(upload: Upload, members: Mapping[str, bytes] | None) -> Iterator[str]:
    properties = (members or {}).get("docProps/core.xml", b"")
    for source in (properties, upload.content if members is None else b"", upload.name.encode()):
        yield from _NUMBER.findall(source.decode("latin-1"))


_FILE = Parameter("file", "a pack (ZIP) or a paper (PDF, DOCX)", Kind.FILE, file_types=("zip", "pdf", "docx"))
COMMANDS = (
    Command(
        "paper", "evidence", make_evidence, Role.MANAGER, "The evidence about a client for counsel, in one ZIP",
        is_slow=True,
        parameters=(
            CLIENT, Parameter("from", "the first day", Kind.DATE, required=True, has_happened=True),
            Parameter("to", "the last day; today if left out", Kind.DATE, has_happened=True, default="today"),
            Parameter("remarks", "no leaves out notes, reasons and other internal remarks", Kind.YES_NO, default="yes"),
        ),
        example="/engagement paper evidence calder from:2026-01-01 to:2026-03-01",
    ),
    Command(
        "paper", "verify", verify, Role.MANAGER, "Check a pack or a paper against the records", changes=False,
        is_slow=True, parameters=(_FILE,), form=FormLayout(submit="Check"),
        example="/engagement paper verify",
    ),
)  # fmt: skip
