"""People from a file, as Slack's list of members is exported: their ids, names and mail addresses."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from commands.errors import UsageError
from storage.records import Absence, Person

_COLUMNS = {
    "user": ("userid", "user id", "member id", "slack id", "id", "user"),
    "name": ("fullname", "full name", "real name", "name", "displayname", "display name", "username"),
    "email": ("email", "e-mail", "email address", "mail"),
    "status": ("status", "account type", "billing-active"),
}
_ABSENCES = {
    "deactivated": Absence.GONE,
    "inactive": Absence.GONE,
    "single-channel guest": Absence.GUEST,
    "multi-channel guest": Absence.GUEST,
    "guest": Absence.GUEST,
    "bot": Absence.BOT,
}
_SHOWN = 10
_USER = re.compile(r"[UW][A-Z0-9]{2,30}")


def people_in(content: bytes, now: datetime) -> list[Person]:
    """The people of a CSV file, one a row. Raises UsageError with the first ten lines that are wrong."""
    rows = list(csv.DictReader(io.StringIO(_text(content))))
    columns = _found_columns(rows[0] if rows else {})
    if "user" not in columns:
        accepted = ", ".join(_COLUMNS["user"])
        raise UsageError(
            f"The file has no column with Slack user ids. One of these is looked for: {accepted}.",
            next_steps=("In Slack: Tools & settings, Manage members, Export member list.",),
        )
    people: dict[str, Person] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows, 2):
        try:
            person = _person(row, columns, now)
        except ValueError as error:
            wrong.append(f"Line {number}: {_words(error)}")
        else:
            people[person.user] = person
    if wrong:
        more = [f"And {len(wrong) - _SHOWN} more."] if len(wrong) > _SHOWN else []
        raise UsageError("\n".join(["Nothing was saved.", *wrong[:_SHOWN], *more]))
    return list(people.values())


def _text(content: bytes) -> str:
    if content.startswith(b"PK"):
        raise UsageError("That is a workbook. Save it as CSV first.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("The file is not UTF-8 text. Save it as CSV, UTF-8.") from None


def _found_columns(row: Mapping[str, object]) -> dict[str, str]:
    """Which of the file's columns holds what."""
    titles = {str(title).strip().lower(): str(title) for title in row}
    found = {what: next((titles[name] for name in names if name in titles), None) for what, names in _COLUMNS.items()}
    return {what: title for what, title in found.items() if title is not None}


def _person(row: Mapping[str, str | None], columns: Mapping[str, str], now: datetime) -> Person:
    """Raises ValueError."""
    given = {what: (row.get(title) or "").strip() for what, title in columns.items()}
    if not _USER.fullmatch(given["user"]):
        raise ValueError(f'"{given["user"][:40]}" is not a Slack user id, such as U012ABCDEF.')
    absence = _ABSENCES.get(given.get("status", "").lower())
    return Person(
        user=given["user"], name=given.get("name") or None, email=given.get("email", "").lower() or None,
        absence=absence, seen_at=now,
    )  # fmt: skip


def _words(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first: Sequence[str | int] = error.errors()[0]["loc"]
        return f"{first[0]} is too long."
    return str(error)


def listed(people: Iterable[Person]) -> str:
    """How many there are, and how many of them cannot answer for anything."""
    known = list(people)
    away = sum(each.absence is not None for each in known)
    count = "1 person is" if len(known) == 1 else f"{len(known)} people are"
    rest = f", {away} of them guests, bots or deactivated" if away else ""
    return f"{count} known by name now{rest}."
