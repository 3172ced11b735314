"""How a row of the matrix is shown after a change, and what can be done next."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from commands.command import Context
from commands.grammar.words import command_line
from commands.promising import caution_about
from commands.reply import Choice, Emphasis, Field, Reply
from commands.row_standings import RecordedMatrix
from commands.rules.history.lag import lag
from commands.rules.matrix.row_basis import attestation
from commands.rules.matrix.row_versions import parts_left_over
from commands.rules.scope.precedence import Source
from commands.rules.scope.replaced import Replacement
from commands.rules.text.people import as_person
from commands.rules.text.phrases import plain
from storage.records import Agreement, Client, Party, Responsibility, RowBasis

_PART_WORDS = {
    "msp_part": "our part",
    "client_part": "the client's part",
    "third_party": "third party",
    "notes": "notes",
}


def row_reply(
    ctx: Context,
    client: Client,
    agreement: Agreement,
    row: Responsibility,
    old: Responsibility | None,
    headline: str | None = None,
    after: Responsibility | None = None,
    beside: Sequence[Responsibility] = (),
    before: Source | None = None,
    replaced: Replacement | None = None,
) -> Reply:
    """`after`: the version that follows it; `beside`: rows of the same name in other categories, where it is new.
    `before`: what counted, by whichever paper; None where nothing did. `replaced`: what says otherwise still.
    """
    is_proposed = row.basis is RowBasis.PROPOSED
    cautions = []
    if is_proposed:
        cautions.append("Proposed, not agreed: do not rely on it until both sides sign a paper that carries it.")
    if row.party is Party.SHARED and not (row.msp_part and row.client_part):
        cautions.append('Shared needs both parts: add msp-part:"..." and client-part:"...".')
    if row.party is Party.THIRD_PARTY and not row.third_party:
        cautions.append('Name the third party: third-party:"...".')
    cautions += filter(None, (caution_about(ctx.matrices, text) for text in (row.item, row.msp_part, row.notes)))
    if replaced is not None:
        cautions.append(
            f"It is {replaced.in_words}, which says {plain(replaced.by.row.party)}: answers follow that. "
            f"What both sides agreed there is changed by a newer paper, not here."
        )
    today = ctx.today_for(client)
    said_before = _said_before(agreement, row, old, before)
    is_dated = old is not None and row.effective_from not in (None, old.effective_from) and not is_proposed
    dropped = [name for name in parts_left_over(old, row.party) if not getattr(row, name)] if old else []
    facts = (
        ("Category", row.category),
        ("Category before", old.category if old and old.category != row.category else None),
        ("Whose", plain(row.party)),
        ("Before", said_before),
        ("Our part", row.msp_part),
        ("The client's part", row.client_part),
        ("Third party", row.third_party),
        ("Dropped", parts_words(old, dropped) if old else None),
        ("Clause", row.clause),
        ("Notes", row.notes),
        ("Agreed", attestation(row, agreement, ctx.day_of(row.stated_at, client), as_person(row.attester or ""))),
        (
            "Applies from",
            f"{row.effective_from}{late_words(row.effective_from, today)}" if row.effective_from else None,
        ),
        ("Until then", (said_before or plain(old.party)) if is_dated and old else None),
        ("Applies until", _end_words(row, after)),
        ("Also known as", ", ".join(row.aliases)),
        ("Controls", ", ".join(row.control_refs)),
    )
    done = f"{'changed' if old else 'added'} in" if not is_proposed else "proposed for"
    return Reply(
        headline or f'"{row.item}" is {done} {agreement.reference} of {client.name}.',
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=_choices(client, agreement, row, old, today),
        next_steps=(
            *_how_to_move(client, agreement, row, beside),
            *(_how_to_agree(client, agreement, row) if is_proposed else ()),
        ),
        data={"row": row.model_dump(mode="json")},
    )


def _said_before(
    agreement: Agreement, row: Responsibility, old: Responsibility | None, before: Source | None
) -> str | None:
    """Whose it was, and by which paper where it is another one; None where that is the same."""
    if before is not None and before.paper.id != agreement.id:
        return f"{plain(before.row.party)}, by {before.paper.reference}"
    known = before.row if before is not None else old
    return plain(known.party) if known is not None and known.party is not row.party else None


def _choices(
    client: Client, agreement: Agreement, row: Responsibility, old: Responsibility | None, today: date
) -> tuple[Choice, ...]:
    """Buttons for what the change may have meant instead."""
    names = (client.name, agreement.reference, row.item)
    if row.basis is RowBasis.PROPOSED:
        attest = command_line("matrix set", *names, as_signed="yes", clause=row.clause)
        withdraw = command_line("matrix retire", *names, proposed="yes")
        return (
            Choice("The signed paper says so", attest, Emphasis.PRIMARY, opens_form=True),
            Choice("Withdraw", withdraw, confirm="Withdraw this proposed row? It stays in the history."),
        )
    if old is not None and row.effective_from == today and old.id != row.id:
        always = command_line("matrix set", *names, row.party.value, correction="yes", clause=row.clause)
        return (Choice("It was always so", always, confirm="Correct the record for the earlier days, too?"),)
    return ()


def _how_to_agree(client: Client, agreement: Agreement, row: Responsibility) -> tuple[str, ...]:
    change = command_line("/engagement matrix set", client.name, agreement.reference, row.item)
    return (
        f"If the signed paper says so: {change} as-signed:yes clause:____",
        f"If an addendum is to carry it: {change} carried-by:____",
    )


def _how_to_move(
    client: Client, agreement: Agreement, row: Responsibility, beside: Sequence[Responsibility]
) -> tuple[str, ...]:
    """It was added beside others: perhaps one of them was to be moved."""
    retire = "/engagement matrix retire"
    return tuple(
        f'It is a row of its own: the one in "{other.category}" stays. If that was to move here, end it: '
        + command_line(retire, client.name, agreement.reference, other.item, category=other.category)
        for other in beside
        if other.category
    )


def _end_words(row: Responsibility, after: Responsibility | None) -> str | None:
    """Its last day, and what was recorded for the days after it."""
    if row.effective_to is None:
        return None
    if after is None:
        return f"{row.effective_to}; nothing is recorded after that"
    return f"{row.effective_to}; from {after.effective_from} on: {plain(after.party)}, as recorded before"


def parts_words(row: Responsibility, names: Sequence[str]) -> str:
    """Those parts of a row, each with its text."""
    return ", ".join(f'{_PART_WORDS[name]} "{getattr(row, name)}"' for name in names)


def late_words(day: date, today: date) -> str:
    words = lag(day, today)
    return f", {words}" if words else ""


def row_dates(row: Responsibility, source: Source | None = None) -> str:
    """Its first and its last day; where other paper carries it, by `source`, the first on which that applies."""
    begins = source.first_day if source is not None and source.carrier is not None else row.effective_from
    if begins is None and row.effective_to is None:
        return ""
    return f"{begins or ''} to {row.effective_to or ''}".strip()


def rows_of(recorded: RecordedMatrix, agreement: Agreement | None) -> list[Responsibility]:
    """The recorded rows of the agreement, or all of them."""
    return [row for row in recorded.rows if agreement is None or row.agreement_id == agreement.id]


def count_by_party(rows: Sequence[Responsibility]) -> dict[Party, int]:
    return {party: sum(1 for row in rows if row.party is party) for party in Party}


def row_data(row: Responsibility, papers: dict[int, str]) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude_none=True) | {"agreement": papers[row.agreement_id]}
