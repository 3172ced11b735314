"""A reply as plain sentences: for notifications, screen readers, and answers too long for a message."""

from functools import lru_cache

from commands.grammar.words import as_person
from commands.reply import Evidence, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.history.lag import in_days


def sentences(reply: Reply) -> str:
    """Everything in `reply` but its table's rows, in reading order, one statement a line."""
    lines = [reply.headline, *reply.lines, *(f"{field.label}: {field.value}" for field in reply.fields)]
    if reply.evidence is not None:
        lines.append(f"Evidence: {evidence_sentence(reply.evidence)}")
    lines += [f"Caution: {caution}" for caution in reply.cautions]
    if reply.copy:
        lines.append(reply.copy)
    if reply.table is not None:
        lines.append(table_summary(reply.table))
    for section in reply.sections:
        lines += [f"{section.title}:", *section.lines]
        lines += [f"- {item.text}" + (f" ({item.detail})" if item.detail else "") for item in section.items]
    lines += [f"Next: {step}" for step in reply.next_steps]
    return "\n".join(line for line in lines if line.strip())


def complete_text(reply: Reply) -> str:
    """`sentences` with every row of the table, columns separated by tabs."""
    text = sentences(reply)
    if reply.table is None:
        return text + "\n"
    rows = [reply.table.columns, *reply.table.rows]
    return "\n".join([text, "", *("\t".join(row) for row in rows)]) + "\n"


@lru_cache(maxsize=1024)
def evidence_sentence(evidence: Evidence) -> str:
    """SOW-A, clause 3.2, in force since 1 Jan 2026, last reviewed 5 May 2026. Worded once for all who ask."""
    parts = [evidence.agreement]
    if evidence.clause and evidence.clause.startswith(evidence.agreement):
        parts = [evidence.clause]
    elif evidence.clause:
        parts.append(evidence.clause if evidence.clause[0].isalpha() else f"clause {evidence.clause}")
    if evidence.effective_from and evidence.effective_to:
        since, until = (format_date(day, is_short=True) for day in (evidence.effective_from, evidence.effective_to))
        parts.append(f"effective {since} to {until}")
    elif evidence.effective_from:
        parts.append(f"effective since {format_date(evidence.effective_from, is_short=True)}")
    elif evidence.effective_to:
        parts.append(f"effective until {format_date(evidence.effective_to, is_short=True)}")
    reviewed = evidence.last_reviewed
    parts.append(f"last reviewed {format_date(reviewed, is_short=True)}" if reviewed else "no review recorded")
    if evidence.recorded_by:
        parts.append(f"recorded by {as_person(evidence.recorded_by)}")
    if evidence.recorded_on:
        late = f" ({in_days(evidence.recorded_days_after)} after)" if evidence.recorded_days_after else ""
        parts.append(f"recorded on {format_date(evidence.recorded_on, is_short=True)}{late}")
    if evidence.settlement:
        parts.append(evidence.settlement)
    if evidence.attestation:
        parts.append(evidence.attestation)
    if evidence.weakness:
        parts.append(evidence.weakness)
    return ", ".join(parts) + "."


def table_summary(table: Table) -> str:
    """The caption, or what the columns are, with the number of rows."""
    count = "1 row" if len(table.rows) == 1 else f"{len(table.rows)} rows"
    return f"{table.caption or ', '.join(table.columns)} ({count})."
