"""Entries of the audit log as files for people: a spreadsheet, and a page that a browser shows and prints."""

import html
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from enum import EnumType, StrEnum
from typing import Any

from commands.rules.dates.format import format_date
from commands.rules.text.people import as_channel, as_person
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
_CHANNELS = frozenset({"channel", "channels", "open_channels"})
_AGREEMENTS = frozenset({"agreement_id", "carried_by_id", "parent_id"})
# What the bot counts with, and nobody said: of no use to whoever reads what happened.
_COUNTED = frozenset({"id", "confidence", "version", "agreement_version", "matrix_version"})
_REPLACED = frozenset({"superseded_at", "superseded_by"})
_DAYS = frozenset({"as_of", "effective_from", "effective_to", "term_start", "term_end", "told_from"})
_LENGTH_OF_A_DAY = 10
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


@dataclass(frozen=True, slots=True)
class Names:
    """What a number in a record stands for, as people call it, and the zone that instants are said in."""

    zone: tzinfo
    clients: Mapping[int, str]
    agreements: Mapping[int, str]

    def of(self, field: str, number: int) -> tuple[str, str]:
        """The field without its "id", and what the number stands for: ("agreement", "SOW-A"), ("question", "no. 3")."""
        known = {"client_id": self.clients, "merged_id": self.clients}.get(field)
        if field in _AGREEMENTS:
            known = self.agreements
        return plain(field.removesuffix("_id")), (known or {}).get(number) or f"no. {number}"


def change_words(details: str | None, actor: str, at: datetime, about: Collection[int], names: Names) -> str:
    """One line a record: what it was and what it became, or why nothing was done.

    Of a record that was added without its number, which is in its name, and without what the entry's own columns say:
    that `actor` did it, `at` that instant, and for which client where the entry is `about` one only. What only the bot
    counts with is left out: `--json` has it.
    """
    if details is None:
        return _NOT_SHOWN
    found: Mapping[str, Any] = json.loads(details)
    if reason := found.get("reason"):
        return str(reason)
    changes = found.get("changes")
    columns = {actor, at.isoformat(), *(about if len(about) == 1 else ())}
    return "\n".join(_changes(changes, columns, names)) if isinstance(changes, list) else ""


def _changes(changes: Sequence[Mapping[str, Any]], columns: Collection[object], names: Names) -> Iterator[str]:
    for change in changes:
        before, after = change.get("before"), change.get("after") or {}
        subject = plain(str(change.get("subject", ""))).replace(":", " ")
        if before is None:
            said = [
                " ".join(_said(key, value, names))
                for key, value in after.items()
                if _says(key, value) and not (key.endswith(("_by", "_at", "client_id")) and value in columns)
            ]
            yield f"{subject} added: {', '.join(said)}"
        elif set(before) <= _REPLACED and after.get("superseded_at"):
            yield f"{subject}: no longer the current one"
        else:
            keys = [key for key in dict.fromkeys([*before, *after]) if key not in _COUNTED]
            fields = [_change(key, before.get(key), after.get(key), names) for key in keys]
            yield f"{subject}: {', '.join(fields)}" if fields else subject


def _change(key: str, before: object, after: object, names: Names) -> str:
    label, was = _said(key, before, names)
    return f"{label} {was} → {_said(key, after, names)[1]}"


def _says(key: str, value: object) -> bool:
    if key in _COUNTED or value in (None, "", [], {}):
        return False
    return not (key == "presses" and value == 0)


def _said(key: str, value: object, names: Names) -> tuple[str, str]:
    """The field and its value as people call them."""
    if key.endswith("_id") and isinstance(value, int):
        return names.of(key, value)
    label = plain(key.removesuffix("_id"))
    if isinstance(value, str) and (key in _DAYS or key.endswith(("_at", "_on", "_time"))):
        return label, _when(value, names.zone)
    return label, _value(value, key)


def _when(text: str, zone: tzinfo) -> str:
    """A day, an instant or a time of day as people write it; as it is where it is none."""
    try:
        if len(text) == _LENGTH_OF_A_DAY:
            return format_date(date.fromisoformat(text), is_short=True)
        if "T" not in text:
            return f"{time.fromisoformat(text):%H:%M}"
        local = datetime.fromisoformat(text).astimezone(zone)
    except ValueError:
        return text
    return f"{format_date(local.date(), is_short=True)}, {local:%H:%M %Z}"


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
        case str() if field in _CHANNELS and re.fullmatch(r"[CG][A-Z0-9]{2,}", value):
            return as_channel(value)
        case str() if field == "findings":
            return " ".join(plain(part) for part in re.split(r"[|:]", value))
        case str() if value in _CHOICES:
            return plain(value)
    return str(value)


def _multiline(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
