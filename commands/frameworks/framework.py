"""Frameworks: which versions there are, who is measured by which, and what a new version changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import NotFound, UsageError
from commands.frameworks.editions import (
    Family,
    applying_to,
    changes_between,
    edition_named,
    family_named,
    family_of,
    part_of,
    still_required_by,
    traces,
)
from commands.frameworks.oscal_import import import_catalogue
from commands.grammar.words import command_line
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Field, Group, Item, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.frameworks.trace import Trace, is_adopted
from commands.rules.text.phrases import capitalize_first, counted, join_names, plain
from storage.catalog import frameworks
from storage.records import FrameworkVersion, Role

FRAMEWORK = Parameter("framework", "such as nist-csf, cis, pci-dss", positional=True, required=True)
VERSION = Parameter("version", "which version; the newest if left out", positional=True)
_SHOWN = 12


def list_frameworks(ctx: Context, args: Arguments) -> Reply:
    imported = ctx.uow.frameworks.list()
    adopted = [each for each in ctx.uow.adoptions.current() if is_adopted(each, ctx.today)]
    known = known_frameworks(ctx.uow)
    keys = dict.fromkeys([*(each.key for each in known.families), *(each.family for each in imported)])
    shown = [
        _Listed(
            family_of(known, key, of_it := [each for each in imported if each.family == key]),
            tuple(each.version for each in of_it),
            len({each.client_id for each in adopted if each.family == key}),
        )
        for key in keys
    ]
    rows = tuple(
        (
            each.family.key, each.family.title, each.family.newest, each.family.published or "",
            ", ".join(each.imported), str(each.clients or ""),
        )
        for each in shown
    )  # fmt: skip
    return Reply(
        f"{len(shown)} frameworks are known.",
        table=Table(("Framework", "Title", "Newest", "Published", "Imported", "Clients"), rows),
        groups=tuple(_groups(shown)),
        next_steps=("/engagement framework show nist-csf",),
        data={
            "frameworks": [
                {"family": each.family.key, "title": each.family.title, "newest": each.family.newest} for each in shown
            ]
        },
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """`imported` are its versions that are imported, `clients` how many are measured by it."""

    family: Family
    imported: tuple[str, ...]
    clients: int


def _groups(shown: Sequence[_Listed]) -> Iterator[Group]:
    """Those that clients are measured by first, each by its title."""
    for title, in_use in (("Clients are measured by these", True), ("The others", False)):
        entries = tuple(_entry(each) for each in shown if bool(each.clients) is in_use)
        if entries:
            yield Group(f"{title} ({len(entries)})", entries)


def _published(text: str) -> str:
    """A day as people write it; where only the year or the month is known, that."""
    try:
        return format_date(date.fromisoformat(text))
    except ValueError:
        return month_said(text)


def month_said(text: str) -> str:
    """ "2026-03" as March 2026; a whole day or a year as it is."""
    try:
        return f"{date.fromisoformat(f'{text}-01'):%B %Y}"
    except ValueError:
        return text


def _entry(listed: _Listed) -> Item:
    family = listed.family
    parts = (
        f"newest {family.newest}" + (f", published {_published(family.published)}" if family.published else ""),
        f"imported: {', '.join(listed.imported)}" if listed.imported else "",
        counted(listed.clients, "client") if listed.clients else "",
        f"typed as {family.key}",
    )
    said = "; ".join(filter(None, parts))
    choice = Choice("Show", command_line("framework show", family.key))
    return Item(family.title, f"{capitalize_first(said)}.", (choice,))


def show(ctx: Context, args: Arguments) -> Reply:
    family = family_named(ctx.uow, args.framework)
    imported = ctx.uow.frameworks.list(family.key)
    versions = family.listed.versions if family.listed else ()
    rows = [
        (
            each.edition,
            month_said(each.published),
            month_said(each.retired or ""),
            each.superseded_by or "",
            each.source_url,
        )
        for each in versions
    ]
    rows += [(each.version, f"file of {each.edition}", "", "", each.file) for each in imported]
    coming = [
        f"{milestone.on}: {milestone.what}"
        for each in versions
        for milestone in each.milestones
        if milestone.on >= ctx.today
    ]
    notes = [f"{each.edition}: {each.notes}" for each in versions if each.notes]
    proposals = family.listed.proposals if family.listed else ()
    notes += [f"Only proposed, as last seen on {each.as_of}: {each.what}." for each in proposals]
    names = {client.id: client.name for client in ctx.uow.clients.list()}
    adopted = [
        f"{names[each.client_id]}: {each.edition}"
        for each in ctx.uow.adoptions.current()
        if each.family == family.key and is_adopted(each, ctx.today) and each.client_id in names
    ]
    facts = (
        ("Newest", family.newest),
        ("Published", month_said(family.published or "")),
        ("Measured by it", "; ".join(adopted)),
    )
    return Reply(
        f"{family.title}: {counted(len(versions), 'published version')}.",
        lines=(*coming, *notes),
        fields=tuple(Field(label, value) for label, value in facts if value),
        table=Table(("Version", "Published", "Retired", "Superseded by", "Source"), tuple(rows)),
        data={
            "family": family.key,
            "newest": family.newest,
            "versions": [row[0] for row in rows],
            "imported": [each.model_dump(mode="json") for each in imported],
        },
    )


def compare(ctx: Context, args: Arguments) -> Reply:
    family = family_named(ctx.uow, args.framework)
    old, new = _imported_version(ctx, family, args.old), _imported_version(ctx, family, args.new)
    changes = changes_between(ctx.uow, old, new)
    rows = tuple((plain(name), str(count)) for name, count in changes.counts.items())
    return Reply(
        f"{family.title}: {new.version} against {old.version}.",
        table=Table(("What", "Controls"), rows),
        lines=_control_list(changes.as_lists()),
        data={"family": family.key, "version": new.version, "compared_with": old.version, **changes.as_lists()},
    )


def affected(ctx: Context, args: Arguments) -> Reply:
    """From a published version to the agreements and rows that are measured by an older one."""
    family = family_named(ctx.uow, args.framework)
    edition = edition_named(ctx.uow, family, args.version)
    found = traces(ctx.uow, family, edition, ctx.today, ctx.uow.clients.list())
    bound = {each.client.name: _still_bound(ctx, family, each) for each in found}
    if not found:
        return Reply(
            f"Nobody is measured by a version of {family.title} older than {edition}.",
            data={"family": family.key, "edition": edition, "affected": []},
        )
    rows = tuple(_trace_row(each) for each in found)
    return Reply(
        f"{family.title} {edition}: {counted(len(found), 'client is', 'clients are')} measured by an older version.",
        table=Table(("Client", "Measured by", "Agreements", "Rows", "Rows with changed controls", "Promises"), rows),
        cautions=tuple(
            f"{name}: for {join_names(who, 3)} the older one still counts." for name, who in bound.items() if who
        ),
        choices=tuple(
            Choice(
                f"Adopt for {each.client.name}", command_line("framework adopt", each.client.name, family.key, edition)
            )
            for each in found[:3]
        ),
        data={"family": family.key, "edition": edition, "affected": [trace_data(each) for each in found]},
    )


def import_framework(ctx: Context, args: Arguments) -> Reply:
    """Each version is kept as it was read; a newer one is compared with the one before it."""
    if len(ctx.uploads) != 1:
        raise UsageError(
            "Send one OSCAL catalogue in JSON with this command.",
            fields={"file": "is missing: one OSCAL catalogue in JSON."},
            next_steps=("engagement-bot import framework FILE",),
        )
    done = import_catalogue(ctx, ctx.uploads[0], args.family, args.version)
    version, family = done.version, done.family
    found = traces(ctx.uow, family, version.edition, ctx.today, ctx.uow.clients.list()) if done.is_newest else []
    counts = done.changes.counts if done.changes else {}
    rows = tuple((plain(name), str(count)) for name, count in counts.items())
    state = "is imported" if done.is_new else "was imported before, and is the same"
    against = f" Compared with {done.compared_with.version}." if done.compared_with else " There is no older one here."
    controls = f"{version.controls} controls, {version.withdrawn} withdrawn"
    part = part_of(version)
    kept = (
        f"This is a part of it ({part}), not the whole catalogue: it is kept beside it as version {version.version}."
        if part
        else ""
    )
    return Reply(
        f"{_edition_name(family, version)} {state}: {controls}.{against}",
        lines=(kept,) if kept else (),
        cautions=tuple(
            f"{each.client.name} is measured by {each.adoptions[0].edition}; "
            f"{counted(len(each.rows), 'row cites', 'rows cite')} it."
            for each in found
        ),
        table=Table(("What", "Controls"), rows) if rows else None,
        next_steps=(command_line("/engagement framework affected", family.key, version.edition),) if found else (),
        data={
            "family": family.key,
            "version": version.version,
            "edition": version.edition,
            "controls": version.controls,
            "withdrawn": version.withdrawn,
            "compared_with": done.compared_with.version if done.compared_with else None,
            **(done.changes.as_lists() if done.changes else done.no_changes),
            "affected": [trace_data(each) for each in found],
            "saved": done.is_new,
        },
    )


def _still_bound(ctx: Context, family: Family, each: Trace) -> tuple[str, ...]:
    """The regulations of the client that go on measuring by the older edition."""
    applying, laws = applying_to(ctx.uow, each.client), known_regulations(ctx.uow)
    titles = [title for one in each.adoptions for title in still_required_by(laws, family, one.edition, applying)]
    return tuple(dict.fromkeys(titles))


def trace_data(each: Trace) -> dict[str, Any]:
    """A trace as `--json` prints it."""
    return {
        "client": each.client.name,
        "editions": sorted({adoption.edition for adoption in each.adoptions}),
        "agreements": [agreement.reference for agreement in each.agreements],
        "rows": [row.item for row in each.rows],
        "changed_rows": [row.item for row in each.changed_rows],
        "promises": [promise.what for promise in each.promises],
    }


def _trace_row(each: Trace) -> tuple[str, ...]:
    return (
        each.client.name,
        ", ".join(sorted({adoption.edition for adoption in each.adoptions})),
        ", ".join(agreement.reference for agreement in each.agreements),
        join_names([row.item for row in each.rows], 4, "; "),
        join_names([row.item for row in each.changed_rows], 4, "; "),
        join_names([promise.what for promise in each.promises], 4, "; "),
    )


def _edition_name(family: Family, version: FrameworkVersion) -> str:
    """A file often has a version of its own, which is not the edition that people cite."""
    is_same = version.version == version.edition
    return f"{family.title} {version.edition}" + ("" if is_same else f" (file version {version.version})")


def _control_list(lists: dict[str, list[str]]) -> tuple[str, ...]:
    """The ids themselves, where they are few enough to read."""
    return tuple(
        f"{plain(name).capitalize()}: {', '.join(ids)}." for name, ids in lists.items() if 0 < len(ids) <= _SHOWN
    )


def _imported_version(ctx: Context, family: Family, text: str) -> FrameworkVersion:
    """The imported file of that version, or the newest file of that edition."""
    imported = ctx.uow.frameworks.list(family.key)
    wanted = frameworks.edition_key(text)
    exact = [each for each in imported if frameworks.edition_key(each.version) == wanted]
    edition = family.listed.edition(text) if family.listed else None
    found = exact or [each for each in imported if each.edition == (edition.edition if edition else wanted)]
    if not found:
        known = ", ".join(each.version for each in imported) or "none"
        raise NotFound(
            f"{family.title} {text} is not imported. Imported: {known}.",
            next_steps=("On the server: engagement-bot import framework FILE",),
        )
    return found[-1]


COMMANDS = (
    Command(
        "framework", "list", list_frameworks, Role.VIEWER, "Frameworks, their newest version, who is measured by them",
        changes=False, example="/engagement framework list",
    ),
    Command(
        "framework", "show", show, Role.VIEWER, "The versions of a framework, with their dates and sources",
        parameters=(FRAMEWORK,), changes=False, example="/engagement framework show nist-csf",
    ),
    Command(
        "framework", "import", import_framework, Role.MANAGER, "Read a framework's OSCAL catalogue (JSON)",
        parameters=(
            Parameter("family", "which framework, if the title does not say", positional=True),
            Parameter("version", "what to call this version; what the file says if left out", positional=True),
            Parameter("file", "the OSCAL catalogue in JSON", Kind.FILE, file_types=("json",)),
        ),
        example="/engagement framework import nist-800-53 5.1.1", is_slow=True,
    ),
    Command(
        "framework", "compare", compare, Role.VIEWER, "What changed between two imported versions",
        parameters=(
            FRAMEWORK,
            Parameter("old", "the older version", positional=True, required=True),
            Parameter("new", "the newer version", positional=True, required=True),
        ),
        changes=False, example="/engagement framework compare nist-800-53 4 5",
    ),
    Command(
        "framework", "affected", affected, Role.TECHNICIAN, "Agreements and rows that a newer version concerns",
        parameters=(FRAMEWORK, VERSION), changes=False, example="/engagement framework affected nist-csf 2.0",
    ),
)  # fmt: skip
