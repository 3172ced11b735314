"""Entries of the audit log as files for people: a spreadsheet, and a page that a browser shows and prints."""

import html
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import EnumType, StrEnum
from typing import Any

from commands.rules.text.people import as_person
from commands.rules.text.phrases import plain
from commands.spreadsheets.writing import write_csv
from storage import records
from storage.records import AuditEntry, Period, PeriodUnit

COLUMNS = ("No.", "When", "Who", "Client", "Command", "Outcome", "Typed", "What changed", "Hash")
_STYLE = (
    "body{font:14px/1.45 sans-serif;margin:2em;color:#1d1c1d}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #ccc;padding:.35em .5em;text-align:left;vertical-align:top}th{background:#f3f3f3}"
    "td:last-child{font:11px monospace;word-break:break-all}tr{page-break-inside:avoid}"
)
_NOT_SHOWN = "not shown"
_PEOPLE = frozenset({"owner", "backup_owner", "recipient", "user"})
# Choices of several words, as they are stored: what somebody typed stays as it was typed.
_CHOICES = frozenset(
    member.value
    for each in vars(records).values()
    if isinstance(each, EnumType) and issubclass(each, StrEnum)
    for member in each
    if "_" in member.value
)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words. `when` is in the workspace's zone."""

    entry: AuditEntry
    when: str
    who: str
    clients: str
    typed: str
    changes: str

    @property
    def cells(self) -> tuple[str, ...]:
        entry = self.entry
        return (
            str(entry.seq), self.when, self.who, self.clients, entry.action, entry.outcome.value, self.typed,
            self.changes, entry.hash,
        )  # fmt: skip


def as_csv(lines: Sequence[Line]) -> bytes:
    return write_csv(COLUMNS, [line.cells for line in lines])


def as_html(title: str, said: Sequence[str], lines: Sequence[Line]) -> bytes:
    """One page without anything from elsewhere; every text in it is escaped."""
    head = "".join(f"<th>{html.escape(column)}</th>" for column in COLUMNS)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_multiline(cell)}</td>" for cell in line.cells) + "</tr>" for line in lines
    )
    notes = "".join(f"<p>{html.escape(line)}</p>" for line in said)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{html.escape(title)}</h1>{notes}\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></body></html>\n"
    ).encode()


def typed_text(details: str | None) -> str:
    """What was typed, or filled in; a form as its fields."""
    if details is None:
        return _NOT_SHOWN
    found: Mapping[str, Any] = json.loads(details)
    form = found.get("form")
    if isinstance(form, Mapping) and form:
        fields = ", ".join(f"{name}: {_value(value)}" for name, value in form.items())
        return f"{found.get('typed', '')} (form) {fields}".strip()
    return str(found.get("typed", ""))


def change_words(details: str | None, actor: str, at: datetime, about: Collection[int]) -> str:
    """One line a record: what it was and what it became, or why nothing was done.

    Of a record that was added without its number, which is in its name, and without what the entry's own columns say:
    that `actor` did it, `at` that instant, and for which client where the entry is `about` one only.
    """
    if details is None:
        return _NOT_SHOWN
    found: Mapping[str, Any] = json.loads(details)
    if reason := found.get("reason"):
        return str(reason)
    changes = found.get("changes")
    columns = {actor, at.isoformat(), *(about if len(about) == 1 else ())}
    return "\n".join(_changes(changes, columns)) if isinstance(changes, list) else ""


def _changes(changes: Sequence[Mapping[str, Any]], columns: Collection[object]) -> Iterator[str]:
    for change in changes:
        before, after = change.get("before"), change.get("after")
        subject = plain(str(change.get("subject", ""))).replace(":", " ")
        if before is None:
            said = {
                key: value
                for key, value in (after or {}).items()
                if key != "id" and _says(value) and not (key.endswith(("_by", "_at", "client_id")) and value in columns)
            }
            yield f"{subject} added: {', '.join(f'{plain(key)} {_value(value, key)}' for key, value in said.items())}"
        else:
            keys = dict.fromkeys([*before, *(after or {})])
            fields = (f"{plain(k)} {_value(before.get(k), k)} → {_value((after or {}).get(k), k)}" for k in keys)
            yield f"{subject}: {', '.join(fields)}"


def _says(value: object) -> bool:
    return value not in (None, "", [], {})


def _value(value: object, field: str = "") -> str:
    match value:
        case Mapping():
            return " ".join(_value(each) for each in value.values())
        case [int(count), str(unit)] if unit in set(PeriodUnit):
            return Period(count, PeriodUnit(unit)).in_words
        case list() | tuple():
            return ", ".join(_value(each, field) for each in value)
        case None | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case str() if field in _PEOPLE or field.endswith("_by"):
            return as_person(value)
        case str() if field == "findings":
            return " ".join(plain(part) for part in re.split(r"[|:]", value))
        case str() if value in _CHOICES:
            return plain(value)
    return str(value)


def _multiline(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
