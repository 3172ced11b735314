"""A reply as plain sentences: for notifications, screen readers, and answers too long for a message."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.slack.days import HARD_SPACE, days_said
from commands.reply import Evidence, Group, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_person
from commands.rules.text.phrases import count_days

_ROWS_READ = 10
_ENDS = tuple(".?!:;…")


def sentences(reply: Reply, rows: int = _ROWS_READ) -> str:
    """Everything in `reply` in reading order, one statement a line; of a list or a table the first `rows`."""
    lines = [*map(_said, (reply.headline, *reply.lines)), *(f"{field.label}: {field.value}" for field in reply.fields)]
    if reply.evidence is not None:
        lines.append(f"Evidence: {evidence_sentence(reply.evidence)}")
    lines += [f"Caution: {_said(caution)}" for caution in reply.cautions]
    if reply.copy:
        lines.append(reply.copy)
    if reply.groups and rows:
        lines += list(_entries(reply.groups, rows))
    elif reply.table is not None:
        lines.append(table_summary(reply.table))
        lines += [_row_in_words(reply.table, row) for row in reply.table.rows[:rows]]
        if 0 < rows < len(reply.table.rows):
            lines.append(f"And {len(reply.table.rows) - rows} more rows.")
    for section in reply.sections:
        lines += [f"{section.title}:", *section.lines]
        lines += [f"- {item.text}" + (f" ({item.detail})" if item.detail else "") for item in section.items]
    lines += [f"Next: {step}" for step in reply.next_steps]
    lines += [same_as(reply)] if reply.same_as else []
    return "\n".join(line for line in lines if line.strip())


def _said(sentence: str) -> str:
    """With its days in words, as in every other sentence."""
    return days_said(sentence).replace(HARD_SPACE, " ")


def _row_in_words(table: Table, row: Sequence[str]) -> str:
    """What the row is about, then each value with its column's name: "MSA-2024; Notice by: 2026-12-04." """
    named = zip(table.columns, row, strict=False)
    known = [(column, said.strip()) for column, said in named if said.strip() not in ("", "-")]
    return "; ".join(said if place == 0 else f"{column}: {said}" for place, (column, said) in enumerate(known)) + "."


def _entries(groups: Sequence[Group], most: int) -> Iterator[str]:
    for group in groups:
        total = max(group.total, len(group.entries))
        if group.title:
            yield f"{group.title}:"
        yield from (_joined(each.text, each.detail) for each in group.entries[:most])
        if total > most:
            yield f"And {total - most} more."


def _joined(text: str, detail: str) -> str:
    """What an entry is and what is said of it, told apart for those who listen."""
    between = " " if text.rstrip()[-1:] in _ENDS else ": "
    return f"{text.rstrip()}{between}{detail}" if detail and text.strip() else f"{text}{detail}"


def same_as(reply: Reply) -> str:
    """The command that gives the same reply."""
    return f"Read from the record. The same as: {reply.same_as}"


def complete_text(reply: Reply) -> str:
    """`sentences` with every row of the table, columns separated by tabs."""
    text = sentences(reply, rows=_ROWS_READ if reply.table is None else 0)
    if reply.table is None:
        return text + "\n"
    rows = [reply.table.columns, *reply.table.rows]
    return "\n".join([text, "", *("\t".join(row) for row in rows)]) + "\n"


@lru_cache(maxsize=1024)
def evidence_in_short(evidence: Evidence) -> str:
    """Agreement and clause, since when, last reviewed, and what weakens it: what a technician looks for."""
    return ", ".join(filter(None, (*_basis(evidence), evidence.settlement, evidence.weakness))) + "."


@lru_cache(maxsize=1024)
def evidence_sentence(evidence: Evidence) -> str:
    """SOW-A, clause 3.2, effective since 1 January 2026, last reviewed 5 May 2026, recorded by @dana."""
    parts = _basis(evidence)
    if evidence.recorded_by or evidence.recorded_on:
        late = f" ({count_days(evidence.recorded_days_after)} after)" if evidence.recorded_days_after else ""
        on = f" on {format_date(evidence.recorded_on)}{late}" if evidence.recorded_on else ""
        by = f" by {as_person(evidence.recorded_by)}" if evidence.recorded_by else ""
        parts.append(f"recorded{by}{on}")
    return ", ".join(filter(None, (*parts, evidence.settlement, evidence.attestation, evidence.weakness))) + "."


def _basis(evidence: Evidence) -> list[str]:
    """The paper and its clause, since when, last reviewed."""
    parts = [evidence.agreement]
    if evidence.clause and evidence.clause.startswith(evidence.agreement):
        parts = [evidence.clause]
    elif evidence.clause:
        parts.append(evidence.clause if evidence.clause[0].isalpha() else f"clause {evidence.clause}")
    if evidence.effective_from and evidence.effective_to:
        since, until = (format_date(day) for day in (evidence.effective_from, evidence.effective_to))
        parts.append(f"effective {since} to {until}")
    elif evidence.effective_from:
        parts.append(f"effective since {format_date(evidence.effective_from)}")
    elif evidence.effective_to:
        parts.append(f"effective until {format_date(evidence.effective_to)}")
    reviewed = evidence.last_reviewed
    parts.append(f"last reviewed {format_date(reviewed)}" if reviewed else "no review recorded")
    return parts


def table_summary(table: Table) -> str:
    """The caption, or what the columns are, with the number of rows."""
    count = "1 row" if len(table.rows) == 1 else f"{len(table.rows)} rows"
    return f"{table.caption or ', '.join(table.columns)} ({count})."
