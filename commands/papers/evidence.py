"""The evidence pack: what is on record about a client between two days, readable without any software of ours.

One ZIP: a page to read, the same as JSON and CSV, the signed copies, and `SHA256SUMS` that sha256sum -c reads. The same
records, days and instant give the same bytes.
"""

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from html import escape
from io import BytesIO
from typing import Any

from commands.command import Context
from commands.history.known_at import end_of
from commands.papers.record_table import RecordTable
from commands.papers.records import read_tables
from commands.rules.text.phrases import plain
from commands.spreadsheets.writing import write_csv
from commands.stamps import HOW, stamp_files
from storage.records import CONSOLE, Client

SUMS, MANIFEST, PAGE = "SHA256SUMS", "manifest.json", "evidence.html"
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)")
_LONG = 40
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STYLE = (
    "body{font:14px/1.45 system-ui,sans-serif;margin:2rem;color:#1b1b1b}p{max-width:60rem}div{overflow-x:auto}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{border:1px solid #bbb;padding:.25rem .4rem;"
    "text-align:left;vertical-align:top;max-width:26rem;overflow-wrap:break-word}th{background:#eef2f7}"
    "td.long{min-width:14rem}nav a{margin-right:1rem}h2{margin-top:2rem}tr{break-inside:avoid}"
    "@page{size:landscape;margin:10mm}@media print{nav{display:none}body{font-size:7px;margin:0}div{overflow:visible}"
    "th,td{max-width:none;padding:1px 2px}td.long{min-width:0;overflow-wrap:anywhere}}"
)
WHAT_IT_IS = (
    "This pack reports what was recorded. It is not legal advice and adds nothing to the records. Dates are days at "
    "the client, times are UTC. Every table is there as a CSV and a JSON file, too. A table without rows says that "
    "nothing was recorded in it for these days."
)

_HOW_TO_CHECK = f"""\
Open {PAGE} in any browser. Signed copies are in the folder copies, named by their number in the table of signed copies
and the beginning of their SHA-256.

To check that no file was changed since, in this folder:

    sha256sum -c {SUMS}              (Linux)
    shasum -a 256 -c {SUMS}          (macOS)
    certutil -hashfile {PAGE} SHA256   (Windows: one file at a time, compared with its line in {SUMS})

Whoever edits a file can write that list anew. Whether it is the list of a pack that was made, and whether the records
still say the same, the provider can tell from the ZIP:

    engagement-bot paper verify FILE
"""


@dataclass(frozen=True, slots=True)
class Pack:
    """`number` stands for the content, `digest` is the SHA-256 of the list of sums."""

    number: str
    digest: str
    content: bytes
    manifest: Mapping[str, Any]


def write_pack(ctx: Context, client: Client, first: date, last: date, *, made_at: datetime, with_remarks: bool) -> Pack:
    """What was recorded before `made_at` and has to do with the days from `first` to `last`, both inclusive."""
    tables = read_tables(ctx, client, first, last, made_at=min(made_at, end_of_day(ctx, client, last, made_at)),
                         with_remarks=with_remarks)  # fmt: skip
    ctx.tell_progress("Checking the audit log")
    count, broken = ctx.uow.audit.verify()
    chain = {
        "audit entries in the whole log": count,
        "chain": "whole: each entry follows from the one before" if broken is None else f"broken: {broken}",
        "time stamps": f"in the folder stamps, where there are any: {HOW}",
        "saved heads": "compare with the heads that were kept outside: engagement-bot audit verify --heads FILE",
    }
    manifest = {
        "client": client.name, "client_id": client.id, "from": str(first), "to": str(last),
        "made_at": made_at.isoformat(), "with_remarks": with_remarks, "audit": chain,
        "rows": {table.name: len(table.rows) for table in tables},
    }  # fmt: skip
    if ctx.policy is not None and ctx.policy.reservation:
        manifest["reservation"] = ctx.policy.reservation
    ctx.tell_progress(f"Writing {sum(len(table.rows) for table in tables):,} rows and the signed copies")
    names = {each.user: each.name for each in ctx.uow.people.list() if each.name}
    members = dict(_members(client, tables, manifest, names))
    copies = {f"copies/{name}": content for name, content in _copies(ctx, client, made_at)}
    members |= copies | dict(stamp_files(ctx, first, last, made_at))
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(members.items())).encode()
    digest = sha256(sums).hexdigest()
    return Pack(number_of(last, digest), digest, _zip({**members, SUMS: sums}), manifest)


def number_of(last: date, digest: str) -> str:
    """The number of the pack up to `last` whose list of sums has that SHA-256."""
    return f"EP-{last:%Y%m%d}-{digest[:10].upper()}"


def end_of_day(ctx: Context, client: Client, day: date, now: datetime) -> datetime:
    return now if day >= ctx.day_of(now, client) else end_of(ctx, client, day)


def _members(
    client: Client, tables: Sequence[RecordTable], manifest: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    for table in tables:
        data = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        yield f"json/{table.name}.json", _json(data)
        yield f"csv/{table.name}.csv", write_csv(table.columns, [[_text(value) for value in row] for row in table.rows])
    yield MANIFEST, _json(manifest)
    yield PAGE, _page(client, tables, manifest, names).encode()
    yield (
        "README.txt",
        (
            f"Evidence about {client.name}, {manifest['from']} to {manifest['to']}.\n\n{_said_below(manifest)}"
            f"{'' if manifest['with_remarks'] else ' Internal remarks are left out.'}\n\n{_HOW_TO_CHECK}"
        ).encode(),
    )


def _said_below(manifest: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (WHAT_IT_IS, manifest.get("reservation"))))


def _copies(ctx: Context, client: Client, made_at: datetime) -> Iterator[tuple[str, bytes]]:
    for each in ctx.uow.attachments.of_client(client.id):
        content = ctx.uow.attachments.content_of(each) if each.added_at < made_at else None
        if content:
            yield f"{each.id}-{each.file_hash[:12]}.{each.media.value}", content


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _page(client: Client, tables: Sequence[RecordTable], manifest: Mapping[str, Any], names: Mapping[str, str]) -> str:
    links = "".join(f'<a href="#{table.name}">{escape(table.title)} ({len(table.rows)})</a>' for table in tables)
    audit = "".join(f"<li>{escape(name)}: {escape(str(said))}</li>" for name, said in manifest["audit"].items())
    remarks = "" if manifest["with_remarks"] else "<p>Internal remarks are left out.</p>"
    in_words = _in_words(names)
    body = "".join(_section(table, in_words) for table in tables)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Evidence: {escape(client.name)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>Evidence: <bdi>{escape(client.name)}</bdi></h1>"
        f"<p>{manifest['from']} to {manifest['to']}, as recorded by {in_words(manifest['made_at'])} UTC.</p>"
        f"<p>{escape(_said_below(manifest))} On this page, columns in which nothing is recorded are left out, and "
        "people are named beside their Slack id as far as their names are known today.</p>"
        f"{remarks}<h2>The audit log</h2><ul>{audit}</ul><nav>{links}</nav>{body}</body></html>\n"
    )


def _section(table: RecordTable, in_words: Callable[[object], str]) -> str:
    if not table.rows:
        return f'<h2 id="{table.name}">{escape(table.title)}</h2><p>Nothing is recorded.</p>'
    said = [[in_words(value) for value in row] for row in table.rows]
    shown = [at for at in range(len(table.columns)) if any(row[at] for row in said)]
    head = "".join(f'<th scope="col">{escape(plain(table.columns[at]))}</th>' for at in shown)
    rows = "".join("<tr>" + "".join(_cell(row[at]) for at in shown) + "</tr>" for row in said)
    return (
        f'<h2 id="{table.name}">{escape(table.title)}</h2><p>{escape(table.explained)}</p>'
        f"<div><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(said: str) -> str:
    style = ' class="long"' if len(said) > _LONG else ""
    return f'<td dir="auto"{style}>{escape(said)}</td>'


def _in_words(names: Mapping[str, str]) -> Callable[[object], str]:
    """How a value is written on the page: people by name and id, times without their signs."""
    ids = "|".join(sorted(map(re.escape, names)))
    mention = re.compile(rf"<@({ids})(?:\|[^>]*)?>|\b({ids})\b") if ids else None

    def write(value: object) -> str:
        said = _text(value)
        if instant := _INSTANT.fullmatch(said):
            return f"{instant[1]} {instant[2]}"
        if said == CONSOLE:
            return "the command line"
        if mention is None:
            return said
        return mention.sub(lambda found: f"{names[found[1] or found[2]]} ({found[1] or found[2]})", said)

    return write


def _text(value: object) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else str(value)


def _zip(members: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, members[name])
    return written.getvalue()
