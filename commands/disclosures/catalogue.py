"""The shipped catalogue: what it says of a regulation, with sources, and which entries nobody verified lately."""

from collections.abc import Iterator, Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.disclosures.in_force import dates_of, state_in_words
from commands.grammar.words import command_line
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.parameters import Kind, Parameter
from commands.reply import Field, Reply, Table
from commands.rules.dates.format import format_date
from storage.catalog import safe_harbors
from storage.catalog.deadlines import Deadline, Teller
from storage.catalog.frameworks import Framework, Frameworks
from storage.catalog.regulations import Regulation
from storage.catalog.safe_harbors import Statute
from storage.records import Role

_VERIFIED_FOR = relativedelta(months=12)
_WHO = {Teller.OWNER: "whoever owns the data", Teller.PROCESSOR: "whoever keeps it for the owner"}
_REGULATION = Parameter(
    "regulation", "such as hipaa, texas breach", Kind.REGULATION, positional=True, required=True, hint=""
)


def show(ctx: Context, args: Arguments) -> Reply:
    """Facts and sources only: whether it applies to anybody is for the client to say."""
    regulation: Regulation = args.regulation
    families = known_frameworks(ctx.uow)
    papers = ", ".join(paper.in_words for paper in regulation.required_paper)
    facts = (
        ("State", state_in_words(regulation, ctx.today)),
        ("Protects", regulation.protects),
        ("Usually concerns", regulation.applies_to),
        ("Citation", regulation.citation),
        ("Usually calls for", papers),
        ("Measured by", _framework_title(families, regulation.framework)),
        ("Notes", regulation.notes),
        ("Source", regulation.source_url),
        ("Verified", _verified(regulation) or "never, as far as this is kept"),
    )
    lines = [f"{format_date(each.on)}: {each.what}." for each in dates_of(regulation, families)]
    lines += [_proposal(each.what, each.as_of) for each in regulation.proposals]
    rows = tuple(_deadline_row(each) for each in regulation.deadlines)
    return Reply(
        f"{regulation.title}: what the catalogue says.",
        fields=tuple(Field(label, value) for label, value in facts if value),
        lines=tuple(lines),
        table=Table(
            ("Who tells", "Whom", "When", "Only if", "Where it says so"), rows, "Who must tell whom", about="Whom"
        )
        if rows
        else None,
        cautions=tuple(_cautions(regulation)),
        data={
            "regulation": regulation.key,
            "state": state_in_words(regulation, ctx.today),
            "in_force_from": str(regulation.in_force_from) if regulation.in_force_from else None,
            "deadlines": [_deadline_data(each) for each in regulation.deadlines],
            "dates": [{"on": str(each.on), "what": each.what} for each in dates_of(regulation, families)],
            "checked_on": str(regulation.checked_on) if regulation.checked_on else None,
        },
    )


def check(ctx: Context, args: Arguments) -> Reply:
    """Entries whose facts nobody compared with their source within twelve months, longest ago first."""
    entries: list[Regulation | Framework | Statute] = [
        *known_regulations(ctx.uow).regulations,
        *known_frameworks(ctx.uow).families,
        *safe_harbors.all_of_them(),
    ]
    known_since = ctx.today - _VERIFIED_FOR
    stale = [each for each in entries if each.checked_on is None or each.checked_on < known_since]
    stale.sort(key=lambda each: each.checked_on or date.min)
    never = sum(1 for each in stale if each.checked_on is None)
    rows = tuple((each.key, each.title, _verified(each) or "not since this is kept", _source(each)) for each in stale)
    return Reply(
        f"{len(stale)} of {len(entries)} entries of the catalogue were not verified within twelve months."
        if stale
        else f"All {len(entries)} entries of the catalogue were verified within twelve months.",
        lines=tuple(_never_verified(stale)),
        table=Table(("Key", "Title", "Verified", "Source"), rows, about="Title") if rows else None,
        next_steps=(command_line("/engagement catalogue show", stale[0].key),)
        if stale and isinstance(stale[0], Regulation)
        else (),
        data={"entries": len(entries), "not_verified": [each.key for each in stale], "never": never},
    )


def _never_verified(stale: Sequence[Regulation | Framework | Statute]) -> Iterator[str]:
    never = [each for each in stale if each.checked_on is None]
    if never:
        yield f"For {len(never)} of them no day of verification is kept at all."
    timed = sum(1 for each in never if isinstance(each, Regulation) and each.deadlines)
    if timed:
        yield (
            f"{timed} of these say who must tell whom by when: have somebody compare them with the source, and record "
            "that (checked_on, checked_with) in a file for catalogue import."
        )


def _cautions(regulation: Regulation) -> Iterator[str]:
    yield "Read the source before you rely on it: this is no legal advice."
    if regulation.checked_on is None and (regulation.deadlines or regulation.milestones):
        yield "Nobody has compared these times and days with the source, as far as this is kept."


def _verified(entry: Regulation | Framework | Statute) -> str | None:
    if entry.checked_on is None:
        return None
    return f"{format_date(entry.checked_on)}, with {entry.checked_with or entry.title}"


def _source(entry: Regulation | Framework | Statute) -> str:
    return entry.newest.source_url if isinstance(entry, Framework) else entry.source_url


def _framework_title(families: Frameworks, key: str | None) -> str | None:
    found = families.get(key) if key else None
    return f"{found.title}, newest {found.newest.edition}" if found else None


def _proposal(what: str, as_of: date) -> str:
    return f"Only proposed, as last seen on {format_date(as_of)}: {what}."


def _deadline_row(each: Deadline) -> tuple[str, ...]:
    since = f" (since {format_date(each.since)})" if each.since else ""
    condition, citation = each.condition or "", each.citation or ""
    return _WHO[each.who], each.whom_in_words, f"{each.time_in_words}{since}", condition, citation


def _deadline_data(each: Deadline) -> dict[str, str | int | None]:
    return {
        "who": each.who.value,
        "tells": each.tells.value,
        "authority": each.authority,
        "within": each.within,
        "unit": each.unit.value if each.unit else None,
        "start": each.start.value,
        "promptly": each.promptly,
        "if": each.condition,
        "citation": each.citation,
    }


COMMANDS = (
    Command(
        "catalogue", "show", show, Role.VIEWER, "What the catalogue says of a regulation, with its sources and clocks",
        parameters=(_REGULATION,), changes=False, example="/engagement catalogue show hipaa",
    ),
    Command(
        "catalogue", "check", check, Role.VIEWER, "Entries of the catalogue that nobody verified for twelve months",
        changes=False, example="/engagement catalogue check",
    ),
)  # fmt: skip
